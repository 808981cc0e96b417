"""Lines of the timeline about points."""

from __future__ import annotations

from zhenke.doors.stream.entry import Asked, Entry
from zhenke.doors.words.points import POINTS_REASONS, move_words
from zhenke.membership.queries.events import points_moves

POINTS = "points"


def points(asked: Asked) -> list[Entry]:
    """Points that came and went."""
    if asked.words or not asked.may_have("has_points"):
        return []
    moves = points_moves(viewer=asked.viewer, customer=asked.customer, before=asked.before, size=asked.size)
    return [
        Entry(
            entry.at,
            entry.pk,
            POINTS,
            move_words(entry.kind, moved),
            str(POINTS_REASONS.get(entry.reason, "")),
            entry.by.name if entry.by else "",
        )
        for entry, moved in moves
    ]
