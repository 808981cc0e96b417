"""Making an export, and ending those whose day is over."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from zhenke.basics.clock import now
from zhenke.basics.errors import NotFound
from zhenke.customers.operations.exports import end_exports, fail_export
from zhenke.customers.queries.exports import export_for, exports
from zhenke.doors.exports import drop_files, drop_left_over, make_file
from zhenke.staff import SYSTEM


@task()
def export_task(export_id: str) -> dict[str, int]:
    """Make the file of one export. One that is gone, ended, or another worker's is left alone."""
    try:
        export = export_for(viewer=SYSTEM, id=int(export_id))
    except NotFound:
        return {}
    try:
        return {"made": int(make_file(export, clock=now))}
    except Exception:
        fail_export(export=export)
        raise


def end_exports_of_the_day(at: datetime) -> dict[str, int]:
    """Delete the files whose day is over, and what a worker that died left behind."""
    ended = end_exports(now=at)
    drop_files(ended)
    kept = exports(viewer=SYSTEM).exclude(file_name="").exclude(sealed_key="").values_list("file_name", flat=True)
    return {"ended": len(ended), "left_over": drop_left_over(kept=kept, now=at)}
