"""One piece as its owner reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhenke.catalogue.queries.pieces import SeenPiece
from zhenke.doors.portal.member_request import MemberRequest
from zhenke.doors.portal.references import reference
from zhenke.doors.words.goods import category_word, metal_word
from zhenke.doors.words.pieces import glyph_of, inspection_words


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece under the reference that this session has for it; of one that is another's no papers and no warranty."""

    reference: str
    name: str
    what: str
    glyph: str
    is_own: bool
    has_photo: bool
    serial: str
    size: str
    bought_date: date | None
    warranty: str
    inspection: str
    level: str


def row_of(seen: SeenPiece, *, request: MemberRequest, today: date) -> PieceRow:
    """Return a piece in words."""
    is_own = seen.owner_id == request.member.customer.pk
    what = [category_word(seen.category) if seen.category else "", metal_word(seen.metal) if seen.metal else ""]
    words, level = inspection_words(seen.next_inspection_date, today) if is_own else ("", "")
    return PieceRow(
        reference=reference(token=request.token, kind="piece", key=seen.id),
        name=seen.name,
        what=" · ".join(part for part in what if part),
        glyph=glyph_of(seen.category),
        is_own=is_own,
        has_photo=is_own and seen.photo is not None,
        serial=seen.serial if is_own else "",
        size=seen.size if is_own else "",
        bought_date=seen.bought_date if is_own else None,
        warranty=seen.warranty if is_own else "",
        inspection=words,
        level=level,
    )
