"""What the clock starts: messages each minute, the night's list once a night; all of it may run twice without harm."""

from __future__ import annotations

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from zhenke.basics.clock import now
from zhenke.doors.jobs.deliver import deliver_due
from zhenke.doors.jobs.nightly import NIGHT

AT_HOUR, AT_MINUTE = "2", "30"


@db_periodic_task(crontab(hour=AT_HOUR, minute=AT_MINUTE))
def night() -> None:
    """Do the night's jobs in their order; one that fails stops the rest, so that nothing is built on half a result."""
    for job in NIGHT.values():
        job(now())


@db_periodic_task(crontab(minute="*"))
def deliver() -> None:
    """Send what is due; two at once never send the same."""
    deliver_due()
