"""What is known of the pieces that sale lines made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import Exists, F, OuterRef, Q

from zhenke.catalogue.models import Certificate, Inspection, Piece, PieceOwner, PiecePhoto, PieceShare, Stone, Valuation
from zhenke.catalogue.rules.pieces import MOST_OF_A_LINE

_BATCH = 500
_WORK = (Certificate, Inspection, PieceOwner, PiecePhoto, PieceShare, Stone, Valuation)


def source_keys(counts: Mapping[int, int]) -> Iterator[str]:
    """Yield the keys of the pieces that lines made, from their quantities."""
    for line, quantity in counts.items():
        if 0 < quantity <= MOST_OF_A_LINE:
            yield from (f"line:{line}:{number}" for number in range(1, quantity + 1))


def lines_worked_on(*, counts: Mapping[int, int]) -> set[int]:
    """Return the lines of whose pieces somebody has written anything since: a paper, a photo, a new owner, a change.

    `counts` are quantities by line.

    Shape:  keys of lines; a query per 500 pieces.
    Sees:   no viewer: keys in, keys out.
    """
    touched = ~Q(updated_at=F("created_at"))
    for model in _WORK:
        touched |= Q(Exists(model.objects.filter(piece=OuterRef("pk"))))
    keys = list(source_keys(counts))
    found: set[int] = set()
    for start in range(0, len(keys), _BATCH):
        rows = Piece.objects.filter(touched, source_key__in=keys[start : start + _BATCH])
        found.update(int(str(key).split(":")[1]) for key in rows.values_list("source_key", flat=True))
    return found
