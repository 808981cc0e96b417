"""What may be known of a customer besides her own columns: one table of kinds, and how a value of each is written.

A kind is one line of `KINDS`: key, group, form, level. Its words are in doors/words/traits.py, its import headings in
rules/trait_columns.py. A key that has no line is a till's own: text, of level 2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

GROUPS = ("taste", "sizes", "wearing", "person", "care", "organisation")
FORMS = ("text", "number", "one_of", "several", "day", "yes_no", "money_band", "tax_number")
FINGERS = tuple(
    f"ring_{hand}_{finger}" for hand in ("left", "right") for finger in ("thumb", "index", "middle", "ring", "little")
)
CUSTOM = "custom."
ALIAS = "alias"
MASK = "***"
SEALED_LEVEL = 4
_RING = (("hk", "1", "40"), ("us", "1", "16"), ("mm", "10", "26"))
_MM = (("mm", "40", "90"),)
MOTIFS = (
    "clover", "heart", "butterfly", "moon", "snow", "camellia", "magnolia", "swan", "ribbon", "rain", "bamboo", "lotus",
    "fortune", "ruyi", "cloud", "peony", "gourd", "safety", "koi", "pixiu", "wheat", "guanyin",
)  # fmt: skip
ANIMALS = ("rat", "ox", "tiger", "rabbit", "dragon", "snake", "horse", "goat", "monkey", "rooster", "dog", "pig")


@dataclass(frozen=True, slots=True)
class TraitKind:
    """One kind of thing to know.

    `codes` are what is offered; `is_open` takes other words too. `units` are (unit, least, most), the first one is
    meant when none is said. `is_often` stands on the profile before "More". `is_old` is still read and no longer
    offered. Level: promises.md §3.1.
    """

    key: str
    group: str
    form: str = "text"
    level: int = 2
    codes: tuple[str, ...] = ()
    is_open: bool = False
    units: tuple[tuple[str, str, str], ...] = ()
    is_often: bool = False
    is_old: bool = False

    @property
    def is_single(self) -> bool:
        """Whether a new value replaces the old one."""
        return self.form != "several"


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field that the shop defined itself, as rules need it; its traits have the key `custom.<key>`.

    `words` are what a choice is called in English and Chinese, `names` what the field itself is called.
    """

    key: str
    form: str
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    level: int = 2

    @property
    def trait_key(self) -> str:
        """The key of its traits."""
        return f"{CUSTOM}{self.key}"

    @property
    def is_single(self) -> bool:
        """Whether a new value replaces the old one."""
        return self.form != "several"


class ValueUnfit(ValueError):
    """A value that its kind cannot have: `reason` is number, unit, range, choice, day, yes_no or tax_number."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


def _ring(key: str, **more: bool) -> TraitKind:
    return TraitKind(key, "sizes", "number", units=_RING, **more)  # type: ignore[arg-type]


_ALL: tuple[TraitKind, ...] = (
    # Metals and stones are codes of the catalogue, which stands above this room: open here, offered by doors.
    TraitKind("metal", "taste", "several", is_open=True, is_often=True),
    TraitKind("stone", "taste", "several", is_open=True, is_often=True),
    TraitKind("style", "taste", "several", codes=("minimal", "classic", "modern", "chinese", "sweet", "statement"),
              is_open=True, is_often=True),
    TraitKind("colour", "taste", "several", codes=("red", "green", "purple", "blue", "white", "yellow", "pink",
              "black", "colourful"), is_open=True),
    TraitKind("motif", "taste", "several", codes=MOTIFS, is_open=True),
    TraitKind("designer", "taste", "several", is_open=True),
    TraitKind("brand", "taste", "several", is_open=True),
    TraitKind("taboo", "taste", "several", is_open=True),
    TraitKind("do_not_gift", "taste", "several", level=3, is_open=True),
    _ring("ring_size", is_often=True),
    *(_ring(finger) for finger in FINGERS),
    _ring("partner_ring_size"),
    _ring("ring_size_hk", is_old=True), _ring("partner_ring_size_hk", is_old=True),
    _ring("ring_size_left", is_old=True), _ring("ring_size_right", is_old=True),
    TraitKind("bangle_mm", "sizes", "number", units=_MM),
    TraitKind("bracelet_mm", "sizes", "number", units=(("mm", "40", "260"),), is_old=True),
    TraitKind("bracelet_cm", "sizes", "number", units=(("cm", "12", "26"),)),
    TraitKind("wrist_cm", "sizes", "number", units=(("cm", "10", "26"),)),
    TraitKind("wrist_mm", "sizes", "number", units=(("mm", "100", "260"),), is_old=True),
    TraitKind("necklace_cm", "sizes", "number", units=(("cm", "30", "120"),)),
    TraitKind("necklace_mm", "sizes", "number", units=(("mm", "300", "1200"),), is_old=True),
    TraitKind("ears_pierced", "sizes", "yes_no"),
    TraitKind("occasion", "wearing", "several", codes=("daily", "office", "banquet", "festival", "travel",
              "company_gift"), is_open=True, is_often=True),
    TraitKind("motive", "wearing", "several", codes=("self", "bridal", "gift", "saver", "elder", "baby", "collector",
              "company"), is_open=True, is_often=True),
    TraitKind("budget_band", "wearing", "money_band", is_often=True),
    TraitKind("budget", "wearing", "money_band", is_old=True),
    TraitKind("intent", "wearing", "several", codes=("engagement", "wedding", "gift", "self", "saving", "repair"),
              is_open=True),
    TraitKind("intent_date", "wearing", "day"),
    TraitKind("alias", "person", "several", level=3, is_open=True),
    TraitKind("occupation", "person", level=3),
    TraitKind("income_band", "person", "money_band", level=3),
    TraitKind("lifestyle", "person", "several", codes=("family", "business", "social", "outdoors", "arts", "quiet"),
              is_open=True),
    TraitKind("hobby", "person", "several", is_open=True),
    TraitKind("pet", "person", "several", codes=("cat", "dog"), is_open=True),
    TraitKind("drink", "person", "several", codes=("tea", "coffee", "water", "juice"), is_open=True),
    TraitKind("skin_tone", "person", "one_of", codes=("cool", "warm", "neutral"), is_open=True),
    TraitKind("zodiac", "person", "one_of", codes=ANIMALS),
    TraitKind("contact_hour", "person", "several", codes=("morning", "lunch", "after_work", "evening", "weekend"),
              is_open=True),
    TraitKind("consent", "person", "several", is_open=True, is_old=True),
    # What metal she cannot wear is said at every tray; everything else of her health is for few.
    TraitKind("allergy", "care", "several", level=3, codes=("nickel", "copper", "silver", "alloy"), is_open=True,
              is_often=True),
    TraitKind("skin_type", "care", level=2),
    TraitKind("hair_type", "care", level=2),
    TraitKind("health", "care", "several", level=4, is_open=True),
    TraitKind("contraindication", "care", "several", level=4, is_open=True),
    TraitKind("faith", "care", level=4),
    TraitKind("legal_name", "organisation", is_often=True),
    TraitKind("tax_number", "organisation", "tax_number", level=3, is_often=True),
    TraitKind("industry", "organisation", "one_of", codes=("finance", "realty", "technology", "hotel", "media",
              "education", "manufacture", "trade", "medicine", "weddings", "public"), is_open=True, is_often=True),
    TraitKind("contract_date", "organisation", "day", level=3, is_often=True),
    TraitKind("contract_until_date", "organisation", "day", level=3),
    TraitKind("payment_terms", "organisation", "one_of", level=3, codes=("prepaid", "on_delivery", "days_30",
              "days_60", "monthly"), is_open=True, is_often=True),
    TraitKind("volume_band", "organisation", "money_band", level=3, is_often=True),
)  # fmt: skip
KINDS: Mapping[str, TraitKind] = MappingProxyType({kind.key: kind for kind in _ALL})
LEVEL_3 = frozenset(kind.key for kind in _ALL if kind.level == 3)
LEVEL_4 = frozenset(kind.key for kind in _ALL if kind.level == SEALED_LEVEL)

_UNITS = {
    **dict.fromkeys(("号", "#", "圈"), ""),
    **dict.fromkeys(("hk", "港度", "港码", "港"), "hk"),
    **dict.fromkeys(("us", "美码", "美"), "us"),
    **dict.fromkeys(("mm", "毫米"), "mm"),
    **dict.fromkeys(("cm", "厘米", "公分"), "cm"),
}
_SIGNS = "|".join(sorted(_UNITS, key=len, reverse=True))
_MEASURE = re.compile(rf"({_SIGNS})?(\d{{1,6}}(?:\.\d{{1,3}})?)({_SIGNS})?", re.ASCII)
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "有", "已打", "打了"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "否", "无", "没有", "没打", "未打"), "no"),
}
_MONEY = re.compile(r"(\d{1,9}(?:\.\d{1,2})?)(k|千|w|万|百万|m)?")
_SCALES = {"": 1, "k": 1_000, "千": 1_000, "w": 10_000, "万": 10_000, "m": 1_000_000, "百万": 1_000_000}
_USC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_TAX_NUMBER = re.compile(r"[0-9A-Z]{8,20}")


def is_single(key: str) -> bool:
    """Return whether a new value of this key replaces the old one. The shop's own fields say so themselves."""
    kind = KINDS.get(key)
    return kind.is_single if kind else key.startswith(CUSTOM)


def kept_value(key: str, text: str) -> str:
    """Return a value as its kind keeps it; a key without a kind keeps the text.

    Units:  a number has the unit of its key; of a ring size a bare number is a Hong Kong number, others keep their
            unit: "14", "6.5 us", "17.2 mm". Bands of money in whole units of the shop's currency: "5000-15000",
            "50000+". Days are ISO days.
    Errors: ValueUnfit.
    Example: ("ring_left_ring", "港度14号") -> "14"; ("budget_band", "5千-1.5万") -> "5000-15000"
    """
    kind = KINDS.get(key)
    return text if kind is None else _KEPT[kind.form](kind, text)


def fitting_own(own: OwnField, text: str) -> str:
    """Return a value as one of the shop's own fields keeps it; a choice also by its words. Errors: ValueUnfit."""
    if own.form in ("choice", "several"):
        wanted = text.casefold()
        for code in own.choices:
            if text == code or wanted in {word.casefold() for word in own.words.get(code, ())}:
                return code
        raise ValueUnfit("choice")
    if own.form == "number":
        if not re.fullmatch(r"-?\d{1,12}(?:\.\d{1,6})?", text, re.ASCII):
            raise ValueUnfit("number")
        return text
    if own.form == "date":
        return _day_kept(text)
    return _yes_no_kept(text) if own.form == "yes_no" else text


def money_bounds(text: str) -> tuple[int, int | None] | None:
    """Return the ends of a kept band, the upper one None where it is open; None if the text is no band.

    Units: whole units of the currency (yuan). Example: "50000+" -> (50000, None)
    """
    found = re.fullmatch(r"(\d+)(?:-(\d+)|\+)", text)
    return (int(found[1]), int(found[2]) if found[2] else None) if found else None


def _text_kept(kind: TraitKind, text: str) -> str:
    return text


def _number_kept(kind: TraitKind, text: str) -> str:
    found = _MEASURE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower())
    first = kind.units[0][0]
    if found is None:
        raise ValueUnfit("number", unit=first)
    unit = _UNITS.get(found[3] or "") or _UNITS.get(found[1] or "") or first
    bounds = {name: (least, most) for name, least, most in kind.units}
    if unit not in bounds:
        raise ValueUnfit("unit", unit=first)
    least, most = bounds[unit]
    if not Decimal(least) <= Decimal(found[2]) <= Decimal(most):
        raise ValueUnfit("range", least=least, most=most, unit=unit)
    kept = f"{Decimal(found[2]).normalize():f}"
    return kept if unit == first else f"{kept} {unit}"


def _code_kept(kind: TraitKind, text: str) -> str:
    if text in kind.codes or kind.is_open:
        return text
    raise ValueUnfit("choice")


def _day_kept(text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ValueUnfit("day")


def _yes_no_kept(text: str) -> str:
    try:
        return _YES_NO[text.strip().lower()]
    except KeyError:
        raise ValueUnfit("yes_no") from None


def _band_kept(kind: TraitKind, text: str) -> str:
    """Bands of the house's own words ("about ten thousand") stay as they are: a budget is what somebody said."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"[¥￥元,，\s]|rmb|cny", "", plain)
    is_open = plain.endswith(("+", "以上")) or plain.startswith((">", "≥"))
    plain = plain.removesuffix("+").removesuffix("以上").lstrip(">≥")
    parts = [_MONEY.fullmatch(part) for part in re.split(r"[-–—~～至到]", plain)]
    if not all(parts) or len(parts) != (1 if is_open else 2):
        return text
    scales = [part[2] or "" for part in parts if part]
    if len(parts) == 2 and not scales[0] and scales[1]:  # 5-15k, 1-2万
        scales[0] = scales[1]
    ends = [int(Decimal(part[1]) * _SCALES[scale]) for part, scale in zip(parts, scales, strict=True) if part]
    if is_open:
        return f"{ends[0]}+"
    return f"{min(ends)}-{max(ends)}"


def _tax_number_kept(kind: TraitKind, text: str) -> str:
    """Source: GB 32100-2015 for numbers of 18 signs, others by form only (older ones, and abroad)."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not _TAX_NUMBER.fullmatch(plain):
        raise ValueUnfit("tax_number")
    if len(plain) == 18:
        if any(sign not in _USC for sign in plain):
            raise ValueUnfit("tax_number")
        if tax_check_sign(plain[:17]) != plain[17]:
            raise ValueUnfit("tax_number")
    return plain


_KEPT = {
    "text": _text_kept,
    "number": _number_kept,
    "one_of": _code_kept,
    "several": _code_kept,
    "day": lambda kind, text: _day_kept(text),
    "yes_no": lambda kind, text: _yes_no_kept(text),
    "money_band": _band_kept,
    "tax_number": _tax_number_kept,
}


def offered(group: str) -> Sequence[TraitKind]:
    """Return the kinds of a group that are asked, in their order."""
    return [kind for kind in _ALL if kind.group == group and not kind.is_old]


def tax_check_sign(body: str) -> str:
    """Return the last sign of a company's tax number (统一社会信用代码) from the seventeen before it.

    Errors: ValueError for a sign that such a number does not have.
    Source: GB 32100-2015.
    """
    return _USC[-sum(_USC.index(sign) * weight for sign, weight in zip(body, _USC_WEIGHTS, strict=True)) % 31]
