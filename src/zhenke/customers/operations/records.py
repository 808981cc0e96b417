"""Writes down each night how well archives are known, and lets go of what is older than the trend that is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction

from zhenke.customers.models import RecordCount
from zhenke.customers.rules.freshness import FieldRule
from zhenke.customers.rules.records import Count, weighted
from zhenke.staff.rules import SystemViewer

KEPT_DAYS = 12 * 7 + 6


@transaction.atomic
def keep_counts(
    *, rows: Iterable[tuple[int, int | None, Count]], rules: Sequence[FieldRule], on_date: date, by: SystemViewer
) -> int:
    """Keep what was counted of one day, by shop and advisor; return how many rows.

    Writes: RecordCount of the day anew; deletes days that no trend shows any more.
    Twice:  the same rows again: the same.
    """
    RecordCount.objects.filter(on_date__lt=on_date - timedelta(days=KEPT_DAYS)).delete()
    RecordCount.objects.filter(on_date=on_date).delete()
    made = []
    for shop, owner, count in rows:
        asked, filled, accurate = weighted(count, rules)
        made.append(
            RecordCount(
                on_date=on_date,
                shop_id=shop,
                owner_id=owner,
                people=count.people,
                asked=asked,
                filled=filled,
                accurate=accurate,
                fields={name: list(counts) for name, counts in count.fields.items()},
            )
        )
    RecordCount.objects.bulk_create(made, batch_size=2_000)
    return len(made)
