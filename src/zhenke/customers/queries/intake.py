"""Reads of imports: runs, their rejects, inside the viewer's scope."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.db.models import Count, Min, QuerySet

from zhenke.basics.errors import NotFound
from zhenke.basics.tables.batches import Batch
from zhenke.basics.tables.reading import Table, open_table
from zhenke.customers.models import ImportMapping, ImportReject, ImportRun
from zhenke.customers.queries.places import Places
from zhenke.customers.rules.columns import CustomerRowReader
from zhenke.customers.rules.intake import Reject, RowFault, reject_of
from zhenke.customers.rules.loading import LoadRow
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Viewer
from zhenke.staff.queries import within_scope
from zhenke.staff.rules import May


def import_runs(*, viewer: Viewer) -> QuerySet[ImportRun]:
    """Return the imports that a viewer may see, newest first.

    Shape:  one row per run with its shop and person; may be empty.
    Sees:   people who may import: their own runs and those into the shops of their scope. A run shows whole rows of the
            file, so of others' runs nothing to a role that is shown no contact.
    """
    if not viewer.may(May.IMPORT):
        return ImportRun.objects.none()
    runs = ImportRun.objects.filter(within_scope(viewer, "shop", ("by",)))
    if not sight_of(viewer.role).contacts:
        runs = runs.filter(by=viewer.id)
    return runs.select_related("shop", "by").order_by("-started_at", "-id")


def import_run(*, viewer: Viewer, id: int) -> ImportRun:
    """Return one import. Errors: NotFound if it does not exist or is not the viewer's to see."""
    run = import_runs(viewer=viewer).filter(pk=id).first()
    if run is None:
        raise NotFound
    return run


def rejects_of(*, viewer: Viewer, run: ImportRun, after: int = 0, size: int | None = None) -> Iterator[ImportReject]:
    """Yield the refused rows of a run in the order of the file.

    Shape:  rows after row number `after`; may be empty; kept 30 days.
    Sees:   as `import_runs`.
    """
    if not import_runs(viewer=viewer).filter(pk=run.pk).exists():
        return iter(())
    rejects = ImportReject.objects.filter(run=run, row__gt=after).order_by("row", "id")
    return (rejects[:size] if size else rejects).iterator(chunk_size=2_000)


def opened_file(run: ImportRun) -> Table:
    """Open the file of a run as its options say. Errors: FileRefused."""
    return open_table(Path(run.file_path), encoding=run.options.get("encoding"), sheet=run.options.get("sheet"))


def read_people(
    *, run: ImportRun, batch: Batch, reader: CustomerRowReader, places: Places
) -> tuple[list[LoadRow], list[Reject]]:
    """Return the rows of a batch that can be believed so far, and those that cannot."""
    source = str(run.options.get("source") or "import")
    rows, rejects = [], [Reject(one.row, "", one.reason, {}, one.cells) for one in batch.skipped]
    for number, cells in batch.rows:
        try:
            row = reader.read(number, cells)
            rows.append(
                LoadRow(
                    row=number,
                    shop_id=places.shop(row.shop).shop_id,
                    owner_id=places.advisor(row.owner, column="owner"),
                    fields=row.fields,
                    card_number=row.card_number or None,
                    source_key=f"{source}:{row.customer_key}" if row.customer_key else None,
                    contacts=row.contacts,
                    dates=row.dates,
                    traits=row.traits,
                    several=reader.several,
                    tags=row.tags,
                    work=row.work,
                )
            )
        except RowFault as fault:
            rejects.append(reject_of(number, cells, fault))
    return rows, rejects


def refused_rows(*, run: ImportRun, first: int, last: int) -> set[int]:
    """Return the numbers of a run's refused rows from `first` to `last`; for the journeys that go on with a run."""
    return set(ImportReject.objects.filter(run=run, row__range=(first, last)).values_list("row", flat=True))


def reject_reasons(*, viewer: Viewer, run: ImportRun, size: int = 8) -> list[tuple[str, str, int, ImportReject]]:
    """Return the commonest reasons of a run's refused rows: column, code, how many, and the first of them.

    Shape:  at most `size`, the commonest first; may be empty.
    Sees:   as `import_runs`.
    """
    if not import_runs(viewer=viewer).filter(pk=run.pk).exists():
        return []
    counted = (
        ImportReject.objects.filter(run=run).values_list("column", "code").annotate(n=Count("pk"), first=Min("pk"))
    )
    commonest = list(counted.order_by("-n", "first")[:size])
    first = ImportReject.objects.in_bulk([row[3] for row in commonest])
    return [(column, code, n, first[key]) for column, code, n, key in commonest]


def mappings(*, subject: str) -> QuerySet[ImportMapping]:
    """Return the remembered mappings of a subject by name."""
    return ImportMapping.objects.filter(subject=subject).order_by("name")
