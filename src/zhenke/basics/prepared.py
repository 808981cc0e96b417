"""Queries whose SQL is made once, and rows written as they are: for what is asked and written again and again.

The ORM makes the text of a query anew at each call, which costs more than the database's own work on a few rows. Here a
query is still said in the ORM's words, in the room that owns it, but turned into text once per process; each run only
fills in its values. The caller brings its connection, as in `bulk`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from zhenke.basics.bulk import for_column

_MOST_IN_ONE = 100
_MOST_EACH = 500
_SAMPLES: dict[type, Callable[[int], Any]] = {
    int: lambda place: 2**62 + 7_919 * place,
    str: lambda place: f"\uffff{place}\uffff",
    date: lambda place: date(9_876, 1, 1 + place),
    datetime: lambda place: datetime(9_876, 2, 1 + place, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class Several:
    """A place for many whole numbers, `pk__in=keys`: `most` in one query, more in several, so never with an order."""

    most: int = 64


class Prepared:
    """A query with places that each run fills: `Prepared(lambda key: Grade.objects.filter(pk=key), key=int)`.

    The function gets a sample of each place's type and returns a queryset of rows or of `values_list`; the samples are
    then found among the query's parameters. It must be the same query for all values: no `if`, no text that is changed
    on its way (`contains`), no `None`; many keys only in a place of `Several`, one in a query. Related rows come along
    one step far, by `select_related`.
    """

    def __init__(self, make: Callable[..., Any], **places: type | Several) -> None:
        self._make = make
        self._samples = {name: _sample(kind, number) for number, (name, kind) in enumerate(places.items())}
        self._several = next(((name, kind.most) for name, kind in places.items() if isinstance(kind, Several)), None)
        self._texts: dict[str, _Text] = {}

    def rows(self, link: Any, **values: Any) -> list[Any]:
        """Return what the query finds on this connection.

        Shape:  objects, or plain tuples of a `values_list` (never flat). One SQL query; with `Several` one for each
                full place of keys, none for no keys.
        Errors: KeyError for a place without value; ValueError if a sample is not found (faults of our code).
        """
        return [row for part in self._parts(values) for row in self._run(link, part)]

    def _parts(self, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if self._several is None:
            yield values
            return
        name, most = self._several
        keys = list(values[name])
        for start in range(0, len(keys), most):
            part = keys[start : start + most]
            yield {**values, name: part + part[-1:] * (most - len(part))}

    def _run(self, link: Any, values: dict[str, Any]) -> list[Any]:
        with link.cursor() as cursor:
            own = cursor.db  # the connection itself: what rooms hold looks it up anew at each word
            text = self._texts.get(own.vendor)
            if text is None:
                text = self._texts[own.vendor] = _text_of(self._make(**self._samples), self._samples, own)
            filled = [
                for_column(one.value_in(values), vendor=own.vendor) if isinstance(one, _Place) else one
                for one in text.parameters
            ]
            cursor.execute(text.sql, filled)
            return [text.read(row, own) for row in cursor.fetchall()]

    def first(self, link: Any, **values: Any) -> Any:
        """Return the first row, None if there is none."""
        return next(iter(self.rows(link, **values)), None)


class PreparedEach:
    """Prepared queries that differ by a key, such as the viewer's sight: each made once, all forgotten when many."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Prepared] = {}

    def of(self, key: Hashable, make: Callable[[], Prepared]) -> Prepared:
        """Return the query of a key, made now if it is asked for the first time."""
        prepared = self._made.get(key)
        if prepared is None:
            if len(self._made) >= _MOST_EACH:
                self._made.clear()
            prepared = self._made[key] = make()
        return prepared


def _sample(kind: type | Several, number: int) -> Any:
    if isinstance(kind, Several):
        return [2**61 + 7_919 * (number * 10_000 + place) for place in range(kind.most)]
    return _SAMPLES[kind](number)


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    number: int | None = None

    def value_in(self, values: dict[str, Any]) -> Any:
        found = values[self.name]
        return found if self.number is None else found[self.number]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one object is made of a row: its class, its columns' names and where they stand, and whose field it fills."""

    model: Any
    names: list[str]
    spots: list[int]
    key_spot: int
    give: Callable[[Any, Any], None] | None = None

    def made_of(self, row: Sequence[Any], link: Any) -> Any:
        if row[self.key_spot] is None:
            return None
        return self.model.from_db(link.alias, self.names, [row[spot] for spot in self.spots])


@dataclass(frozen=True, slots=True)
class _Text:
    sql: str
    parameters: list[Any]
    converters: list[tuple[int, list[tuple[bool, Any]], Any]]
    kinds: list[_Kind]
    told: dict[str, int]

    def read(self, row: Sequence[Any], link: Any) -> Any:
        values = list(row)
        for spot, steps, expression in self.converters:
            for is_of_database, step in steps:
                value = values[spot]
                values[spot] = (
                    step(link.ops, value, expression, link) if is_of_database else step(value, expression, link)
                )
        if not self.kinds:
            return tuple(values)
        first, *related = self.kinds
        made = first.made_of(values, link)
        for kind in related:
            if kind.give is not None:
                kind.give(made, kind.made_of(values, link))
        for name, spot in self.told.items():
            setattr(made, name, values[spot])
        return made


def _text_of(query: Any, samples: dict[str, Any], link: Any) -> _Text:
    compiler = query.query.get_compiler(using=link.alias)
    sql, given = compiler.as_sql()
    kept = dict(_places_of(samples, link.vendor))
    parameters = [kept.get(one, one) for one in given]
    missing = samples.keys() - {one.name for one in parameters if isinstance(one, _Place)}
    if missing:
        raise ValueError(f"the prepared query has no place for {sorted(missing)}")
    found = compiler.get_converters([column for column, _, _ in compiler.select])
    converters = [
        # Bound to this thread's connection; what is kept is the bare function, so that every thread uses its own.
        (
            spot,
            [(True, one.__func__) if getattr(one, "__self__", None) is link.ops else (False, one) for one in steps],
            to,
        )
        for spot, (steps, to) in found.items()
    ]
    if query._fields is not None:  # a values_list gives plain tuples
        return _Text(sql, parameters, converters, [], {})
    return _Text(sql, parameters, converters, _kinds_of(compiler), dict(compiler.annotation_col_map))


def _places_of(samples: dict[str, Any], vendor: str) -> Iterator[tuple[Any, _Place]]:
    for name, sample in samples.items():
        if isinstance(sample, list):
            yield from ((one, _Place(name, number)) for number, one in enumerate(sample))
        else:
            yield for_column(sample, vendor=vendor), _Place(name)


def _kinds_of(compiler: Any) -> list[_Kind]:
    top = compiler.klass_info
    kinds = []
    for told in (top, *top.get("related_klass_infos", [])):
        spots = list(told["select_fields"])
        names = [compiler.select[spot][0].target.attname for spot in spots]
        key_spot = spots[names.index(told["model"]._meta.pk.attname)]
        kinds.append(_Kind(told["model"], names, spots, key_spot, told.get("local_setter")))
        if told is not top and told.get("related_klass_infos"):
            raise ValueError("a prepared query brings related rows along one step far only")
    return kinds


def insert_objects(link: Any, objects: Sequence[Any], *, unless_taken: str = "") -> int:
    """Insert new objects of one table of ours as they are, and return how many.

    `unless_taken` is a unique column: a row whose value is taken there is left out, and what refuses it is no error.
    The objects bring their keys; fields that fill themselves when saved are not for this.

    Errors: those of the database.
    """
    written = 0
    with link.cursor() as cursor:
        for start in range(0, len(objects), _MOST_IN_ONE):
            part = objects[start : start + _MOST_IN_ONE]
            fields = part[0]._meta.concrete_fields
            cursor.execute(
                _insert_text(part[0].__class__, len(part), unless_taken),
                [value for row in part for value in _values_of(row, fields, cursor.db)],
            )
            written += cursor.rowcount
            for row in part:
                row._state.adding, row._state.db = False, cursor.db.alias
    return written


@lru_cache(maxsize=500)
def _insert_text(model: Any, count: int, unless_taken: str) -> str:
    columns = [one.column for one in model._meta.concrete_fields]
    rows = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * count)
    unless = f" ON CONFLICT ({unless_taken}) DO NOTHING" if unless_taken else ""
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {rows}{unless}"  # noqa: S608


def update_object(link: Any, changed: Any) -> int:
    """Write every column of an object that is there; return how many rows that were: 0 when it is gone."""
    table = changed._meta
    fields = [one for one in table.concrete_fields if not one.primary_key]
    names = ", ".join(f"{one.column} = %s" for one in fields)
    sql = f"UPDATE {table.db_table} SET {names} WHERE {table.pk.column} = %s"  # noqa: S608
    with link.cursor() as cursor:
        cursor.execute(sql, _values_of(changed, (*fields, table.pk), cursor.db))
        return int(cursor.rowcount)


def _values_of(row: Any, fields: Sequence[Any], link: Any) -> list[Any]:
    values = [(one, getattr(row, one.attname)) for one in fields]
    return [None if value is None else one.get_db_prep_save(value, link) for one, value in values]
