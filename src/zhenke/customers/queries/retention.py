"""What has been kept long enough: refused rows, ended links, archives that nobody has touched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef

from zhenke.customers.models import Customer, ImportReject, Interaction, SignUpLink

_NOT_HEARD = ("no_answer", "wrong_number", "message_sent")


def untouched_since(*, moment: datetime, after: int = 0, size: int = 1_000) -> list[int]:
    """Return archives that were opened, changed and last in touch before a moment, by key `after` another.

    Shape:  at most `size` keys in order; may be empty. One SQL query.
    Sees:   no viewer: keys, for the night's own work.
    """
    since = Interaction.objects.filter(customer=OuterRef("pk"), at__gte=moment)
    rows = Customer.objects.filter(~Exists(since), created_at__lt=moment, updated_at__lt=moment, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:size])


def unheard_since(*, asked: Mapping[int, datetime]) -> list[int]:
    """Return of customers who were asked at a moment those of whom nothing was heard or written down since.

    That the shop called or wrote, and nothing came back, is not heard.

    Shape:  keys in order; may be empty. Two SQL queries.
    Sees:   no viewer: keys, for the night's own work.
    """
    rows = Interaction.objects.filter(customer__in=asked, at__gte=min(asked.values())) if asked else None
    heard, tried = set(), dict(asked)
    for customer, at, result in rows.values_list("customer_id", "at", "result") if rows is not None else ():
        if at < asked[customer]:
            continue
        if result in _NOT_HEARD:
            tried[customer] = max(tried[customer], at)
        else:
            heard.add(customer)
    changed = Customer.objects.filter(pk__in=asked).order_by("pk").values_list("pk", "updated_at")
    return [key for key, updated_at in changed if key not in heard and updated_at <= tried[key]]


def expired_rejects(*, moment: datetime) -> int:
    """Return how many refused rows belong to imports that began before a moment.

    Sees:   no viewer: a count.
    """
    return ImportReject.objects.filter(run__started_at__lt=moment).count()


def expired_links(*, moment: datetime) -> int:
    """Return how many sign-up links ended before a moment.

    Sees:   no viewer: a count.
    """
    return SignUpLink.objects.filter(expires_at__lt=moment).count()


def places_of(*, customer_ids: Collection[int]) -> list[tuple[int, int | None, int]]:
    """Return (customer, advisor, shop) of some archives, by key.

    Sees:   no viewer: keys, for the night's own work.
    """
    rows = Customer.objects.filter(pk__in=customer_ids).order_by("pk")
    return list(rows.values_list("pk", "owner_id", "shop_id"))
