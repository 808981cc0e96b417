"""After an import of receipts: the pieces of their buyers, written beside the work of the counter."""

from __future__ import annotations

from django_tasks import task

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.basics.errors import NotFound
from zhenke.customers.queries.intake import import_run
from zhenke.journeys.keep_imported_pieces import keep_imported_pieces
from zhenke.staff import SYSTEM


@task()
def keep_pieces_task(run_id: str | int) -> dict[str, int]:
    """Write the pieces of the receipts that a run made; answer how many. A run that is gone has none."""
    try:
        run = import_run(viewer=SYSTEM, id=int(run_id))
    except NotFound:
        return {}
    at = now()
    return {"pieces": keep_imported_pieces(run=run, today=local_date(at, run.shop.time_zone), now=at)}
