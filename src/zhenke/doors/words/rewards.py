"""Rewards in words: kinds, the shop's own names, why somebody may not have one, and why one is recommended."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from zhenke.doors.words.days import is_chinese
from zhenke.doors.words.goods import CATEGORY_WORDS, METAL_WORDS, STONE_WORDS
from zhenke.membership.models import Redemption, Reward
from zhenke.membership.rules.rewards import Recommended

KIND_WORDS: dict[str, Promise] = {
    "goods": gettext_lazy("Goods"),
    "service": pgettext_lazy("reward", "Service"),
    "coupon": gettext_lazy("Coupon"),
    "voucher": gettext_lazy("Gift voucher"),
}
REFUSED_WORDS: dict[str, Promise] = {
    "ended": gettext_lazy("Taken out"),
    "not_yet": gettext_lazy("Not offered yet"),
    "over": gettext_lazy("No longer offered"),
    "sold_out": gettext_lazy("None left"),
    "tier": gettext_lazy("For other tiers"),
    "had": gettext_lazy("Taken as often as one member may"),
    "points": gettext_lazy("Not enough points yet"),
}
STATE_WORDS: dict[str, Promise] = {
    "reserved": gettext_lazy("Put aside"),
    "handed_over": gettext_lazy("Handed over"),
    "cancelled": gettext_lazy("Called off"),
}
COUPON_STATES: dict[str, Promise] = {
    "issued": gettext_lazy("Waits to be used"),
    "used": pgettext_lazy("coupon", "Used"),
}
WRONG_WORDS: dict[str, Promise] = {
    "unknown": gettext_lazy("This is not known here."),
    "empty": gettext_lazy("A name is needed."),
    "out_of_bounds": gettext_lazy("This number is too small or too large."),
    "before_first": gettext_lazy("The last day lies before the first."),
    "too_many": gettext_lazy("At most twelve words of at most 40 letters."),
    "not_cheaper": gettext_lazy("A campaign must cost fewer points than the reward does."),
}


def reward_name(reward: Reward) -> str:
    """Return the name that the shop gave it, in the reader's language."""
    return reward.name_zh if is_chinese() else reward.name


def reward_note(reward: Reward) -> str:
    """Return the line about it in the reader's language."""
    return reward.note_zh if is_chinese() else reward.note


def goods_word(code: str) -> str:
    """Return the word of a category, metal or stone; the shop's own word as it is."""
    return str(CATEGORY_WORDS.get(code) or METAL_WORDS.get(code) or STONE_WORDS.get(code) or code)


def because_words(one: Recommended | None) -> str:
    """Return why a reward is recommended, as one line to read out; "" where it is not."""
    if one is None:
        return ""
    word, count = {"word": goods_word(one.word).lower(), "n": f"{one.count:,}"}, one.count
    match one.because:
        case "piece":
            return (
                ngettext(
                    "She owns a piece it is made for: %(word)s", "She owns %(n)s pieces it is made for: %(word)s", count
                )
                % word
            )
        case "taste":
            return _("Goes with what she likes: %(word)s") % word
        case "ending":
            return _("%(n)s of her points end soon, and pay it") % word
        case "offer":
            return _("%(n)s points cheaper just now") % word
        case "tier":
            return _("For her tier alone")
        case _:
            return _("Only %(n)s points are missing") % word


def code_words(code: str) -> str:
    """Return a code in groups of four, as people read it out."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def state_word(row: Redemption) -> str:
    """Return what became of a redemption."""
    return str(STATE_WORDS[row.state])
