"""What other rules would have cost on the sales of the last year, and who would win or lose by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest
from itertools import groupby

from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.customers.rules.crowds import crowd
from zhenke.customers.rules.sight import sight_of
from zhenke.membership.queries.members import figures_of, members_within
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.programme import Rules
from zhenke.membership.rules.tiers import reached
from zhenke.membership.rules.trying import Earner, PastLine
from zhenke.sales.queries.counted import bought_lines_between
from zhenke.sales.rules.periods import year_before
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody who would win or lose: `reason` is tier, or the kind of line that changes most (fixed, gram, …)."""

    customer: Customer
    from_points: int
    to_points: int
    from_tier: str
    to_tier: str
    reason: str


@dataclass(frozen=True)
class ProgrammePreview:
    """The last year by the rules in force and by those tried.

    Units:  points; costs in minor units of the programme, a point at what the rules say it is worth. `inexact` names
            what stored figures cannot show: it stays as it is until the rules are published.
    """

    first_date: date
    last_date: date
    currency: str
    points_today: int
    points_after: int
    cost_today_minor: int
    cost_after_minor: int
    winners: int
    losers: int
    same: int
    tiers_today: dict[str, int]
    tiers_after: dict[str, int]
    won_most: list[Changed]
    lost_most: list[Changed]
    inexact: tuple[str, ...]


@dataclass(slots=True)
class _One:
    """One customer by both rules."""

    key: int
    from_tier: str
    to_tier: str
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)

    @property
    def change(self) -> int:
        return sum(self.after.values()) - sum(self.before.values())


def preview_rules(*, viewer: Viewer, rules: object, on: date, people: int = 8) -> ProgrammePreview | None:
    """Return what other rules would have done with the sales of the year that ends on a day.

    The tiers are those that today's figures reach by each of the rules, for the whole year; birthdays are left out of
    both sides.

    Errors: ProgrammeWrong when the rules are none.
    Shape:  None in a house without programme; at most `people` who win most, and as many who lose most.
    Sees:   what members within the viewer's sight bought. Who is shown crowds only gets no count below ten, nobody by
            name: rules that are tried must not tell an amount.
    """
    held = rules_now()
    if held is None:
        return None
    tried = Rules.from_plain(rules)
    first = year_before(on)
    found = list(_everybody(viewer, held.rules, tried, held.currency, first, on))
    moving = [one for one in found if one.change]
    only_crowds = sight_of(viewer.role).only_crowds
    named = 0 if only_crowds else people
    won = nlargest(named, (one for one in moving if one.change > 0), key=lambda one: (one.change, -one.key))
    lost = nlargest(named, (one for one in moving if one.change < 0), key=lambda one: (-one.change, -one.key))
    customers = visible(viewer=viewer).in_bulk([one.key for one in (*won, *lost)]) if won or lost else {}
    counts = [sum(one.change > 0 for one in found), sum(one.change < 0 for one in found)]
    winners, losers = [count if not only_crowds or crowd(count) else 0 for count in counts]
    points = [sum(sum(side.values()) for side in sides) for sides in _sides(found)]
    return ProgrammePreview(
        first_date=first,
        last_date=on,
        currency=held.currency,
        points_today=points[0],
        points_after=points[1],
        cost_today_minor=points[0] * 100 // held.rules.earning.value_points,
        cost_after_minor=points[1] * 100 // tried.earning.value_points,
        winners=winners,
        losers=losers,
        same=len(found) - sum(counts),
        tiers_today=_tiers(held.rules, [one.from_tier for one in found], only_crowds),
        tiers_after=_tiers(tried, [one.to_tier for one in found], only_crowds),
        won_most=[_changed(one, customers[one.key]) for one in won if one.key in customers],
        lost_most=[_changed(one, customers[one.key]) for one in lost if one.key in customers],
        inexact=_inexact(held.rules, tried),
    )


def _sides(found: list[_One]) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    return [one.before for one in found], [one.after for one in found]


def _everybody(viewer: Viewer, held: Rules, tried: Rules, currency: str, first: date, last: date) -> Iterator[_One]:
    """Yield every member in sight with what she would have earned by both."""
    members = {
        row.pk: _One(row.pk, reached(figures_of(row), held.tiers), reached(figures_of(row), tried.tiers))
        for row in members_within(viewer=viewer).order_by().iterator(5_000)
    }
    by_held, by_tried = Earner(held.earning), Earner(tried.earning)
    walk = bought_lines_between(viewer=SYSTEM, currency=currency, first=first, last=last)
    for key, lines in groupby(walk, key=lambda line: line.customer_id):
        one = members.get(key)
        if one is None:
            continue
        for _sale, receipt in groupby(lines, key=lambda line: line.sale_id):
            past = [PastLine(line.net_minor, line.is_by_gram, line.category, line.sold_date) for line in receipt]
            _add(one.before, by_held.receipt(past, tier_percent=held.tiers.of(one.from_tier).factor_percent))
            _add(one.after, by_tried.receipt(past, tier_percent=tried.tiers.of(one.to_tier).factor_percent))
    yield from members.values()


def _add(whole: dict[str, int], part: dict[str, int]) -> None:
    for kind, points in part.items():
        whole[kind] = whole.get(kind, 0) + points


def _tiers(rules: Rules, members: list[str], only_crowds: bool) -> dict[str, int]:
    counts = {tier.key: 0 for tier in rules.tiers.levels}
    for tier in members:
        counts[tier] += 1
    return {tier: count if not only_crowds or crowd(count) else 0 for tier, count in counts.items()}


def _changed(one: _One, customer: Customer) -> Changed:
    kinds = {*one.before, *one.after}
    sign = 1 if one.change > 0 else -1
    most = max(sorted(kinds), key=lambda kind: sign * (one.after.get(kind, 0) - one.before.get(kind, 0)))
    reason = "tier" if one.from_tier != one.to_tier else most
    return Changed(customer, sum(one.before.values()), sum(one.after.values()), one.from_tier, one.to_tier, reason)


def _inexact(held: Rules, tried: Rules) -> tuple[str, ...]:
    names = []
    if (held.tiers.window, held.tiers.window_months) != (tried.tiers.window, tried.tiers.window_months):
        names.append("window")
    birthdays = [(one.earning.birthday_span, one.earning.birthday_percent) for one in (held, tried)]
    if birthdays[0] != birthdays[1]:
        names.append("birthday")
    if tried.tiers.basis == "points" != held.tiers.basis:
        names.append("points")
    return tuple(names)
