"""Undo what was made of imported receipts: the pieces of lines that are gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from zhenke.catalogue.models import Piece
from zhenke.catalogue.queries.sold import source_keys

_BATCH = 500


@transaction.atomic
def forget_sold(*, counts: Mapping[int, int]) -> int:
    """Delete the pieces of sale lines that are gone; return how many there were.

    `counts` are whole numbers of pieces by line. Pieces that somebody worked on are not for this: see
    `queries.lines_worked_on`.

    Writes: Piece.
    Twice:  0.
    """
    gone = 0
    for part in _parts(source_keys(counts)):
        gone += Piece.objects.filter(source_key__in=part).delete()[0]
    return gone


def _parts(keys: Iterable[str]) -> Iterable[list[str]]:
    listed = list(keys)
    return (listed[start : start + _BATCH] for start in range(0, len(listed), _BATCH))
