"""Whole contacts shown today, by person, against the limits of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhenke.customers.models import HandedCopy, ListTally, RevealQuota, RevealTally
from zhenke.customers.rules.reveals import STARTING, is_nearly_used, starting_quota
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import staff_within
from zhenke.staff.rules import May


@dataclass(frozen=True, slots=True)
class Used:
    """What somebody was shown of customers of one importance, and the limit of the day."""

    importance: int
    shown: int
    quota: int

    @property
    def left(self) -> int:
        """How many more may be shown today."""
        return max(0, self.quota - self.shown)

    @property
    def is_nearly_used(self) -> bool:
        """Whether 80% are used."""
        return is_nearly_used(shown=self.shown, quota=self.quota)


@dataclass(frozen=True, slots=True)
class RevealsOfDay:
    """One person's day: what was shown by importance, and whether an alarm rang."""

    member: StaffMember
    used: tuple[Used, ...]
    has_alarm: bool

    @property
    def shown(self) -> int:
        """All that was shown."""
        return sum(one.shown for one in self.used)


def quotas_of(*, brand_id: int) -> dict[tuple[str, int], int]:
    """Return the limits of a house by role and importance.

    Shape:  every role that is shown whole contacts, three each. One SQL query.
    Sees:   no viewer: a setting of the house.
    """
    own = RevealQuota.objects.filter(brand_id=brand_id).values_list("role", "importance", "a_day")
    quotas = {(role, one): starting_quota(role=role, importance=one) for role in STARTING for one in (1, 2, 3)}
    return quotas | {(role, importance): a_day for role, importance, a_day in own}


def used_by(*, member: StaffMember, importance: int, on_date: date) -> Used:
    """Return what one person was shown on a day, and may be. Two SQL queries.

    Sees:   one's own day: the caller passes who asks.
    """
    quota = quotas_of(brand_id=brand_key(member)).get((member.role, importance), 0)
    tally = RevealTally.objects.filter(member=member, on_date=on_date, importance=importance)
    return Used(importance, tally.values_list("shown", flat=True).first() or 0, quota)


def reveals_of_day(*, viewer: Viewer, on_date: date) -> list[RevealsOfDay]:
    """Return who was shown whole contacts on a day, alarms first, then who was shown most.

    Shape:  one row per person who was shown any; may be empty. Two SQL queries.
    Sees:   who leads (May.REASSIGN): people of the own shops; others nobody.
    """
    if not viewer.may(May.REASSIGN):
        return []
    rows = RevealTally.objects.filter(on_date=on_date, shown__gt=0, member__in=staff_within(viewer=viewer).values("pk"))
    found: dict[int, list[RevealTally]] = {}
    for row in rows.select_related("member__shop").order_by("importance"):
        found.setdefault(row.member_id, []).append(row)
    quotas: dict[int, dict[tuple[str, int], int]] = {}
    people = []
    for tallies in found.values():
        member = tallies[0].member
        brand = brand_key(member)
        if brand not in quotas:
            quotas[brand] = quotas_of(brand_id=brand)
        limits = quotas[brand]
        used = tuple(Used(one.importance, one.shown, limits.get((member.role, one.importance), 0)) for one in tallies)
        people.append(RevealsOfDay(member, used, any(one.has_alarm for one in tallies)))
    return sorted(people, key=lambda one: (not one.has_alarm, -one.shown, one.member.pk))


def listed_on(*, viewer: Viewer, on_date: date) -> list[ListTally]:
    """Return who paged through the list of customers on a day, most rows first.

    Shape:  one row per person; may be empty. One SQL query.
    Sees:   as `reveals_of_day`.
    """
    if not viewer.may(May.REASSIGN):
        return []
    people = staff_within(viewer=viewer).values("pk")
    rows = ListTally.objects.filter(on_date=on_date, member__in=people).select_related("member__shop")
    return list(rows.order_by("-rows", "member_id"))


def copied_on(*, viewer: Viewer, on_date: date) -> list[tuple[StaffMember, int, bool]]:
    """Return who handed out copies of everything on a day, how many, and whether an alarm rang, most first.

    Shape:  one row per person; may be empty. One SQL query.
    Sees:   as `reveals_of_day`.
    """
    if not viewer.may(May.REASSIGN):
        return []
    people = staff_within(viewer=viewer).values("pk")
    rows = HandedCopy.objects.filter(on_date=on_date, member__in=people).select_related("member__shop").order_by("pk")
    found: dict[int, list[HandedCopy]] = {}
    for row in rows:
        found.setdefault(row.member_id, []).append(row)
    counted = [(own[0].member, len(own), any(one.has_alarm for one in own)) for own in found.values()]
    return sorted(counted, key=lambda one: (-one[1], one[0].pk))


def alarms_of_day(*, viewer: Viewer, on_date: date) -> list[str]:
    """Return the names of those for whom an alarm rang on a day: whole values, rows of the list or copies, very many.

    Shape:  by name; may be empty. One SQL query.
    Sees:   as `reveals_of_day`, without oneself.
    """
    if not viewer.may(May.REASSIGN):
        return []
    people = staff_within(viewer=viewer).exclude(pk=viewer.id or 0).values("pk")
    revealed = RevealTally.objects.filter(on_date=on_date, has_alarm=True, member__in=people)
    listed = ListTally.objects.filter(on_date=on_date, has_alarm=True, member__in=people)
    names = revealed.order_by().values_list("member__name")
    copied = HandedCopy.objects.filter(on_date=on_date, has_alarm=True, member__in=people)
    others = (rows.order_by().values_list("member__name") for rows in (listed, copied))
    return sorted({name for (name,) in names.union(*others)})


def brand_key(member: StaffMember) -> int:
    """Return the key of the brand that somebody works for; `member` has the shop at hand."""
    return int(member.shop.path.split("/", 1)[0])
