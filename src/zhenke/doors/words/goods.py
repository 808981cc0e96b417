"""What pieces are made of and called: categories, metals, stones, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CATEGORY_WORDS: dict[str, Promise] = {
    "ring": pgettext_lazy("piece", "Ring"),
    "wedding_ring": _("Wedding ring"),
    "necklace": _("Necklace"),
    "pendant": _("Pendant"),
    "earring": _("Earrings"),
    "bracelet": _("Bracelet"),
    "bangle": _("Bangle"),
    "jade_bangle": _("Jade bangle"),
    "jade_pendant": _("Jade pendant"),
    "bead": _("Bead"),
    "bar": _("Gold bar"),
    "set": pgettext_lazy("piece", "Set"),
    "loose_stone": _("Loose stone"),
    "watch": pgettext_lazy("piece", "Watch"),
    "other": pgettext_lazy("piece", "Other"),
}

METAL_WORDS: dict[str, Promise] = {
    "gold": _("Pure gold"),
    "gold_999": _("Pure gold"),
    "gold_antique": _("Antique gold"),
    "gold_heritage": _("Antique gold"),
    "gold_hard": _("3D hard gold"),
    "gold_3d": _("3D hard gold"),
    "gold_5g": _("5G gold"),
    "k22": _("22K gold"),
    "k18_white": _("18K white gold"),
    "k18_yellow": _("18K yellow gold"),
    "k18_rose": _("18K rose gold"),
    "k14": _("14K gold"),
    "pt950": _("Platinum 950"),
    "pt999": _("Platinum 999"),
    "silver": _("Silver"),
    "ag925": _("Silver 925"),
    "ag999": _("Pure silver"),
    "steel": _("Steel"),
    "other": pgettext_lazy("metal", "Other"),
}

STONE_WORDS: dict[str, Promise] = {
    "diamond": _("Diamond"),
    "lab_diamond": _("Laboratory-grown diamond"),
    "jadeite": _("Jadeite"),
    "nephrite": _("Nephrite"),
    "pearl": _("Pearl"),
    "ruby": _("Ruby"),
    "sapphire": _("Sapphire"),
    "emerald": _("Emerald"),
    "spinel": _("Spinel"),
    "tourmaline": _("Tourmaline"),
    "opal": _("Opal"),
    "amber": _("Amber"),
    "coral": _("Coral"),
    "agate": _("Agate"),
    "crystal": _("Crystal"),
    "other": pgettext_lazy("stone", "Other"),
}


def category_word(code: str) -> str:
    """Return the word of a category; a word of the shop's own stays as it is."""
    return str(CATEGORY_WORDS.get(code, code))


def metal_word(code: str) -> str:
    """Return the word of a metal; a word of the shop's own stays as it is."""
    return str(METAL_WORDS.get(code, code))


def stone_word(code: str) -> str:
    """Return the word of a stone; a word of the shop's own stays as it is."""
    return str(STONE_WORDS.get(code, code))
