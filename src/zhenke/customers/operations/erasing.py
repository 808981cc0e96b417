"""A customer is forgotten: her archive goes with everything that hangs on it or remembers it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast

from zhenke.customers.models import (
    Claim,
    ConsentEntry,
    ContactPoint,
    Customer,
    CustomerDate,
    CustomerLink,
    CustomerTag,
    CustomerTeam,
    DuplicatePair,
    ErasureRequest,
    Export,
    FormerKey,
    ImportBatch,
    ImportReject,
    Interaction,
    LegalHold,
    LookPermit,
    MemberPasskey,
    MemberSession,
    Merge,
    ProtectedView,
    SavedView,
    SearchTerm,
    SignInCode,
    Trait,
    VisitCompanion,
)
from zhenke.customers.operations.note_photos import drop_files_of
from zhenke.customers.operations.permission import require
from zhenke.customers.queries.archive import customer_for
from zhenke.customers.queries.erasure import identifying_texts, tells_of
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

_HERS: tuple[type[Model], ...] = (
    Claim,
    ConsentEntry,
    ContactPoint,
    CustomerDate,
    CustomerTag,
    CustomerTeam,
    FormerKey,
    LookPermit,
    LegalHold,
    ErasureRequest,
    MemberPasskey,
    MemberSession,
    ProtectedView,
    SignInCode,
    VisitCompanion,
    Interaction,
    SearchTerm,
    Trait,
)
# Each column of this room that points at a customer, and what becomes of its rows.
ERASED = {
    **{f"{model._meta.db_table}.customer_id": "deleted" for model in _HERS},
    "customers_customerlink.first_id": "deleted",
    "customers_customerlink.second_id": "deleted",
    "customers_duplicatepair.first_id": "deleted",
    "customers_duplicatepair.second_id": "deleted",
    "customers_merge.winner_id": "deleted, with the images of what was moved",
    "customers_customer.referrer_id": "unlinked",
}
_MOST_KEYS_ASKED = 200  # more than that is no question for a database: every batch is read
_POINTING = ("customer_id", "referrer_id", "gift_for_id", "wearer_id", "from_customer_id", "to_customer_id")


def claim_to_erase(*, customer_id: int, by: Viewer) -> Customer:
    """Return the archive to be erased, locked until the transaction ends.

    Errors: NotAllowed; CustomerUnknown unless it is in sight.
    Writes: nothing. On SQLite, freed space of this connection is overwritten with zeros from here on.
    Twice:  CustomerUnknown once it is gone.
    """
    require(by, May.HONOUR_RIGHTS)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON").fetchall()
    customer = customer_for(viewer=by, id=customer_id)
    Customer.objects.select_for_update().get(pk=customer.pk)
    return customer


@transaction.atomic
def erase_archive(*, customer: Customer, keys: Collection[int]) -> dict[str, int]:
    """Delete an archive, all that hangs on it, and what imports, merges and lists remember of it.

    `keys` are those of the archive and of all that were merged into it (`queries.erasure.keys_of_archive`).

    Writes: deletes Customer and the tables of `ERASED`; ImportBatch, ImportReject, Merge, SavedView and Export lose
            what tells of her (a file that was made already ends within its day); photos of notes go with their files
            when the transaction has ended. Rooms above have let go of her before, or the database refuses it.
    Twice:  the caller claims it once.
    """
    words = identifying_texts(customer=customer)
    own = {model._meta.db_table: _keys(model, customer.pk) for model in _HERS}
    own["customers_customer"] = {str(key) for key in keys}
    counts = {"imports": _out_of_imports(frozenset(keys), own), "rejects": _out_of_rejects(words)}
    _out_of_merges(frozenset(keys))
    _out_of_lists(words)
    _out_of_exports(frozenset(keys))
    sides = Q(first=customer.pk) | Q(second=customer.pk)
    counts["links"] = CustomerLink.objects.filter(sides).delete()[0]
    DuplicatePair.objects.filter(sides).delete()
    counts["note_photos"] = drop_files_of(customer_id=customer.pk)
    Customer.objects.filter(referrer=customer.pk).update(referrer=None)
    counts["rows"] = sum(model._default_manager.filter(customer=customer.pk).delete()[0] for model in _HERS)
    Customer.objects.filter(pk=customer.pk).delete()
    return counts


@transaction.atomic
def record_erasure(*, customer_id: int, counts: Mapping[str, int], by: Viewer, now: datetime) -> None:
    """Leave the one line that stays: which key was erased, when, by whom, how many rows.

    Writes: one audit line.
    Twice:  a second line; `claim_to_erase` lets nobody come here twice.
    """
    record(action="customer.forgotten", by=by, now=now, subject_kind="customer", subject_id=customer_id, **counts)


def _keys(model: type[Model], customer_id: int) -> set[str]:
    return {str(key) for key in model._default_manager.filter(customer=customer_id).values_list("pk", flat=True)}


def _out_of_imports(keys: frozenset[int], own: Mapping[str, set[str]]) -> int:
    """Take images of her rows out of what imports remember for their undo; return how many batches had any."""
    every = {one for rows in own.values() for one in rows}
    rows = ImportBatch.objects.annotate(old=Cast("before", TextField()), new=Cast("after", TextField()))
    holds = Q()
    for one in every if len(every) <= _MOST_KEYS_ASKED else ():
        holds |= Q(old__contains=one) | Q(new__contains=one)
    changed = 0
    for batch in rows.filter(holds):
        before, after = (_without(images, keys, own) for images in (batch.before, batch.after))
        if (before, after) != (batch.before, batch.after):
            ImportBatch.objects.filter(pk=batch.pk).update(before=before, after=after)
            changed += 1
    return changed


def _without(images: Mapping[str, Any], keys: frozenset[int], own: Mapping[str, set[str]]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for table, rows in images.items():
        is_archive = table.startswith("customers_")
        kept[table] = {
            row: _unlinked(image, keys)
            for row, image in rows.items()
            if row not in own.get(table, ()) and not (is_archive and _points(image, keys))
        }
    return kept


def _points(image: Any, keys: frozenset[int]) -> bool:
    return isinstance(image, dict) and any(image.get(name) in keys for name in _POINTING)


def _unlinked(image: Any, keys: frozenset[int]) -> Any:
    """Return an image that points at her nowhere; a receipt's loses its note with her."""
    if not _points(image, keys):
        return image
    without = {name: None if name in _POINTING and value in keys else value for name, value in image.items()}
    return without | ({"note": ""} if "note" in without else {})


def _out_of_rejects(words: frozenset[str]) -> int:
    found = [
        reject.pk
        for reject in ImportReject.objects.iterator(chunk_size=2_000)
        if tells_of(text=" ".join(map(str, [*reject.cells, *reject.facts.values()])), identifying=words)
    ]
    return ImportReject.objects.filter(pk__in=found).delete()[0]


def _out_of_merges(keys: frozenset[int]) -> None:
    """Delete her merges, and let those of others point at her no more."""
    Merge.objects.filter(Q(winner__in=keys) | Q(loser_key__in=keys)).delete()
    holds = Q()
    for key in keys:
        holds |= Q(text__contains=str(key))
    for merge in Merge.objects.annotate(text=Cast("moved", TextField())).filter(holds):
        rooms = {
            room: {part: _unlinked_part(part, told, keys) for part, told in moved.items()}
            for room, moved in merge.moved.items()
        }
        Merge.objects.filter(pk=merge.pk).update(moved=rooms)


def _unlinked_part(part: str, told: Mapping[str, Any], keys: frozenset[int]) -> Mapping[str, Any]:
    if part not in ("before", "after"):
        return told
    return {table: {row: _unlinked(image, keys) for row, image in images.items()} for table, images in told.items()}


def _out_of_lists(words: frozenset[str]) -> None:
    found = [view.pk for view in SavedView.objects.all() if tells_of(text=str(view.filters), identifying=words)]
    SavedView.objects.filter(pk__in=found).delete()


def _out_of_exports(keys: frozenset[int]) -> None:
    """Take her out of lists that were asked for and are not made yet."""
    for export in Export.objects.exclude(keys=[]):
        kept = [key for key in export.keys if key not in keys]
        if len(kept) != len(export.keys):
            Export.objects.filter(pk=export.pk).update(keys=kept, rows=len(kept))
