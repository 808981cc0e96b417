"""Who may change points by hand, and why."""

from __future__ import annotations

from zhenke.basics.errors import BadInput, NotAllowed, RuleBroken
from zhenke.membership.rules.ledger import PointsWrong

REASONS = ("goodwill", "complaint", "correction", "moved_in", "other")
"""Why points were given or taken by hand: codes, because an entry outlives the customer."""
MOST_AT_ONCE = 10_000_000


class PointsReasonUnknown(BadInput):
    """Not one of the reasons. Facts: `reasons`, what there is."""

    code = "points_reason_unknown"
    message = "Choose why: {reasons}."


class OwnRecord(NotAllowed):
    """Somebody would give or take points on her own archive, or of somebody close to her."""

    code = "own_record"
    message = "Nobody changes points on her own archive, or of those close to her."


class SecondPersonNeeded(NotAllowed):
    """Who asked for an adjustment does not agree to it herself."""

    code = "second_person_needed"
    message = "Somebody else has to agree to this."


class AlreadyDecided(RuleBroken):
    """Somebody has agreed or refused before. Facts: `state`."""

    code = "already_decided"
    message = "This was decided before: {state}."


def check_adjustment(*, points: int, reason: str, months: int) -> None:
    """Do nothing if an adjustment makes sense.

    Errors: PointsWrong for no points, too many, or no months; PointsReasonUnknown.
    """
    if points == 0 or abs(points) > MOST_AT_ONCE or months < 1:
        raise PointsWrong(points=points)
    if reason not in REASONS:
        raise PointsReasonUnknown(reasons=", ".join(REASONS))


def needs_second_person(*, points: int, second_person_from: int) -> bool:
    """Return whether so many points, given or taken, need a second person."""
    return abs(points) >= second_person_from
