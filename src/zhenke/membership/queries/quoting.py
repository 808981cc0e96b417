"""What a sale would earn and may spend, before it is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhenke.customers.models import Customer
from zhenke.membership.queries.balances import balance_of
from zhenke.membership.queries.earned import is_birthday
from zhenke.membership.queries.members import tier_of
from zhenke.membership.queries.rules import NoProgrammeRules, RulesNow, rules_now
from zhenke.membership.rules.earning import LinePoints, Occasion, SoldLine, points_for_sale
from zhenke.membership.rules.spending import LineShare, most_points, payable_lines, worth_minor
from zhenke.staff.models import Shop, Viewer


@dataclass(frozen=True, slots=True)
class Quote:
    """What a bill would earn, line by line with why, and how many points may pay of it.

    `most` is the smaller of what the bill takes and what she has; `spent` is what was asked for.
    """

    version: int
    earned: int
    lines: tuple[LinePoints, ...]
    payable: tuple[LineShare, ...]
    spendable: int
    most: int
    most_worth_minor: int
    value_points: int


def occasion_of(*, customer: Customer, shop: Shop, on: date, held: RulesNow) -> Occasion:
    """Return what besides the lines decides what a receipt of hers earns. Sees: no viewer; used where she is given."""
    rules = held.rules
    tier = rules.tiers.of(tier_of(customer_id=customer.pk) or rules.tiers.levels[0].key)
    is_person = customer.kind == Customer.Kind.PERSON
    span = rules.earning.birthday_span if is_person else "none"
    return Occasion(
        tier=tier.key,
        tier_percent=tier.factor_percent,
        on_date=on,
        is_birthday=is_birthday(customer=customer, shop=shop, on=on, span=span),
        is_organisation=not is_person,
    )


def quote(
    *, viewer: Viewer, customer: Customer, shop: Shop, lines: Sequence[SoldLine], on: date, spend_points: int = 0
) -> Quote:
    """Return what a sale would earn if so many points paid a part of it, and the most that may.

    Shape:  one answer; about six SQL queries. Writes nothing: what other holds keep back is not hers to spend now.
    Errors: NoProgrammeRules; CustomerUnknown unless she is in sight.
    Sees:   as `balance_of`.
    """
    held = rules_now()
    if held is None:
        raise NoProgrammeRules(version=0)
    balance = balance_of(viewer=viewer, customer=customer, on_date=on)
    earning, spending = held.rules.earning, held.rules.spending
    value = earning.value_points
    explained = points_for_sale(
        lines,
        occasion=occasion_of(customer=customer, shop=shop, on=on, held=held),
        earning=earning,
        less_minor=worth_minor(spend_points, value_points=value),
    )
    most = min(balance.spendable, most_points(lines, spending=spending, value_points=value))
    return Quote(
        version=held.version,
        earned=sum(one.points for one in explained),
        lines=explained,
        payable=payable_lines(lines, spending=spending),
        spendable=balance.spendable,
        most=most,
        most_worth_minor=worth_minor(most, value_points=value),
        value_points=value,
    )
