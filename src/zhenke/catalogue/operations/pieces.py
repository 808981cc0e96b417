"""Writes what is known of a piece, passes it on to another customer, and shows one whole, leaving a mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhenke.basics.errors import BadInput, NotAllowed, RuleBroken
from zhenke.catalogue.models import Certificate, Piece, PieceOwner, PieceShare, Stone, Valuation
from zhenke.catalogue.operations.permission import require_edit
from zhenke.catalogue.queries.whole import WholePiece, whole_piece
from zhenke.catalogue.rules import (
    BadPiece,
    CertificateDraft,
    PieceDraft,
    StoneDraft,
    check_certificate,
    check_piece,
    check_stone,
)
from zhenke.customers.models import Customer
from zhenke.customers.rules.importance import Importance
from zhenke.customers.rules.sight import Shown, pieces_shown
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer

MOST_STONES = 40


class SerialTaken(RuleBroken):
    """The serial belongs to another piece that somebody owns; whose is not said."""

    code = "serial_taken"
    message = "Another piece has this serial number already."


class NotHanded(RuleBroken):
    """A piece is handed on to another customer, in a way that there is."""

    code = "not_handed_on"
    message = "The piece cannot be handed on like this."


class LookReasonMissing(BadInput):
    """A piece is shown whole only for a reason."""

    code = "look_reason_missing"
    message = "Say what the piece is looked at for."


@transaction.atomic
def add_piece(
    *,
    customer: Customer,
    draft: PieceDraft,
    source_key: str,
    by: Viewer,
    now: datetime,
    stones: Sequence[StoneDraft] = (),
    certificates: Sequence[CertificateDraft] = (),
) -> Piece:
    """Write down a piece that a customer bought elsewhere, with its stones and papers.

    Errors: NotAllowed; BadPiece naming the field; SerialTaken.
    Writes: one Piece, its Stones and Certificates, one audit line.
    Twice:  the same `source_key`: the first piece is returned, nothing is written.
    """
    require_edit(by)
    known = Piece.objects.filter(source_key=source_key).first()
    if known is not None:
        if known.customer_id != customer.pk:
            raise BadPiece(field="source_key")
        return known
    values = _values(draft)
    if len(stones) > MOST_STONES or len(certificates) > MOST_STONES:
        raise BadPiece(field="stones")
    for stone in stones:
        check_stone(stone)
    for paper in certificates:
        check_certificate(paper)
    row = Piece(
        source_key=source_key,
        customer=customer,
        shop_id=customer.shop_id,
        origin=Piece.Origin.ELSEWHERE,
        **values,
        created_at=now,
        updated_at=now,
    )
    _save(row, is_new=True)
    write_stones(row, stones)
    Certificate.objects.bulk_create(certificate_row(row, paper) for paper in certificates)
    record(action="piece.added", by=by, now=now, subject_kind="customer", subject_id=customer.pk, piece=row.pk)
    return row


@transaction.atomic
def change_piece(*, piece: Piece, changes: Mapping[str, object], by: Viewer, now: datetime) -> Piece:
    """Change what is known of a piece; `changes` are fields of PieceDraft.

    Errors: NotAllowed; BadPiece naming the field; SerialTaken.
    Writes: the Piece, one audit line with the names of the fields.
    Twice:  nothing is different any more: nothing is written.
    """
    require_edit(by)
    before = PieceDraft(**{name: getattr(piece, name) for name in PieceDraft.__dataclass_fields__})
    before = replace(before, serial=before.serial or "")
    values = _values(replace(before, **changes))  # type: ignore[arg-type]
    changed = sorted(name for name, value in values.items() if getattr(piece, name) != value)
    if not changed:
        return piece
    for name in changed:
        setattr(piece, name, values[name])
    piece.updated_at = now
    _save(piece, is_new=False, fields=[*changed, "updated_at"])
    record(action="piece.changed", by=by, now=now, subject_kind="piece", subject_id=piece.pk, fields=changed)
    return piece


def _values(draft: PieceDraft) -> dict[str, object]:
    check_piece(draft)
    return {**asdict(draft), "name": draft.name.strip(), "serial": draft.serial.strip() or None}


def _save(row: Piece, *, is_new: bool, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=is_new, update_fields=fields)
    except IntegrityError:
        if row.serial and Piece.objects.filter(serial=row.serial).exclude(pk=row.pk).exists():
            raise SerialTaken from None
        raise


def write_stones(piece: Piece, stones: Sequence[StoneDraft]) -> None:
    """Write the stones of a piece that has none, in order."""
    Stone.objects.bulk_create(
        Stone(piece=piece, position=position, **asdict(stone)) for position, stone in enumerate(stones, start=1)
    )


def certificate_row(piece: Piece, draft: CertificateDraft) -> Certificate:
    """Return an unsaved certificate, its number without blanks around it."""
    values = {**asdict(draft), "lab": draft.lab.strip(), "number": draft.number.strip()}
    return Certificate(piece=piece, **values)


@transaction.atomic
def set_surprise(*, piece: Piece, wearer: Customer | None, until_date: date | None, by: Viewer, now: datetime) -> Piece:
    """Say whom a piece is for, and until which day she must not know; nobody takes both away.

    Errors: NotAllowed; BadPiece `wearer` if it is the owner.
    Writes: the Piece, one audit line.
    Twice:  nothing is written.
    """
    require_edit(by)
    if wearer is not None and wearer.pk == piece.customer_id:
        raise BadPiece(field="wearer")
    until = until_date if wearer is not None else None
    if (piece.wearer_id, piece.secret_until_date) == (wearer.pk if wearer else None, until):
        return piece
    piece.wearer, piece.secret_until_date, piece.updated_at = wearer, until, now
    piece.save(update_fields=["wearer", "secret_until_date", "updated_at"])
    record(action="piece.meant_for", by=by, now=now, subject_kind="piece", subject_id=piece.pk, until=until)
    return piece


@transaction.atomic
def hand_on(*, piece: Piece, to: Customer, how: str, on_date: date, by: Viewer, now: datetime) -> PieceOwner | None:
    """Make another customer the owner of a piece; return the change of hands, None if it is hers already.

    Errors: NotAllowed; NotHanded for a way that is none, or a piece that is nobody's.
    Writes: the Piece (the surprise is over, open links are closed), its Valuations lose insurer and policy, one
            PieceOwner, one audit line.
    Twice:  None, nothing is written.
    """
    require_edit(by)
    if how not in {kind.value for kind in PieceOwner.How} - {PieceOwner.How.RETURNED.value}:
        raise NotHanded
    locked = Piece.objects.select_for_update().get(pk=piece.pk)
    if locked.customer_id is None:
        raise NotHanded
    if locked.customer_id == to.pk:
        return None
    change = PieceOwner.objects.create(
        piece=locked,
        from_customer_id=locked.customer_id,
        to_customer=to,
        how=how,
        on_date=on_date,
        by_id=by.id,
        created_at=now,
    )
    locked.customer, locked.wearer, locked.secret_until_date, locked.updated_at = to, None, None, now
    locked.save(update_fields=["customer", "wearer", "secret_until_date", "updated_at"])
    PieceShare.objects.filter(piece=locked, revoked_at=None).update(revoked_at=now)
    # What it is worth goes with the piece; by whom it was insured, and under which number, is the former owner's.
    Valuation.objects.filter(piece=locked).update(insurer="", policy="")
    record(
        action="piece.handed_on",
        by=by,
        now=now,
        subject_kind="piece",
        subject_id=locked.pk,
        from_customer=change.from_customer_id,
        to_customer=to.pk,
        how=how,
    )
    return change


@transaction.atomic
def show_piece(*, viewer: Viewer, piece: Piece, reason: str, now: datetime) -> WholePiece:
    """Return a piece with numbers, weights and valuations, and write down who saw it, at once.

    The piece is one that `piece_for` gave; the journey `reveal_piece` has counted the look.

    Units:  `reason` is a code of at most 40 signs: service, valuation, check …; free words are not kept.
    Errors: NotAllowed if the role is never shown them; LookReasonMissing.
    Writes: one audit line "piece.revealed".
    Twice:  a second line: each look leaves its own mark.
    Source: promises.md P18, §3.3.
    """
    importance = piece.customer.importance if piece.customer else Importance.ORDINARY
    if pieces_shown(role=viewer.role, importance=importance) != Shown.REVEAL:
        raise NotAllowed
    code = reason.strip()
    if not (code and len(code) <= 40 and code.isascii() and code.replace("_", "").isalpha()):
        raise LookReasonMissing
    record(
        action="piece.revealed",
        by=viewer,
        now=now,
        subject_kind="customer",
        subject_id=piece.customer_id,
        piece=piece.pk,
        reason=code,
    )
    return whole_piece(viewer=viewer, piece=piece, is_revealed=True)
