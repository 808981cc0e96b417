"""Pure rules of pieces: their shape on the way in, which sale lines make some, when one is to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from zhenke.basics.errors import BadInput

SETTINGS = ("prong", "bezel", "channel", "pave", "tension", "inlay", "other")
NATURES = ("natural", "lab", "treated")
LABS = ("GIA", "IGI", "HRD", "NGTC", "GTC", "GUILD", "SSEF", "GUBELIN")
PURPOSES = ("insurance", "inheritance", "resale", "trade_in", "other")
RECHECKS = ("same", "differs")
SHOWABLE = ("photos", "stones", "certificate")
SHARE_HOURS = (24, 7 * 24, 30 * 24)
INSPECTION_MONTHS = 6
"""What a form proposes; whoever inspects decides. Source: the trade's field "Warranty and care"."""
CALLED_IN_MONTHS = 24
"""A piece from older files that was bought longer ago is not called in by itself; whoever sees it next may say when."""
MOST_OF_A_LINE = 20
"""More of one kind on one line are stock for a company, not jewellery of a person."""
_NEVER_PIECES = ("bar", "bead")
_WITHOUT_SETTING = ("bead", "bar", "loose_stone", "watch", "bangle", "jade_bangle")
_LONGEST_WEIGHT_MG = 100_000_000
_MOST_MINOR = 10**13


class BadPiece(BadInput):
    """A piece, stone, paper or valuation that cannot be written as given."""

    code = "bad_piece"
    message = "The piece's {field} cannot be used."


@dataclass(frozen=True, slots=True)
class PieceDraft:
    """What is said of a piece; codes of this module and of the styles, or the shop's own words; empty = not known."""

    name: str
    serial: str = ""
    category: str = ""
    metal: str = ""
    purity_permille: int | None = None
    gross_mg: int | None = None
    metal_mg: int | None = None
    size: str = ""
    hallmark: str = ""
    maker: str = ""
    setting: str = ""
    bought_date: date | None = None
    price_minor: int | None = None
    currency: str = "CNY"
    warranty: str = ""
    next_inspection_date: date | None = None
    secret_until_date: date | None = None


@dataclass(frozen=True, slots=True)
class StoneDraft:
    """One stone. Units: carats in thousandths."""

    kind: str
    nature: str = ""
    count: int = 1
    shape: str = ""
    carat_thousandths: int | None = None
    colour: str = ""
    clarity: str = ""
    cut: str = ""
    polish: str = ""
    symmetry: str = ""
    fluorescence: str = ""
    measurements: str = ""
    origin: str = ""
    jade_texture: str = ""
    jade_water: str = ""
    jade_colour: str = ""
    jade_type: str = ""


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """One paper of a laboratory."""

    lab: str
    number: str
    issued_date: date | None = None
    check_url: str = ""
    inscription: str = ""
    is_original: bool = True
    recheck: str = ""


@dataclass(frozen=True, slots=True)
class ValuationDraft:
    """What a piece is worth, for a purpose."""

    purpose: str
    value_minor: int
    on_date: date
    currency: str = "CNY"
    valid_until_date: date | None = None
    insurer: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True)
class SoldPiece:
    """One piece of a sale line, as plain values; the same `source_key` is one piece."""

    source_key: str
    customer_id: int
    shop_id: int
    bought_date: date
    draft: PieceDraft
    style_id: int | None = None
    wearer_id: int | None = None


@dataclass(frozen=True, slots=True)
class PieceDetails:
    """What is loaded of many pieces at once, each named by its `source_key`; inspections as day and next day."""

    source_key: str
    stones: tuple[StoneDraft, ...] = ()
    certificates: tuple[CertificateDraft, ...] = ()
    inspections: tuple[tuple[date, date], ...] = ()


_LIMITS = {
    "name": 160,
    "serial": 60,
    "category": 40,
    "metal": 24,
    "size": 40,
    "hallmark": 60,
    "maker": 80,
    "setting": 24,
    "warranty": 300,
    "kind": 24,
    "nature": 8,
    "shape": 24,
    "colour": 24,
    "clarity": 24,
    "cut": 24,
    "polish": 24,
    "symmetry": 24,
    "fluorescence": 24,
    "measurements": 40,
    "origin": 40,
    "jade_texture": 24,
    "jade_water": 24,
    "jade_colour": 24,
    "jade_type": 24,
    "lab": 40,
    "number": 60,
    "check_url": 300,
    "inscription": 60,
    "recheck": 8,
    "purpose": 16,
    "currency": 3,
    "insurer": 80,
    "policy": 60,
}
_BOUNDS = {
    "purity_permille": (1, 1000),
    "gross_mg": (0, _LONGEST_WEIGHT_MG),
    "metal_mg": (0, _LONGEST_WEIGHT_MG),
    "price_minor": (0, _MOST_MINOR),
    "value_minor": (0, _MOST_MINOR),
    "carat_thousandths": (0, _LONGEST_WEIGHT_MG),
    "count": (1, 9_999),
}


def _check(draft: object) -> None:
    """Refuse texts that are too long and numbers out of bounds. Errors: BadPiece, naming the field."""
    for field in fields(draft):  # type: ignore[arg-type]
        value = getattr(draft, field.name)
        if isinstance(value, str) and (len(value) > _LIMITS[field.name] or "\x00" in value):
            raise BadPiece(field=field.name)
        low, high = _BOUNDS.get(field.name, (None, None))
        if low is not None and high is not None and value is not None and not low <= value <= high:
            raise BadPiece(field=field.name)


def check_piece(draft: PieceDraft) -> None:
    """Refuse a draft that no piece can be made of.

    Errors: BadPiece, naming the field: no name, text too long, a number out of bounds, more metal than the whole.
    """
    _check(draft)
    if not draft.name.strip():
        raise BadPiece(field="name")
    if draft.gross_mg is not None and draft.metal_mg is not None and draft.metal_mg > draft.gross_mg:
        raise BadPiece(field="metal_mg")


def check_stone(draft: StoneDraft) -> None:
    """Refuse a stone that cannot be kept. Errors: BadPiece, naming the field."""
    _check(draft)
    if not draft.kind.strip():
        raise BadPiece(field="kind")
    if draft.nature and draft.nature not in NATURES:
        raise BadPiece(field="nature")


def check_certificate(draft: CertificateDraft) -> None:
    """Refuse a paper without laboratory or number, or whose link leads elsewhere than the web.

    Errors: BadPiece, naming the field.
    """
    _check(draft)
    if not draft.lab.strip():
        raise BadPiece(field="lab")
    if not draft.number.strip():
        raise BadPiece(field="number")
    if draft.check_url and not draft.check_url.startswith(("https://", "http://")):
        raise BadPiece(field="check_url")
    if draft.recheck and draft.recheck not in RECHECKS:
        raise BadPiece(field="recheck")


def check_valuation(draft: ValuationDraft) -> None:
    """Refuse a valuation for no known purpose or that ended before it began. Errors: BadPiece, naming the field."""
    _check(draft)
    if draft.purpose not in PURPOSES:
        raise BadPiece(field="purpose")
    if draft.valid_until_date is not None and draft.valid_until_date < draft.on_date:
        raise BadPiece(field="valid_until_date")


def spellings(number: str) -> set[str]:
    """Return how a serial or certificate number that is looked for may stand in the books.

    Numbers are kept as they are written; who types one leaves out a blank or a capital.
    Example: spellings("dr 24") -> {"dr 24", "dr24", "DR 24", "DR24"}
    """
    typed = number.strip()
    close = "".join(typed.split())
    return {typed, close, typed.upper(), close.upper()}


def masked_number(number: str) -> str:
    """Return a number with only its last four signs, of a short one the last.

    Source: promises.md §3.3.
    Example: masked_number("2141438171") -> "****8171"
    """
    return f"****{number[-4:] if len(number) > 5 else number[-1:]}" if number else ""


def pieces_in_line(*, category: str, has_style: bool, weight_mg: int | None, quantity: int) -> int:
    """Return how many pieces a sale line makes.

    None: bars and beads are gold by weight, and so is a line that names no style but a weight; nor do more than
    twenty of one kind, which are a company's stock.
    """
    if category in _NEVER_PIECES or (not has_style and weight_mg is not None):
        return 0
    return quantity if 0 < quantity <= MOST_OF_A_LINE else 0


def wants_inspection(*, category: str, stone: str) -> bool:
    """Return whether a piece is called in to be looked at: only a setting can come loose, plain gold cannot."""
    return bool(stone) and category not in _WITHOUT_SETTING


def next_inspection(after: date) -> date:
    """Return the day six months on; of a day that month has not, its last.

    Example: 31 August -> 28 February
    """
    year, month = divmod(after.year * 12 + after.month - 1 + INSPECTION_MONTHS, 12)
    for day in (after.day, 30, 29, 28):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def inspection_ahead(*, bought: date, today: date) -> date | None:
    """Return the first six months' day after today of a piece from an older file; None if it was bought too long ago.

    Example: bought 10 January 2026, today 22 November 2026 -> 10 January 2027
    """
    if (today.year - bought.year) * 12 + today.month - bought.month > CALLED_IN_MONTHS:
        return None
    due = next_inspection(bought)
    while due <= today:
        due = next_inspection(due)
    return due
