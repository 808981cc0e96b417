"""Two archives become one, inside this room, and two again; what was done is kept with the merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from zhenke.basics.errors import RuleBroken
from zhenke.basics.ids import new_id
from zhenke.basics.merging import Image, LeftRow, Moved, Mover, put_rows_back, whole_rows
from zhenke.basics.names import pinyin_readings
from zhenke.customers.models import (
    Customer,
    CustomerDate,
    CustomerTag,
    DuplicatePair,
    FormerKey,
    Merge,
    SearchTerm,
    Tag,
    Trait,
    Visit,
    VisitCompanion,
)
from zhenke.customers.operations.merging_claims import keep_lost, lost_day, lost_fields, merge_claims
from zhenke.customers.operations.merging_consent import merge_consents
from zhenke.customers.operations.merging_links import LINKS, drop_again, dropped_since, merge_links
from zhenke.customers.operations.permission import require
from zhenke.customers.operations.resealing import reseal_contacts_of
from zhenke.customers.operations.sealing_traits import merge_sealed_traits
from zhenke.customers.operations.words import write_terms
from zhenke.customers.queries.archive import CustomerUnknown, visible
from zhenke.customers.queries.merges import standing_key
from zhenke.customers.rules.claims import Said
from zhenke.customers.rules.merging import POINTERS, checked_choices, merged_confirmed, merged_fields
from zhenke.customers.rules.traits import ALIAS
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

_CUSTOMERS, _DATES = Customer._meta.db_table, CustomerDate._meta.db_table
_TERMS, _PAIRS = SearchTerm._meta.db_table, DuplicatePair._meta.db_table
_PAIRED = (_PAIRS, LINKS)
_SAID = ("source", "created_at", "calendar", "month", "day", "is_leap_month", "year")
_FORMER, _TAGS = FormerKey._meta.db_table, CustomerTag._meta.db_table
_COMPANIONS = VisitCompanion._meta.db_table


class SameArchive(RuleBroken):
    """An archive is not merged into itself."""

    code = "same_archive"
    message = "These are not two archives."


class UndoNewerFirst(RuleBroken):
    """Something was merged into this archive later. Facts: `merge`."""

    code = "undo_newer_first"
    message = "Another archive was merged into this one later; undo that first."


def claim_two(*, winner: int, loser: int, by: Viewer) -> tuple[Customer, Customer]:
    """Return both archives, locked until the transaction ends.

    Errors: NotAllowed without the right to edit; CustomerUnknown unless both are in sight; SameArchive.
    Writes: nothing.
    Twice:  the same rows.
    """
    require(by, May.EDIT_CUSTOMERS)
    if winner == loser:
        raise SameArchive
    seen = visible(viewer=by).filter(pk__in=[winner, loser]).order_by("pk")
    found = {row.pk: row for row in seen.select_for_update(of=("self",))}
    if len(found) != 2:
        raise CustomerUnknown
    return found[winner], found[loser]


@transaction.atomic
def merge_archives(*, winner: Customer, loser: Customer, choices: Mapping[str, str], now: datetime) -> Moved:
    """Make one archive of two, as far as this room goes, and return what was moved; the loser's row is no more.

    `choices` names for a field, or for a day as `date:<kind>:<label>`, whose value stays (rules/merging.py).

    Errors: ChoiceWrong.
    Writes: everything of the archive that points at the loser; Customer; FormerKey. Rooms above move theirs before the
            transaction ends, or the database refuses it.
    Twice:  the caller asks once; `merge_customers` knows a loser that is merged.
    """
    chosen = checked_choices(choices)
    reseal_contacts_of(customer_ids=[winner.pk, loser.pk])
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        merge_sealed_traits(mover, loser=loser.pk, winner=winner.pk)
        mover.follow(POINTERS, loser=loser.pk, winner=winner.pk)
        lost = _merge_dates(mover, loser.pk, winner.pk, chosen)
        merge_claims(mover, loser=loser.pk, winner=winner.pk)
        _merge_pairs(mover, loser.pk, winner.pk, now)
        merge_links(mover, loser=loser.pk, winner=winner.pk)
        merge_consents(mover, loser=loser.pk, winner=winner.pk, now=now)
        brought = [key for (key,) in mover.rows(_CUSTOMERS, ("id",), "referrer_id", [loser.pk]) if key != winner.pk]
        mover.change(_CUSTOMERS, {key: {"referrer_id": winner.pk} for key in brought})
        mover.take_out(_TERMS, {key: 0 for (key,) in mover.rows(_TERMS, ("id",), "customer_id", [loser.pk])})
        _one_primary(mover, winner.pk)
        lost += _merge_rows(mover, winner, loser, chosen, now)
        keep_lost(mover, said=lost, winner=winner.pk, now=now)
    return mover.moved


def _merge_dates(mover: Mover, loser: int, winner: int, choices: Mapping[str, str]) -> list[Said]:
    """Move the loser's days; of two of one kind and label the chosen one stays. Return what nobody chose against."""
    lost = []
    said = {row[0]: row[1:] for row in mover.rows(_DATES, ("id", *_SAID), "customer_id", [winner, loser])}
    ours = {row[1:]: row[0] for row in mover.rows(_DATES, ("id", "kind", "label"), "customer_id", [winner])}
    for key, *name in mover.rows(_DATES, ("id", "kind", "label"), "customer_id", [loser]):
        twin = ours.get(tuple(name))
        wins = twin is None or choices.get(f"date:{name[0]}:{name[1]}") == "loser"
        if twin is not None and f"date:{name[0]}:{name[1]}" not in choices and not name[1]:
            lost += [lost_day(said[key], kind=name[0])] if said[key][2:] != said[twin][2:] else []
        if twin is not None:
            mover.take_out(_DATES, {twin: key} if wins else {key: twin})
        if wins:
            mover.change(_DATES, {key: {"customer_id": winner}})
    return lost


def _merge_pairs(mover: Mover, loser: int, winner: int, now: datetime) -> None:
    """Give the loser's pairs to the winner: who was not the loser is not the winner either."""
    about = Q(first=loser) | Q(second=loser)
    pairs = list(DuplicatePair.objects.filter(about))
    mover.take_out(_PAIRS, {pair.pk: 0 for pair in pairs})
    for pair in pairs:
        other = pair.second_id if pair.first_id == loser else pair.first_id
        if other == winner:
            continue
        first, second = sorted((other, winner))
        there = DuplicatePair.objects.filter(first_id=first, second_id=second).first()
        if there is not None:
            if pair.state == DuplicatePair.State.NOT_SAME and there.state != pair.state:
                mover.change(_PAIRS, {there.pk: {"state": pair.state}})
            continue
        pair.pk, pair.first_id, pair.second_id = new_id(), first, second
        pair.save(force_insert=True)
        mover.moved.note_created(_PAIRS, [pair.pk])


def _one_primary(mover: Mover, winner: int) -> None:
    """Let the oldest primary contact of each kind, the winner's own if there is one, be the only one."""
    moved = mover.moved.after.get("customers_contactpoint", {})
    rows = mover.rows("customers_contactpoint", ("id", "kind", "is_primary"), "customer_id", [winner])
    kinds: set[str] = set()
    for key, kind, is_primary in sorted(rows, key=lambda row: (str(row[0]) in moved, row[0])):
        if is_primary and kind in kinds:
            mover.change("customers_contactpoint", {key: {"is_primary": False}})
        if is_primary:
            kinds.add(kind)


def _merge_rows(
    mover: Mover, winner: Customer, loser: Customer, choices: Mapping[str, str], now: datetime
) -> list[Said]:
    ours, theirs = (_plain_row(customer) for customer in (winner, loser))
    merged = merged_fields(winner=ours, loser=theirs, choices=choices)
    before = _image(mover, winner.pk)
    mover.take_out(_CUSTOMERS, {loser.pk: 0})
    for field, value in merged.fields.items():
        setattr(winner, field, value)
    referrer = winner.referrer_id or loser.referrer_id
    winner.referrer_id = None if referrer in (winner.pk, loser.pk) else referrer
    winner.pinyin = pinyin_readings(winner.name).pinyin
    winner.confirmed = merged_confirmed(winner=ours, loser=theirs, fields=merged.fields)
    winner.updated_at = now
    winner.save()
    mover.moved.note_change(_CUSTOMERS, winner.pk, before, _image(mover, winner.pk))
    for kind, text in merged.former:
        row = FormerKey.objects.create(customer=winner, kind=kind, text=text)
        mover.moved.note_created(_FORMER, [row.pk])
    if winner.name != ours["name"] or _brings_alias(mover):
        _renamed(mover, winner)
    return lost_fields(ours=ours, theirs=theirs, merged=merged.fields, chosen=choices)


def _brings_alias(mover: Mover) -> bool:
    moved = [int(key) for key in mover.moved.after.get(Trait._meta.db_table, {})]
    return bool(moved) and Trait.objects.filter(pk__in=moved, key=ALIAS).exists()


def _renamed(mover: Mover, winner: Customer) -> None:
    mover.take_out(_TERMS, {key: 0 for (key,) in mover.rows(_TERMS, ("id",), "customer_id", [winner.pk])})
    write_terms(winner)
    mover.moved.note_created(_TERMS, [key for (key,) in mover.rows(_TERMS, ("id",), "customer_id", [winner.pk])])


def _plain_row(customer: Customer) -> dict[str, Any]:
    return {field.attname: getattr(customer, field.attname) for field in Customer._meta.concrete_fields}


def _image(mover: Mover, key: int) -> Image:
    return whole_rows(mover.cursor, vendor=mover.vendor, table=_CUSTOMERS, key="id", values=[key])[0]


@transaction.atomic
def record_merge(*, winner: Customer, loser_key: int, moved: Mapping[str, Moved], by: Viewer, now: datetime) -> Merge:
    """Keep what every room moved, by room, so that it can be undone; return the merge.

    Writes: Merge, one audit line.
    Twice:  a second merge of one loser is refused by the database.
    """
    counts: dict[str, int] = {}
    for one in moved.values():
        for table, count in one.counts().items():
            counts[table] = counts.get(table, 0) + count
    merge = Merge.objects.create(
        winner=winner,
        loser_key=loser_key,
        moved={room: one.to_plain() for room, one in moved.items()},
        counts=counts,
        at=now,
        by_id=by.id,
    )
    record(
        action="customer.merged",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=winner.pk,
        loser=loser_key,
        merge=merge.pk,
        rows=sum(counts.values()),
    )
    return merge


def claim_undo_of(*, merge: Merge, by: Viewer) -> Merge | None:
    """Return the merge, locked, to be undone; None if it is undone already.

    Errors: NotAllowed; CustomerUnknown unless the archive is in sight; UndoNewerFirst.
    Writes: nothing.
    Twice:  None after it was undone.
    """
    require(by, May.EDIT_CUSTOMERS)
    row = Merge.objects.select_for_update(of=("self",)).filter(pk=merge.pk).first()
    if row is None or not visible(viewer=by).filter(pk=row.winner_id).exists():
        raise CustomerUnknown
    if row.state == Merge.State.UNDONE:
        return None
    newer = Merge.objects.filter(winner=row.winner_id, pk__gt=row.pk, state=Merge.State.DONE).first()
    if newer is not None:
        raise UndoNewerFirst(merge=newer.pk)
    visible(viewer=by).select_for_update(of=("self",)).get(pk=row.winner_id)
    return row


@transaction.atomic
def split_archives(*, moved: Moved, merged_at: datetime) -> list[LeftRow]:
    """Make two archives of one again, as far as this room goes; return what something touched since and stays.

    A pair that somebody decided since the merge stays decided.

    Writes: everything that `merge_archives` wrote, but for later edits.
    Twice:  the caller asks once.
    """
    decided = DuplicatePair.objects.filter(pk__in=moved.created.get(_PAIRS, []), decided_at__gt=merged_at)
    kept = set(decided.values_list("pk", flat=True))
    moved.created[_PAIRS] = [key for key in moved.created.get(_PAIRS, []) if key not in kept]
    _follow_referrers(moved)
    may_return = _Parents(moved)
    dropped = dropped_since(moved, merged_at=merged_at)
    with connection.cursor() as cursor:
        left = put_rows_back(cursor, vendor=connection.vendor, moved=moved, keys={}, still=may_return)
    drop_again(dropped)
    renamed = {row.key for row in left if row.table == _CUSTOMERS}
    for customer in Customer.objects.filter(pk__in=renamed):
        write_terms(customer)  # a name that was changed since keeps its own words
    return left


def _follow_referrers(moved: Moved) -> None:
    """Let an archive that comes back be brought by whoever stands now for the one who brought it."""
    images = [image for image in moved.before.get(_CUSTOMERS, {}).values() if image.get("referrer_id")]
    coming = _coming(moved)
    for image in images:
        if image["referrer_id"] not in coming:
            image["referrer_id"] = standing_key(image["referrer_id"])


def _coming(moved: Moved) -> set[int]:
    """Return the archives that went in the merge and come back; one that it only changed may be gone since."""
    return {int(key) for key in moved.before.get(_CUSTOMERS, {}).keys() - moved.after.get(_CUSTOMERS, {}).keys()}


class _Parents:
    """Says whether what a row points at is still there: its tag, its visit, or the other archive of a pair or link."""

    def __init__(self, moved: Moved) -> None:
        before = moved.before
        tags = {image["tag_id"] for image in before.get(_TAGS, {}).values() if "tag_id" in image}
        pairs = [image for table in _PAIRED for image in before.get(table, {}).values() if "first_id" in image]
        keys = {image[side] for image in pairs for side in ("first_id", "second_id")}
        self._tags = set(Tag.objects.filter(pk__in=tags).values_list("pk", flat=True))
        self._archives = set(Customer.objects.filter(pk__in=keys).values_list("pk", flat=True))
        self._archives.update(_coming(moved))
        visits = {image["visit_id"] for image in before.get(_COMPANIONS, {}).values() if "visit_id" in image}
        self._visits = set(Visit.objects.filter(pk__in=visits).values_list("pk", flat=True))

    def __call__(self, table: str, image: Image) -> bool:
        """Return whether the row may come back."""
        if table in _PAIRED:
            return {image["first_id"], image["second_id"]} <= self._archives
        if table == _COMPANIONS:
            return image["visit_id"] in self._visits
        return table != _TAGS or image["tag_id"] in self._tags


@transaction.atomic
def record_undo(*, merge: Merge, left: Sequence[LeftRow], by: Viewer, now: datetime) -> Merge:
    """Close a merge that is undone; its images go, what was left is listed.

    Writes: Merge, one audit line.
    Twice:  `claim_undo_of` lets nobody come here twice.
    """
    merge.state, merge.moved, merge.undone_at, merge.undone_by_id = Merge.State.UNDONE, {}, now, by.id
    merge.kept = [list(asdict(row).values()) for row in left]
    merge.save(update_fields=["state", "moved", "undone_at", "undone_by", "kept"])
    record(
        action="customer.merge_undone",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=merge.winner_id,
        loser=merge.loser_key,
        merge=merge.pk,
        left=len(left),
    )
    return merge
