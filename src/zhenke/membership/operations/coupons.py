"""Coupons are made, issued to one or to many, claimed, used once with a sale, and come back when the sale does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count

from zhenke.basics.days import local_date
from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.queries.own_record import is_close_to
from zhenke.membership.models import Coupon, CouponKind, CouponUse
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.adjusting import OwnRecord
from zhenke.membership.rules.coupons import (
    BillLine,
    CouponKindUnknown,
    CouponRefused,
    CouponTerms,
    CouponUsed,
    CouponValue,
    CouponWrong,
    coupon_value,
    may_lie_together,
)
from zhenke.sales.models import Sale
from zhenke.staff import audit
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.rules import May

BATCH = 1_000


class CouponNotOpen(RuleBroken):
    """It is given by the house, not claimed; or its days are over, or not yet there."""

    code = "coupon_not_open"
    message = "This coupon cannot be claimed today."


class CouponHadBefore(RuleBroken):
    """She had as many as one person may. Facts: `times`."""

    code = "coupon_had_before"
    message = "She has had as many of this coupon as one person may."


class CouponNotHers(RuleBroken):
    """The sale is somebody else's, or nobody's."""

    code = "coupon_not_hers"
    message = "The sale is not that of whoever holds the coupon."


class CouponsApart(RuleBroken):
    """Of these coupons one does not lie beside another on one bill."""

    code = "coupons_apart"
    message = "These coupons cannot be used on one bill."


class CouponBillDiffers(RuleBroken):
    """The bill less the coupons is not what was paid. Facts: `bill_minor`, `saved_minor`, `paid_minor`."""

    code = "coupon_bill_differs"
    message = "The bill less the coupons is not what was paid."


@dataclass(frozen=True, slots=True)
class Issued:
    """How many coupons were issued, and to how many people none: they had theirs."""

    made: int = 0
    had: int = 0


@transaction.atomic
def save_coupon_kind(
    *,
    key: str,
    names: tuple[str, str],
    terms: CouponTerms,
    first_date: date,
    last_date: date,
    is_open: bool = False,
    by: Viewer,
    now: datetime,
) -> CouponKind:
    """Make a kind of coupon, or change the one with this key: coupons that are out keep the terms of their day.

    Units:  `names` in English and in Chinese.
    Errors: NotAllowed; CouponWrong.
    Writes: CouponKind; one audit line when something changed.
    Twice:  the same again changes nothing.
    """
    _require(by, May.PUBLISH_PROGRAMME)
    plain = CouponTerms.from_plain(terms.to_plain()).to_plain()
    if not all(name.strip() and len(name) <= 60 for name in names):
        raise CouponWrong(field="name", problem="empty")
    if last_date < first_date:
        raise CouponWrong(field="last_date", problem="before_first")
    held = rules_now()
    values = {
        "name": names[0], "name_zh": names[1], "terms": plain, "first_date": first_date, "last_date": last_date,
        "is_open": is_open, "ended_at": None, "currency": held.currency if held else "CNY",
    }  # fmt: skip
    row = CouponKind.objects.select_for_update().filter(key=key).first()
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    if row is None:
        row = CouponKind.objects.create(key=key, made_at=now, made_by=_person(by), **values)
    else:
        CouponKind.objects.filter(pk=row.pk).update(**values)
        row.refresh_from_db()
    audit.record(action="coupon_kind_saved", by=by, now=now, subject_kind="coupon_kind", subject_id=row.pk)
    return row


@transaction.atomic
def end_coupon_kind(*, kind: int, by: Viewer, now: datetime) -> bool:
    """Issue no more of a kind; return whether that is new. Coupons that are out hold.

    Errors: NotAllowed.
    Writes: CouponKind; one audit line.
    Twice:  False; nothing is written.
    """
    _require(by, May.PUBLISH_PROGRAMME)
    ended = CouponKind.objects.filter(pk=kind, ended_at=None).update(ended_at=now)
    if ended:
        audit.record(action="coupon_kind_ended", by=by, now=now, subject_kind="coupon_kind", subject_id=kind)
    return bool(ended)


@transaction.atomic
def issue_coupons(
    *, kind: int, customer_ids: Collection[int], cause: str, on_date: date, by: Viewer, now: datetime
) -> Issued:
    """Issue one coupon of a kind to each customer that has not had hers, in batches of rows.

    Customers are those the caller may see. One cause is one occasion: a campaign, a birthday year, a referral.

    Errors: NotAllowed; CouponKindUnknown.
    Writes: Coupon; one audit line.
    Twice:  the same cause issues nobody a second one.
    """
    _require(by, May.GIVE_RIGHTS)
    row = _held_kind(kind)
    terms = CouponTerms.from_plain(row.terms)
    keys = sorted(set(customer_ids))
    made = 0
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        due = _still_due(row, terms, part, cause)
        Coupon.objects.bulk_create([_coupon(row, terms, key, cause, on_date, by, now) for key in due])
        made += len(due)
    if made:
        audit.record(action="coupons_issued", by=by, now=now, subject_kind="coupon_kind", subject_id=row.pk, count=made)
    return Issued(made, len(keys) - made)


@transaction.atomic
def give_coupon(*, kind: int, customer: Customer, cause: str, on_date: date, by: Viewer, now: datetime) -> Issued:
    """Give one customer in the caller's sight a coupon at the desk; never on one's own archive.

    Errors: OwnRecord; those of `issue_coupons`.
    Writes: what `issue_coupons` writes.
    Twice:  the same cause gives no second one.
    """
    if is_close_to(viewer=by, customer=customer):
        raise OwnRecord
    return issue_coupons(kind=kind, customer_ids=[customer.pk], cause=cause, on_date=on_date, by=by, now=now)


@transaction.atomic
def claim_coupon(*, kind: int, customer: Customer, cause: str, by: Viewer, now: datetime) -> Coupon:
    """Let a customer in the caller's sight claim one of an open kind.

    Errors: NotAllowed; CouponKindUnknown; CouponNotOpen; CouponHadBefore.
    Writes: Coupon; one audit line.
    Twice:  the same cause: the one that is there.
    """
    _require(by, May.GIVE_RIGHTS)
    row = _held_kind(kind)
    there = Coupon.objects.filter(cause=f"{cause}:{row.pk}:{customer.pk}").first()
    if there is not None:
        return there
    today = local_date(now, customer.shop.time_zone)
    if not row.is_open or not row.first_date <= today <= row.last_date:
        raise CouponNotOpen
    terms = CouponTerms.from_plain(row.terms)
    if not _still_due(row, terms, [customer.pk], cause):
        raise CouponHadBefore(times=terms.per_person)
    made = _coupon(row, terms, customer.pk, cause, today, by, now)
    Coupon.objects.bulk_create([made])
    audit.record(action="coupon_claimed", by=by, now=now, subject_kind="customer", subject_id=customer.pk, kind=row.pk)
    return made


def _held_kind(kind: int) -> CouponKind:
    """Return a kind, held until the transaction ends: so nobody has more than one person may."""
    row = CouponKind.objects.select_for_update().filter(pk=kind, ended_at=None).first()
    if row is None:
        raise CouponKindUnknown
    return row


def _still_due(row: CouponKind, terms: CouponTerms, keys: Sequence[int], cause: str) -> list[int]:
    hers = Coupon.objects.filter(kind=row, customer__in=keys).order_by()
    counts = dict(hers.values_list("customer").annotate(count=Count("*")))
    causes = [f"{cause}:{row.pk}:{key}" for key in keys]
    there = set(Coupon.objects.filter(cause__in=causes).values_list("cause", flat=True))
    return [key for key in keys if counts.get(key, 0) < terms.per_person and f"{cause}:{row.pk}:{key}" not in there]


def _coupon(
    row: CouponKind, terms: CouponTerms, customer: int, cause: str, on_date: date, by: Viewer, now: datetime
) -> Coupon:
    first = max(row.first_date, on_date)
    last = min(row.last_date, first + timedelta(days=terms.valid_days)) if terms.valid_days else row.last_date
    return Coupon(
        kind=row, customer_id=customer, terms=row.terms, cause=f"{cause}:{row.pk}:{customer}", first_date=first,
        last_date=last,
        issued_at=now, issued_by=_person(by),
    )  # fmt: skip


@transaction.atomic
def use_coupons(
    *, coupons: Sequence[int], sale: Sale, lines: Sequence[BillLine], cause: str, by: Viewer, now: datetime
) -> list[CouponUse]:
    """Use coupons with a sale that is written down, each once; `lines` are the bill before them.

    Errors: NotAllowed; CouponKindUnknown for a coupon that is not there; CouponNotHers, CouponUsed, CouponRefused,
            CouponsApart, CouponBillDiffers. Nothing is written then.
    Writes: Coupon, by a conditional update; CouponUse; one audit line.
    Twice:  the same cause: what is written already. Of two at the same moment one succeeds.
    """
    _require(by, May.RECORD_SALES)
    keys = sorted(set(coupons))
    earlier = list(CouponUse.objects.filter(cause__in=[f"{cause}:{key}" for key in keys]).order_by("coupon"))
    if keys and len(earlier) == len(keys):
        return earlier
    rows = list(Coupon.objects.filter(pk__in=keys).order_by("pk"))
    if len(rows) != len(keys) or not rows:
        raise CouponKindUnknown
    if any(row.customer_id is None or row.customer_id != sale.customer_id for row in rows):
        raise CouponNotHers
    values = _values(rows, sale, lines)
    bill, saved = sum(line.paid_minor for line in lines), sum(one.saved_minor for one in values)
    if bill - saved != sale.amount_minor:
        raise CouponBillDiffers(bill_minor=bill, saved_minor=saved, paid_minor=sale.amount_minor)
    for row in rows:
        if not Coupon.objects.filter(pk=row.pk, state=Coupon.State.ISSUED).update(state=Coupon.State.USED):
            raise CouponUsed
    made = [
        CouponUse(
            coupon=row, sale=sale, saved_minor=value.saved_minor, cause=f"{cause}:{row.pk}", shop=sale.shop,
            by=_person(by), at=now,
        )
        for row, value in zip(rows, values, strict=True)
    ]  # fmt: skip
    CouponUse.objects.bulk_create(made)
    audit.record(action="coupons_used", by=by, now=now, subject_kind="sale", subject_id=sale.pk, count=len(made))
    return made


def _values(rows: Sequence[Coupon], sale: Sale, lines: Sequence[BillLine]) -> list[CouponValue]:
    terms = [CouponTerms.from_plain(row.terms) for row in rows]
    if not may_lie_together(terms):
        raise CouponsApart
    before = Sale.objects.filter(customer=sale.customer_id, kind=Sale.Kind.SALE, sold_at__lt=sale.sold_at).exists()
    values = [
        coupon_value(
            one, lines=lines, first_date=row.first_date, last_date=row.last_date, on=sale.sold_date,
            bought_before=before,
        )
        for one, row in zip(terms, rows, strict=True)
    ]  # fmt: skip
    for value in values:
        if value.refused:
            raise CouponRefused(why=value.refused, missing_minor=value.missing_minor)
    return values


@transaction.atomic
def return_coupons(*, sale: Sale, by: Viewer, now: datetime) -> int:
    """Give back the coupons of a sale that came back as a whole: each may be used again in its days; return how many.

    Writes: CouponUse, Coupon; one audit line when there were any.
    Twice:  0; nothing is written.
    """
    keys = list(CouponUse.objects.filter(sale=sale, returned_at=None).order_by("coupon").values_list("pk", "coupon"))
    done = 0
    for use, coupon in keys:
        if CouponUse.objects.filter(pk=use, returned_at=None).update(returned_at=now):
            Coupon.objects.filter(pk=coupon, state=Coupon.State.USED).update(state=Coupon.State.ISSUED)
            done += 1
    if done:
        audit.record(action="coupons_returned", by=by, now=now, subject_kind="sale", subject_id=sale.pk, count=done)
    return done


def _require(by: Viewer, act: May) -> None:
    if not by.may(act):
        raise NotAllowed(act=act.value)


def _person(by: Viewer) -> StaffMember | None:
    return by if isinstance(by, StaffMember) else None
