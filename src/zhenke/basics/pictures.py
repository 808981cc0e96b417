"""Pictures that people hand in, drawn anew: what leaves here is our own JPEG, without place, camera or anything hidden.

Only the pixels are taken over. The size is read from the head of the file before a pixel is unpacked, so that a small
file that would unpack to billions of pixels is refused unopened.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from zhenke.basics.errors import BadInput

LARGEST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONG_SIDE, SMALL_SIDE = 1600, 320
_KINDS = ("JPEG", "PNG", "WEBP")


class NotAPicture(BadInput):
    """The file is no JPEG, PNG or WebP, or is broken."""

    code = "picture_unreadable"
    message = "This file is not a photo that can be read. Take a JPEG, PNG or WebP."


class PictureTooLarge(BadInput):
    """The file or the picture in it is too large. Facts: `limit_mb`."""

    code = "picture_too_large"
    message = "The photo is larger than {limit_mb} MB or 50 million pixels. Make it smaller."


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as JPEG, large and small."""

    large: bytes
    small: bytes
    width: int
    height: int


def redrawn(raw: bytes) -> Picture:
    """Return the picture in a file, turned upright, at most 1600 pixels long, and a small one of at most 320.

    Errors: PictureTooLarge by bytes or pixels; NotAPicture.
    """
    if len(raw) > LARGEST_BYTES:
        raise PictureTooLarge(limit_mb=LARGEST_BYTES >> 20)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=_KINDS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise PictureTooLarge(limit_mb=LARGEST_BYTES >> 20)
                opened.draft("RGB", (LONG_SIDE, LONG_SIDE))
                upright = ImageOps.exif_transpose(opened)
                flat = _on_white(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge(limit_mb=LARGEST_BYTES >> 20) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise NotAPicture from None
    flat.thumbnail((LONG_SIDE, LONG_SIDE))
    small = flat.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Picture(_jpeg(flat), _jpeg(small), flat.width, flat.height)


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the pixels alone, see-through ones on white."""
    colours = picture.convert("RGBA")
    ground = Image.new("RGB", colours.size, "white")
    ground.paste(colours, mask=colours.getchannel("A"))
    return ground


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()
