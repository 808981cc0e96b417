"""Taking an import back, at work: the page has claimed the run, this goes on batch by batch to the end."""

from __future__ import annotations

from django_tasks import task

from zhenke.basics.clock import now
from zhenke.basics.errors import NotFound, RuleBroken
from zhenke.customers.queries.intake import import_run
from zhenke.doors.jobs.regrade import ask_for_regrade
from zhenke.journeys.undo_import import undo_import
from zhenke.staff import SYSTEM


@task()
def undo_import_task(run_id: str | int) -> dict[str, int]:
    """Take an import back; answer how many rows went, came back and stayed. A run that is gone is left alone."""
    try:
        done = undo_import(run=import_run(viewer=SYSTEM, id=int(run_id)), by=SYSTEM, now=now())
    except (NotFound, RuleBroken):
        return {}
    if done.removed or done.restored:
        ask_for_regrade(reason="import")
    return {"removed": sum(done.removed.values()), "restored": done.restored, "kept": len(done.kept)}
