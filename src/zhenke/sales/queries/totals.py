"""Totals at a glance of one customer's purchases, with filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Sum

from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.customers.rules.sight import sight_of
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.rules import NetLine, Totals, totals_over
from zhenke.staff.queries import Viewer
from zhenke.staff.rules import SystemViewer


def totals_of(
    *,
    viewer: Viewer,
    customer: Customer,
    category: str = "",
    metal: str = "",
    stone: str = "",
    is_gift: bool | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Totals:
    """Return what a customer's purchases add up to, net of all that came back; empty filters let everything through.

    Units:  as `sales.rules.Totals`; `since` and `until` are days of purchase, both inside.
    Shape:  one result, all zero when nothing fits; one SQL query (two for a person).
    Sees:   whoever may see the customer; to all others, and to marketing, it is as if she never bought.
    """
    if not sight_of(viewer.role).purchases:
        return totals_over(())
    if not isinstance(viewer, SystemViewer) and not visible(viewer=viewer).filter(pk=customer.pk).exists():
        return totals_over(())
    wanted = {"category": category, "metal": metal, "stone": stone}
    return totals_over(
        line
        for line in _net_lines(customer)
        if all(not code or getattr(line, field) == code for field, code in wanted.items())
        and (is_gift is None or line.is_gift == is_gift)
        and (since is None or line.sold_date >= since)
        and (until is None or line.sold_date <= until)
    )


def _net_lines(customer: Customer) -> Iterator[NetLine]:
    rows = SaleLine.objects.filter(sale__customer=customer.pk, returned_line=None).annotate(
        back_quantity=Sum("returned_by__quantity"),
        back_minor=Sum("returned_by__amount_minor"),
        back_mg=Sum("returned_by__weight_mg"),
    )
    for row in rows.values_list(
        "sale_id",
        "sale__sold_date",
        "sale__kind",
        "sale__is_gift",
        "is_gift",
        "quantity",
        "amount_minor",
        "weight_mg",
        "back_quantity",
        "back_minor",
        "back_mg",
        "style__category",
        "style__metal",
        "style__stone",
    ):
        sale, day, kind, sale_gift, line_gift, quantity, minor, mg, back_quantity, back_minor, back_mg, *codes = row
        gone = back_quantity is not None and -back_quantity >= quantity
        yield NetLine(
            sale_id=sale,
            sold_date=day,
            quantity=quantity + (back_quantity or 0),
            amount_minor=minor + int(back_minor or 0),
            weight_mg=(mg or 0) + (back_mg or 0),
            is_gift=sale_gift or line_gift,
            counts=kind != Sale.Kind.RETURN and not gone,
            category=codes[0] or "",
            metal=codes[1] or "",
            stone=codes[2] or "",
        )
