"""A small jewel box for the tests of pieces: Mrs Zhou's ring, with all that can be known of one."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from PIL import Image
from tests.cast import NOW, Cast

from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations import add_piece
from zhenke.catalogue.rules import CertificateDraft, PieceDraft, StoneDraft

TODAY = date(2026, 11, 22)
SERIAL, NUMBER = "DR2403-31146375", "2487710010"


def ring(cast: Cast, *, key: str = "desk:1", serial: str = SERIAL, due: date | None = TODAY) -> Piece:
    """Write Mrs Zhou's diamond ring."""
    draft = PieceDraft(
        "六爪钻戒",
        serial=serial,
        category="ring",
        metal="k18_white",
        purity_permille=750,
        gross_mg=2_700,
        metal_mg=2_600,
        price_minor=1_551_200,
        next_inspection_date=due,
    )
    return add_piece(
        customer=cast.mrs_zhou,
        draft=draft,
        source_key=key,
        stones=[StoneDraft("diamond", "natural", carat_thousandths=402, colour="G")],
        certificates=[CertificateDraft("GIA", NUMBER, check_url=f"https://www.gia.edu/report-check?reportno={NUMBER}")],
        by=cast.mei,
        now=NOW,
    )


def picture(colour: tuple[int, int, int] = (200, 150, 60)) -> bytes:
    """Return a small photo."""
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()
