"""Lists of receipts, newest first, page after page by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, prefetch_related_objects

from zhenke.basics.marks import day_mark, mark_of
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries.receipts import dressed, receipts_within
from zhenke.staff.queries import Viewer, shops_within

LARGEST = 100


@dataclass(frozen=True)
class SalesAsked:
    """What a list of receipts is narrowed to; every filter that is set must hold. `shop` is a code."""

    customer_id: int | None = None
    shop: str = ""
    kind: str = ""
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True)
class SalePage:
    """One page, and the mark of the next one, "" at the end."""

    rows: list[Sale]
    after: str


def sale_page(*, viewer: Viewer, asked: SalesAsked, after: str = "", size: int = 50) -> SalePage:
    """Return one page of receipts with shop, advisor, lines and their styles.

    Shape:  at most `size` (100) receipts of every kind, newest day first; may be empty. At most 3 SQL queries.
    Errors: MarkWrong.
    Sees:   as `receipts_within`; a shop or customer out of sight gives an empty page.
    """
    size = max(1, min(size, LARGEST))
    rows = receipts_within(viewer=viewer).filter(_kept(asked))
    if asked.shop:
        shop = shops_within(viewer=viewer).filter(code=asked.shop).order_by().values_list("pk", flat=True).first()
        if shop is None:
            return SalePage([], "")
        rows = rows.filter(shop=shop)
    if after:
        day, key = day_mark(after)
        rows = rows.filter(Q(sold_date__lt=day) | Q(sold_date=day, pk__lt=key), sold_date__lte=day)
    page = list(dressed(rows).order_by("-sold_date", "-id")[: size + 1])
    more = len(page) > size
    page = page[:size]
    return SalePage(page, mark_of(page[-1].sold_date, page[-1].pk) if more else "")


def _kept(asked: SalesAsked) -> Q:
    kept = Q()
    if asked.customer_id is not None:
        kept &= Q(customer=asked.customer_id)
    if asked.kind:
        kept &= Q(kind=asked.kind)
    if asked.from_date is not None:
        kept &= Q(sold_date__gte=asked.from_date)
    if asked.to_date is not None:
        kept &= Q(sold_date__lte=asked.to_date)
    return kept


def with_lines(sale: Sale) -> Sale:
    """Return a receipt that was just written with its lines and their styles at hand.

    Shape:  one SQL query, none if they were at hand.
    Sees:   no viewer: whoever holds the receipt was given it.
    """
    prefetch_related_objects([sale], Prefetch("lines", SaleLine.objects.select_related("style").order_by("pk")))
    return sale
