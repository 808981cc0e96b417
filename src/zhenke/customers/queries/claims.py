"""Where two sources say different things of one field: for the profile, and as a list to work through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from zhenke.basics.cipher import key_of, place_of
from zhenke.basics.errors import NotFound
from zhenke.basics.names import mask_name
from zhenke.customers.models import Claim, Customer, CustomerDate, Trait
from zhenke.customers.queries.archive import belonging_to, is_known_by_name, may_have
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.knowledge import unseen_traits
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.queries.sealed_traits import masked_traits, trait_text
from zhenke.customers.rules.claims import DAY, TRAIT, day_from, mark_of, parts_text
from zhenke.customers.rules.sight import Birthday, sight_of
from zhenke.customers.rules.traits import MASK
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import within_scope
from zhenke.staff.rules import SystemViewer

PLACE = f"{Claim._meta.db_table}.sealed"
SIZE = 20
_PRIVATE = ("caution",)


class ClaimUnknown(NotFound):
    """There is no such claim, or it is not the viewer's to see."""

    code = "claim_unknown"
    message = "This does not exist, or is not yours to see."


@dataclass(frozen=True, slots=True)
class Told:
    """One value with who said it; `text` is masked as the viewer's role sees it. `claim` is None for what stands."""

    text: str
    source: str
    on_date: date | None
    by_name: str
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field of which sources say different things: what stands, and what the others say, the newest first."""

    field: str
    stands: Told
    others: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Customers with fields to choose, the newest claim first; `after` leads to the next page, 0 if there is none."""

    rows: list[tuple[Customer, tuple[str, ...]]]
    after: int


def opened_claim(row: Claim) -> str:
    """Return what a claim says, for the operations of this room and for a copy of everything."""
    return field_cipher().open(row.sealed, place_of(PLACE, row.pk))


def conflicts_of(*, viewer: Viewer, customer: Customer) -> list[Conflict]:
    """Return the fields of a customer of which sources say different things.

    Shape:  one row per field, by name; empty where nothing is open. One SQL query for nothing, at most six.
    Sees:   as `visible`; fields only where the role is shown them, names and days masked as everywhere.
    """
    if not may_have(customer, "has_claims"):
        return []
    open_ones = Claim.objects.filter(belonging_to(viewer=viewer, customer=customer), decision="")
    rows = list(open_ones.filter(shown_fields(viewer)).order_by("field", "-pk"))
    if not rows:
        return []
    values, marks = standing_of(customer, {row.field for row in rows})
    seen = _Seeing(viewer, customer)
    names = _names({row.said_by_id for row in rows} | {mark[1] for mark in marks.values()})
    found: dict[str, list[Told]] = {}
    for row in rows:
        text = opened_claim(row)
        if text != values.get(row.field, ""):
            told = Told(seen.of(row.field, text), row.source, row.said_date, "", row.pk)
            found.setdefault(row.field, []).append(_by(told, names.get(row.said_by_id or 0, "")))
    return [
        Conflict(field, _stands(seen, field, values, marks, names), tuple(others)) for field, others in found.items()
    ]


def disputed_fields(*, viewer: Viewer, customer: Customer) -> list[str]:
    """Return the fields of a customer of which sources differ, by name. Sees: as `conflicts_of`.

    Shape:  may be empty. Two SQL queries, none for an archive of `customer_for` that has no open claim.
    """
    if not may_have(customer, "has_claims"):
        return []
    rows = Claim.objects.filter(belonging_to(viewer=viewer, customer=customer), shown_fields(viewer), decision="")
    return sorted(set(rows.values_list("field", flat=True)))


def _by(told: Told, name: str) -> Told:
    return Told(told.text, told.source, told.on_date, name, told.claim)


def _stands(
    seen: _Seeing,
    field: str,
    values: Mapping[str, str],
    marks: Mapping[str, tuple[date | None, int | None, str]],
    names: Mapping[int, str],
) -> Told:
    on_date, by, source = marks.get(field, (None, None, ""))
    return Told(seen.of(field, values.get(field, "")), source, on_date, names.get(by or 0, ""))


def standing_of(
    customer: Customer, fields: Iterable[str]
) -> tuple[dict[str, str], dict[str, tuple[date | None, int | None, str]]]:
    """Return what stands in some fields, as a claim would keep it, and when, by whom and from where; for this room.

    Shape:  fields where nothing stands are absent. No SQL query for columns, one for days, one for traits.
    """
    values: dict[str, str] = {}
    marks: dict[str, tuple[date | None, int | None, str]] = {}
    wanted = set(fields)
    kinds = {field.removeprefix(DAY) for field in wanted if field.startswith(DAY)}
    for row in CustomerDate.objects.filter(customer=customer, kind__in=kinds, label="") if kinds else ():
        values[DAY + row.kind] = parts_text((row.calendar, row.month, row.day, row.is_leap_month, row.year))
        marks[DAY + row.kind] = (row.created_at.date(), None, row.source)
    keys = {field.removeprefix(TRAIT) for field in wanted if field.startswith(TRAIT)}
    for trait in Trait.objects.filter(customer=customer, key__in=keys).order_by("pk") if keys else ():
        values.setdefault(TRAIT + trait.key, trait_text(trait))
        marks.setdefault(TRAIT + trait.key, (trait.confirmed_at.date(), trait.confirmed_by_id, trait.source))
    for field in wanted:
        if not field.startswith((DAY, TRAIT)) and getattr(customer, field):
            values[field] = str(getattr(customer, field))
        mark = mark_of(customer.confirmed, field.removeprefix(DAY))
        if mark is not None and field in values and not field.startswith(TRAIT):
            marks[field] = (mark.on_date, mark.by, mark.source)
    return values, marks


def shown_fields(viewer: Viewer) -> Q:
    """Return the filter on claims that leaves out fields which the viewer's role is not shown."""
    sight = sight_of(viewer.role)
    hidden = [f"{TRAIT}{key}" for key in unseen_traits(viewer=viewer)]
    if not sight.notes:
        hidden += _PRIVATE
    kept = ~Q(field__in=hidden) if hidden else Q()
    if not sight.dates:
        kept &= ~Q(field__startswith=DAY)
    elif sight.birthday not in (Birthday.WHOLE, Birthday.MONTH_DAY):
        kept &= ~Q(field=f"{DAY}birthday")
    return kept


class _Seeing:
    """How one viewer sees the values of one customer's fields: whole, or masked as everywhere."""

    def __init__(self, viewer: Viewer, customer: Customer) -> None:
        self._is_named = is_known_by_name(viewer=viewer, customer=customer)
        self._has_years = sight_of(viewer.role).birthday == Birthday.WHOLE
        self._masked = {f"{TRAIT}{key}" for key in masked_traits(viewer=viewer)}

    def of(self, field: str, text: str) -> str:
        """Return a value as it is shown."""
        if field == "name" and not self._is_named:
            return mask_name(text)
        if field.startswith(DAY) and text and not self._has_years:
            return text.rpartition(".")[0] + "."
        return MASK if text and field in self._masked else text


def _names(keys: Iterable[int | None]) -> dict[int, str]:
    wanted = {key for key in keys if key}
    return dict(StaffMember.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def claim_for(*, viewer: Viewer, customer: Customer, id: int) -> Claim:
    """Return one claim of a customer, decided or not.

    Errors: ClaimUnknown out of sight, or for a field that the role is not shown.
    Sees:   as `conflicts_of`.
    """
    rows = Claim.objects.filter(belonging_to(viewer=viewer, customer=customer), shown_fields(viewer))
    row = rows.exclude(decision="twin").filter(pk=id).first()
    if row is None:
        raise ClaimUnknown
    return row


def open_conflicts(*, viewer: Viewer, after: int = 0, size: int = SIZE) -> ConflictPage:
    """Return customers of whom sources say different things, each with the fields, the newest claim first.

    Shape:  at most `size` claims a page, grouped by customer; a customer may come again on the next page. Two queries.
    Sees:   as `conflicts_of`.
    """
    rows = _in_sight(viewer)
    rows = rows.filter(pk__lt=after) if after else rows
    found = list(rows.select_related("customer__shop", "customer__owner").order_by("-pk")[: size + 1])
    people: dict[int, tuple[Customer, list[str]]] = {}
    for row in found[:size]:
        fields = people.setdefault(row.customer_id, (row.customer, []))[1]
        if row.field not in fields:
            fields.append(row.field)
    grouped = [(customer, tuple(fields)) for customer, fields in people.values()]
    return ConflictPage(grouped, found[size - 1].pk if len(found) > size else 0)


def conflict_count(*, viewer: Viewer, most: int = 1_000) -> int:
    """Return how many claims wait for the viewer, counted to `most`. Sees: as `conflicts_of`."""
    return _in_sight(viewer).order_by()[:most].count()


def _in_sight(viewer: Viewer) -> QuerySet[Claim]:
    seen = within_scope(viewer, "customer__shop", ("customer__owner", "customer__cover"))
    return Claim.objects.filter(seen, unless_hidden(viewer, "customer"), shown_fields(viewer), decision="")


def claims_by_key(*, viewer: Viewer, key_ids: tuple[str, ...]) -> dict[str, int]:
    """Return how many claims are sealed with each of these keys, and under "" those with none of them.

    Sees:   SYSTEM alone, and only numbers leave; nothing for anybody else.
    """
    if not isinstance(viewer, SystemViewer):
        return {}
    counts: dict[str, int] = {}
    for sealed in Claim.objects.values_list("sealed", flat=True).iterator(chunk_size=2_000):
        key = key_of(sealed)
        counts[key if key in key_ids else ""] = counts.get(key if key in key_ids else "", 0) + 1
    return counts


def claims_told(*, customer: Customer) -> list[dict[str, object]]:
    """Return what other sources say of a customer, for her own copy.

    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    rows = Claim.objects.filter(customer=customer).order_by("pk")
    return [{"field": row.field, "text": claim_words(row), "source": row.source, "said": row.said_date} for row in rows]


def claim_words(row: Claim) -> str:
    """Return what a claim says as a plain text: a day as year-month-day of its calendar."""
    text = opened_claim(row)
    if not row.field.startswith(DAY):
        return text
    day = day_from(text)
    return "-".join(str(part) for part in (day.calendar, day.year, day.month, day.day) if part is not None)
