"""Imports: a file is handed in, the worker takes it in, and what became of each row can be asked."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import islice
from typing import Annotated, Literal

from django.db import transaction
from ninja import File, Form, Query, Router, Status, UploadedFile
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.basics.errors import ZhenkeError
from zhenke.customers.models import ImportReject, ImportRun
from zhenke.customers.operations.intake import start_run
from zhenke.customers.queries.intake import import_run, rejects_of
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Money, Place, Problem, Size, Told, place
from zhenke.doors.imports import choose_mapping
from zhenke.doors.jobs.run_import import run_import_task
from zhenke.doors.uploads import drop_upload, keep_upload
from zhenke.sales.queries import counter_of

router = Router(tags=["imports"])


class ImportAsked(Asked):
    """What the file is about, and how to read it; without `mapping` the columns are guessed."""

    subject: Literal["customers", "sales"]
    shop: Annotated[str, Field(max_length=40)] = ""
    mapping: Annotated[str, Field(max_length=80)] = ""
    encoding: Annotated[str, Field(max_length=20)] = ""
    sheet: Annotated[str, Field(max_length=80)] = ""
    is_dry_run: bool = False


class RejectsAsked(Asked):
    """Rows after row number `after`."""

    after: Annotated[int, Field(ge=0, le=2**31)] = 0
    size: Size


class ImportTold(Told):
    """One import; rows in = created + updated + unchanged + rejected. `refused` says why the file as a whole was not
    taken in, empty if it was."""

    id: str
    subject: str
    file_name: str
    state: str
    is_dry_run: bool
    shop: Place
    rows_total: int | None
    rows_in: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    customers: int
    sales: int
    lines: int
    amount: Money | None
    refused: str
    columns: dict[str, str]
    started_at: datetime
    finished_at: datetime | None


class RejectTold(Told):
    """A row that was not believed; the row itself stands in the file, and contacts are not told to programs."""

    row: int
    column: str
    code: str


class RejectsTold(Told):
    """One page; `after` is the number for the next one, null at the end."""

    rows: list[RejectTold]
    after: int | None


def import_told(run: ImportRun) -> ImportTold:
    """Tell an import with its shop at hand."""
    figures = run.figures
    currency = figures.get("currency") or run.shop.currency
    amount = Money(minor=figures["amount_minor"], currency=currency) if "amount_minor" in figures else None
    return ImportTold(
        id=str(run.pk),
        subject=run.subject,
        file_name=run.file_name,
        state=run.state,
        is_dry_run=run.is_dry_run,
        shop=place(run.shop),
        rows_total=run.rows_total,
        rows_in=run.rows_in,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        rejected=run.rejected,
        customers=figures.get("customers", 0),
        sales=figures.get("sales", 0),
        lines=figures.get("lines", 0),
        amount=amount,
        refused=str(figures.get("refused", "")),
        columns=run.columns,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def _reject(row: ImportReject, columns: dict[str, str]) -> RejectTold:
    return RejectTold(row=row.row, column=columns.get(row.column, row.column), code=row.code)


@router.post("", url_name="imports", response={202: ImportTold, REFUSALS: Problem}, summary="Hand in a file")
def create_import(request: TokenCall, form: Form[ImportAsked], file: File[UploadedFile]) -> Status:
    """Keep the file and let the worker take it in; ask for the import until its state is done, ready or failed."""
    shop, _ = counter_of(viewer=request.user, shop=form.shop, advisor="")
    given = {name: value for name, value in (("encoding", form.encoding), ("sheet", form.sheet)) if value}
    path = keep_upload(file)
    try:
        chosen = choose_mapping(subject=form.subject, name=form.mapping or None, path=path, given=given)
        run = start_run(
            subject=form.subject,
            path=path,
            file_name=file.name or "",
            columns=chosen.columns,
            options={**chosen.options, **given},
            shop=shop,
            by=request.user,
            now=now(),
            is_dry_run=form.is_dry_run,
        )
    except ZhenkeError:
        drop_upload(path)
        raise
    transaction.on_commit(partial(run_import_task.enqueue, str(run.pk)))
    return Status(202, import_told(run))


@router.get("/{import_id}", url_name="import", response={200: ImportTold, REFUSALS: Problem}, summary="One import")
@decorate_view(theirs("import_id", import_run))
def get_import(request: TokenCall, import_id: str) -> ImportTold:
    """How far an import is, and what it did."""
    return import_told(request.found)


@router.get("/{import_id}/rejects", url_name="import-rejects", response={200: RejectsTold, REFUSALS: Problem})
@decorate_view(theirs("import_id", import_run))
def list_rejects(request: TokenCall, import_id: str, asked: Query[RejectsAsked]) -> RejectsTold:
    """Rows that were not believed, in the order of the file, with the code of the reason."""
    run: ImportRun = request.found
    found = list(islice(rejects_of(viewer=request.user, run=run, after=asked.after, size=asked.size + 1), 101))
    page = found[: asked.size]
    rows = [_reject(row, run.columns) for row in page]
    return RejectsTold(rows=rows, after=page[-1].row if len(found) > asked.size else None)
