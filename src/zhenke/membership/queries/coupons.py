"""Kinds of coupons with what became of them, the coupons of one member, and what one takes off a bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum

from zhenke.customers.models import Customer
from zhenke.customers.queries.archive import belonging_to
from zhenke.customers.rules.crowds import crowd, rounded_minor
from zhenke.customers.rules.sight import sight_of
from zhenke.membership.models import Coupon, CouponKind, CouponUse
from zhenke.membership.queries.members import sees_members, tier_of
from zhenke.membership.rules.coupons import (
    BillLine,
    CouponKindUnknown,
    CouponRefused,
    CouponTerms,
    CouponUsed,
    CouponValue,
    coupon_value,
    line_shares,
)
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


def coupon_off(
    *, customer: Customer, coupon: int, lines: Sequence[BillLine], sold_at: datetime, on: date, sale_key: str
) -> list[int]:
    """Return what a coupon takes off each line of a bill of its holder's, in minor units.

    Used by the sale with this key it is worked out again, also when that came back and another used it meanwhile: the
    same receipt twice is the same.

    Shape:  as many as lines. Three SQL queries.
    Errors: CouponKindUnknown for a coupon that is not hers; CouponUsed; CouponRefused.
    Sees:   no viewer: used where she is given.
    """
    row = Coupon.objects.filter(pk=coupon, customer=customer).first()
    if row is None:
        raise CouponKindUnknown
    is_this = CouponUse.objects.filter(coupon=row, sale__source_key=sale_key).exists()
    if row.state == Coupon.State.USED and not is_this:
        raise CouponUsed
    terms = CouponTerms.from_plain(row.terms)
    before = Sale.objects.filter(customer=customer, kind=Sale.Kind.SALE, sold_at__lt=sold_at).exists()
    value = coupon_value(
        terms, lines=lines, first_date=row.first_date, last_date=row.last_date, on=on, bought_before=before
    )
    if value.refused:
        raise CouponRefused(why=value.refused, missing_minor=value.missing_minor)
    return line_shares(terms, lines=lines, off_minor=value.saved_minor)


def usable_coupons(*, customer: Customer, on: date) -> list[Coupon]:
    """Return the coupons of a customer that may be used on a day, the one that ends soonest first.

    Shape:  with their kinds; those for another house are left out; may be empty. One SQL query.
    Sees:   no viewer: used where she is given.
    """
    rows = Coupon.objects.filter(customer=customer, state=Coupon.State.ISSUED, first_date__lte=on, last_date__gte=on)
    found = rows.select_related("kind").order_by("last_date", "pk")[:50]
    return [row for row in found if row.terms.get("kind") != "partner"]


def uses_of(*, sale: Sale) -> list[CouponUse]:
    """Return the coupons that were used with a receipt, with their kinds; those given back since too.

    Shape:  may be empty. One SQL query.
    Sees:   whoever was given the receipt by `sale_for`.
    """
    return list(CouponUse.objects.filter(sale=sale).select_related("coupon__kind").order_by("pk"))


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
