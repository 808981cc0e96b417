"""Keys of traits: which hold one value, and what a value of a shop's own field must look like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

# Everything else may have several values: metals, styles, stones, motifs, taboos …
SINGLE = frozenset(
    {
        "ring_size",
        "ring_size_left",
        "ring_size_right",
        "bracelet_mm",
        "wrist_cm",
        "wrist_mm",
        "necklace_cm",
        "necklace_mm",
        "ears_pierced",
        "budget_band",
        "occupation",
        "skin_type",
        "hair_type",
    }
)
CUSTOM = "custom."


def is_single(key: str) -> bool:
    """Return whether a new value of this key replaces the old one: sizes, budget, and the shop's own fields."""
    return key in SINGLE or key.startswith(CUSTOM)


def fits(kind: str, choices: Sequence[str], text: str) -> bool:
    """Return whether `text` is a value of a shop's own field of this kind: text, number, date, choice, yes_no."""
    if kind == "number":
        return text.lstrip("-").replace(".", "", 1).isdecimal() and text.isascii()
    if kind == "date":
        try:
            return date.fromisoformat(text).isoformat() == text
        except ValueError:
            return False
    if kind == "choice":
        return text in choices
    return text in ("yes", "no") if kind == "yes_no" else True
