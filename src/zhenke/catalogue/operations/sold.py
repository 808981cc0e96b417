"""Pieces that sales make and returns take back; plain values come in, because sales stand above this room."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from zhenke.basics.prepared import insert_objects
from zhenke.catalogue.models import Certificate, Inspection, Piece, PieceOwner, PieceShare, Stone
from zhenke.catalogue.rules import PieceDetails, SoldPiece, check_certificate, check_stone
from zhenke.catalogue.rules.pieces import MOST_OF_A_LINE
from zhenke.customers.models import Customer
from zhenke.staff.models import Viewer

_BATCH = 500


def keep_sold(*, sold: Iterable[SoldPiece], now: datetime) -> int:
    """Write the pieces of sale lines; return how many there are in `sold`.

    Writes: Pieces, one SQL statement for a receipt, none for none. No line of the audit trail: the sale is there.
    Twice:  the same `source_key` is one piece, what was written about it since stays.
    """
    rows = [
        Piece(
            source_key=one.source_key,
            customer_id=one.customer_id,
            wearer_id=one.wearer_id,
            shop_id=one.shop_id,
            style_id=one.style_id,
            **{**asdict(one.draft), "bought_date": one.bought_date, "serial": one.draft.serial or None},
            created_at=now,
            updated_at=now,
        )
        for one in sold
    ]
    insert_objects(connection, rows, unless_taken="source_key")
    return len(rows)


def mean_lines_for(
    *, line_ids: Collection[int], customer_id: int, wearer: Customer | None, until_date: date | None, now: datetime
) -> int:
    """Say of the pieces of some sale lines that are still their buyer's whom they are for; return how many changed.

    Units:  `until_date` is a day of the shop; None is no secret.
    Writes: Pieces; no line of the audit trail: the receipt has it.
    Twice:  0; nothing is written.
    """
    keys = [f"line:{line}:{number}" for line in line_ids for number in range(1, MOST_OF_A_LINE + 1)]
    until = until_date if wearer is not None else None
    same = Q(wearer=wearer) if wearer else Q(wearer=None)
    same &= Q(secret_until_date=until) if until else Q(secret_until_date=None)
    rows = Piece.objects.filter(source_key__in=keys, customer_id=customer_id).exclude(same)
    return rows.update(wearer=wearer, secret_until_date=until, updated_at=now)


@transaction.atomic
def load_details(*, details: Iterable[PieceDetails], now: datetime) -> int:
    """Write stones, papers and inspections of many pieces that have none yet; return how many pieces were found.

    Errors: BadPiece as `check_stone` and `check_certificate`, before anything is written.
    Writes: Stones, Certificates, Inspections, a few SQL statements for thousands.
    Twice:  nothing more: what is there stays.
    """
    wanted = {one.source_key: one for one in details}
    for one in wanted.values():
        for stone in one.stones:
            check_stone(stone)
        for paper in one.certificates:
            check_certificate(paper)
    keys = sorted(wanted)
    pieces: list[Piece] = []
    for start in range(0, len(keys), _BATCH):
        pieces += Piece.objects.filter(source_key__in=keys[start : start + _BATCH])
    told = [(piece, wanted[str(piece.source_key)]) for piece in pieces]
    Stone.objects.bulk_create(
        (
            Stone(piece=piece, position=position, **asdict(stone))
            for piece, one in told
            for position, stone in enumerate(one.stones, start=1)
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    Certificate.objects.bulk_create(
        (
            Certificate(piece=piece, **{**asdict(paper), "number": paper.number.strip()})
            for piece, one in told
            for paper in one.certificates
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    Inspection.objects.bulk_create(
        (
            Inspection(piece=piece, on_date=on_date, next_date=next_date, created_at=now)
            for piece, one in told
            for on_date, next_date in one.inspections
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    return len(told)


@transaction.atomic
def take_back_sold(
    *, counts: Mapping[str, int], customer_id: int, on_date: date, by: Viewer, now: datetime
) -> list[tuple[int, date | None]]:
    """Take pieces back from their buyer: of each line, by its key, the last so many that are still hers.

    Shape:  key and next inspection day of each piece that came back, so that care can call off what was planned.
    Writes: owner taken away, links closed, one PieceOwner "returned" each. What was handed on to somebody else stays.
    Twice:  the caller asks once per receipt; pieces that came back are nobody's and are not taken again.
    """
    wanted = [f"line:{line}:{number}" for line in counts for number in range(1, MOST_OF_A_LINE + 1)]
    rows = Piece.objects.filter(source_key__in=wanted, customer_id=customer_id)
    left = dict(counts)
    back: list[Piece] = []
    for piece in sorted(rows, key=lambda one: -int(str(one.source_key).rsplit(":", 1)[1])):
        line = str(piece.source_key).split(":")[1]
        if left[line] > 0:
            left[line] -= 1
            back.append(piece)
    _take_away(back, customer_id=customer_id, on_date=on_date, by=by, now=now)
    return [(piece.pk, piece.next_inspection_date) for piece in back]


def _take_away(back: Collection[Piece], *, customer_id: int, on_date: date, by: Viewer, now: datetime) -> None:
    if not back:
        return
    keys = [piece.pk for piece in back]
    Piece.objects.filter(pk__in=keys).update(
        customer=None, wearer=None, secret_until_date=None, next_inspection_date=None, updated_at=now
    )
    PieceShare.objects.filter(piece__in=keys, revoked_at=None).update(revoked_at=now)
    PieceOwner.objects.bulk_create(
        PieceOwner(
            piece=piece,
            from_customer_id=customer_id,
            how=PieceOwner.How.RETURNED,
            on_date=on_date,
            by_id=by.id,
            created_at=now,
        )
        for piece in back
    )
