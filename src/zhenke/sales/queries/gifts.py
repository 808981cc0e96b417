"""Gifts as their recipient's archive may know them: not before their day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, Subquery, Sum

from zhenke.basics.days import local_date
from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to, secret_until_of, visible
from zhenke.customers.rules.sight import sight_of
from zhenke.customers.rules.surprise import is_still_secret
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries.receipts import receipts_within
from zhenke.sales.rules import BadSlip, LineSlip
from zhenke.staff.queries import Viewer

MOST = 200


@dataclass(frozen=True, slots=True)
class Gift:
    """One piece that somebody was given. `giver` is None for one out of sight; `may_open` is the receipt's own wall.

    `at` is when it came into her life: when it was bought, or the beginning of the day on which it was no secret more.
    """

    line: SaleLine
    at: datetime
    giver: Customer | None
    may_open: bool


def gifts_to(*, viewer: Viewer, customer: Customer, now: datetime) -> list[Gift]:
    """Return what others gave a customer and is no secret any more.

    A gift whose day has not come in the shop that sold it is not in the list, and neither is one that came back.

    Shape:  one row per line with receipt, shop and style, the newest first, at most 200; may be empty. One SQL query
            when there is none, else three.
    Sees:   whoever may see the customer; marketing nothing. Who gave it only as far as the giver is in sight, the
            receipt as `receipts_within`. What was paid is the giver's: it is not for this page.
    """
    if not sight_of(viewer.role).purchases:
        return []
    lines = SaleLine.objects.filter(belonging_to(viewer=viewer, customer=customer, field="gift_for"))
    back = SaleLine.objects.filter(returned_line=OuterRef("pk")).order_by().values("returned_line")
    counted = lines.annotate(back=Subquery(back.annotate(pieces=Sum("quantity")).values("pieces")))
    kept = counted.filter(Q(back=None) | Q(back__gt=-F("quantity")))
    rows = kept.select_related("sale__shop", "style").order_by("-sale__sold_at", "-pk")[:MOST]
    told = [row for row in rows if not _is_secret(row, now)]
    if not told:
        return []
    givers = visible(viewer=viewer).filter(pk__in={row.sale.customer_id for row in told}).in_bulk()
    opens = receipts_within(viewer=viewer).filter(pk__in={row.sale_id for row in told})
    may_open = set(opens.values_list("pk", flat=True))
    gifts = [Gift(row, _known_at(row), givers.get(row.sale.customer_id or 0), row.sale_id in may_open) for row in told]
    return sorted(gifts, key=lambda gift: (gift.at, gift.line.pk), reverse=True)


def keepers_of_secrets(*, customer_ids: Collection[int], now: datetime) -> set[int]:
    """Return which of some customers bought a gift that is still a secret: what is planned for them may tell of it.

    Shape:  keys; may be empty. One SQL query.
    Sees:   no viewer: the answer only ever takes something off a page.
    """
    if not customer_ids:
        return set()
    rows = SaleLine.objects.filter(sale__customer__in=customer_ids, gift_for__isnull=False)
    rows = rows.exclude(secret_until_date=None).select_related("sale__shop")
    return {row.sale.customer_id for row in rows if row.sale.customer_id and _is_secret(row, now)}


def secret_lines(*, sale: Sale, now: datetime) -> set[int]:
    """Return which lines of a receipt are still a secret.

    Sees:   whoever was given the receipt by `sale_for`.
    """
    lines = SaleLine.objects.filter(Q(sale=sale) & ~Q(secret_until_date=None)).select_related("sale__shop")
    return {line.pk for line in lines if _is_secret(line, now)}


def recipients_of(*, viewer: Viewer, sale: Sale) -> dict[int, Customer]:
    """Return whom a receipt's pieces are for, by key.

    Shape:  one SQL query; may be empty.
    Sees:   recipients whom the viewer may see; of others nothing.
    """
    keys = SaleLine.objects.filter(sale=sale, gift_for__isnull=False).values("gift_for")
    return visible(viewer=viewer).filter(pk__in=keys).in_bulk()


def with_recipients(
    *,
    viewer: Viewer,
    keyed: Mapping[str, LineSlip],
    gift_for: int | None = None,
    secret_until_date: date | None = None,
    buyer: Customer | None,
    bought: date,
) -> dict[str, LineSlip]:
    """Return the keyed lines of a slip with whom each is for, and until when that is a secret.

    A line that names nobody is for whom the receipt names (`gift_for`, `secret_until_date`). Without a day it is kept
    secret until the recipient's next occasion after the day it was bought (`customers.queries.secret_until_of`).

    Errors: BadSlip `recipient_unknown` for a key out of the viewer's sight, `recipient_buys` for the buyer's own.
    Shape:  no SQL query when nobody is named, else two or three for each recipient.
    Sees:   recipients as `customers.queries.visible`.
    """
    given = {
        key: line
        if line.gift_for is not None or gift_for is None
        else replace(line, gift_for=gift_for, secret_until_date=line.secret_until_date or secret_until_date)
        for key, line in keyed.items()
    }
    days: dict[int | None, date | None] = {None: None}
    for recipient_key in {line.gift_for for line in given.values() if line.gift_for is not None}:
        recipient = visible(viewer=viewer).select_related("shop").filter(pk=recipient_key).first()
        if recipient is None:
            raise BadSlip("recipient_unknown")
        if buyer is not None and recipient_key == buyer.pk:
            raise BadSlip("recipient_buys")
        days[recipient_key] = secret_until_of(viewer=viewer, recipient=recipient, bought=bought)
    return {
        key: replace(line, secret_until_date=(line.gift_for and line.secret_until_date) or days[line.gift_for])
        for key, line in given.items()
    }


def _is_secret(line: SaleLine, now: datetime) -> bool:
    return is_still_secret(secret_until_date=line.secret_until_date, today=local_date(now, line.sale.shop.time_zone))


def _known_at(line: SaleLine) -> datetime:
    if line.secret_until_date is None:
        return line.sale.sold_at
    day = datetime.combine(line.secret_until_date, time.min, ZoneInfo(line.sale.shop.time_zone))
    return max(day, line.sale.sold_at)
