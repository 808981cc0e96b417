"""What receipts earned, line by line, with the reasons that were written down when they did."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum

from zhenke.basics.days import DayOfYear, occurrences
from zhenke.customers.models import Customer
from zhenke.customers.queries import dates_of
from zhenke.membership.models import EarnedLine
from zhenke.membership.rules.earning import LinePoints
from zhenke.membership.rules.programme import BirthdaySpan
from zhenke.sales.models import Sale
from zhenke.sales.queries.receipts import receipts_within
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import year_rule_of


@dataclass(frozen=True, slots=True)
class Explained:
    """One line with its points; `why` is None for a line that came back."""

    line_id: int
    points: int
    version: int
    why: LinePoints | None


def why_points(*, viewer: Viewer, sale: Sale) -> list[Explained]:
    """Return what each line of a receipt earned or took off, and why.

    Shape:  one row per line in the order of the receipt; empty when it earned nothing at all. One SQL query.
    Sees:   whoever may see the receipt (`sales.queries.receipts_within`); others an empty list.
    """
    seen = receipts_within(viewer=viewer).filter(pk=sale.pk).order_by().values("pk")
    rows = EarnedLine.objects.filter(line__sale__in=seen).select_related("rules").order_by("line_id")
    return [
        Explained(row.pk, row.points, row.rules.version, LinePoints.from_plain(row.why) if row.why else None)
        for row in rows.defer("rules__rules")
    ]


def earned_on(*, line_ids: Collection[int]) -> dict[int, int]:
    """Return the points that some lines are worth, by the line's key; one SQL query, none for no lines.

    Sees:   no viewer: keys in, points out.
    """
    if not line_ids:
        return {}
    return dict(EarnedLine.objects.filter(pk__in=list(line_ids)).values_list("pk", "points"))


def window_points(*, customer_ids: Collection[int], first: date, last: date) -> dict[int, int]:
    """Return the points of lines bought in a window, less what their returns took off, by customer.

    Sees:   no viewer: for the house's own tiers.
    """
    bought = Q(line__returned_line=None, line__sale__sold_date__range=(first, last))
    back = Q(line__returned_line__sale__sold_date__range=(first, last))
    rows = EarnedLine.objects.filter(bought | back, line__sale__customer__in=list(customer_ids))
    found = rows.values(who=F("line__sale__customer")).annotate(points=Sum("points")).order_by()
    return {row["who"]: row["points"] for row in found}


def birthday_in(*, customer: Customer, shop: Shop, year: int) -> date | None:
    """Return the day on which a customer's birthday falls in a solar year; None when it is not known, or falls in none.

    Shape:  two SQL queries.
    Sees:   only the house itself asks: the answer decides what she earns and is due.
    """
    own = next((row for row in dates_of(viewer=SYSTEM, customer=customer) if row.kind == "birthday"), None)
    if own is None:
        return None
    day = DayOfYear(own.month, own.day, own.calendar, own.is_leap_month)
    found = occurrences(day, date(year, 1, 1), date(year, 12, 31), year_rule_of(shop))
    return found[0].on_date if found else None


def is_birthday(*, customer: Customer, shop: Shop, on: date, span: BirthdaySpan) -> bool:
    """Return whether a day lies around a customer's birthday, as the rules span it."""
    if span == "none":
        return False
    falls = birthday_in(customer=customer, shop=shop, year=on.year)
    return falls is not None and (falls == on or (span == "month" and falls.month == on.month))
