"""Which fields an archive should have, for which grades, and after how many days they are asked again, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhenke.basics.errors import BadInput

LETTERS = "ABCDE"
# Whoever has no grade yet is asked what everybody is asked.
UNGRADED = "E"
# What a field is kept as: a contact, a day, traits of one of these keys, or a column of the archive.
CONTACTS = ("phone", "wechat", "email", "address")
DATES = ("birthday",)
TRAITS: dict[str, tuple[str, ...]] = {
    "ring_size": ("ring_size", "ring_size_hk", "ring_size_left", "ring_size_right"),
    "bangle": ("bangle_mm", "bracelet_mm", "wrist_cm", "wrist_mm"),
    "metal": ("metal",),
    "stone": ("stone",),
    "style": ("style", "motif"),
    "budget": ("budget", "budget_band"),
}
COLUMNS = ("channel", "region", "hour_preference", "language")
FIELDS = (*CONTACTS, *DATES, *TRAITS, *COLUMNS)
HEAVIEST = 9
_LONGEST_DAYS = 3_650
_ASKED = {"field", "letters", "days"}


class FreshnessInvalid(BadInput):
    """The rules cannot be understood. Facts: `field`."""

    code = "freshness_invalid"
    message = "The rule for {field} is wrong: a field that there is, letters of grades, whole days or none."


class State(StrEnum):
    """How a field stands: known and fresh, known but to be asked again, or missing."""

    KNOWN = "known"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field: the grades for which it matters, after how many days it is asked again (None: never), and how much it
    counts when the shop says how well it knows somebody.
    """

    field: str
    letters: str
    days: int | None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Known:
    """When a field was last confirmed, by whom (a key of staff) and from where; None and "" for what nobody noted."""

    on_date: date | None = None
    by: int | None = None
    source: str = ""


def rules_from_plain(rows: Iterable[Mapping[str, object]]) -> tuple[FieldRule, ...]:
    """Return the rules of plain values. Errors: FreshnessInvalid, also for a field that stands twice."""
    rules: dict[str, FieldRule] = {}
    for row in rows:
        field, letters, days, weight = row.get("field"), row.get("letters"), row.get("days"), row.get("weight", 1)
        is_right = field in FIELDS and field not in rules and _ASKED <= set(row) <= {*_ASKED, "weight"}
        is_right = is_right and isinstance(letters, str) and bool(letters) and set(letters) <= set(LETTERS)
        is_whole = isinstance(days, int) and not isinstance(days, bool) and 0 < days <= _LONGEST_DAYS
        is_heavy = isinstance(weight, int) and not isinstance(weight, bool) and 0 < weight <= HEAVIEST
        if not (is_right and is_heavy) or not (days is None or is_whole):
            raise FreshnessInvalid(field=field if field in FIELDS else "")
        whole = days if isinstance(days, int) else None
        rules[str(field)] = FieldRule(str(field), str(letters), whole, int(weight))  # type: ignore[call-overload]
    return tuple(rules.values())


def plain_rules(rules: Iterable[FieldRule]) -> list[dict[str, object]]:
    """Return rules as plain values, as `rules_from_plain` reads them."""
    return [{"field": one.field, "letters": one.letters, "days": one.days, "weight": one.weight} for one in rules]


def rules_for(rules: Iterable[FieldRule], *, letter: str) -> tuple[FieldRule, ...]:
    """Return the rules that matter for a grade; "" is nobody's grade yet."""
    return tuple(rule for rule in rules if (letter or UNGRADED) in rule.letters)


def state_of(rule: FieldRule, *, known: Known | None, today: date) -> State:
    """Return how a field stands. What is known since nobody knows when is asked again.

    Units:  days of the shop; on the day after the last fresh one it is stale.
    Example: confirmed 1 January, 30 days -> known on 31 January, stale on 1 February
    """
    if known is None:
        return State.MISSING
    if rule.days is None:
        return State.KNOWN
    is_fresh = known.on_date is not None and today <= known.on_date + timedelta(days=rule.days)
    return State.KNOWN if is_fresh else State.STALE


def newest(several: Iterable[Known | None]) -> Known | None:
    """Return what was confirmed last, of one day the first of them; None when nothing is known."""
    known = [one for one in several if one is not None]
    return max(known, key=lambda one: one.on_date or date.min, default=None)


def first_gap(rules: Iterable[FieldRule], *, letter: str, known: Mapping[str, Known], today: date) -> str:
    """Return the field to ask for: the first rule's that is missing, else the first that is stale; "" for none."""
    mine = rules_for(rules, letter=letter)
    states = [(rule.field, state_of(rule, known=known.get(rule.field), today=today)) for rule in mine]
    for state in (State.MISSING, State.STALE):
        found = next((field for field, one in states if one == state), "")
        if found:
            return found
    return ""
