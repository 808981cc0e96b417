"""The night counts how well archives are known, so that the page of records and its weeks cost nothing by day."""

from __future__ import annotations

from datetime import date

from zhenke.customers.operations.records import keep_counts
from zhenke.customers.queries.freshness import freshness_rules
from zhenke.grading.queries.records import count_records as counted
from zhenke.staff import SYSTEM


def count_records(*, today: date) -> int:
    """Count, by shop and advisor, how many fields are asked, known and right; return how many people that are.

    Writes: RecordCount of the day.
    Twice:  the same day again counts anew.
    """
    rules = freshness_rules()
    rows = counted(viewer=SYSTEM, rules=rules, today=today)
    keep_counts(rows=[(row.shop, row.owner, row.count) for row in rows], rules=rules, on_date=today, by=SYSTEM)
    return sum(row.count.people for row in rows)
