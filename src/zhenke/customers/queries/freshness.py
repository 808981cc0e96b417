"""How well an archive is known: field by field, when, by whom and from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

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
    first_gap,
    newest,
    rules_for,
    rules_from_plain,
    state_of,
)
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.rules import SystemViewer

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
    Shape:  one row per field of the rules that the viewer's role is shown; empty when she is out of sight or no
            person. At most six SQL queries.
    Sees:   contacts and days only where the table of sight shows them; the values themselves are not here.
    """
    rules = [rule for rule in rules_for(freshness_rules(), letter=letter) if rule.field in fields_shown(viewer=viewer)]
    is_person = customer.kind == Customer.Kind.PERSON  # a company has no ring size
    if not rules or not is_person or not visible(viewer=viewer).filter(pk=customer.pk).exists():
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
    shown = fields_shown(viewer=viewer)
    known = _known_of({customer.pk: customer}, belonging_to(viewer=viewer, customer=customer))
    return {field: one for field, one in known.get(customer.pk, {}).items() if field in shown}


def gaps_of(*, viewer: SystemViewer, letters: Mapping[int, str], today: date) -> dict[int, str]:
    """Return the one field to ask each of some customers for, by their keys; `letters` names their grades.

    Shape:  who has no gap is absent. Five SQL queries however many they are; ask for a few hundred at once.
    Sees:   everything: this is the night's question, which only the house asks.
    """
    rules = freshness_rules()
    people = Customer.objects.select_related("shop").in_bulk(list(letters)) if rules and letters else {}
    known = _known_of(people, Q(customer__in=people))
    gaps = {
        key: first_gap(rules, letter=letters[key], known=known.get(key, {}), today=today)
        for key, one in people.items()
        if one.kind == Customer.Kind.PERSON
    }
    return {key: field for key, field in gaps.items() if field}


def _known_of(people: Mapping[int, Customer], theirs: Q) -> dict[int, dict[str, Known]]:
    zones = {key: ZoneInfo(one.shop.time_zone) for key, one in people.items()}
    found: dict[int, dict[str, list[Known | None]]] = {key: {} for key in people}

    def note(customer: int, field: str, known: Known) -> None:
        found[customer].setdefault(field, []).append(known)

    contacts = ContactPoint.objects.filter(theirs, kind__in=CONTACTS).values_list("customer_id", "kind", "id")
    for customer, kind, key in contacts:
        note(customer, kind, Known(_day(made_at(key), zones[customer])))
    days = CustomerDate.objects.filter(theirs, kind__in=DATES)
    for customer, kind, at, source in days.values_list("customer_id", "kind", "created_at", "source"):
        note(customer, kind, Known(_day(at, zones[customer]), None, source))
    traits = Trait.objects.filter(theirs, key__in=_FIELD_OF_TRAIT)
    columns = ("customer_id", "key", "confirmed_at", "confirmed_by_id", "source")
    for customer, name, at, by, source in traits.values_list(*columns):
        note(customer, _FIELD_OF_TRAIT[name], Known(_day(at, zones[customer]), by, source))
    for customer, one in people.items():
        for column in COLUMNS:
            if getattr(one, column):
                note(customer, column, Known())
    told = {}
    for customer, fields in found.items():
        newer = {field: newest([_noted(people[customer], field), *several]) for field, several in fields.items()}
        told[customer] = {field: known for field, known in newer.items() if known is not None}
    return told


def asking() -> tuple[int, int]:
    """Return how many small tasks an advisor is given a day and after how many days somebody is asked after again.

    Shape:  (0, 0) before the shop was set up.
    Sees:   everybody.
    """
    row = FreshnessRules.objects.order_by("-version").first()
    return (row.a_day, row.again_days) if row else (0, 0)


def _noted(customer: Customer, field: str) -> Known | None:
    """Return what the archive itself notes of who confirmed a field."""
    note = customer.confirmed.get(field)
    if not note:
        return None
    key = str(note[1]) if len(note) > 1 else ""
    return Known(date.fromisoformat(note[0]), int(key) if key.isdecimal() else None, note[2] if len(note) > 2 else "")


def fields_shown(*, viewer: Viewer) -> set[str]:
    """Return the fields of the rules of which the viewer's role is told at all, whosever they are."""
    sight = sight_of(viewer.role)
    hidden = set(CONTACTS) - sight.contact_kinds | (set() if sight.dates else set(DATES))
    return set(FIELDS) - hidden


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def freshness_versions(*, size: int = 20) -> list[FreshnessRules]:
    """Return the versions of the rules with who made them, the one in force first.

    Sees:   everybody: they speak of fields, not of people.
    """
    return list(FreshnessRules.objects.select_related("made_by").order_by("-version")[:size])
