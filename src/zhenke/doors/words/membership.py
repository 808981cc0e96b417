"""Tiers, rights and points in words: the shop's own names in the reader's language, and sentences made from figures."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhenke.basics.money import Money, format_money
from zhenke.doors.words.days import exact_day, is_chinese
from zhenke.doors.words.goods import category_word
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.earning import LinePoints
from zhenke.membership.rules.programme import UNLIMITED, Right, Tier
from zhenke.membership.rules.rights import RightLeft
from zhenke.membership.rules.tiers import Missing

RATE_WORDS: dict[str, Promise] = {
    "fixed": gettext_lazy("set pieces"),
    "gram": gettext_lazy("gold and platinum by gram"),
}
EXCLUDED_WORDS: dict[str, Promise] = {
    "organisation": gettext_lazy("Companies and partners earn no points."),
    "category": gettext_lazy("Pieces of this category earn no points."),
    "rate": gettext_lazy("Pieces of this kind earn no points."),
    "nothing_paid": gettext_lazy("Nothing was paid for it in money."),
}
MOVE_WORDS: dict[str, Promise] = {
    "sale": gettext_lazy("by a purchase"),
    "return": gettext_lazy("after a return"),
    "night": gettext_lazy("as the window moved"),
    "rules": gettext_lazy("by new rules"),
    "merge": gettext_lazy("when two archives became one"),
    "merge_undone": gettext_lazy("when a merge was undone"),
    "import": gettext_lazy("by imported receipts"),
}


def name_of(one: Tier | Right) -> str:
    """Return the name of a tier or a right that the shop gave it, in the reader's language."""
    return one.name_zh if is_chinese() else one.name


def tier_word(key: str) -> str:
    """Return the name of a tier by its key; the key itself for one that is no more."""
    held = rules_now()
    return next((name_of(tier) for tier in held.rules.tiers.levels if tier.key == key), key) if held else key


def right_word(key: str) -> str:
    """Return the name of a right by its key; the key itself for one that is no more."""
    held = rules_now()
    right = held.rules.right(key) if held else None
    return name_of(right) if right else key


def percent_words(percent: int) -> str:
    """Return a factor as people say it: × 1.2."""
    return f"× {percent / 100:g}"


def amount_words(minor: int, currency: str) -> str:
    """Return an amount, with cents only where there are any."""
    amount = Money(minor, currency)
    return format_money(amount, "zh-hans" if is_chinese() else "en", is_whole=amount.amount == int(amount.amount))


def why_words(why: LinePoints, *, tier: Tier, currency: str) -> str:
    """Return how the points of a line came about, as one line to read out."""
    if why.excluded:
        return str(EXCLUDED_WORDS[why.excluded])
    kind = str(RATE_WORDS.get(why.rate_of) or category_word(why.rate_of))
    rate = {"points": why.rate.points, "per": amount_words(why.rate.per_minor, currency), "kind": kind}
    parts = [
        amount_words(why.base_minor, currency),
        ngettext("%(points)s point per %(per)s (%(kind)s)", "%(points)s points per %(per)s (%(kind)s)", why.rate.points)
        % rate,
    ]
    if why.tier_percent != 100:
        parts.append(f"{percent_words(why.tier_percent)} {name_of(tier)}")
    if why.times_percent != 100:
        word = _("birthday") if why.times_of == "birthday" else why.times_of
        parts.append(f"{percent_words(why.times_percent)} {word}")
    said = " · ".join(parts)
    if why.less_minor:
        said += " · " + _("%(less)s was paid otherwise") % {"less": amount_words(why.less_minor, currency)}
    return said + (" · " + _("cut at the receipt's limit") if why.is_capped else "")


def missing_words(missing: Missing | None, *, basis: str, currency: str) -> str:
    """Return what is missing to the next tier."""
    if missing is None:
        return _("The highest tier.")
    tier = name_of(missing.tier)
    if basis == "frequency":
        return ngettext("%(n)s purchase more for %(tier)s.", "%(n)s purchases more for %(tier)s.", missing.left) % {
            "n": f"{missing.left:,}",
            "tier": tier,
        }
    if basis == "points":
        return _("%(n)s points more for %(tier)s.") % {"n": f"{missing.left:,}", "tier": tier}
    words = {
        "tier": tier,
        "left": amount_words(missing.left, currency),
        "gram": amount_words(missing.gram_left, currency),
    }
    return _("%(left)s more for %(tier)s, or %(gram)s of gold by gram.") % words


def share_words(right: Right, share: int) -> str:
    """Return what a tier has of a right: 10 % off, twice a year, as often as she likes."""
    if right.kind == "discount":
        return _("%(percent)s%% off") % {"percent": share}
    if right.kind == "gift":
        return _("once a year")
    if right.kind == "standing":
        return ""
    if share == UNLIMITED:
        return _("as often as she likes")
    return ngettext("%(n)s time a year", "%(n)s times a year", share) % {"n": share}


def left_words(one: RightLeft) -> str:
    """Return what is left of one right."""
    if one.state == "later" and one.day is not None:
        return _("for her birthday on %(day)s") % {"day": exact_day(one.day)}
    if one.state == "due" and one.day is not None:
        return _("due: her birthday is %(day)s") % {"day": exact_day(one.day)}
    if one.state == "missed" and one.day is not None:
        return _("not given for her birthday on %(day)s") % {"day": exact_day(one.day)}
    if one.state == "used_up":
        return _("given this year")
    if one.left is not None:
        return ngettext("%(n)s left this year", "%(n)s left this year", one.left) % {"n": one.left}
    return share_words(one.right, one.share)
