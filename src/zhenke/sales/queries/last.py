"""What each of a handful of customers bought last, in the words of the receipt, and how often they came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from zhenke.basics.prepared import Prepared, PreparedEach, Several
from zhenke.customers.queries import visible
from zhenke.customers.rules.sight import sight_of
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff.models import Viewer
from zhenke.staff.queries import sight_key

MOST_CUSTOMERS = 1_000


@dataclass(frozen=True)
class LastPurchase:
    """The dearest line of a customer's newest receipt, and the rhythm of her purchases."""

    sale_id: int
    piece: str
    category: str
    is_gift: bool
    amount_minor: int
    currency: str
    first_date: date
    last_date: date
    frequency: int


def _bought(viewer: Viewer) -> Prepared:
    receipts = Sale.objects.filter(customer=OuterRef("pk")).exclude(kind=Sale.Kind.RETURN).order_by()
    rhythm = JSONObject(
        first_date=Min("sold_date"), last_date=Max("sold_date"), times=Count("id", filter=~Q(line_count=0))
    )
    lines = SaleLine.objects.filter(sale__customer=OuterRef("pk"), amount_minor__gte=0)
    newest = lines.exclude(sale__kind=Sale.Kind.RETURN).order_by("-sale__sold_at", "-amount_minor", "id")
    dearest = JSONObject(
        sale_id="sale_id",
        is_gift="is_gift",
        was_gift="sale__is_gift",
        amount_minor="sale__amount_minor",
        currency="sale__currency",
        description="description",
        name="style__name",
        category="style__category",
    )
    told = {
        "rhythm": Subquery(receipts.values("customer").annotate(told=rhythm).values("told")),
        "dearest": Subquery(newest.annotate(told=dearest).values("told")[:1]),
    }
    seen = visible(viewer=viewer)
    return Prepared(
        lambda keys: seen.filter(pk__in=keys).annotate(**told).order_by().values_list("pk", *told), keys=Several()
    )


_in_sight = PreparedEach()


def last_purchases(*, viewer: Viewer, customer_ids: Collection[int]) -> dict[int, LastPurchase]:
    """Return the last purchase of each of some customers.

    Shape:  by customer key; customers who never bought are absent. At most 1,000 customers a call.
    Sees:   customers inside the viewer's scope (own or covered customers for an advisor); marketing none.
    Budget: 1 SQL query for each 64 customers.
    """
    keys = sorted(customer_ids)[:MOST_CUSTOMERS]
    if not keys or not viewer.is_active or not sight_of(viewer.role).purchases:
        return {}
    found = {}
    for customer, rhythm, dearest in _in_sight.of(sight_key(viewer), lambda: _bought(viewer)).rows(
        connection, keys=keys
    ):
        if rhythm is None or dearest is None:
            continue
        found[customer] = LastPurchase(
            sale_id=dearest["sale_id"],
            piece=dearest["name"] or dearest["description"],
            category=dearest["category"] or "",
            is_gift=bool(dearest["is_gift"] or dearest["was_gift"]),
            amount_minor=dearest["amount_minor"],
            currency=dearest["currency"],
            first_date=date.fromisoformat(rhythm["first_date"]),
            last_date=date.fromisoformat(rhythm["last_date"]),
            frequency=rhythm["times"],
        )
    return found
