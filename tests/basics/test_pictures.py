"""Pictures are drawn anew: nothing hidden comes through, bombs and other files are refused."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from zhenke.basics.pictures import LARGEST_BYTES, NotAPicture, PictureTooLarge, redrawn

pytestmark = pytest.mark.one_database
PLACE = 0x8825
SECRET = b"shenzhen-22.54N-114.05E"


def photo(width: int = 2400, height: int = 1200, kind: str = "JPEG", **options: object) -> bytes:
    """Return a photo as a phone writes it: with a place, a camera and a side that is up."""
    picture = Image.new("RGB", (width, height), (200, 150, 60))
    exif = picture.getexif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(PLACE)[1] = "N"
    out = BytesIO()
    picture.save(out, kind, exif=exif, comment=SECRET, **options)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """Return a small PNG whose head promises side × side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


class TestRedrawn:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_keeps_pixels_turned_upright_and_nothing_else(self, kind: str) -> None:
        raw = photo(kind=kind)
        assert SECRET in raw
        picture = redrawn(raw)
        assert (picture.width, picture.height) == (800, 1600)
        for jpeg in (picture.large, picture.small):
            opened = Image.open(BytesIO(jpeg))
            assert opened.format == "JPEG"
            assert not opened.getexif()
            assert SECRET not in jpeg
            assert b"Exif" not in jpeg
        assert max(Image.open(BytesIO(picture.small)).size) == 320
        red, green, blue = Image.open(BytesIO(picture.large)).getpixel((400, 800))  # type: ignore[misc]
        assert abs(red - 200) + abs(green - 150) + abs(blue - 60) < 12

    def test_shows_what_is_see_through_on_white(self) -> None:
        out = BytesIO()
        Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
        assert Image.open(BytesIO(redrawn(out.getvalue()).large)).getpixel((25, 25)) == (255, 255, 255)

    @pytest.mark.parametrize("side", [8_000, 30_000, 60_000])
    def test_refuses_a_bomb_before_it_is_unpacked(self, side: int) -> None:
        with pytest.raises(PictureTooLarge):
            redrawn(bomb(side))

    def test_refuses_too_many_bytes(self) -> None:
        with pytest.raises(PictureTooLarge):
            redrawn(b"\xff\xd8" + bytes(LARGEST_BYTES))

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"hello",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            b"GIF89a" + bytes(40),
            b"%PDF-1.7",
            photo(40, 40)[:300],
            bomb(100),
        ],
        ids=["empty", "text", "svg", "gif", "pdf", "half", "broken"],
    )
    def test_refuses_what_is_no_photo(self, raw: bytes) -> None:
        with pytest.raises(NotAPicture):
            redrawn(raw)
