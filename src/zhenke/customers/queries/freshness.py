"""How well an archive is known: field by field, when, by whom and from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from zhenke.basics.ids import made_at
from zhenke.customers.models import ContactPoint, Customer, CustomerDate, FreshnessRules, Trait
from zhenke.customers.queries.archive import belonging_to, visible
from zhenke.customers.rules.freshness import (
    COLUMNS,
    CONTACTS,
    DATES,
    FIELDS,
    TRAITS,
    FieldRule,
    Known,
    State,
    newest,
    rules_for,
    rules_from_plain,
    state_of,
)
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import StaffMember, Viewer

_FIELD_OF_TRAIT = {key: field for field, keys in TRAITS.items() for key in keys}


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field of one archive. `by_name` and `source` are empty for what nobody noted."""

    field: str
    state: State
    on_date: date | None = None
    by_name: str = ""
    source: str = ""


def freshness_rules() -> tuple[FieldRule, ...]:
    """Return the rules in force, none before the shop was set up.

    Sees:   everybody: they speak of fields, not of people.
    """
    row = FreshnessRules.objects.order_by("-version").first()
    return rules_from_plain(row.fields) if row else ()


def freshness_of(*, viewer: Viewer, customer: Customer, letter: str, today: date) -> list[FieldState]:
    """Return how each field that matters for a grade stands, in the order of the rules.

    Units:  `letter` is her grade, "" for none yet.
    Shape:  one row per field of the rules that the viewer's role is shown; empty when she is out of sight. At most six
            SQL queries.
    Sees:   contacts and days only where the table of sight shows them; the values themselves are not here.
    """
    rules = [rule for rule in rules_for(freshness_rules(), letter=letter) if rule.field in _shown(viewer)]
    if not rules or not visible(viewer=viewer).filter(pk=customer.pk).exists():
        return []
    known = known_fields(viewer=viewer, customer=customer)
    keys = {one.by for one in known.values() if one.by}
    names = dict(StaffMember.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return [_stands(rule, known.get(rule.field), names, today) for rule in rules]


def _stands(rule: FieldRule, known: Known | None, names: dict[int, str], today: date) -> FieldState:
    state = state_of(rule, known=known, today=today)
    if known is None:
        return FieldState(rule.field, state)
    return FieldState(rule.field, state, known.on_date, names.get(known.by or 0, ""), known.source)


def known_fields(*, viewer: Viewer, customer: Customer) -> dict[str, Known]:
    """Return what is known of a customer, by field: when each was confirmed last, by whom and from where.

    Shape:  fields of which nothing is known are absent. Three SQL queries.
    Sees:   as `freshness_of`.
    """
    zone = ZoneInfo(customer.shop.time_zone)
    hers = belonging_to(viewer=viewer, customer=customer)
    found: dict[str, list[Known | None]] = {}
    contacts = ContactPoint.objects.filter(hers, kind__in=CONTACTS).values_list("kind", "id")
    for kind, key in contacts:
        found.setdefault(kind, []).append(Known(_day(made_at(key), zone)))
    days = CustomerDate.objects.filter(hers, kind__in=DATES).values_list("kind", "created_at", "source")
    for kind, at, source in days:
        found.setdefault(kind, []).append(Known(_day(at, zone), None, source))
    traits = Trait.objects.filter(hers, key__in=_FIELD_OF_TRAIT)
    for name, at, by, source in traits.values_list("key", "confirmed_at", "confirmed_by_id", "source"):
        found.setdefault(_FIELD_OF_TRAIT[name], []).append(Known(_day(at, zone), by, source))
    for column in COLUMNS:
        if getattr(customer, column):
            found.setdefault(column, []).append(Known())
    shown = _shown(viewer)
    told = {field: newest([*several, _noted(customer, field)]) for field, several in found.items() if field in shown}
    return {field: one for field, one in told.items() if one is not None}


def _noted(customer: Customer, field: str) -> Known | None:
    """Return what the archive itself notes of who confirmed a field."""
    note = customer.confirmed.get(field)
    if not note:
        return None
    key = str(note[1]) if len(note) > 1 else ""
    return Known(date.fromisoformat(note[0]), int(key) if key.isdecimal() else None, note[2] if len(note) > 2 else "")


def _shown(viewer: Viewer) -> set[str]:
    sight = sight_of(viewer.role)
    hidden = set(CONTACTS) - sight.contact_kinds | (set() if sight.dates else set(DATES))
    return set(FIELDS) - hidden


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
