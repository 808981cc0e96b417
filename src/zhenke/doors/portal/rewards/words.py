"""Words about rewards, said to the member herself."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from zhenke.doors.words import rewards
from zhenke.membership.rules.rewards import Recommended

_REFUSED: dict[str, Promise] = {
    "sold_out": gettext_lazy("None left"),
    "tier": gettext_lazy("For other tiers"),
    "had": gettext_lazy("You have had it"),
    "points": gettext_lazy("Not enough points yet"),
}
_BECAUSE: dict[str, Promise] = {
    "piece": gettext_lazy("Made for what you own: %(word)s"),
    "taste": gettext_lazy("Goes with what you like: %(word)s"),
    "ending": gettext_lazy("%(n)s of your points end soon, and pay it"),
    "tier": gettext_lazy("For your tier alone"),
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
    """Return why a reward suits her, "" where nothing is said: in the desk's words where they do not speak of her."""
    own = _BECAUSE.get(one.because) if one else None
    if one is None or own is None:
        return rewards.because_words(one)
    return str(own) % {"word": rewards.goods_word(one.word).lower(), "n": f"{one.count:,}"}
