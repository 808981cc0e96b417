"""Words about rewards, said to the member herself."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.doors.words.rewards import goods_word
from zhenke.membership.rules.rewards import Recommended

_REFUSED: dict[str, Promise] = {
    "sold_out": gettext_lazy("None left"),
    "tier": gettext_lazy("For other tiers"),
    "had": gettext_lazy("You have had it"),
    "points": gettext_lazy("Not enough points yet"),
}
_TAKEN: dict[str, Promise] = {
    "reserved": gettext_lazy("Waits for you"),
    "handed_over": gettext_lazy("Received"),
    "cancelled": gettext_lazy("Called off"),
}


def refused_word(refused: str) -> str:
    """Return why she may not have a reward, "" where she may."""
    return str(_REFUSED.get(refused, ""))


def taken_word(state: str) -> str:
    """Return what became of what she took."""
    return str(_TAKEN[state])


def because_words(one: Recommended | None) -> str:
    """Return why a reward suits her, "" where nothing is said."""
    if one is None:
        return ""
    word = {"word": goods_word(one.word).lower(), "n": f"{one.count:,}"}
    match one.because:
        case "piece":
            return _("Made for what you own: %(word)s") % word
        case "taste":
            return _("Goes with what you like: %(word)s") % word
        case "ending":
            return _("%(n)s of your points end soon, and pay it") % word
        case "offer":
            return _("%(n)s points cheaper just now") % word
        case "tier":
            return _("For your tier alone")
        case _:
            return _("Only %(n)s points are missing") % word
