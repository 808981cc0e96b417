"""The pieces that the demo shop's customers own: from its receipts, with stones, papers, inspections, a few photos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random

from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations import add_photo, add_valuation, keep_sold, load_details
from zhenke.catalogue.queries import find_pieces
from zhenke.catalogue.rules import (
    CertificateDraft,
    PieceDetails,
    SoldPiece,
    StoneDraft,
    ValuationDraft,
    next_inspection,
)
from zhenke.doors.demo.dice import dice, happens
from zhenke.doors.demo.drawings import drawn
from zhenke.doors.demo.load import OpenedShop, batched
from zhenke.doors.demo.rows import SaleLineRow, StyleRow
from zhenke.sales.queries import lines_of, pieces_sold
from zhenke.staff import SYSTEM

_LOVED = 10
_VALUED = 3
_COLOURS, _CLARITIES = ("D", "E", "F", "G", "H"), ("VVS1", "VVS2", "VS1", "VS2", "SI1")
_GRADES = ("EX", "EX", "EX", "VG")
_TEXTURES, _WATERS, _JADE_COLOURS = (
    ("冰种", "糯冰种", "糯种", "豆种"),
    ("一分水", "两分水"),
    ("飘花", "阳绿", "春彩", "白"),
)
_SERVICE = "终身免费清洗、检查；首年免费改圈"


def write_pieces(*, opened: OpenedShop, now: datetime) -> None:
    """Write the pieces of every receipt, what is known of them, and the few that Mei shows often."""
    styles = {style.style_no: style for style in opened.rows.styles}
    for receipts in batched(opened.rows.sales):
        rows = {(f"demo:{one.receipt_no}", f"#{line.line_no}"): line for one in receipts for line in one.lines}
        lines = sorted(
            lines_of(viewer=SYSTEM, sale_keys={sale for sale, _ in rows}), key=lambda line: (line.sale_id, line.pk)
        )
        sold, details = [], []
        for _, own in groupby(lines, key=lambda line: line.sale_id):
            kept = list(own)
            by_key = {str(line.pk): rows[(line.sale.source_key, line.line_key)] for line in kept}
            for piece in pieces_sold(sale=kept[0].sale, lines=kept):
                row = by_key[piece.source_key.split(":")[1]]
                told, detail = _told(piece, row, styles[row.style_no], opened)
                sold.append(told)
                details.append(detail)
        keep_sold(sold=sold, now=now)
        load_details(details=details, now=now)
    _show_a_few(opened, now)


def _told(piece: SoldPiece, row: SaleLineRow, style: StyleRow, opened: OpenedShop) -> tuple[SoldPiece, PieceDetails]:
    """Return a piece with its serial and next inspection, and what else is known of it."""
    rng = dice(opened.rows.seed, "piece", row.serial or piece.source_key)
    is_one = row.quantity == 1
    inspections, due = _looked_at(piece, opened.today, rng)
    draft = replace(
        piece.draft,
        serial=row.serial.upper() if is_one else "",
        size=f"港度 {row.ring_size_hk}" if row.ring_size_hk and "ring" in style.category else "",
        hallmark="珍宝阁 " + ("AU750" if style.purity_permille == 750 else f"{style.purity_permille or ''}‰"),
        maker="珍宝阁工坊",
        setting="prong" if style.stone in ("diamond", "ruby", "sapphire", "emerald") else "",
        warranty=_SERVICE if due else "",
        next_inspection_date=due,
    )
    papers = tuple(_papers(row, style, piece.bought_date, rng)) if is_one else ()
    stones = (_stone(style, rng),) if style.stone else ()
    return replace(piece, draft=draft), PieceDetails(piece.source_key, stones, papers, inspections)


def _looked_at(piece: SoldPiece, today: date, rng: Random) -> tuple[tuple[tuple[date, date], ...], date | None]:
    """Return when a piece was last looked at, if ever, and when it is due; nearly all come in time."""
    due = piece.draft.next_inspection_date
    if due is None or due > today:
        return (), due
    if happens(rng, 4):
        return (), due  # nobody has seen it since
    last = today - timedelta(days=rng.randrange(1, 176 if happens(rng, 97) else 215))
    if last <= piece.bought_date:
        return (), due
    return ((last, next_inspection(last)),), next_inspection(last)


def _stone(style: StyleRow, rng: Random) -> StoneDraft:
    carat = style.stone_millicarats or None
    if style.stone == "diamond":
        return StoneDraft(
            "diamond",
            "natural",
            shape="圆形",
            carat_thousandths=carat,
            colour=rng.choice(_COLOURS),
            clarity=rng.choice(_CLARITIES),
            cut=rng.choice(_GRADES),
            polish=rng.choice(_GRADES),
            symmetry=rng.choice(_GRADES),
            fluorescence=rng.choice(("无", "无", "弱")),
        )
    if style.stone == "jadeite":
        return StoneDraft(
            "jadeite",
            "natural",
            jade_texture=rng.choice(_TEXTURES),
            jade_water=rng.choice(_WATERS),
            jade_colour=rng.choice(_JADE_COLOURS),
            jade_type="A",
            origin="缅甸",
        )
    return StoneDraft(style.stone, "natural", carat_thousandths=carat)


def _papers(row: SaleLineRow, style: StyleRow, bought: date, rng: Random) -> Iterator[CertificateDraft]:
    """A paper of the national laboratory where the receipt names one; larger diamonds have GIA's as well."""
    issued = bought - timedelta(days=rng.randrange(30, 300))
    if row.certificate:
        number = row.certificate.removeprefix("NGTC")
        yield CertificateDraft("NGTC", number, issued, "https://www.ngtc.com.cn/", is_original=True)
    if style.stone == "diamond" and style.stone_millicarats >= 300:
        number = str(rng.randrange(2_200_000_000, 2_499_999_999))
        url = f"https://www.gia.edu/report-check?reportno={number}"
        yield CertificateDraft("GIA", number, issued, url, inscription=f"GIA {number}", is_original=True)


def _show_a_few(opened: OpenedShop, now: datetime) -> None:
    """Photos of the dearest pieces that Mei sold last, and what three of them are worth."""
    mei, styles = opened.staff["mei"], {style.style_no: style for style in opened.rows.styles}
    lines = [
        line
        for sale in reversed(opened.rows.sales)
        if sale.advisor == "mei" and sale.customer_no
        for line in sale.lines
        if line.serial and line.quantity == 1 and line.paid_minor >= 800_000 and styles[line.style_no].stone
    ]
    shown = 0
    for line in lines:
        found = find_pieces(viewer=mei, text=line.serial)
        if not found:
            continue
        style = styles[line.style_no]
        picture = drawn(category=style.category, metal=style.metal, stone=style.stone, seed=shown)
        add_photo(piece=found[0], raw=picture, by=mei, now=now)
        if shown < _VALUED:
            _value(found[0], line.paid_minor, shown, opened, now)
        shown += 1
        if shown == _LOVED:
            return


def _value(piece: Piece, paid_minor: int, number: int, opened: OpenedShop, now: datetime) -> None:
    purpose, months_ago = (("insurance", 2), ("inheritance", 9), ("insurance", 27))[number]
    day = opened.today - timedelta(days=30 * months_ago)
    draft = ValuationDraft(
        purpose,
        paid_minor * (108 + 3 * number) // 100 // 10_000 * 10_000,
        day,
        piece.currency,
        valid_until_date=day + timedelta(days=730),
        insurer="平安财险" if purpose == "insurance" else "",
        policy=f"PA{day:%Y%m}{1187 + number}" if purpose == "insurance" else "",
    )
    add_valuation(piece=piece, draft=draft, by=opened.staff["mei"], now=now)
