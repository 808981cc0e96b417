"""An address as a code for a phone's camera."""

from __future__ import annotations

import segno


def qr_of(address: str) -> str:
    """Return the code as a picture in a `data:` address, dark on nothing, with its quiet border."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=6, border=2, dark="#221e1a")
