"""View of the shop board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhenke.care.queries import follow_up_figures
from zhenke.customers.queries import seen_name, visible
from zhenke.customers.rules.sight import sight_of
from zhenke.doors.pages.board import findings
from zhenke.doors.pages.board.asked import Asked, asked_for, chips_for
from zhenke.doors.pages.staff_request import StaffRequest, moment_of
from zhenke.grading.queries import standings
from zhenke.sales.queries import (
    Slice,
    new_and_returning,
    sales_by_category,
    sales_by_month,
    sales_by_shop,
    top_customers,
)
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import brand_of, shops_within, staff_within

TOP = 10
MONTHS = 12


@dataclass(frozen=True, slots=True)
class TopRow:
    """One of those who paid most; `id` None where the viewer may not open the customer."""

    id: int | None
    name: str
    amount_minor: int
    receipts: int


def board_page(request: StaffRequest) -> HttpResponse:
    """Show the board of what the viewer sees, or of one node, over some days."""
    viewer, moment = request.user, moment_of(request)
    shops = [shop for shop in shops_within(viewer=viewer) if shop.closed_at is None]
    asked = asked_for(request.GET, shops=shops, today=moment.today)
    span: dict[str, Any] = {"viewer": viewer, "since": asked.since, "until": asked.until, "shop": asked.shop}
    brand = brand_of(viewer.shop).name
    sign = findings.sign_of(viewer.shop.currency)
    slices = sales_by_shop(**span)
    buyers = new_and_returning(**span)
    stand = standings(viewer=viewer, shop=asked.shop)
    follow = follow_up_figures(viewer=viewer, today=moment.today, shop=asked.shop)
    names = {one.pk: one.name for one in staff_within(viewer=viewer)} if follow else {}
    months = sales_by_month(viewer=viewer, until=moment.today, months=MONTHS, shop=asked.shop)
    pictures = [
        findings.by_shop(slices, sign, brand),
        findings.new_or_back(buyers),
        findings.by_category(sales_by_category(**span), sign),
        findings.follow_ups(follow, names),
        findings.pyramid(stand),
        findings.lifecycle(stand),
    ]
    words = {
        "page_title": _("Shop board"),
        "asked": asked,
        "chips": chips_for(asked, shops, brand),
        "currency": viewer.shop.currency,
        "totals": _totals(slices, buyers.new + buyers.returning),
        "trend": findings.trend(months, sign),
        "pictures": [one for one in pictures if one is not None],
        "top": _top(viewer, asked),
        "only_crowds": sight_of(viewer.role).only_crowds,
        "today": moment.today,
    }
    return render(request, "board/page.html", words)


def _totals(slices: list[Slice], buyers: int) -> dict[str, object]:
    now, before = (sum(one.now.amount_minor for one in slices), sum(one.before.amount_minor for one in slices))
    receipts, receipts_before = sum(one.now.receipts for one in slices), sum(one.before.receipts for one in slices)
    return {
        "amount": now,
        "change": findings.change_words(now, before),
        "receipts": receipts,
        "receipts_change": findings.change_words(receipts, receipts_before),
        "average": round(now / receipts / 100) * 100 if receipts else None,
        "buyers": buyers,
    }


def _top(viewer: StaffMember, asked: Asked) -> list[TopRow]:
    """Those who paid most, named as the viewer may see them."""
    found = top_customers(viewer=viewer, since=asked.since, until=asked.until, size=TOP, shop=asked.shop)
    people = visible(viewer=viewer).select_related(None).in_bulk([one.customer_id for one in found])
    rows = []
    for one in found:
        customer = people.get(one.customer_id)
        name = seen_name(viewer=viewer, customer=customer) if customer else ""
        rows.append(
            TopRow(
                customer.pk if customer else None,
                name or _("A customer of another shop"),
                one.booked.amount_minor,
                one.booked.receipts,
            )
        )
    return rows
