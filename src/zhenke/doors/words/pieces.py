"""Words about pieces: settings, stones, papers, how they change hands, when they are to be looked at."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.catalogue.rules import StoneDraft
from zhenke.doors.words.days import ago, distance
from zhenke.doors.words.goods import stone_word

SETTING_WORDS: dict[str, Promise] = {
    "prong": gettext_lazy("Prong setting"),
    "bezel": gettext_lazy("Bezel setting"),
    "channel": gettext_lazy("Channel setting"),
    "pave": gettext_lazy("Pavé setting"),
    "tension": gettext_lazy("Tension setting"),
    "inlay": gettext_lazy("Inlay"),
    "other": pgettext_lazy("setting", "Other"),
}
NATURE_WORDS: dict[str, Promise] = {
    "natural": gettext_lazy("natural"),
    "lab": gettext_lazy("laboratory-grown"),
    "treated": gettext_lazy("treated"),
}
PURPOSE_WORDS: dict[str, Promise] = {
    "insurance": gettext_lazy("Insurance"),
    "inheritance": gettext_lazy("Inheritance"),
    "resale": gettext_lazy("Resale"),
    "trade_in": gettext_lazy("Trade-in"),
    "other": pgettext_lazy("valuation", "Other"),
}
HOW_WORDS: dict[str, Promise] = {
    "gift": gettext_lazy("As a gift"),
    "bought": gettext_lazy("Sold on"),
    "inherited": gettext_lazy("Inherited"),
    "swapped": gettext_lazy("Swapped"),
    "returned": gettext_lazy("Came back to the shop"),
}
SHOWS_WORDS: dict[str, Promise] = {
    "photos": gettext_lazy("Photos"),
    "stones": gettext_lazy("Stones"),
    "certificate": gettext_lazy("Certificate"),
}
RECHECK_WORDS: dict[str, Promise] = {
    "": gettext_lazy("Not checked again"),
    "same": gettext_lazy("Checked again, the same"),
    "differs": gettext_lazy("Checked again, it differs"),
}
LOOK_REASONS = (
    ("service", gettext_lazy("For cleaning or repair")),
    ("valuation", gettext_lazy("For a valuation or trade-in")),
    ("claim", gettext_lazy("For a question about the certificate")),
    ("check", gettext_lazy("To check it with the customer")),
)
_GLYPHS = {
    "ring": "ring",
    "wedding_ring": "ring",
    "necklace": "necklace",
    "pendant": "necklace",
    "earring": "earring",
    "bracelet": "bangle",
    "bangle": "bangle",
    "jade_bangle": "bangle",
    "jade_pendant": "necklace",
    "watch": "clock",
    "loose_stone": "stone",
}


def glyph_of(category: str) -> str:
    """Return the icon that stands where a piece has no photo."""
    return _GLYPHS.get(category, "stone")


def inspection_words(due: date | None, today: date) -> tuple[str, str]:
    """Return when a piece is to be looked at, and how pressing that is: "late", "soon" or ""."""
    if due is None:
        return "", ""
    days = (due - today).days
    if days < 0:
        return _("Inspection was due %(ago)s") % {"ago": ago(due, today)}, "late"
    return _("Inspection %(when)s") % {"when": distance(days)}, "soon" if days <= 14 else ""


def carats(thousandths: int | None) -> str:
    """Return a weight in carats as the trade writes it: 1.02 ct."""
    return "" if thousandths is None else f"{thousandths / 1000:.3f}".rstrip("0").ljust(4, "0") + " ct"


def stone_title(stone: StoneDraft) -> str:
    """Return what a stone is: Diamond × 2 · natural · 1.02 ct."""
    nature = str(NATURE_WORDS.get(stone.nature, "")) if stone.nature else ""
    name = stone_word(stone.kind) + (f" × {stone.count}" if stone.count > 1 else "")
    return " · ".join(part for part in (name, nature, carats(stone.carat_thousandths)) if part)


def stone_facts(stone: StoneDraft) -> list[tuple[str, str]]:
    """Return what else is known of a stone, named; empty ones left out."""
    named = (
        (pgettext_lazy("stone", "Shape"), stone.shape),
        (pgettext_lazy("stone", "Colour"), stone.colour),
        (pgettext_lazy("stone", "Clarity"), stone.clarity),
        (pgettext_lazy("stone", "Cut"), stone.cut),
        (pgettext_lazy("stone", "Polish"), stone.polish),
        (pgettext_lazy("stone", "Symmetry"), stone.symmetry),
        (pgettext_lazy("stone", "Fluorescence"), stone.fluorescence),
        (pgettext_lazy("stone", "Measurements"), stone.measurements),
        (pgettext_lazy("stone", "Origin"), stone.origin),
        (pgettext_lazy("jade", "Texture"), stone.jade_texture),
        (pgettext_lazy("jade", "Water"), stone.jade_water),
        (pgettext_lazy("jade", "Colour"), stone.jade_colour),
        (pgettext_lazy("jade", "Type"), stone.jade_type),
    )
    return [(str(word), value) for word, value in named if value]
