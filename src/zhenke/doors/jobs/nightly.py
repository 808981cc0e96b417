"""The night, in order: each entry is one journey and answers with its figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from zhenke.basics.days import local_date
from zhenke.journeys.ask_missing_fields import ask_missing_fields
from zhenke.journeys.find_duplicates import find_duplicates
from zhenke.journeys.plan_care import plan_care
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.staff.operations import drop_old_replies


def _regrade(at: datetime) -> dict[str, int]:
    graded = regrade_customers(as_of=None, reason="night", now=at)
    return {"customers": graded.customers, "changed": graded.changed}


def _look_ahead(at: datetime) -> dict[str, int]:
    planned = plan_care(today=local_date(at, settings.TIME_ZONE), now=at)
    return {"occasions": planned.occasions, "tasks": planned.tasks, "escalated": planned.escalated}


def _ask(at: datetime) -> dict[str, int]:
    found = ask_missing_fields(today=local_date(at, settings.TIME_ZONE), now=at)
    return {"asked": found.asked, "answered": found.answered}


def _tidy(at: datetime) -> dict[str, int]:
    return {"replies": drop_old_replies(now=at)}


def _find_duplicates(at: datetime) -> dict[str, int]:
    found = find_duplicates(now=at)
    return {"pairs": found.pairs, "new": found.new, "gone": found.gone}


NIGHT: dict[str, Callable[[datetime], dict[str, int]]] = {
    "regrade_customers": _regrade,
    "plan_care": _look_ahead,
    "ask_missing_fields": _ask,
    "find_duplicates": _find_duplicates,
    "drop_old_replies": _tidy,
}
