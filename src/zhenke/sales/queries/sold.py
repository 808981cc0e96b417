"""What the lines of a receipt hand to the room of pieces, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date

from django.db import connection
from django.db.models import OuterRef, Subquery, Sum

from zhenke.basics.bulk import rows_where
from zhenke.catalogue.rules import (
    PieceDraft,
    SoldPiece,
    inspection_ahead,
    next_inspection,
    pieces_in_line,
    wants_inspection,
)
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer

_BATCH = 500


def pieces_sold(*, sale: Sale, lines: Iterable[SaleLine]) -> list[SoldPiece]:
    """Return the pieces that the buyer of a receipt takes home, from lines with their styles at hand; no query.

    Shape:  one row per piece, none without a buyer, for what came back, for gold by weight and for a company's stock
            (`catalogue.rules.pieces_in_line`). A line of three makes three, each with its share of what was paid.
    Units:  weights in mg; of several on one line the style's own weight, because the scale weighed them together.
    Sees:   no viewer: the receipt is the caller's.
    """
    if sale.customer_id is None:
        return []
    return [piece for line in lines if line.returned_line_id is None for piece in _pieces(sale, line)]


def _pieces(sale: Sale, line: SaleLine) -> Iterator[SoldPiece]:
    style = line.style
    category, stone = (style.category, style.stone) if style else ("", "")
    count = pieces_in_line(
        category=category, has_style=style is not None, weight_mg=line.weight_mg, quantity=line.quantity
    )
    is_called_in = wants_inspection(category=category, stone=stone)
    for number in range(1, count + 1):
        own_weight = line.weight_mg if line.quantity == 1 else None
        draft = PieceDraft(
            name=((style.name or style.style_no) if style else line.description or "–")[:160],
            category=category,
            metal=style.metal if style else "",
            purity_permille=style.purity_permille if style else None,
            gross_mg=own_weight if own_weight is not None or style is None else style.weight_mg,
            price_minor=line.amount_minor // line.quantity,
            currency=sale.currency,
            secret_until_date=line.secret_until_date if line.gift_for_id else None,
            next_inspection_date=next_inspection(sale.sold_date) if is_called_in else None,
        )
        yield SoldPiece(
            source_key=f"line:{line.pk}:{number}",
            customer_id=sale.customer_id or 0,
            shop_id=sale.shop_id,
            bought_date=sale.sold_date,
            draft=draft,
            style_id=line.style_id,
            wearer_id=line.gift_for_id,
        )


def pieces_on_lines(*, line_ids: Iterable[int], today: date) -> list[SoldPiece]:
    """Return the pieces that buyers still have of lines from older files, none twice.

    What came back since is not hers; when each is to be looked at next lies ahead (`inspection_ahead`).

    Shape:  as `pieces_sold`; one SQL query for each 500 lines.
    Sees:   no viewer: keys in; the pieces are for the house's own books.
    """
    back = SaleLine.objects.filter(returned_line=OuterRef("pk")).order_by().values("returned_line")
    wanted, found = sorted(line_ids), []
    for start in range(0, len(wanted), _BATCH):
        rows = SaleLine.objects.filter(
            pk__in=wanted[start : start + _BATCH], sale__customer__isnull=False, returned_line=None
        )
        rows = rows.annotate(back=Subquery(back.annotate(pieces=Sum("quantity")).values("pieces")))
        for line in rows.select_related("sale", "style"):
            made = pieces_sold(sale=line.sale, lines=[line])
            found += [_called_in(piece, today) for piece in made[: max(0, len(made) + (line.back or 0))]]
    return found


def _called_in(piece: SoldPiece, today: date) -> SoldPiece:
    if piece.draft.next_inspection_date is None:
        return piece
    due = inspection_ahead(bought=piece.bought_date, today=today)
    return replace(piece, draft=replace(piece.draft, next_inspection_date=due))


def quantities_of(*, line_ids: Iterable[int]) -> dict[int, int]:
    """Return how many pieces stand on each bought line that is there, by its key; one SQL query for each 5,000.

    Sees:   no viewer: keys in, counts out.
    """
    with connection.cursor() as cursor:
        rows = rows_where(
            cursor,
            vendor=connection.vendor,
            table=SaleLine._meta.db_table,
            columns=("id", "quantity"),
            key="id",
            values=line_ids,
        )
    return {key: quantity for key, quantity in rows if quantity > 0}


def pieces_back(*, lines: Iterable[SaleLine]) -> dict[str, int]:
    """Return how many pieces came back of each bought line, by the line's key as text; no query.

    Sees:   no viewer: the receipt is the caller's.
    """
    counts: dict[str, int] = {}
    for line in lines:
        if line.returned_line_id is not None and line.quantity < 0:
            key = str(line.returned_line_id)
            counts[key] = counts.get(key, 0) - line.quantity
    return counts


def lines_of(*, viewer: Viewer, sale_keys: Collection[str]) -> list[SaleLine]:
    """Return the lines of receipts by their outside keys, with sale and style.

    Shape:  one row per line; a query per 500 receipts.
    Sees:   only the house itself: whole receipts of everybody.
    """
    if viewer is not SYSTEM:
        return []
    wanted = sorted(sale_keys)
    found: list[SaleLine] = []
    for start in range(0, len(wanted), _BATCH):
        rows = SaleLine.objects.filter(sale__source_key__in=wanted[start : start + _BATCH])
        found += rows.select_related("sale", "style")
    return found
