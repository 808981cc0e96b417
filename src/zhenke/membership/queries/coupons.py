"""Kinds of coupons with what became of them, the coupons of one member, and what one takes off a bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from zhenke.customers.models import Customer
from zhenke.customers.queries.archive import belonging_to
from zhenke.customers.rules.crowds import crowd, rounded_minor
from zhenke.customers.rules.sight import sight_of
from zhenke.membership.models import Coupon, CouponKind, CouponUse
from zhenke.membership.queries.members import sees_members, tier_of
from zhenke.membership.rules.coupons import BillLine, CouponTerms, CouponValue, coupon_value
from zhenke.sales.models import Sale
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer
from zhenke.staff.queries import within_scope


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind: how many are out, how many were used, and what they took off."""

    kind: CouponKind
    terms: CouponTerms
    issued: int
    used: int
    saved_minor: int


def coupon_kinds(*, viewer: Viewer, with_ended: bool = False) -> list[KindRow]:
    """Return the kinds of coupons, the newest first, with what became of theirs.

    Shape:  may be empty. Three SQL queries.
    Sees:   kinds are the house's; counted are coupons of members, and uses in shops, within the viewer's sight. Who is
            shown crowds only is told of ten and more, in round sums.
    """
    out, uses = Coupon.objects.all(), CouponUse.objects.filter(returned_at=None)
    if viewer is not SYSTEM:
        out = out.filter(within_scope(viewer, "customer__shop", ("customer__owner", "customer__cover")))
        uses = uses.filter(within_scope(viewer, "shop", ("by",)))
    figures = (
        out.order_by()
        .values_list("kind")
        .annotate(issued=Count("*"), used=Count("pk", filter=Q(state=Coupon.State.USED)))
    )
    counts = {key: (issued, used) for key, issued, used in figures}
    saved = dict(uses.order_by().values_list("coupon__kind").annotate(Sum("saved_minor")))
    rows = CouponKind.objects.filter(Q() if with_ended else Q(ended_at=None)).order_by("-made_at", "-pk")
    found = [
        KindRow(row, CouponTerms.from_plain(row.terms), *counts.get(row.pk, (0, 0)), saved.get(row.pk) or 0)
        for row in rows
    ]
    if viewer is SYSTEM or not sight_of(viewer.role).only_crowds:
        return found
    return [
        KindRow(
            one.kind, one.terms, crowd(one.issued), crowd(one.used),
            rounded_minor(one.saved_minor) if crowd(one.used) else 0,
        )
        for one in found
    ]  # fmt: skip


def coupons_of(*, viewer: Viewer, customer: Customer, size: int = 20) -> list[Coupon]:
    """Return the coupons that a member holds or used, the newest first, with their kinds.

    Shape:  at most `size`; may be empty.
    Sees:   as `member_card`.
    """
    if not sees_members(viewer):
        return []
    rows = Coupon.objects.filter(belonging_to(viewer=viewer, customer=customer))
    return list(rows.select_related("kind").order_by("-pk")[:size])


def kinds_for(*, customer: Customer, on: date, only_open: bool) -> list[CouponKind]:
    """Return the kinds of which a member may have one more on a day; those that she may claim herself with `only_open`.

    Shape:  by their last day; empty for who is no member. Three SQL queries.
    Sees:   no viewer: kinds are the house's; used where she is given.
    """
    if not tier_of(customer_id=customer.pk):
        return []
    rows = CouponKind.objects.filter(Q(is_open=True) if only_open else Q(), ended_at=None)
    had = dict(Coupon.objects.filter(customer=customer).order_by().values_list("kind").annotate(count=Count("*")))
    return [
        row
        for row in rows.filter(first_date__lte=on, last_date__gte=on).order_by("last_date", "pk")
        if had.get(row.pk, 0) < CouponTerms.from_plain(row.terms).per_person
    ]


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
