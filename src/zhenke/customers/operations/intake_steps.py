"""The steps of an import on the page: columns chosen, tried out, taken in; and the signs of life of its worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.customers.models import ImportReject, ImportRun
from zhenke.customers.operations.intake import RunBusy, save_mapping, start_run
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.rules import May

_STATE = ImportRun.State
_OPEN = (_STATE.WAITING, _STATE.CHECKING, _STATE.READY, _STATE.FAILED)


class NoTrial(RuleBroken):
    """Only a trial run that has not been taken in can get other columns, be taken in or be dropped."""

    code = "import_not_open"
    message = "This file was taken in already."


class FileGone(RuleBroken):
    """The uploaded file is no longer kept, so nothing more can be read from it."""

    code = "import_file_gone"
    message = "The uploaded file is no longer kept here; choose it again."


@transaction.atomic
def choose_columns(
    *,
    run: ImportRun,
    columns: Mapping[str, str],
    options: Mapping[str, object],
    shop: Shop,
    by: Viewer,
    now: datetime,
    remember_as: str = "",
) -> ImportRun:
    """Say which column of a trial run's file means which field; what an earlier trial counted is forgotten.

    Errors: NotAllowed; NoTrial; RunBusy while the trial runs.
    Writes: the run, back at its beginning; deletes its rejects; the mapping under `remember_as` if given.
    Twice:  the same again.
    """
    _must_import(by)
    changed = ImportRun.objects.filter(pk=run.pk, is_dry_run=True, state__in=_OPEN).update(
        columns=dict(columns),
        options=dict(options),
        shop=shop,
        state=_STATE.WAITING,
        started_at=now,
        finished_at=None,
        heartbeat_at=None,
        rows_total=None,
        message="",
        figures={},
        **dict.fromkeys(("rows_in", "created", "updated", "unchanged", "rejected", "next_row"), 0),
    )
    run.refresh_from_db()
    if not changed:
        raise RunBusy if run.state == _STATE.RUNNING else NoTrial
    ImportReject.objects.filter(run=run).delete()
    if remember_as.strip():
        kept = {name: value for name, value in options.items() if name not in ("headings", "encoding", "sheet")}
        save_mapping(subject=run.subject, name=remember_as, columns=columns, options=kept, now=now)
    return run


@transaction.atomic
def take_in(*, run: ImportRun, by: Viewer, now: datetime) -> ImportRun:
    """Make a trial that went well a run that writes; return the run to be worked on.

    Errors: NotAllowed; NoTrial if the trial has not ended well; those of `start_run`.
    Writes: the trial is done; one ImportRun, or the cut-off one of the same file goes on.
    Twice:  the run of the first time.
    """
    _must_import(by)
    ready = ImportRun.objects.filter(pk=run.pk, is_dry_run=True, state=_STATE.READY)
    claimed = ready.update(state=_STATE.DONE)
    run.refresh_from_db()
    known = run.figures.get("taken_in_as")
    if not claimed:
        taken = ImportRun.objects.filter(pk=int(known)).first() if known else None
        if taken is None:
            raise NoTrial
        return taken
    taken = start_run(
        subject=run.subject,
        path=Path(run.file_path),
        file_name=run.file_name,
        columns=run.columns,
        options=run.options,
        shop=run.shop,
        by=by,
        now=now,
    )
    ImportRun.objects.filter(pk=taken.pk).update(rows_total=run.rows_in)
    ImportRun.objects.filter(pk=run.pk).update(figures={**run.figures, "taken_in_as": str(taken.pk)})
    taken.refresh_from_db()
    return taken


@transaction.atomic
def drop_trial(*, run: ImportRun, by: Viewer) -> bool:
    """Forget a trial run with its rejects; return whether it was there.

    Errors: NotAllowed; NoTrial; RunBusy while it runs.
    Writes: deletes the ImportRun and its ImportRejects.
    Twice:  False.
    """
    _must_import(by)
    found = ImportRun.objects.select_for_update().filter(pk=run.pk).first()
    if found is None:
        return False
    if found.state == _STATE.RUNNING:
        raise RunBusy
    if not found.is_dry_run or found.state == _STATE.DONE:
        raise NoTrial
    found.delete()
    return True


def note_begin(*, run: ImportRun, rows_total: int, now: datetime) -> None:
    """Keep how many rows the file has and where and when this stretch of the walk began, for the time that is left.

    Writes: total and figures of the run.
    Twice:  the later one stays.
    """
    begun = {"begun_at": now.isoformat(), "begun_row": run.next_row}
    ImportRun.objects.filter(pk=run.pk).update(rows_total=rows_total, figures=begun)
    run.refresh_from_db()


def note_alive(*, run: ImportRun, now: datetime) -> None:
    """Give the sign of life that keeps another worker from taking the run over. Twice: the later one stays."""
    ImportRun.objects.filter(pk=run.pk, state=_STATE.RUNNING).update(heartbeat_at=now)


def note_refusal(*, run: ImportRun, code: str, facts: Mapping[str, object]) -> None:
    """Keep why the file as a whole was refused, as code and facts, for a sentence in the reader's language."""
    plain = {name: value for name, value in facts.items() if isinstance(value, str | int)}
    ImportRun.objects.filter(pk=run.pk, state=_STATE.FAILED).update(figures={"refused": code, "facts": plain})


def _must_import(by: Viewer) -> None:
    if not by.may(May.IMPORT):
        raise NotAllowed
