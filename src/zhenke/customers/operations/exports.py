"""An export from the question to its end: asked, agreed to, made, fetched, gone. Each step leaves its mark."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from zhenke.basics.cipher import place_of
from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.basics.watermarks import new_code
from zhenke.customers.models import Export
from zhenke.customers.operations.permission import require
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.exports import rows_so_far
from zhenke.customers.rules.exports import (
    FORMATS,
    ExportLimits,
    ExportTooLarge,
    ExportWrong,
    NobodyToExport,
    checked_columns,
    checked_purpose,
    why_second,
)
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import shop_paths
from zhenke.staff.rules import May, Role

State = Export.State
DEAD_AFTER = timedelta(minutes=3)
_OPEN = (State.WAITING, State.QUEUED, State.MAKING, State.READY)


class ExportNotOpen(RuleBroken):
    """The export is not at the step that this act belongs to. Facts: `state`."""

    code = "export_not_open"
    message = "This export can no longer be changed: it is {state}."


class ExportGone(RuleBroken):
    """There is no file: not yet, or no longer."""

    code = "export_gone"
    message = "There is no file: it was not made yet, was taken back, or its day is over."


def ask_export(
    *,
    by: StaffMember,
    keys: Sequence[int],
    columns: Collection[str],
    purpose: str,
    told: str,
    format: str,
    language: str,
    limits: ExportLimits,
    now: datetime,
) -> Export:
    """Ask for these customers as a file; made at once on the queue, or after a second person agreed.

    Errors: NotAllowed; ExportWrong; NobodyToExport; ExportTooLarge beyond what one person may have in a day.
    Writes: Export, one audit line. One person's questions come one after the other, so that they add up.
    Twice:  a second export, which counts as well.
    """
    require(by, May.EXPORT)
    chosen, why = checked_columns(columns, sight_of(by.role)), checked_purpose(purpose)
    if format not in FORMATS:
        raise ExportWrong(field="format")
    if not keys:
        raise NobodyToExport
    with transaction.atomic():
        StaffMember.objects.select_for_update(of=("self",)).get(pk=by.pk)
        a_day, a_month = rows_so_far(by=by, now=now)
        if a_day + len(keys) > limits.rows_a_day:
            raise ExportTooLarge(rows=len(keys), most=max(0, limits.rows_a_day - a_day))
        second = why_second(columns=chosen, rows=len(keys), rows_a_day=a_day, rows_a_month=a_month, limits=limits)
        export = Export.objects.create(
            asked_by=by,
            shop_id=by.shop_id,
            asked_at=now,
            purpose=why,
            told=told[:300],
            keys=list(keys),
            rows=len(keys),
            columns=chosen,
            format=format,
            language=language,
            why_second=second,
            state=State.WAITING if second else State.QUEUED,
            watermark=new_code(),
        )
        _mark("asked", export, by, now, rows=export.rows, columns=chosen, second=second)
    return export


def may_decide(*, export: Export, by: StaffMember) -> bool:
    """Return whether this person can be the second one: not who asked, and of another shop or an owner."""
    is_another = by.pk != export.asked_by_id and (by.shop_id != export.shop_id or by.role == Role.OWNER)
    return export.state == State.WAITING and is_another and by.may(May.EXPORT)


@transaction.atomic
def decide_export(*, export: Export, agree: bool, reason: str, by: StaffMember, now: datetime) -> Export:
    """Agree to an export or refuse it, with a reason in words.

    Errors: NotAllowed for who asked, and for a colleague of the same shop; ExportWrong without a reason;
            ExportNotOpen if it waits for nobody.
    Writes: Export, one audit line.
    Twice:  ExportNotOpen.
    """
    require(by, May.EXPORT)
    said = " ".join(reason.split())
    if len(said) < 2 or len(said) > 200 or "\x00" in said:
        raise ExportWrong(field="reason")
    if export.state == State.WAITING and not may_decide(export=export, by=by):
        raise NotAllowed
    state = State.QUEUED if agree else State.REFUSED
    done = Export.objects.filter(pk=export.pk, state=State.WAITING).update(
        state=state, decided_by=by, decided_at=now, reason=said
    )
    export.refresh_from_db()
    if not done:
        raise ExportNotOpen(state=export.state)
    if not agree:
        Export.objects.filter(pk=export.pk).update(keys=[])
    _mark("approved" if agree else "refused", export, by, now, rows=export.rows)
    return export


def may_withdraw(*, export: Export, by: StaffMember) -> bool:
    """Return whether this person can end it: who asked, who agreed, and whoever is responsible for their shop."""
    is_theirs = by.pk in (export.asked_by_id, export.decided_by_id)
    is_above = any(export.shop.path.startswith(path) for path in shop_paths(viewer=by))
    return export.state in _OPEN and by.may(May.EXPORT) and (is_theirs or is_above)


@transaction.atomic
def withdraw_export(*, export: Export, by: StaffMember, now: datetime) -> str:
    """Take an export back and return the name of its file, "" if there is none; its key is gone with this.

    Errors: NotAllowed for who is not responsible for it, see `may_withdraw`; ExportNotOpen when it has ended.
    Writes: Export, one audit line.
    Twice:  ExportNotOpen.
    """
    require(by, May.EXPORT)
    if export.state in _OPEN and not may_withdraw(export=export, by=by):
        raise NotAllowed
    done = Export.objects.filter(pk=export.pk, state__in=_OPEN).update(state=State.WITHDRAWN, sealed_key="", keys=[])
    if not done:
        raise ExportNotOpen(state=export.state)
    export.refresh_from_db(fields=["file_name"])  # it may have been made a moment ago
    _mark("withdrawn", export, by, now)
    return export.file_name


@transaction.atomic
def end_exports_of(*, asker: StaffMember, by: Viewer, now: datetime) -> list[str]:
    """End every export that a person asked for, also one that is just being made; return the names of their files.

    The keys go with this, so that nobody opens a file whose deletion fails.

    Errors: NotAllowed for who may not edit people.
    Writes: Export, one audit line for each.
    Twice:  an empty list; nothing is written.
    """
    require(by, May.EDIT_STAFF)
    rows = list(Export.objects.filter(asked_by=asker, state__in=_OPEN).select_for_update(of=("self",)))
    Export.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.WITHDRAWN, sealed_key="", keys=[])
    for row in rows:
        _mark("withdrawn", row, by, now)
    return [row.file_name for row in rows if row.file_name]


def claim_export(*, export: Export, now: datetime) -> bool:
    """Take an export for making; False if it is not waiting for that or another worker has it.

    Writes: Export.
    Twice:  False, until its worker gave no sign for three minutes.
    """
    dead = Q(state=State.MAKING, heartbeat_at__lt=now - DEAD_AFTER)
    rows = Export.objects.filter(Q(state=State.QUEUED) | dead, pk=export.pk)
    return bool(rows.update(state=State.MAKING, heartbeat_at=now, done_rows=0))


def note_rows(*, export: Export, done_rows: int, now: datetime) -> bool:
    """Say how far the making is; False if the export was taken back meanwhile. Writes: Export. Twice: the same."""
    rows = Export.objects.filter(pk=export.pk, state=State.MAKING)
    return bool(rows.update(done_rows=done_rows, heartbeat_at=now))


@transaction.atomic
def finish_export(
    *, export: Export, rows: int, file_name: str, file_key: str, limits: ExportLimits, now: datetime
) -> bool:
    """Put the file at the disposal of who asked; False if the export was taken back meanwhile.

    Writes: Export with the file's key, sealed; one audit line.
    Twice:  False.
    """
    done = Export.objects.filter(pk=export.pk, state=State.MAKING).update(
        state=State.READY,
        rows=rows,
        done_rows=rows,
        keys=[],
        file_name=file_name,
        sealed_key=field_cipher().seal(file_key, export_place(export.pk)),
        expires_at=now + timedelta(hours=limits.hours),
    )
    if done:
        _mark("made", export, export.asked_by, now, rows=rows)
    return bool(done)


def fail_export(*, export: Export) -> None:
    """Note that the making broke off. Writes: Export. Twice: changes nothing."""
    Export.objects.filter(pk=export.pk, state=State.MAKING).update(state=State.FAILED, keys=[])


@transaction.atomic
def fetch_export(*, export: Export, by: StaffMember, now: datetime) -> str:
    """Return the key of the file to who asked for it, and nobody else, while it lives.

    Errors: NotAllowed for others, and for who may no longer export; ExportGone.
    Writes: Export, one audit line, in the transaction that gives the key away.
    Twice:  a second line: each fetching leaves its own mark.
    """
    require(by, May.EXPORT)
    if by.pk != export.asked_by_id:
        raise NotAllowed
    live = Export.objects.select_for_update(of=("self",)).filter(pk=export.pk, state=State.READY, expires_at__gt=now)
    row = live.first()
    if row is None:
        raise ExportGone
    Export.objects.filter(pk=row.pk).update(downloads=F("downloads") + 1)
    _mark("downloaded", row, by, now, rows=row.rows)
    return field_cipher().open(row.sealed_key, export_place(row.pk))


@transaction.atomic
def end_exports(*, now: datetime) -> list[str]:
    """End the exports whose day is over and those whose making stopped, and return the names of their files.

    Writes: Export; the keys of the files go, and with them the files, even if one could not be deleted.
    Twice:  an empty list.
    """
    over = Export.objects.filter(state=State.READY, expires_at__lte=now)
    names = [name for name in over.values_list("file_name", flat=True) if name]
    over.update(state=State.EXPIRED, sealed_key="")
    waiting = Export.objects.filter(state=State.WAITING, asked_at__lte=now - timedelta(days=7))
    waiting.update(state=State.EXPIRED, keys=[])
    stopped = Export.objects.filter(state=State.MAKING, heartbeat_at__lt=now - timedelta(hours=1))
    stopped.update(state=State.FAILED, keys=[])
    return names


@transaction.atomic
def end_every_export(*, now: datetime) -> int:
    """Take back what is asked for, agreed to or made, and let every file's time end now; return how many.

    Writes: Export; the night deletes the files.
    Twice:  0.
    """
    asked = Export.objects.filter(state__in=[State.WAITING, State.QUEUED, State.MAKING])
    taken_back = asked.update(state=State.WITHDRAWN, keys=[])
    live = Export.objects.filter(state=State.READY, expires_at__gt=now)
    return taken_back + live.update(expires_at=now)


@transaction.atomic
def reseal_exports(*, after: int) -> tuple[int | None, int]:
    """Bring the next file's key under the newest key; return the export's key, None after the last, and 1 if changed.

    Errors: SealBroken.
    Writes: Export.
    Twice:  changes nothing.
    """
    rows = Export.objects.select_for_update(of=("self",)).filter(pk__gt=after).exclude(sealed_key="")
    export = rows.order_by("pk").first()
    if export is None:
        return None, 0
    cipher = field_cipher()
    if cipher.is_newest(export.sealed_key):
        return export.pk, 0
    sealed = cipher.reseal(export.sealed_key, export_place(export.pk))
    Export.objects.filter(pk=export.pk).update(sealed_key=sealed)
    return export.pk, 1


def export_place(export_id: int) -> str:
    """Return the place that a file's key is sealed to."""
    return place_of("customers_export.sealed_key", export_id)


def _mark(what: str, export: Export, by: Viewer, now: datetime, **facts: object) -> None:
    record(action=f"export.{what}", by=by, now=now, subject_kind="export", subject_id=export.pk, **facts)
