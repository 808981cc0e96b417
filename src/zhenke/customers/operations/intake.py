"""Runs of imports: started once, claimed by one worker, counted batch by batch in the batch's own transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F, Q

from zhenke.basics.alive import is_worker_gone, worker_name
from zhenke.basics.bulk import full_pace
from zhenke.basics.errors import BadInput, NotAllowed, RuleBroken
from zhenke.customers.models import ImportBatch, ImportMapping, ImportReject, ImportRun
from zhenke.customers.rules.intake import Reject, Tally, Written
from zhenke.staff import audit
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.rules import May

SUBJECTS = ("customers", "sales")
DEAD_AFTER = timedelta(minutes=3)
KEEP_REJECTS = timedelta(days=30)
_BLOCK = 1 << 20
_QUEUE = 0x7A68656E6B65  # "zhenke"


class RunBusy(RuleBroken):
    """Another worker is on this run."""

    code = "import_busy"
    message = "This file is being taken in right now."


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@transaction.atomic
def start_run(
    *,
    subject: str,
    path: Path,
    file_name: str,
    columns: Mapping[str, str],
    options: Mapping[str, object],
    shop: Shop,
    by: Viewer,
    now: datetime,
    is_dry_run: bool = False,
) -> ImportRun:
    """Write down that a file is to be taken in; a run of the same file that was cut off goes on instead.

    Errors: NotAllowed without the right to import; BadInput for an unknown subject.
    Writes: one ImportRun, one audit line.
    Twice:  a run of the same file, mapping and person that never ended is returned as it is.
    """
    if not by.may(May.IMPORT):
        raise NotAllowed
    if subject not in SUBJECTS:
        raise BadInput("Only customers and sales can be imported, not {subject}.", subject=subject)
    digest = file_hash(path)
    ended = [ImportRun.State.DONE, ImportRun.State.UNDOING, ImportRun.State.UNDONE]
    same = ImportRun.objects.filter(
        subject=subject, file_hash=digest, by_id=by.id, columns=dict(columns), is_dry_run=False
    ).exclude(state__in=ended)
    cut_off = None if is_dry_run else same.order_by("-started_at").first()
    if cut_off is not None:
        ImportRun.objects.filter(pk=cut_off.pk).update(file_path=str(path), options=dict(options))
        cut_off.refresh_from_db()
        return cut_off
    run = ImportRun.objects.create(
        subject=subject,
        file_name=file_name[:200],
        file_path=str(path),
        file_hash=digest,
        columns=dict(columns),
        options=dict(options),
        shop=shop,
        by_id=by.id,
        is_dry_run=is_dry_run,
        started_at=now,
    )
    if not is_dry_run:
        audit.record(action="import_started", by=by, now=now, subject_kind="import", subject_id=run.id, of=subject)
    return run


def claim_run(*, run: ImportRun, now: datetime) -> ImportRun:
    """Take a run for this worker.

    A run whose worker has given no sign for three minutes, or was a process of this machine that is no more, counts as
    abandoned. Should both go on all the same, `record_batch` lets only one of them commit.

    Errors: RunBusy if another worker is on it; RuleBroken if it has ended.
    Writes: state, heartbeat, and who works on it.
    Twice:  the second worker gets RunBusy.
    """
    free = Q(state__in=[ImportRun.State.WAITING, ImportRun.State.READY, ImportRun.State.FAILED])
    dead = Q(state=ImportRun.State.RUNNING, heartbeat_at__lt=now - DEAD_AFTER)
    run.refresh_from_db()
    worker = run.figures.get("worker")
    if run.state == ImportRun.State.RUNNING and worker and is_worker_gone(str(worker)):
        dead = Q(state=ImportRun.State.RUNNING, figures=run.figures)
    claimed = ImportRun.objects.filter(free | dead, pk=run.pk).update(
        state=ImportRun.State.RUNNING, heartbeat_at=now, message="", figures={**run.figures, "worker": worker_name()}
    )
    run.refresh_from_db()
    if not claimed:
        if run.state == ImportRun.State.RUNNING:
            raise RunBusy
        raise RuleBroken("This import has ended ({state}).", state=run.state)
    return run


@contextmanager
def at_full_pace() -> Iterator[None]:
    """Let this process and its connection take in many rows; see `full_pace`."""
    with connection.cursor() as cursor, full_pace(cursor, vendor=connection.vendor):
        yield


def queue_up(*, run: ImportRun) -> None:
    """Let one batch of imports be written at a time; called first in the batch's transaction, held to its end.

    Two files that overlap would otherwise wait for each other's rows in turn. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql" and not run.is_dry_run:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_QUEUE])


def release_run(*, run: ImportRun, now: datetime) -> None:
    """Let a run go that this process claimed and stopped working on, so that it may be resumed at once.

    Twice:  changes nothing.
    """
    ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(
        state=ImportRun.State.WAITING, heartbeat_at=now
    )


def record_batch(
    *, run: ImportRun, tally: Tally, written: Written, rejects: Sequence[Reject], walked: int, now: datetime
) -> None:
    """Count one batch, keep its rejects and what undo needs; called inside the batch's transaction.

    Errors: RunBusy if another worker went past this place, so that the batch is rolled back.
    Writes: counters and place of the run, ImportReject, ImportBatch.
    Twice:  the place moves only from where the batch began, so a batch is counted once.
    """
    moved = ImportRun.objects.filter(pk=run.pk, next_row=run.next_row, state=ImportRun.State.RUNNING).update(
        rows_in=F("rows_in") + tally.rows,
        created=F("created") + tally.created,
        updated=F("updated") + tally.updated,
        unchanged=F("unchanged") + tally.unchanged,
        rejected=F("rejected") + tally.rejected,
        next_row=walked,
        heartbeat_at=now,
    )
    if not moved:
        raise RunBusy
    ImportReject.objects.bulk_create(
        ImportReject(
            run=run,
            row=reject.row,
            column=reject.column[:120],
            code=reject.code[:40],
            facts=reject.facts,
            cells=reject.cells,
        )
        for reject in rejects
    )
    if not run.is_dry_run and (written.created or written.before):
        ImportBatch.objects.create(
            run=run, position=walked, created=written.created, before=written.before, after=written.after
        )


def finish_run(*, run: ImportRun, figures: Mapping[str, object], now: datetime) -> ImportRun:
    """Close a run with its figures. Twice: changes nothing more."""
    ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(
        state=ImportRun.State.READY if run.is_dry_run else ImportRun.State.DONE,
        figures=dict(figures),
        finished_at=now,
        rows_total=F("rows_in"),
    )
    run.refresh_from_db()
    return run


def fail_run(*, run: ImportRun, message: str, now: datetime) -> ImportRun:
    """Stop a run with the sentence that says why; what was committed stays and the run can go on."""
    ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(
        state=ImportRun.State.FAILED, message=message[:2000], finished_at=now
    )
    run.refresh_from_db()
    return run


@transaction.atomic
def save_mapping(
    *, subject: str, name: str, columns: Mapping[str, str], options: Mapping[str, object], now: datetime
) -> ImportMapping:
    """Remember by name which column means which field.

    Errors: BadInput without a name.
    Twice:  the later one stays.
    """
    if not name.strip():
        raise BadInput("Give the mapping a name.", field="name")
    mapping, _ = ImportMapping.objects.update_or_create(
        subject=subject,
        name=name.strip()[:80],
        defaults={"columns": dict(columns), "options": dict(options), "updated_at": now},
    )
    return mapping


@transaction.atomic
def drop_old_rejects(*, now: datetime) -> int:
    """Delete refused rows after 30 days; return how many. Twice: deletes nothing more."""
    count, _ = ImportReject.objects.filter(run__started_at__lt=now - KEEP_REJECTS).delete()
    return count
