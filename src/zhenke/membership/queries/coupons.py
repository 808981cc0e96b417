"""Kinds of coupons with what became of them, the coupons of one member, and what one takes off a bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from zhenke.customers.models import Customer
from zhenke.customers.queries.archive import belonging_to
from zhenke.membership.models import Coupon, CouponKind, CouponUse
from zhenke.membership.queries.members import sees_members
from zhenke.membership.rules.coupons import BillLine, CouponTerms, CouponValue, coupon_value
from zhenke.sales.models import Sale
from zhenke.staff.models import Viewer


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind: how many are out, how many were used, and what they took off."""

    kind: CouponKind
    terms: CouponTerms
    issued: int
    used: int
    saved_minor: int


def coupon_kinds(*, with_ended: bool = False) -> list[KindRow]:
    """Return the kinds of coupons, the newest first.

    Shape:  may be empty. Three SQL queries.
    Sees:   everybody: figures of the house, nobody's in particular.
    """
    rows = list(CouponKind.objects.filter(Q() if with_ended else Q(ended_at=None)).order_by("-made_at", "-pk"))
    counts = {
        key: (issued, used)
        for key, issued, used in Coupon.objects.order_by()
        .values_list("kind")
        .annotate(issued=Count("*"), used=Count("pk", filter=Q(state=Coupon.State.USED)))
    }
    saved = dict(
        CouponUse.objects.filter(returned_at=None).order_by().values_list("coupon__kind").annotate(Sum("saved_minor"))
    )
    return [
        KindRow(row, CouponTerms.from_plain(row.terms), *counts.get(row.pk, (0, 0)), saved.get(row.pk) or 0)
        for row in rows
    ]


def coupons_of(*, viewer: Viewer, customer: Customer, size: int = 20) -> list[Coupon]:
    """Return the coupons that a member holds or used, the newest first, with their kinds.

    Shape:  at most `size`; may be empty.
    Sees:   as `member_card`.
    """
    if not sees_members(viewer):
        return []
    rows = Coupon.objects.filter(belonging_to(viewer=viewer, customer=customer))
    return list(rows.select_related("kind").order_by("-pk")[:size])


@dataclass(frozen=True, slots=True)
class Checked:
    """One coupon that waits to be used, and what it takes off a bill."""

    coupon: Coupon
    value: CouponValue


def check_coupons(*, viewer: Viewer, customer: Customer, lines: Sequence[BillLine], on: date) -> list[Checked]:
    """Return what each coupon of a member that waits takes off a bill, the one that takes most first.

    Shape:  may be empty.
    Sees:   as `member_card`.
    """
    waiting = [one for one in coupons_of(viewer=viewer, customer=customer, size=200) if one.state == "issued"]
    before = bool(waiting) and Sale.objects.filter(customer=customer, kind=Sale.Kind.SALE).exists()
    found = [
        Checked(
            one,
            coupon_value(
                CouponTerms.from_plain(one.terms), lines=lines, first_date=one.first_date, last_date=one.last_date,
                on=on, bought_before=before,
            ),
        )
        for one in waiting
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.value.saved_minor, one.coupon.last_date, one.coupon.pk))
