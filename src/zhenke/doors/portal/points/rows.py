"""Movements of points as a member reads them: what it was, when, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhenke.doors.portal.points.words import movement_word
from zhenke.membership.queries import HistoryLine

_NOTHING_HAPPENED = {"check"}


@dataclass(frozen=True, slots=True)
class PointsRow:
    """One movement; the lines of one receipt on one day are one row. No key of anything stands in it."""

    word: str
    on_date: date
    points: int
    is_ready: bool
    """Points that waited may now be spent: nothing came or went."""


def rows_of(lines: Iterable[HistoryLine]) -> list[PointsRow]:
    """Return the movements, newest first; what a receipt earned line by line is told as one sum."""
    rows: list[PointsRow] = []
    for line in lines:
        if line.kind in _NOTHING_HAPPENED:
            continue
        word, is_ready = movement_word(line), line.kind == "activate"
        points = line.member if is_ready else line.points
        last = rows[-1] if rows else None
        if last is not None and (last.word, last.on_date, last.is_ready) == (word, line.on_date, is_ready):
            rows[-1] = PointsRow(word, line.on_date, last.points + points, is_ready)
        elif points:
            rows.append(PointsRow(word, line.on_date, points, is_ready))
    return rows
