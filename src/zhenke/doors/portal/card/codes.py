"""A short text as a picture for a scanner."""

from __future__ import annotations

import segno


def picture_of(text: str) -> str:
    """Return the code as a picture in a `data:` address, dark on white: scanners want it so by night too."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=6, border=3, dark="#221e1a", light="#ffffff")
