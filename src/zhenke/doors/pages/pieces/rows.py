"""Prepared rows of pieces, for the profile's tab and the piece's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from zhenke.catalogue.models import Inspection, Valuation
from zhenke.catalogue.queries import SeenPiece, WholePiece
from zhenke.doors.words.goods import category_word, metal_word
from zhenke.doors.words.pieces import (
    HOW_WORDS,
    PURPOSE_WORDS,
    RECHECK_WORDS,
    SETTING_WORDS,
    glyph_of,
    inspection_words,
    stone_facts,
    stone_title,
)


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One piece on a list: its words, its glyph, when it is to be looked at."""

    seen: SeenPiece
    glyph: str
    what: str
    papers: str
    inspection: str
    level: str


def what_it_is(*, category: str, metal: str, purity_permille: int | None) -> str:
    """Return category, metal and purity in a few words."""
    purity = f"{purity_permille}\u00a0‰" if purity_permille else ""
    return " · ".join(part for part in (category_word(category), metal_word(metal), purity) if part)


def row_of(seen: SeenPiece, today: date) -> PieceRow:
    """Return a piece as a row."""
    words, level = inspection_words(seen.next_inspection_date, today)
    return PieceRow(
        seen=seen,
        glyph=glyph_of(seen.category),
        what=what_it_is(category=seen.category, metal=seen.metal, purity_permille=seen.purity_permille),
        papers=" · ".join(f"{lab} {number}" for lab, number in seen.certificates),
        inspection=words,
        level=level,
    )


def page_of(piece: WholePiece, today: date) -> dict[str, object]:
    """Return the words of the piece's own page."""
    seen = piece.seen
    return {
        "piece": piece,
        "row": row_of(seen, today),
        "setting": SETTING_WORDS.get(seen.setting, seen.setting),
        "stones": [(number, stone_title(stone), stone_facts(stone)) for number, stone in enumerate(piece.stones, 1)],
        "papers": [
            (paper, RECHECK_WORDS.get(paper.recheck, ""), host_of(paper.check_url)) for paper in piece.certificates
        ],
        "inspections": [_inspection(one) for one in piece.inspections],
        "valuations": [_valuation(one, today) for one in piece.valuations],
        "owners": [(HOW_WORDS.get(one.how, one.how), one) for one in piece.owners],
    }


def host_of(address: str) -> str:
    """Return whose site a link leads to."""
    return urlsplit(address).hostname or "" if address else ""


def _inspection(row: Inspection) -> tuple[Inspection, str]:
    return row, row.by.name if row.by else ""


def _valuation(row: Valuation, today: date) -> tuple[Valuation, str, bool]:
    is_over = row.valid_until_date is not None and row.valid_until_date < today
    return row, str(PURPOSE_WORDS.get(row.purpose, row.purpose)), is_over
