"""Two rows of one thing become one: what happens to the rows that point at the one that goes, as data, with its undo.

A room declares one `Pointer` for each of its columns that point at the thing. `move_rows` follows them and returns what
it changed as images (see images.py), from which `put_rows_back` restores it exactly, but for what something touched in
between: that is listed and left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from zhenke.basics.bulk import delete_where, insert_rows, rows_where, update_rows
from zhenke.basics.images import plain, put_back

Image = dict[str, Any]
ByKey = dict[str, Image]


@dataclass(frozen=True, slots=True)
class Pointer:
    """One column that points at the thing, and the rule for its rows.

    Without more the rows move. `once` are the columns that with the pointer are unique: a row whose twin is there
    already is taken out and remembered. `beside` is another pointer of the same row: a row that would name one thing
    twice is taken out. `own` says why the room follows this pointer by itself; `move_rows` leaves it alone.
    """

    table: str
    column: str = "customer_id"
    once: tuple[str, ...] = ()
    beside: str = ""
    own: str = ""


@dataclass(slots=True)
class Moved:
    """What was done, as plain values. A key in `before` alone was taken out; one in both was changed.

    `twins` tells for each row taken out, by table, which row stands for it now; `created` are keys of new rows.
    """

    before: dict[str, ByKey] = field(default_factory=dict)
    after: dict[str, ByKey] = field(default_factory=dict)
    twins: dict[str, dict[str, int]] = field(default_factory=dict)
    created: dict[str, list[int]] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Return plain values for a JSON column."""
        return asdict(self)

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Moved:
        """Return what `to_plain` gave."""
        return cls(**{name: dict(values.get(name, {})) for name in ("before", "after", "twins", "created")})

    def note_change(self, table: str, key: int, before: Image, after: Image) -> None:
        """Remember old and new values of one row; values that are alike are left out, the oldest value counts."""
        changed = [name for name in after if before.get(name) != after[name]]
        if changed:
            old = self.before.setdefault(table, {}).setdefault(str(key), {})
            old.update({name: before[name] for name in changed if name not in old})
            self.after.setdefault(table, {}).setdefault(str(key), {}).update({name: after[name] for name in changed})

    def note_created(self, table: str, keys: Iterable[int]) -> None:
        """Remember rows that are new."""
        self.created.setdefault(table, []).extend(keys)

    def counts(self) -> dict[str, int]:
        """Return how many rows of each table were moved, changed or taken out."""
        return {table: len(rows) for table, rows in self.before.items() if rows}


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that undo left as it is: `why` is edited (something changed it since) or gone."""

    table: str
    key: int
    why: str


class Mover:
    """Moves, changes and takes out rows through one cursor, and remembers it."""

    def __init__(self, cursor: Any, vendor: str) -> None:
        self.cursor, self.vendor, self.moved = cursor, vendor, Moved()

    def rows(self, table: str, columns: Sequence[str], key: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
        """Return plain rows, as `basics.bulk.rows_where`."""
        return rows_where(self.cursor, vendor=self.vendor, table=table, columns=columns, key=key, values=values)

    def follow(self, pointers: Iterable[Pointer], *, loser: int, winner: int) -> None:
        """Follow every pointer whose rule is not the room's own."""
        for one in pointers:
            if one.own:
                continue
            twins = self._twins(one, loser, winner)
            if one.beside:
                beside = self.rows(one.table, ("id", one.beside), one.column, [loser])
                twins |= {key: 0 for key, other in beside if other == winner}
            self.take_out(one.table, twins)
            going = [key for (key,) in self.rows(one.table, ("id",), one.column, [loser])]
            self.change(one.table, {key: {one.column: winner} for key in going})

    def _twins(self, pointer: Pointer, loser: int, winner: int) -> dict[int, int]:
        if not pointer.once:
            return {}
        columns = ("id", *pointer.once)
        theirs = {row[1:]: row[0] for row in self.rows(pointer.table, columns, pointer.column, [winner])}
        mine = self.rows(pointer.table, columns, pointer.column, [loser])
        return {row[0]: theirs[row[1:]] for row in mine if row[1:] in theirs and None not in row[1:]}

    def take_out(self, table: str, twins: Mapping[int, int], *, key: str = "id") -> None:
        """Delete rows and remember them whole, each with the row that stands for it now (0: none)."""
        if not twins:
            return
        for image in whole_rows(self.cursor, vendor=self.vendor, table=table, key=key, values=list(twins)):
            own = str(image[key])
            changed = self.moved.before.setdefault(table, {}).pop(own, {})
            self.moved.after.get(table, {}).pop(own, None)
            self.moved.before[table][own] = image | changed
        delete_where(self.cursor, vendor=self.vendor, table=table, key=key, values=list(twins))
        standing = {str(row): other for row, other in twins.items() if other}
        if standing:
            self.moved.twins.setdefault(table, {}).update(standing)

    def change(self, table: str, changes: Mapping[int, Image]) -> None:
        """Give rows new values, in database form, and remember the old ones."""
        by_columns: dict[tuple[str, ...], dict[int, Image]] = {}
        for key, values in changes.items():
            by_columns.setdefault(tuple(values), {})[key] = values
        for columns, rows in by_columns.items():
            for key, *old in self.rows(table, ("id", *columns), "id", rows):
                before = dict(zip(columns, map(plain, old), strict=True))
                self.moved.note_change(table, key, before, {name: plain(value) for name, value in rows[key].items()})
            told = [(*values.values(), key) for key, values in rows.items()]
            update_rows(self.cursor, table=table, columns=columns, rows=told)


def whole_rows(cursor: Any, *, vendor: str, table: str, key: str, values: Sequence[int]) -> list[Image]:
    """Return rows with all their columns, as plain values."""
    cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")  # noqa: S608 (a table of ours)
    columns = [column[0] for column in cursor.description]
    found = rows_where(cursor, vendor=vendor, table=table, columns=columns, key=key, values=values)
    return [dict(zip(columns, map(plain, row), strict=True)) for row in found]


def put_rows_back(
    cursor: Any, *, vendor: str, moved: Moved, keys: Mapping[str, str], still: Callable[[str, Image], bool]
) -> list[LeftRow]:
    """Restore what `Mover` changed, column by column, and return the rows that it had to leave.

    `keys` names the key of tables whose key is not `id`. `still` says whether a row that was taken out may come back
    (what it points at may be gone).

    Shape:  empty when everything is as it was.
    """
    left: list[LeftRow] = []
    for table, made in moved.created.items():
        delete_where(cursor, vendor=vendor, table=table, key=keys.get(table, "id"), values=made)
    for table, rows in moved.before.items():
        after, name = moved.after.get(table, {}), keys.get(table, "id")
        # What stands is put back first: it may hold the unique value of what went.
        left += _columns_back(cursor, vendor, table, rows, after)
        out = [image for key, image in rows.items() if key not in after]
        own = [image[name] for image in out]
        known = rows_where(cursor, vendor=vendor, table=table, columns=(name,), key=name, values=own)
        there = {key for (key,) in known}
        back = [image for image in out if image[name] not in there and still(table, image)]
        left += [LeftRow(table, image[name], "gone") for image in out if image not in back]
        if back:
            columns = tuple(back[0])
            told = [tuple(image[column] for column in columns) for image in back]
            insert_rows(cursor, vendor=vendor, table=table, columns=columns, rows=told)
    return left


def _columns_back(
    cursor: Any, vendor: str, table: str, before: Mapping[str, Image], after: Mapping[str, Image]
) -> list[LeftRow]:
    touched: set[int] = set()
    for column in sorted({name for image in after.values() for name in image}):
        mine = {key: {column: image[column]} for key, image in after.items() if column in image}
        _, kept = put_back(cursor, vendor=vendor, table=table, before=before, after=mine)
        if column != "updated_at":
            touched.update(kept)
    there = {
        key for (key,) in rows_where(cursor, vendor=vendor, table=table, columns=("id",), key="id", values=touched)
    }
    return [LeftRow(table, key, "edited" if key in there else "gone") for key in sorted(touched)]
