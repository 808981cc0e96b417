"""What membership refuses, in one translatable sentence for each code; words_errors.py takes them all in."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

POINTS_REFUSALS: dict[str, Promise] = {
    "balance_too_low": _("There are {spendable} points to spend, not {wanted}."),
    "cause_reused": _("This was written down before, with other points."),
    "points_wrong": _("{points} is no number of points that can be moved here."),
    "movement_unknown": _("There is no such movement of points."),
    "points_reason_unknown": _("Choose why points are given or taken."),
    "own_record": _("Nobody changes points on her own archive, or of those close to her."),
    "second_person_needed": _("Somebody else has to agree to this."),
    "already_decided": _("This was decided before."),
    "proposal_unknown": _("This proposal does not exist, or is not yours to see."),
}
