"""Undo what an import wrote into the archive: put changed rows back, remove what it made and nothing touched since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from zhenke.basics.bulk import delete_where, insert_rows, rows_where
from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.basics.images import KeyRanges, put_back
from zhenke.customers.models import (
    Claim,
    Customer,
    CustomerDate,
    CustomerLink,
    CustomerTag,
    DuplicatePair,
    ImportBatch,
    ImportRun,
    SearchTerm,
    Tag,
)
from zhenke.customers.queries.undoing import DETAILS
from zhenke.customers.rules.undoing import KeptRow, UndoneImport
from zhenke.staff import audit
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

_STATE = ImportRun.State
_CUSTOMERS = Customer._meta.db_table
_TERMS = SearchTerm._meta.db_table
_PAIRS = DuplicatePair._meta.db_table
_DATES = CustomerDate._meta.db_table
_CLAIMS = Claim._meta.db_table
_LINKS = CustomerLink._meta.db_table


class NotUndoable(RuleBroken):
    """A dry run wrote nothing, and a run at work must end first."""

    code = "import_not_undoable"
    message = "This import cannot be undone while it is {state}."


def claim_undo(*, run: ImportRun, by: Viewer, now: datetime) -> ImportRun:
    """Take a run for undoing; from then on the file is a new one to `start_run`.

    Errors: NotAllowed without the right to import; NotUndoable for a dry run, or while it is being taken in.
    Writes: the state, one audit line.
    Twice:  an undo that was cut off goes on; one that ended changes nothing.
    """
    if not by.may(May.IMPORT):
        raise NotAllowed
    free = [_STATE.WAITING, _STATE.READY, _STATE.DONE, _STATE.FAILED]
    with transaction.atomic():
        claimed = ImportRun.objects.filter(pk=run.pk, is_dry_run=False, state__in=free).update(state=_STATE.UNDOING)
        if claimed:
            audit.record(action="import_undone", by=by, now=now, subject_kind="import", subject_id=run.pk)
    run.refresh_from_db()
    if run.state not in (_STATE.UNDOING, _STATE.UNDONE):
        raise NotUndoable(state="dry_run" if run.is_dry_run else run.state)
    return run


def take_batch(*, batch: ImportBatch) -> bool:
    """Take one batch for undoing, inside its transaction; False if somebody else did it a moment ago."""
    return bool(ImportBatch.objects.filter(pk=batch.pk).delete()[0])


def note_undone(*, run: ImportRun, done: UndoneImport) -> None:
    """Keep what was undone so far with the run; called inside the batch's transaction."""
    run.figures = {**run.figures, "undone": done.as_figures()}
    ImportRun.objects.filter(pk=run.pk).update(figures=run.figures)


def end_undo(*, run: ImportRun, now: datetime) -> ImportRun:
    """Close a run whose batches are all undone. Twice: changes nothing."""
    ImportRun.objects.filter(pk=run.pk, state=_STATE.UNDOING).update(
        state=_STATE.UNDONE, finished_at=now, heartbeat_at=F("heartbeat_at")
    )
    run.refresh_from_db()
    return run


def put_back_people(*, before: Mapping[str, Any], after: Mapping[str, Any]) -> UndoneImport:
    """Give changed archives and dates their old values back, and the search words that a new name took from them.

    Writes: Customer, CustomerDate, SearchTerm.
    Twice:  what is as it was counts as touched; the caller asks once per batch.
    """
    done = UndoneImport()
    vendor = connection.vendor
    with connection.cursor() as cursor:
        kinds = ((_CUSTOMERS, "customer"), (_DATES, "date"), (_CLAIMS, "claim"), (_LINKS, "link"))
        for table, kind in kinds:
            restored, touched = put_back(
                cursor, vendor=vendor, table=table, before=before.get(table, {}), after=after.get(table, {})
            )
            if kind not in ("claim", "link"):  # whoever decided one since has touched the archive too, which is listed
                done.restored += restored
                done.kept += [KeptRow(kind, key, "edited") for key in touched]
        edited = {row.id for row in done.kept if row.kind == "customer"}
        gone = {int(key): image for key, image in before.get(_TERMS, {}).items() if image["customer_id"] not in edited}
        rows = [(key, image["customer_id"], image["term"]) for key, image in gone.items()]
        if rows:
            insert_rows(cursor, vendor=vendor, table=_TERMS, columns=("id", "customer_id", "term"), rows=rows)
    return done


def remove_details(
    *, created: Mapping[str, KeyRanges], spared: Collection[int], tag_ids: Collection[int]
) -> dict[str, int]:
    """Delete contacts, dates, traits, tags, search words and notes that a batch made, but of the spared customers.

    `tag_ids` are words that the batch made: they go when nobody has them any more.
    """
    removed: dict[str, int] = {}
    vendor = connection.vendor
    with connection.cursor() as cursor:
        for table in DETAILS:
            for part in created.get(table, KeyRanges(())).parts():
                owners = rows_where(
                    cursor, vendor=vendor, table=table, columns=("id", "customer_id"), key="id", values=part
                )
                keys = [key for key, owner in owners if owner not in spared]
                name = table.removeprefix("customers_")
                count = delete_where(cursor, vendor=vendor, table=table, key="id", values=keys)
                removed[name] = removed.get(name, 0) + count
        for part in created.get(_LINKS, KeyRanges(())).parts():
            ends = rows_where(
                cursor, vendor=vendor, table=_LINKS, columns=("id", "first_id", "second_id"), key="id", values=part
            )
            keys = [key for key, *pair in ends if not {*pair} & {*spared}]
            removed["customerlink"] = delete_where(cursor, vendor=vendor, table=_LINKS, key="id", values=keys)
    if tag_ids:
        used = CustomerTag.objects.filter(tag__in=tag_ids).values("tag_id")
        removed["tag"] = Tag.objects.filter(pk__in=tag_ids).exclude(pk__in=used).delete()[0]
    return {name: count for name, count in removed.items() if count}


def remove_people(*, customer_ids: Collection[int]) -> dict[str, int]:
    """Delete archives with everything of theirs.

    Errors: those of the database when another room still points at one.
    Twice:  deletes nothing more.
    """
    vendor = connection.vendor
    removed: dict[str, int] = {}
    with connection.cursor() as cursor:
        for side in ("first_id", "second_id"):
            delete_where(cursor, vendor=vendor, table=_PAIRS, key=side, values=customer_ids)
            # Those that anything else made keep an archive here (`touched_people`).
            delete_where(cursor, vendor=vendor, table=_LINKS, key=side, values=customer_ids)
        for table in DETAILS:
            count = delete_where(cursor, vendor=vendor, table=table, key="customer_id", values=customer_ids)
            removed[table.removeprefix("customers_")] = count
        removed["customer"] = delete_where(cursor, vendor=vendor, table=_CUSTOMERS, key="id", values=customer_ids)
    return {name: count for name, count in removed.items() if count}
