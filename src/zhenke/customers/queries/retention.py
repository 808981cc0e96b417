"""What has been kept long enough: refused rows, ended links, archives that nobody has touched."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from zhenke.customers.models import Customer, ImportReject, Interaction, SignUpLink


def untouched_since(*, moment: datetime, after: int = 0, size: int = 1_000) -> list[int]:
    """Return archives that were opened, changed and last in touch before a moment, by key `after` another.

    Shape:  at most `size` keys in order; may be empty. One SQL query.
    Sees:   no viewer: keys, for the night's own work.
    """
    since = Interaction.objects.filter(customer=OuterRef("pk"), at__gte=moment)
    rows = Customer.objects.filter(~Exists(since), created_at__lt=moment, updated_at__lt=moment, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:size])


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
