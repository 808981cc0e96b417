"""Set-based writes of a history that arrives all at once: interactions, and who brought and covers whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from zhenke.basics.bulk import for_column, insert_rows, update_rows
from zhenke.basics.ids import new_ids
from zhenke.customers.models import Customer, Interaction
from zhenke.customers.rules.notes import level_of_words

_COLUMNS = ("id", "customer_id", "kind", "at", "by_id", "shop_id", "text", "level", "result", "facts", "source_key")


class LoadInteraction(NamedTuple):
    """One contact of the past, with the keys of whom it was with, by whom and where."""

    source_key: str
    customer_id: int
    kind: str
    at: datetime
    by_id: int | None
    shop_id: int | None
    text: str
    result: str
    facts: Mapping[str, Any]


@transaction.atomic
def load_interactions(*, rows: Sequence[LoadInteraction]) -> int:
    """Write contacts of the past that are not there yet; return how many were new.

    Writes: Interaction.
    Twice:  writes nothing: `source_key` is each contact's own.
    """
    keys = [row.source_key for row in rows]
    known = set(Interaction.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
    fresh = [row for row in rows if row.source_key not in known]
    vendor = connection.vendor
    values = (
        (
            key,
            row.customer_id,
            row.kind,
            for_column(row.at, vendor=vendor),
            row.by_id,
            row.shop_id,
            row.text,
            level_of_words(row.text),
            row.result,
            json.dumps(dict(row.facts), ensure_ascii=False),
            row.source_key,
        )
        for key, row in zip(new_ids(len(fresh)), fresh, strict=True)
    )
    if fresh:
        with connection.cursor() as cursor:
            insert_rows(cursor, vendor=vendor, table=Interaction._meta.db_table, columns=_COLUMNS, rows=values)
    return len(fresh)


@transaction.atomic
def set_ties(*, ties: Iterable[tuple[int, int | None, int | None]]) -> None:
    """Write who brought each customer and who covers her: (customer, referrer, cover), None for nobody.

    Writes: Customer.
    Twice:  changes nothing.
    """
    rows = [(referrer, cover, customer) for customer, referrer, cover in ties]
    with connection.cursor() as cursor:
        update_rows(cursor, table=Customer._meta.db_table, columns=("referrer_id", "cover_id"), rows=rows)
