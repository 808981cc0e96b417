"""A coupon of the buyer's in a sale: taken off the lines before it is written down, used with it afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from zhenke.basics.days import local_date
from zhenke.catalogue.models import Style
from zhenke.catalogue.queries import style_by_no
from zhenke.customers.queries import customer_for
from zhenke.membership.operations.coupons import use_coupons
from zhenke.membership.queries.coupons import coupon_off
from zhenke.membership.rules.coupons import BillLine
from zhenke.sales.models import Sale
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff.models import Shop, Viewer


def less_coupon(*, slip: SaleSlip, shop: Shop, by: Viewer) -> SaleSlip:
    """Return a receipt with its lines as they are paid: less what the coupon that it names takes off, spread over the
    lines that count by what was asked for each. Without a coupon the receipt as it is.

    Errors: CustomerUnknown where the buyer is not named by key; CouponKindUnknown for a coupon that is not hers;
            CouponUsed, CouponRefused.
    Writes: nothing.
    Twice:  the same, also once the coupon is used with this receipt.
    """
    if slip.coupon is None:
        return slip
    her = customer_for(viewer=by, id=(slip.buyer.customer_id if slip.buyer else None) or 0)
    off = coupon_off(
        customer=her, coupon=slip.coupon, lines=_bill(slip.lines), sold_at=slip.sold_at,
        on=local_date(slip.sold_at, shop.time_zone), sale_key=slip.source_key,
    )  # fmt: skip
    lines = tuple(
        replace(line, amount_minor=line.amount_minor - taken, coupon_minor=taken)
        for line, taken in zip(slip.lines, off, strict=True)
    )
    return replace(slip, lines=lines)


def use_with_sale(*, sale: Sale, slip: SaleSlip, by: Viewer, now: datetime) -> None:
    """Use the coupon that a receipt of `less_coupon` names with the sale that was just written.

    Errors: those of `use_coupons`: the sale is not written then either.
    Writes: Coupon, CouponUse; one audit line; nothing without a coupon.
    Twice:  what is there.
    """
    if slip.coupon is not None:
        lines = _bill(slip.lines)
        use_coupons(coupons=[slip.coupon], sale=sale, lines=lines, cause=slip.source_key, by=by, now=now)


def _bill(lines: tuple[LineSlip, ...]) -> list[BillLine]:
    known = style_by_no(line.style_no for line in lines if line.style_no)
    found = []
    for line in lines:
        style = known.get(line.style_no)
        mode = style.price_mode if style else line.price_mode
        category = style.category if style else line.category
        found.append(BillLine(line.amount_minor + line.coupon_minor, mode == Style.PriceMode.GRAM, category))
    return found
