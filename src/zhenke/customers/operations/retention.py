"""Takes away what has been kept long enough, and leaves one line of each run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from zhenke.customers.models import ImportReject, SignUpLink
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer

_BATCH = 5_000


def drop_old_rejects(*, moment: datetime) -> int:
    """Delete refused rows of imports that began before a moment, batch by batch; return how many.

    Writes: deletes ImportReject; the run keeps its counts.
    Twice:  deletes nothing more.
    """
    dropped = 0
    while True:
        with transaction.atomic():
            rows = ImportReject.objects.filter(run__started_at__lt=moment).order_by("pk")
            keys = list(rows.values_list("pk", flat=True)[:_BATCH])
            ImportReject.objects.filter(pk__in=keys).delete()
        dropped += len(keys)
        if len(keys) < _BATCH:
            return dropped


@transaction.atomic
def drop_old_links(*, moment: datetime) -> int:
    """Delete sign-up links that ended before a moment; return how many.

    Writes: deletes SignUpLink.
    Twice:  deletes nothing more.
    """
    return SignUpLink.objects.filter(expires_at__lt=moment).delete()[0]


@transaction.atomic
def record_retention(*, counts: Mapping[str, int], by: Viewer, now: datetime) -> None:
    """Leave one line of a run that took something away; of one that found nothing none.

    Writes: one audit line.
    Twice:  a second line for a second run.
    """
    if any(counts.values()):
        record(action="retention.kept", by=by, now=now, subject_kind="house", subject_id=None, **counts)
