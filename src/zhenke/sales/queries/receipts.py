"""Receipts with their lines: of one customer, one by its key."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from zhenke.basics.errors import NotFound
from zhenke.basics.prepared import Prepared
from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.sight import sight_of
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff.queries import Viewer, within_scope

_SELLER_OR_OWNER = ("advisor", "customer__owner", "customer__cover")
_MOST_OF_NUMBER = 200
_WITH_KEY = Prepared(lambda key: Sale.objects.filter(source_key=key).values_list("pk")[:1], key=str)


def receipts_within(*, viewer: Viewer) -> QuerySet[Sale]:
    """Return the receipts a viewer may see one by one.

    Shape:  one row per receipt, any kind, no order; may be empty.
    Sees:   an advisor: what she sold and what her customers bought; a shop, region or brand: what its shops sold;
            SYSTEM: all; who is shown amounts of crowds only (marketing): none. Nothing of a protected person to who
            is not named for her.
    """
    if not sight_of(viewer.role).purchases:
        return Sale.objects.none()
    seen = within_scope(viewer, owner_fields=_SELLER_OR_OWNER)
    return Sale.objects.filter(seen, unless_hidden(viewer, "customer"))


def sales_of(
    *, viewer: Viewer, customer: Customer, before: tuple[datetime, int] | None = None, size: int = 20, words: str = ""
) -> list[Sale]:
    """Return one page of what a customer bought, in every shop, with shop, advisor, lines and their styles.

    Of `words` only the receipts that speak of them all: by number, a piece's name or number, or their note.

    Shape:  at most `size` receipts of every kind, newest first; `before` is (sold_at, id) of the last one shown.
            Two SQL queries.
    Sees:   whoever may see the customer sees all her receipts; others, and marketing, an empty list.
    """
    if not sight_of(viewer.role).purchases:
        return []
    rows = Sale.objects.filter(belonging_to(viewer=viewer, customer=customer))
    if before is not None:
        rows = rows.filter(sold_at__lte=before[0]).filter(Q(sold_at__lt=before[0]) | Q(pk__lt=before[1]))
    for word in words.replace("\x00", "").split()[:8]:
        rows = rows.filter(_speaks_of(word, sees_notes=sight_of(viewer.role).notes))
    return [_noted(sale, viewer) for sale in dressed(rows).order_by("-sold_at", "-pk")[:size]]


def _speaks_of(word: str, *, sees_notes: bool) -> Q:
    named = Q(description__icontains=word) | Q(style__name__icontains=word) | Q(style__style_no__icontains=word)
    told = Q(number__icontains=word) | Q(Exists(SaleLine.objects.filter(named, sale=OuterRef("pk"))))
    return told | Q(note__icontains=word) if sees_notes else told


def sale_for(*, viewer: Viewer, id: int) -> Sale:
    """Return one receipt with customer, shop, advisor, lines and their styles.

    Errors: NotFound if there is none, or it is not within the viewer's sight.
    Shape:  two SQL queries.
    Sees:   as `receipts_within`.
    """
    sale = dressed(receipts_within(viewer=viewer)).select_related("customer").filter(pk=id).first()
    if sale is None:
        raise NotFound(kind="sale")
    return _noted(sale, viewer)


def _noted(sale: Sale, viewer: Viewer) -> Sale:
    """Return the receipt without its note for who sees no notes; it is not to be saved."""
    if not sight_of(viewer.role).notes:
        sale.note = ""
    return sale


def receipts_with_number(*, viewer: Viewer, number: str, size: int = 3) -> list[Sale]:
    """Return receipts that have this printed number, with their shop.

    Shape:  at most `size`, the newest first; may be empty. Two SQL queries, one when no receipt has it: first who has
            the number, then who of them is in sight, so that no planner walks a shop's receipts for it.
    Sees:   as `receipts_within`.
    """
    keys = list(Sale.objects.filter(number=number).values_list("pk", flat=True)[:_MOST_OF_NUMBER]) if number else []
    if not keys:
        return []
    return list(receipts_within(viewer=viewer).filter(pk__in=keys).select_related("shop").order_by("-sold_at")[:size])


def sale_with_key(*, viewer: Viewer, source_key: str) -> Sale | None:
    """Return the receipt that has this key of its own, with customer, shop, advisor, lines and their styles.

    Shape:  None if there is none.
    Sees:   as `receipts_within`.
    """
    rows = dressed(receipts_within(viewer=viewer)).select_related("customer")
    return rows.filter(source_key=source_key).first()


def is_key_used(source_key: str) -> bool:
    """Return whether a receipt has this key; says nothing of it, so everybody may ask."""
    return _WITH_KEY.first(connection, key=source_key) is not None


def dressed(rows: QuerySet[Sale]) -> QuerySet[Sale]:
    """Return receipts with shop, advisor, lines and their styles, in two SQL queries."""
    lines = SaleLine.objects.select_related("style").order_by("pk")
    return rows.select_related("shop", "advisor").prefetch_related(Prefetch("lines", queryset=lines))
