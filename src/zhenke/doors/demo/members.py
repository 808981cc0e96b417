"""Members of the demo shop: tiers of everybody, points of the last weeks, rights given, some points spent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zhenke.basics.errors import RuleBroken
from zhenke.customers.queries import customer_for
from zhenke.doors.demo.dice import dice, happens
from zhenke.doors.demo.load import OpenedShop
from zhenke.journeys.review_tiers import review_tiers
from zhenke.membership.operations import activate_due, spend
from zhenke.membership.operations.awarding import answer_receipt
from zhenke.membership.operations.rights import give_right
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.members import member_card, members_within
from zhenke.membership.rules.ledger import Cause
from zhenke.sales.queries.receipts import sale_with_key
from zhenke.staff import SYSTEM

POINTS_DAYS = 60
MOST_GIVEN, MOST_SPENT = 220, 60


def make_members(*, opened: OpenedShop, now: datetime) -> tuple[int, int, int]:
    """Let everybody who bought join, and live the last weeks of points and rights; return members, points, rights.

    Receipts of before are history that was taken over: they count for tiers and earn no points.
    """
    members = review_tiers(reason="import", now=now).members
    points = _points(opened, now)
    activate_due(day=opened.today, now=now)
    keys = list(
        members_within(viewer=SYSTEM)
        .exclude(tier__in=("member",))
        .order_by("-other_minor", "pk")
        .values_list("pk", flat=True)[: MOST_GIVEN * 2]
    )
    given = sum(_rights(opened, key, now) for key in keys[:MOST_GIVEN])
    _spend(opened, keys, now)
    return members, points, given


def _points(opened: OpenedShop, now: datetime) -> int:
    first, points = opened.today - timedelta(days=POINTS_DAYS), 0
    for row in opened.rows.sales:
        if not first <= row.sold_at.date() < opened.today or not row.customer_no:
            continue
        sale = sale_with_key(viewer=SYSTEM, source_key=f"demo:{row.receipt_no}")
        if sale is None or sale.customer is None:
            continue
        lines = list(sale.lines.all())
        done = answer_receipt(
            sale=sale, lines=lines, customer=sale.customer, on=opened.today, by=sale.advisor or SYSTEM, now=now
        )
        points += done.earned
    return points


def _rights(opened: OpenedShop, key: int, now: datetime) -> int:
    """Give one member what she may have had of the year by now, each on a day of its own."""
    rng = dice(opened.rows.seed, "rights", key)
    customer = customer_for(viewer=SYSTEM, id=key)
    card = member_card(viewer=SYSTEM, customer=customer, on=opened.today)
    given = 0
    for one in card.rights if card else ():
        if one.right.kind not in ("service", "gift") or not happens(rng, 45 if one.right.kind == "service" else 60):
            continue
        since = date(opened.today.year, 1, 1)
        days = rng.randrange(max((opened.today - since).days, 1))
        if one.right.kind == "gift":
            if one.day is None or one.day >= opened.today:
                continue
            days = (opened.today - one.day).days
        by = rng.choice([person for person in (customer.owner, opened.staff["lin"]) if person is not None])
        try:
            give_right(
                customer=customer, right=one.right.key, cause=f"demo:{one.right.key}:{key}", by=by,
                now=now - timedelta(days=days),
            )  # fmt: skip
            given += 1
        except RuleBroken:
            continue
    return given


def _spend(opened: OpenedShop, keys: list[int], now: datetime) -> None:
    spent = 0
    for key in keys:
        if spent >= MOST_SPENT:
            return
        customer = customer_for(viewer=SYSTEM, id=key)
        has = balance_of(viewer=SYSTEM, customer=customer, on_date=opened.today).spendable
        if has < 500:
            continue
        spent += 1
        on = opened.today - timedelta(days=spent % 20)
        spend(
            customer=customer, points=has // 3 // 100 * 100 or 100, cause=Cause("by_hand", f"demo:{key}"), on_date=on,
            by=opened.staff["lin"], now=now, shop=customer.shop, reason="demo",
        )  # fmt: skip
