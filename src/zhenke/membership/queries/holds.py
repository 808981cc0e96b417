"""What is held for sales, and what sales took in points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Sum

from zhenke.customers.models import Customer
from zhenke.membership.models import PointsEntry, PointsLeg
from zhenke.membership.queries.rules import rules_version, rules_with_key
from zhenke.membership.rules.ledger import Cause, Place
from zhenke.membership.rules.programme import Earning
from zhenke.membership.rules.spending import worth_minor
from zhenke.sales.models import Sale

HOLD, SALE_SPEND, RETURN = "hold", "sale_spend", "return"
Kind = PointsEntry.Kind
_LOOK_BACK_DAYS = 40
"""Holds last minutes; a house whose nights stood still for so long is looked at by hand."""


@dataclass(frozen=True, slots=True)
class SaleSpend:
    """What a sale took: the cause it is in the books under, its entry, and how many points."""

    cause: Cause
    entry_id: int
    points: int


@dataclass(frozen=True, slots=True)
class PaidWithPoints:
    """Points of one receipt, and what they are worth in minor units; below nothing when they came back."""

    points: int
    worth_minor: int


def open_holds(*, now: datetime, customer: Customer | None = None) -> list[PointsEntry]:
    """Return holds that were not cancelled, of one customer or all; whether their sale is written is asked apart.

    Shape:  one row per hold with its shop, in the order of writing; one SQL query.
    Sees:   no viewer: operations ask, nothing of persons comes out.
    """
    cancelled = PointsEntry.objects.filter(
        kind=Kind.CANCEL, cause_kind=HOLD, cause_id=OuterRef("cause_id"), programme_id=OuterRef("programme_id")
    )
    rows = PointsEntry.objects.filter(
        kind=Kind.SPEND, cause_kind=HOLD, on_date__gte=(now - timedelta(days=_LOOK_BACK_DAYS)).date()
    ).filter(~Exists(cancelled))
    if customer is not None:
        hers = PointsLeg.objects.filter(entry=OuterRef("pk")).filter(
            Q(account__customer=customer) | Q(account__merged_into__customer=customer)
        )
        rows = rows.filter(Exists(hers))
    return list(rows.select_related("shop").order_by("pk"))


def sale_spend(*, sale: Sale) -> SaleSpend | None:
    """Return what a sale took in points when it was written, None for nothing; what came back since is not taken off.

    Shape:  two SQL queries at most.
    Sees:   whoever was given the receipt by `sale_for`.
    """
    entry = PointsEntry.objects.filter(_paying_for(sale)).first()
    if entry is None or sale.kind != Sale.Kind.SALE:
        return None
    return SaleSpend(Cause(entry.cause_kind, entry.cause_id), entry.pk, _sum(entry=entry.pk))


def paid_with_points(*, sale: Sale) -> PaidWithPoints | None:
    """Return what of a receipt was paid with points, or of a return came back as points; None for nothing.

    Worth is what the rules said when the points were spent.

    Shape:  one SQL query for a receipt without points, at most four.
    Sees:   whoever was given the receipt by `sale_for`.
    """
    entry = PointsEntry.objects.filter(_paying_for(sale)).select_related("undoes").order_by("pk").first()
    if entry is None:
        return None
    points = _sum(entry=entry.pk)
    version = (entry.undoes or entry).rules_version
    rules = rules_with_key(rules_version(version).pk) if version else None
    value = rules.earning.value_points if rules else Earning().value_points
    worth = worth_minor(abs(points), value_points=value)
    return PaidWithPoints(points, worth if points > 0 else -worth)


def _paying_for(sale: Sale) -> Q:
    if sale.kind != Sale.Kind.SALE:
        return Q(kind=Kind.CANCEL, cause_kind=RETURN, cause_id=str(sale.pk))
    called_off = PointsEntry.objects.filter(kind=Kind.CANCEL, cause_kind=HOLD, cause_id=sale.source_key)
    held = Q(cause_kind=HOLD, cause_id=sale.source_key) & ~Exists(called_off)
    written = Q(cause_kind=SALE_SPEND, cause_id=str(sale.pk))
    return Q(written | held, kind=Kind.SPEND)


def points_back(*, entry: int) -> int:
    """Return how many points of a spending came back since. Sees: no viewer, as `open_holds`."""
    return -_sum(entry__undoes=entry, entry__kind=Kind.CANCEL)


def _sum(**which: object) -> int:
    legs = PointsLeg.objects.filter(account__kind=Place.PROGRAMME, **which)
    return legs.aggregate(points=Sum("points"))["points"] or 0
