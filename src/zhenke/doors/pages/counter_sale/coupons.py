"""Coupons at the counter: those that the chosen buyer may use, and those that a receipt was paid with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhenke.customers.models import Customer
from zhenke.doors.words.coupons import coupon_name, terms_words
from zhenke.membership.queries.coupons import usable_coupons, uses_of
from zhenke.membership.queries.members import sees_members
from zhenke.membership.rules.coupons import CouponTerms
from zhenke.sales.models import Sale
from zhenke.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class UsedRow:
    """One coupon of a receipt: its name, what it took off in minor units, and whether it is hers again."""

    name: str
    saved_minor: int
    is_back: bool


def coupon_choices(viewer: StaffMember, customer: Customer, on: date) -> list[tuple[str, str]]:
    """Return the coupons that a buyer may use today, as choices: key and words; none where no figures are shown."""
    if not sees_members(viewer):
        return []
    return [
        (str(one.pk), f"{coupon_name(one.kind)} · {terms_words(CouponTerms.from_plain(one.terms), one.kind.currency)}")
        for one in usable_coupons(customer=customer, on=on)
    ]


def used_rows(sale: Sale) -> list[UsedRow]:
    """Return the coupons that a receipt was paid with."""
    if sale.customer_id is None:
        return []
    return [
        UsedRow(coupon_name(one.coupon.kind), one.saved_minor, one.returned_at is not None)
        for one in uses_of(sale=sale)
    ]
