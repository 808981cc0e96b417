"""Writes what belongs to a piece: stones, certificates, inspections, valuations."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from zhenke.catalogue.models import Certificate, Inspection, Piece, Stone, Valuation
from zhenke.catalogue.operations.permission import require_edit
from zhenke.catalogue.operations.pieces import MOST_STONES, certificate_row
from zhenke.catalogue.rules import (
    BadPiece,
    CertificateDraft,
    StoneDraft,
    ValuationDraft,
    check_certificate,
    check_stone,
    check_valuation,
)
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer


@transaction.atomic
def put_stone(*, piece: Piece, position: int | None, draft: StoneDraft, by: Viewer, now: datetime) -> Stone:
    """Write one stone: at its position, or (None) after the last one.

    Errors: NotAllowed; BadPiece naming the field; `position` where there is no such stone or no room for one more.
    Writes: one Stone, one audit line.
    Twice:  the same words again change nothing; two equal stones are one line with a count of two.
    """
    require_edit(by)
    check_stone(draft)
    there = list(piece.stones.order_by("position"))
    if position is None:
        if there and _draft(there[-1]) == draft:
            return there[-1]
        if len(there) >= MOST_STONES:
            raise BadPiece(field="position")
        number = there[-1].position + 1 if there else 1
        row = Stone.objects.create(piece=piece, position=number, **asdict(draft))
    else:
        found = next((stone for stone in there if stone.position == position), None)
        if found is None:
            raise BadPiece(field="position")
        if _draft(found) == draft:
            return found
        Stone.objects.filter(pk=found.pk).update(**asdict(draft))
        row = found
    record(action="piece.stone", by=by, now=now, subject_kind="piece", subject_id=piece.pk, position=row.position)
    return row


@transaction.atomic
def drop_stone(*, piece: Piece, position: int, by: Viewer, now: datetime) -> bool:
    """Take one stone away; return whether it was there.

    Errors: NotAllowed.
    Writes: deletes one Stone, those behind it move up, one audit line.
    Twice:  the stone that moved up would go: the caller names a position that it has just seen. Where none is, False.
    """
    require_edit(by)
    gone, _ = piece.stones.filter(position=position).delete()
    if gone:
        for row in piece.stones.filter(position__gt=position).order_by("position"):
            Stone.objects.filter(pk=row.pk).update(position=row.position - 1)
        record(action="piece.stone_dropped", by=by, now=now, subject_kind="piece", subject_id=piece.pk, at=position)
    return gone > 0


def _draft(row: Stone) -> StoneDraft:
    return StoneDraft(**{name: getattr(row, name) for name in StoneDraft.__dataclass_fields__})


@transaction.atomic
def add_certificate(*, piece: Piece, draft: CertificateDraft, by: Viewer, now: datetime) -> Certificate:
    """Write one paper of a laboratory.

    Errors: NotAllowed; BadPiece naming the field.
    Writes: one Certificate, one audit line with the laboratory, never the number.
    Twice:  the same laboratory and number: the paper is brought up to date; where nothing differs nothing is written.
    """
    require_edit(by)
    check_certificate(draft)
    row = certificate_row(piece, draft)
    known = piece.certificates.filter(lab=row.lab, number=row.number).first()
    names = [name for name in CertificateDraft.__dataclass_fields__ if name not in ("lab", "number")]
    if known is None:
        row.save(force_insert=True)
    elif changed := [name for name in names if getattr(known, name) != getattr(row, name)]:
        for name in changed:
            setattr(known, name, getattr(row, name))
        known.save(update_fields=changed)
        row = known
    else:
        return known
    record(action="piece.certificate", by=by, now=now, subject_kind="piece", subject_id=piece.pk, paper=row.pk)
    return row


@transaction.atomic
def add_inspection(*, piece: Piece, on_date: date, seen: str, next_date: date, by: Viewer, now: datetime) -> Inspection:
    """Write down that a piece was looked at, and when it is to be looked at again.

    Errors: NotAllowed; BadPiece `on_date` in the future, `next_date` not after it, `seen` too long.
    Writes: one Inspection, the piece's next day, one audit line.
    Twice:  the same piece and day: what is there is returned, nothing is written.
    """
    require_edit(by)
    if (on_date - now.date()).days > 1:
        raise BadPiece(field="on_date")
    if next_date <= on_date or (next_date - on_date).days > 3_660:
        raise BadPiece(field="next_date")
    if len(seen) > 300 or "\x00" in seen:
        raise BadPiece(field="seen")
    locked = Piece.objects.select_for_update().get(pk=piece.pk)
    known = locked.inspections.filter(on_date=on_date).first()
    if known is not None:
        return known
    made = Inspection.objects.create(
        piece=locked,
        on_date=on_date,
        seen=seen.strip(),
        by_id=by.id,
        next_date=next_date,
        due_date=locked.next_inspection_date,
        created_at=now,
    )
    locked.next_inspection_date, locked.updated_at = next_date, now
    locked.save(update_fields=["next_inspection_date", "updated_at"])
    record(action="piece.inspected", by=by, now=now, subject_kind="piece", subject_id=piece.pk, on=on_date)
    return made


@transaction.atomic
def drop_inspection(*, inspection: Inspection, by: Viewer, now: datetime) -> bool:
    """Take back an inspection that was noted by mistake; return whether it was there.

    Errors: NotAllowed.
    Writes: deletes it; the day that it was due before holds again unless a later one was set; one audit line.
    Twice:  False, nothing is written.
    """
    require_edit(by)
    gone, _ = Inspection.objects.filter(pk=inspection.pk).delete()
    if not gone:
        return False
    Piece.objects.filter(pk=inspection.piece_id, next_inspection_date=inspection.next_date).update(
        next_inspection_date=inspection.due_date, updated_at=now
    )
    record(
        action="piece.inspection_undone",
        by=by,
        now=now,
        subject_kind="piece",
        subject_id=inspection.piece_id,
        on=inspection.on_date,
    )
    return True


@transaction.atomic
def add_valuation(*, piece: Piece, draft: ValuationDraft, by: Viewer, now: datetime) -> Valuation:
    """Write down what a piece is worth, for a purpose.

    Errors: NotAllowed; BadPiece naming the field.
    Writes: one Valuation, one audit line with the purpose, never the value.
    Twice:  the same day and purpose: the valuation becomes what is said now; where nothing differs nothing is written.
    """
    require_edit(by)
    check_valuation(draft)
    values = asdict(draft)
    known = piece.valuations.filter(on_date=draft.on_date, purpose=draft.purpose).first()
    if known is not None and all(getattr(known, name) == value for name, value in values.items()):
        return known
    row, _ = Valuation.objects.update_or_create(
        piece=piece,
        on_date=draft.on_date,
        purpose=draft.purpose,
        defaults=values,
        create_defaults={**values, "by_id": by.id, "created_at": now},
    )
    record(action="piece.valued", by=by, now=now, subject_kind="piece", subject_id=piece.pk, purpose=draft.purpose)
    return row
