"""Why a receipt earned what it earned, line by line, as the receipt's page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhenke.doors.words.membership import why_words
from zhenke.membership.queries.earned import why_points
from zhenke.membership.queries.rules import rules_now
from zhenke.sales.models import Sale
from zhenke.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class PointsRow:
    """One line: its name, its points, and how they came about."""

    name: str
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class PointsRows:
    """A receipt's points with their lines, and the version of the rules that gave them."""

    points: int
    version: int
    rows: list[PointsRow]


def points_rows(viewer: StaffMember, sale: Sale, names: Mapping[int, str]) -> PointsRows | None:
    """Return why a receipt earned what it earned; None when it earned nothing and explains nothing."""
    told = why_points(viewer=viewer, sale=sale)
    held = rules_now() if told else None
    if held is None:
        return None
    rows = [
        PointsRow(
            names.get(one.line_id, ""),
            one.points,
            why_words(one.why, tier=held.rules.tiers.of(one.why.tier), currency=sale.currency)
            if one.why
            else _("came back with its points"),
        )
        for one in told
    ]
    return PointsRows(sum(row.points for row in rows), max(one.version for one in told), rows)
