"""Who is under 14, or was when somebody spoke for her: for the rules and for the night."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from zhenke.basics.days import DayOfYear
from zhenke.customers.models import ConsentEntry, CustomerDate
from zhenke.customers.queries.consent import said_by, said_of
from zhenke.customers.rules.consent import OF_AGE, Said, is_child, last_said

_PURPOSE = "under_14"


def is_child_born_on(*, days: Iterable[DayOfYear], today: date) -> bool:
    """Return whether one of these birthdays tells of somebody under 14.

    Sees:   no viewer: a rule about days.
    """
    return is_child(birthdays=[(str(day.calendar), day.year, day.month, day.day) for day in days], today=today)


def has_guardian(*, customer: int) -> bool:
    """Return whether a guardian has agreed that a customer under 14 is kept, and has not taken it back.

    Sees:   no viewer: a yes or no, for the rules.
    """
    last = _word_of(said_by([customer]))
    return last is not None and last.is_given and last.by_guardian


def children_unguarded(*, today: date) -> dict[int, bool]:
    """Return the customers under 14 of whom no guardian's yes stands, and whether the guardian took one back.

    Shape:  by the customer's key; may be empty. Three SQL queries.
    Sees:   no viewer: keys, for the night's own work.
    """
    rows = CustomerDate.objects.filter(kind="birthday", year__gte=today.year - OF_AGE - 1).order_by()
    born: dict[int, list[tuple[str, int | None, int, int]]] = {}
    for customer, calendar, year, month, day in rows.values_list("customer_id", "calendar", "year", "month", "day"):
        born.setdefault(customer, []).append((calendar, year, month, day))
    children = [key for key, days in born.items() if is_child(birthdays=days, today=today)]
    said = _said(children)
    words = {key: _word_of(said.get(key, [])) for key in children}
    return {
        key: word is not None and not word.is_given and word.by_guardian
        for key, word in words.items()
        if word is None or not (word.is_given and word.by_guardian)
    }


def of_age_now(*, today: date) -> list[int]:
    """Return the customers for whom a guardian spoke, who are 14 by now, and have said nothing themselves since.

    Shape:  keys in order; may be empty.
    Sees:   no viewer: keys, for the night's own work.
    """
    rows = ConsentEntry.objects.filter(giver="guardian", state=ConsentEntry.State.GIVEN).order_by()
    keys = set(rows.values_list("customer_id", flat=True))
    own = ConsentEntry.objects.filter(customer__in=keys, giver="self").order_by("customer", "at")
    last_own = dict(own.values_list("customer_id", "at"))
    last_guardian = dict(rows.order_by("at").values_list("customer_id", "at"))
    asked = {key for key in keys if key not in last_own or last_own[key] < last_guardian[key]}
    born: dict[int, list[tuple[str, int | None, int, int]]] = {}
    days = CustomerDate.objects.filter(customer__in=asked, kind="birthday")
    for customer, calendar, year, month, day in days.values_list("customer_id", "calendar", "year", "month", "day"):
        born.setdefault(customer, []).append((calendar, year, month, day))
    return sorted(key for key, told in born.items() if not is_child(birthdays=told, today=today))


def _said(customer_ids: Collection[int]) -> dict[int, list[Said]]:
    from_whom = ConsentEntry.objects.filter(customer__in=customer_ids, purpose=_PURPOSE).select_related("text")
    said: dict[int, list[Said]] = {}
    for row in from_whom:
        said.setdefault(row.customer_id, []).append(said_of(row))
    return said


def _word_of(said: Iterable[Said]) -> Said | None:
    return last_said(purpose=_PURPOSE, channel="", said=said)
