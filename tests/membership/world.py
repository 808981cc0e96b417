"""A house with its programme, two styles, and receipts through the journeys."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from tests.cast import NOW, Cast
from zhenke.catalogue.models import Style
from zhenke.customers.models import Customer
from zhenke.customers.rules.drafts import BuyerSlip
from zhenke.doors.defaults.programme import PROGRAMME_RULES
from zhenke.grading.operations import ensure_first_scheme
from zhenke.journeys.record_return import record_return
from zhenke.journeys.record_sale import record_sale
from zhenke.membership.models import Membership
from zhenke.membership.operations.rules import load_first_rules
from zhenke.membership.queries.accounts import accounts_of, held_in
from zhenke.sales.models import Sale
from zhenke.sales.rules import LineSlip, ReturnLine, ReturnSlip, SaleSlip
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

_numbers = count(1)


def open_house() -> None:
    """Give the house its programme, a set ring and gold by gram."""
    Style.objects.create(style_no="R1", name="Solitaire", category="ring", created_at=NOW)
    Style.objects.create(style_no="G1", name="Gold", category="bangle", price_mode="gram", created_at=NOW)
    ensure_first_scheme(NOW)
    load_first_rules(rules=PROGRAMME_RULES, now=NOW)


def ring(minor: int, *, quantity: int = 1) -> LineSlip:
    """Return a line of set rings."""
    return LineSlip(style_no="R1", amount_minor=minor, quantity=quantity)


def gold(minor: int) -> LineSlip:
    """Return a line of gold by gram."""
    return LineSlip(style_no="G1", amount_minor=minor, weight_mg=10_000)


def buys(
    cast: Cast, *lines: LineSlip, days_ago: int = 0, card: str = "ZK000001", key: str = "", points: int = 0
) -> Sale:
    """Record a sale to Mrs Zhou as the till would, some days ago, a part of it paid with points."""
    at = NOW - timedelta(days=days_ago)
    slip = SaleSlip(
        source_key=key or f"till:{next(_numbers)}",
        sold_at=at,
        lines=lines,
        buyer=BuyerSlip(card_number=card) if card else None,
        spend_points=points,
    )
    by = StaffMember.objects.select_related("shop").get(pk=cast.mei.pk)
    return record_sale(slip=slip, by=by, now=at).sale


def brings_back(
    cast: Cast, sale: Sale, *lines: ReturnLine, new: tuple[LineSlip, ...] = (), at: datetime = NOW, key: str = ""
) -> Sale:
    """Record a return or an exchange."""
    slip = ReturnSlip(source_key=key or f"back:{next(_numbers)}", sold_at=at, sale=sale.pk, lines=lines, new_lines=new)
    by = StaffMember.objects.select_related("shop").get(pk=cast.mei.pk)
    return record_return(slip=slip, by=by, now=at).sale


def holds(cursor: object, customer: Customer) -> tuple[int, int, int]:
    """Return what a customer may spend, what waits, what she owes."""
    accounts = accounts_of(cursor, customer_id=customer.pk, programme="main")
    if accounts is None:
        return 0, 0, 0
    held = held_in(cursor, accounts)
    return sum(lot.left for lot in held.member), sum(lot.left for lot in held.pending), held.owed


def member(customer: Customer) -> Membership:
    """Return her membership as it stands."""
    return Membership.objects.get(pk=customer.pk)


__all__ = ["SYSTEM", "brings_back", "buys", "gold", "holds", "member", "open_house", "ring"]
