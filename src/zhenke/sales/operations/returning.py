"""Take pieces back, and with new pieces on the same receipt exchange them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from zhenke.basics.days import local_date
from zhenke.catalogue.models import Style
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.operations.selling import (
    AddedSale,
    bought_lines,
    find_styles_of,
    put_together,
    refuse_other_content,
    write_once,
)
from zhenke.sales.queries.gifts import with_recipients
from zhenke.sales.queries.receipts import sale_with_key
from zhenke.sales.rules import (
    BadSlip,
    CurrencyMismatch,
    LineSlip,
    NotReturnable,
    Portion,
    ReturnLine,
    ReturnSlip,
    check_return,
    portion_back,
)
from zhenke.staff import SYSTEM, audit
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.queries import Viewer


@transaction.atomic
def add_return(
    *,
    slip: ReturnSlip,
    sale: Sale,
    shop: Shop,
    advisor: StaffMember | None,
    by: Viewer,
    now: datetime,
    styles: Mapping[str, Style] | None = None,
) -> AddedSale:
    """Write a receipt for pieces of `sale` that come back, and for the new pieces of an exchange.

    Units:  amounts paid back are given as 0 or more and kept as negative lines.
    Errors: BadSlip as `check_return`; NotReturnable, AlreadyReturned, RefundTooHigh, CurrencyMismatch, SaleKeyReused.
    Writes: one Sale of kind return or exchange for the buyer of `sale`, its lines, one line of the audit trail.
    Twice:  the same slip: the first receipt is returned, nothing is written. Returns of one sale wait for each other,
            so that two at the same moment never take back more than was bought.
    """
    new = check_return(slip, now=now)
    _check_against(slip, sale=sale, shop=shop)
    Sale.objects.select_for_update().get(pk=sale.pk)
    earlier = sale_with_key(viewer=SYSTEM, source_key=slip.source_key)
    receipt = Sale(
        source_key=slip.source_key,
        number=slip.number,
        kind=Sale.Kind.EXCHANGE if new else Sale.Kind.RETURN,
        customer=sale.customer,
        shop=shop,
        advisor=advisor,
        sold_at=slip.sold_at,
        sold_date=local_date(slip.sold_at, shop.time_zone),
        currency=sale.currency,
        note=slip.note,
        returns=sale,
        created_at=now,
    )
    back = _lines_back(slip.lines, sale=sale, apart_from=earlier)
    if twice := set(new) & {line.line_key for line in back}:
        raise BadSlip("line_key_twice", line=min(twice))
    lines = [*back, *bought_lines(_for_whom(new, receipt, earlier, by), find_styles_of(new, styles))]
    put_together(receipt, lines)
    if earlier is not None and earlier.returns_id == sale.pk:
        refuse_other_content(earlier, sale=receipt, lines=lines, by=by)
        return AddedSale(earlier, is_new=False)
    added = write_once(sale=receipt, lines=lines, by=by)
    if added.is_new:
        audit.record(
            action="pieces_returned", by=by, now=now, subject_kind="sale", subject_id=sale.pk, receipt=added.sale.pk
        )
    return added


def _for_whom(new: dict[str, LineSlip], receipt: Sale, earlier: Sale | None, by: Viewer) -> dict[str, LineSlip]:
    """Return the new lines with their recipients; a receipt that is known stays for whom it is."""
    if earlier is not None:
        return new
    return with_recipients(viewer=by, keyed=new, buyer=receipt.customer, bought=receipt.sold_date)


def _check_against(slip: ReturnSlip, *, sale: Sale, shop: Shop) -> None:
    if sale.kind == Sale.Kind.RETURN:
        raise NotReturnable(sale=sale.number or sale.source_key)
    if shop.currency != sale.currency:
        raise CurrencyMismatch(currency=sale.currency, shop_currency=shop.currency)
    if slip.sold_at < sale.sold_at:
        raise BadSlip("returned_before_sold", bought_at=sale.sold_at.isoformat())


def _lines_back(wanted: Iterable[ReturnLine], *, sale: Sale, apart_from: Sale | None) -> list[SaleLine]:
    bought = {line.line_key: line for line in sale.lines.all() if line.returned_line_id is None and line.quantity > 0}
    sums = (
        SaleLine.objects.filter(returned_line__in=[line.pk for line in bought.values()])
        .exclude(sale=apart_from)
        .values_list("returned_line")
        .annotate(quantity=Sum("quantity"), amount=Sum("amount_minor"))
    )
    already = {line: Portion(-quantity, -amount) for line, quantity, amount in sums}
    lines = []
    for position, want in enumerate(wanted, start=1):
        line = bought.get(want.line_key)
        if line is None:
            raise BadSlip("line_unknown", line=want.line_key)
        whole = Portion(line.quantity, line.amount_minor, line.cost_minor, line.weight_mg, line.tag_minor)
        portion = portion_back(bought=whole, already=already.get(line.pk, Portion(0, 0)), wanted=want)
        lines.append(_line_back(line, portion, line_key=f"back:{position}"))
    return lines


def _line_back(line: SaleLine, portion: Portion, *, line_key: str) -> SaleLine:
    return SaleLine(
        line_key=line_key,
        style_id=line.style_id,
        description=line.description,
        quantity=-portion.quantity,
        weight_mg=None if portion.weight_mg is None else -portion.weight_mg,
        tag_minor=None if portion.tag_minor is None else -portion.tag_minor,
        amount_minor=-portion.amount_minor,
        cost_minor=None if portion.cost_minor is None else -portion.cost_minor,
        is_gift=line.is_gift,
        returned_line=line,
    )
