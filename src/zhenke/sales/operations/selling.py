"""Write down one receipt, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction

from zhenke.basics.days import local_date
from zhenke.basics.prepared import insert_objects
from zhenke.catalogue.models import Style
from zhenke.catalogue.queries import style_by_no
from zhenke.customers.models import Customer, Interaction
from zhenke.customers.queries.protection import is_hidden_from
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries.gifts import with_recipients
from zhenke.sales.queries.receipts import is_key_used, receipts_within, sale_with_key
from zhenke.sales.rules import BadSlip, LineSlip, SaleKeyReused, SaleSlip, check_sale, check_weights
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.queries import Viewer


@dataclass(frozen=True)
class AddedSale:
    """A receipt as it stands in the books.

    `is_new` is False when it was there before; `piece` is what people call the purchase: its dearest piece; `lines`
    are those just written, with their styles at hand.
    """

    sale: Sale
    is_new: bool
    piece: str = ""
    lines: Sequence[SaleLine] = ()


def add_sale(
    *,
    slip: SaleSlip,
    customer: Customer | None,
    shop: Shop,
    advisor: StaffMember | None,
    prompted_by: Interaction | None = None,
    by: Viewer,
    now: datetime,
    styles: Mapping[str, Style] | None = None,
) -> AddedSale:
    """Write one receipt with its lines.

    Units:  as the slip: minor units and milligrams per line; `sold_date` becomes the day in the shop's own zone.
            `styles` are the slip's styles by number when the caller already has them.
    Errors: BadSlip, SoldInFuture, CurrencyMismatch as `check_sale`; BadSlip `style_unknown`, `weight_missing`,
            `recipient_unknown`, `recipient_buys`; SaleKeyReused if the key belongs to a receipt that says
            something else.
    Writes: one Sale, its lines.
    Twice:  the same receipt: the first one is returned, nothing is written, `is_new` is False. Two at the same moment
            meet in the unique key; the later one sees the earlier.
    """
    keyed = check_sale(slip, shop_currency=shop.currency, now=now)
    found = find_styles_of(keyed, styles)
    sold_date = local_date(slip.sold_at, shop.time_zone)
    keyed = _for_whom(slip, keyed, buyer=customer, bought=sold_date, by=by)
    sale = Sale(
        source_key=slip.source_key,
        number=slip.number,
        customer=customer,
        shop=shop,
        advisor=advisor,
        sold_at=slip.sold_at,
        sold_date=sold_date,
        currency=shop.currency,
        is_gift=slip.is_gift or slip.gift_for is not None,
        note=slip.note,
        prompted_by=prompted_by,
        created_at=now,
    )
    lines = bought_lines(keyed, found)
    put_together(sale, lines)
    return write_once(sale=sale, lines=lines, by=by)


def _for_whom(
    slip: SaleSlip, keyed: dict[str, LineSlip], *, buyer: Customer | None, bought: date, by: Viewer
) -> dict[str, LineSlip]:
    """Return the lines with their recipients. That is asked once: a receipt that is known stays for whom it is."""
    if slip.gift_for is None and all(line.gift_for is None for line in keyed.values()):
        return keyed
    if is_key_used(slip.source_key):
        return {
            key: replace(line, is_gift=line.is_gift or slip.gift_for is not None or line.gift_for is not None)
            for key, line in keyed.items()
        }
    named, until = slip.gift_for, slip.secret_until_date
    return with_recipients(viewer=by, keyed=keyed, gift_for=named, secret_until_date=until, buyer=buyer, bought=bought)


def find_styles_of(keyed: Mapping[str, LineSlip], styles: Mapping[str, Style] | None) -> Mapping[str, Style]:
    """Return the styles of the lines by number. Errors: BadSlip `style_unknown`, `weight_missing`."""
    numbers = {line.style_no for line in keyed.values() if line.style_no}
    found = styles if styles is not None else style_by_no(numbers)
    for key, line in keyed.items():
        if line.style_no and line.style_no not in found:
            raise BadSlip("style_unknown", line=key, style_no=line.style_no)
    check_weights(keyed, gram_styles=[no for no, style in found.items() if style.price_mode == Style.PriceMode.GRAM])
    return found


def bought_lines(keyed: Mapping[str, LineSlip], styles: Mapping[str, Style]) -> list[SaleLine]:
    """Return unsaved lines of what is bought, without their sale."""
    return [
        SaleLine(
            line_key=key,
            style=styles[line.style_no] if line.style_no else None,
            description=line.description,
            quantity=line.quantity,
            weight_mg=line.weight_mg,
            tag_minor=line.tag_minor,
            amount_minor=line.amount_minor,
            cost_minor=line.cost_minor,
            is_gift=line.is_gift or line.gift_for is not None,
            gift_for_id=line.gift_for,
            secret_until_date=line.secret_until_date,
        )
        for key, line in keyed.items()
    ]


def put_together(sale: Sale, lines: list[SaleLine]) -> None:
    """Give the lines to their receipt, unsaved, and make its sums from them."""
    costs = [line.cost_minor for line in lines]
    sale.amount_minor = sum(line.amount_minor for line in lines)
    sale.cost_minor = None if None in costs else sum(cost for cost in costs if cost is not None)
    sale.line_count = len(lines)
    for line in lines:
        line.sale = sale


def write_once(*, sale: Sale, lines: list[SaleLine], by: Viewer) -> AddedSale:
    """Write a receipt that was put together, unless its key is taken.

    Errors: SaleKeyReused, see `add_sale`.
    """
    # The taken key is no error to the database, so that nothing has to be taken back before the earlier one is read.
    with transaction.atomic(savepoint=False):
        is_new = insert_objects(connection, [sale], unless_taken="source_key") == 1
        if is_new:
            insert_objects(connection, lines)
    if is_new:
        return AddedSale(sale, is_new=True, piece=_main_piece(lines), lines=lines)
    earlier = sale_with_key(viewer=SYSTEM, source_key=sale.source_key)
    if earlier is None:
        raise IntegrityError("the receipt that had this key was deleted meanwhile")
    refuse_other_content(earlier, sale=sale, lines=lines, by=by)
    return AddedSale(earlier, is_new=False)


def _main_piece(lines: list[SaleLine]) -> str:
    bought = [line for line in lines if line.returned_line_id is None]
    dearest = max(bought, key=lambda line: line.amount_minor, default=None)
    if dearest is None:
        return ""
    return (dearest.style.name if dearest.style else "") or dearest.description or str(dearest.style or "")


_SALE_FIELDS = (
    "number",
    "kind",
    "customer_id",
    "shop_id",
    "advisor_id",
    "sold_at",
    "currency",
    "amount_minor",
    "cost_minor",
    "is_gift",
    "note",
    "returns_id",
)
_LINE_FIELDS = (
    "style_id",
    "description",
    "quantity",
    "weight_mg",
    "tag_minor",
    "amount_minor",
    "cost_minor",
    "is_gift",
    "returned_line_id",
)
# Whom a gift is for is not compared: people name the recipient afterwards, and the till then sends what it sent before.


def refuse_other_content(earlier: Sale, *, sale: Sale, lines: list[SaleLine], by: Viewer) -> None:
    """Refuse a receipt that says something else than the earlier one under its key.

    Errors: SaleKeyReused with `differences`: field names, a line's as `lines[key].field`; of another shop's receipt
            that `by` may not see only that it is another shop's, of a protected customer's that it is another's.
    """
    differences = [name for name in _SALE_FIELDS if getattr(earlier, name) != getattr(sale, name)]
    kept = {line.line_key: line for line in earlier.lines.all()}
    for line in lines:
        twin = kept.pop(line.line_key, None)
        if twin is None:
            differences.append(f"lines[{line.line_key}]")
            continue
        changed = [name for name in _LINE_FIELDS if getattr(twin, name) != getattr(line, name)]
        if twin.gift_for_id is not None and "is_gift" in changed:  # named since, which makes it a gift
            changed.remove("is_gift")
        differences += [f"lines[{line.line_key}].{name}" for name in changed]
    differences += [f"lines[{key}]" for key in kept]
    if differences and earlier.customer is not None and is_hidden_from(viewer=by, customer=earlier.customer):
        differences = ["customer_id"]
    elif differences and earlier.shop_id != sale.shop_id and not receipts_within(viewer=by).filter(pk=earlier.pk):
        differences = ["shop_id"]
    if differences:
        names = [name.removesuffix("_id") for name in differences]
        raise SaleKeyReused(source_key=sale.source_key, differences=", ".join(names))
