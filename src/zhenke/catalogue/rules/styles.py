"""Pure rules of the catalogue: the stable codes of categories, metals and stones, and the shape of a style."""

from __future__ import annotations

from dataclasses import dataclass

from zhenke.basics.errors import BadInput

CATEGORIES = (
    "ring",
    "wedding_ring",
    "necklace",
    "pendant",
    "earring",
    "bracelet",
    "bangle",
    "bead",
    "bar",
    "set",
    "loose_stone",
    "watch",
    "other",
)
METALS = (
    "gold",
    "gold_antique",
    "gold_hard",
    "gold_5g",
    "k22",
    "k18_white",
    "k18_yellow",
    "k18_rose",
    "k14",
    "pt950",
    "pt999",
    "silver",
    "steel",
    "other",
)
STONES = (
    "diamond",
    "lab_diamond",
    "jadeite",
    "nephrite",
    "pearl",
    "ruby",
    "sapphire",
    "emerald",
    "spinel",
    "tourmaline",
    "opal",
    "amber",
    "coral",
    "agate",
    "crystal",
    "other",
)
PRICE_MODES = ("fixed", "gram")

_LIMITS = {"style_no": 60, "name": 120, "category": 40, "metal": 24, "stone": 24}


class BadStyle(BadInput):
    """A style that cannot be written as given."""

    code = "bad_style"
    message = "The style's {field} cannot be used: {text}"


@dataclass(frozen=True, slots=True)
class StyleDraft:
    """A style on its way in; codes of this module or the shop's own words, empty = not known."""

    style_no: str
    name: str = ""
    category: str = ""
    metal: str = ""
    purity_permille: int | None = None
    stone: str = ""
    price_mode: str = "fixed"
    weight_mg: int | None = None
    tag_price_minor: int | None = None
    currency: str = "CNY"


def check_style(draft: StyleDraft) -> None:
    """Refuse a draft that no style can be made of.

    Errors: BadStyle, naming the field: number missing, text too long or unreadable, an unknown price mode, purity
            outside 1..1000, a weight or price below 0.
    """
    for field, limit in _LIMITS.items():
        text = getattr(draft, field)
        if len(text) > limit or "\x00" in text:
            raise BadStyle(field=field, text=text.replace("\x00", "")[:limit])
    if not draft.style_no.strip():
        raise BadStyle(field="style_no", text=draft.style_no)
    if draft.price_mode not in PRICE_MODES:
        raise BadStyle(field="price_mode", text=draft.price_mode[:20])
    bounds = {"purity_permille": (1, 1000), "weight_mg": (0, 2**31 - 1), "tag_price_minor": (0, 10**13)}
    for field, (low, high) in bounds.items():
        number = getattr(draft, field)
        if number is not None and not low <= number <= high:
            raise BadStyle(field=field, text=str(number))
