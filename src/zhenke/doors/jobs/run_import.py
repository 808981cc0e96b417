"""An import at work: one run of one file, its signs of life, and what follows when it is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django_tasks import task

from zhenke.basics.clock import now
from zhenke.basics.errors import NotFound, ZhenkeError
from zhenke.basics.tables.refusals import FileRefused
from zhenke.customers.models import ImportRun
from zhenke.customers.operations.intake import RunBusy, claim_run, fail_run
from zhenke.customers.operations.intake_steps import FileGone, note_alive, note_begin, note_refusal
from zhenke.customers.queries.intake import import_run
from zhenke.doors.imports import count_rows, run_import
from zhenke.doors.jobs.keep_pieces import keep_pieces_task
from zhenke.doors.jobs.regrade import ask_for_regrade
from zhenke.doors.uploads import drop_upload
from zhenke.staff import SYSTEM

_ENDED = (ImportRun.State.DONE, ImportRun.State.UNDONE, ImportRun.State.READY)


@task()
def run_import_task(run_id: str | int) -> dict[str, int]:
    """Take in the file of a run; answer its counts. A run that ended, is gone, or is another worker's is left alone."""
    try:
        run = import_run(viewer=SYSTEM, id=int(run_id))
    except NotFound:
        return {}
    if run.state in _ENDED:
        return {}
    try:
        run = _work(run)
    except RunBusy:
        return {}
    except ZhenkeError as refused:
        fail_run(run=run, message=refused.message, now=now())
        note_refusal(run=run, code=refused.code, facts=refused.facts)
        return {}
    except Exception:
        fail_run(run=run, message="", now=now())
        raise
    if not run.is_dry_run:
        drop_upload(run.file_path)
        if run.created or run.updated:
            ask_for_regrade(reason="import")
        if run.subject == "sales" and run.created:
            keep_pieces_task.enqueue(str(run.pk))
    return {"rows_in": run.rows_in, "rejected": run.rejected}


def _work(run: ImportRun) -> ImportRun:
    at = now()
    if not run.file_path or not Path(run.file_path).exists():
        claim_run(run=run, now=at)
        raise FileGone
    note_begin(run=run, rows_total=run.rows_total or _rows_of(run), now=at)
    return run_import(run=run, now=at, progress=_alive(run))


def _rows_of(run: ImportRun) -> int:
    """How many rows there are, for the bar; a file that breaks off is refused by the walk itself."""
    try:
        return count_rows(run)
    except FileRefused:
        return 0


def _alive(run: ImportRun) -> Callable[[int], None]:
    def beat(walked: int) -> None:
        note_alive(run=run, now=now())

    return beat
