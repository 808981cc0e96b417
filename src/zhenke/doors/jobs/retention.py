"""The night takes away what has been kept long enough: refused rows, files, ended links, prospects."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhenke.basics.errors import NotFound
from zhenke.customers.operations.retention import drop_old_links, drop_old_rejects, record_retention
from zhenke.doors.defaults.retention import RETENTION_DAYS
from zhenke.doors.uploads import drop_old_uploads
from zhenke.journeys.find_expired import Expired, find_expired
from zhenke.journeys.forget_customer import forget_customer
from zhenke.staff import SYSTEM

MOST_A_NIGHT = 500


def look_for_expired(at: datetime) -> Expired:
    """Return what the next night will take away; nothing is written."""
    return find_expired(days=RETENTION_DAYS, most=MOST_A_NIGHT, now=at)


def keep_retention(at: datetime) -> dict[str, int]:
    """Take away what is due, each archive in a transaction of its own, and answer with how much that was."""
    due, forgotten = look_for_expired(at), 0
    for key in due.prospects:
        try:
            forget_customer(customer_id=key, by=SYSTEM, now=at)
            forgotten += 1
        except NotFound:
            continue  # merged into another since it was counted
    moment = at - timedelta(days=RETENTION_DAYS["import_rejects"])
    counts = {
        "prospects": forgotten,
        "rejects": drop_old_rejects(moment=moment),
        "files": drop_old_uploads(moment),
        "links": drop_old_links(moment=at - timedelta(days=RETENTION_DAYS["sign_up_links"])),
    }
    record_retention(counts=counts, by=SYSTEM, now=at)
    return {**counts, "to_ask": due.silent_members}
