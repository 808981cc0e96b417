"""The night asks, and takes away what has been kept long enough: refused rows, files, ended links, archives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from zhenke.basics.days import local_date
from zhenke.basics.errors import NotFound
from zhenke.customers.operations.retention import drop_old_links, drop_old_rejects, record_retention
from zhenke.doors.defaults.retention import RETENTION_DAYS
from zhenke.doors.forgetting import forget
from zhenke.doors.uploads import drop_old_uploads
from zhenke.journeys.ask_to_stay import ask_to_stay
from zhenke.journeys.find_expired import Expired, find_expired
from zhenke.staff import SYSTEM

MOST_A_NIGHT = 500


def look_for_expired(at: datetime) -> Expired:
    """Return what the next night will take away; nothing is written."""
    return find_expired(days=RETENTION_DAYS, most=MOST_A_NIGHT, today=local_date(at, settings.TIME_ZONE), now=at)


def keep_retention(at: datetime) -> dict[str, int]:
    """Take away what is due, each archive in a transaction of its own, and answer with how much that was.

    Members long silent are asked in the same night; they go only after `asked_to_stay` days without a word.
    """
    due = look_for_expired(at)
    counts = {"prospects": _forget(due.prospects, at), "members": _forget(due.members, at)}
    counts |= {"children": _forget(due.children, at), "after_hold": _forget(due.after_hold, at)}
    moment = at - timedelta(days=RETENTION_DAYS["import_rejects"])
    if "import_rejects" not in due.held_kinds:
        counts |= {"rejects": drop_old_rejects(moment=moment), "files": drop_old_uploads(moment)}
    if "sign_up_links" not in due.held_kinds:
        counts["links"] = drop_old_links(moment=at - timedelta(days=RETENTION_DAYS["sign_up_links"]))
    record_retention(counts=counts, by=SYSTEM, now=at)
    return counts


def ask_before_erasing(at: datetime) -> dict[str, int]:
    """Ask members long silent, parents of children, and who is 14 now; answer with how many of each."""
    asked = ask_to_stay(
        silent=look_for_expired(at).silent_members,
        wait_days=RETENTION_DAYS["asked_to_stay"],
        today=local_date(at, settings.TIME_ZONE),
        now=at,
    )
    return {"silent": asked.silent, "guardian": asked.guardian, "of_age": asked.of_age}


def _forget(keys: Iterable[int], at: datetime) -> int:
    forgotten = 0
    for key in keys:
        try:
            forgotten += forget(customer_id=key, by=SYSTEM, now=at).kept_by is None
        except NotFound:
            continue  # merged into another since it was counted
    return forgotten
