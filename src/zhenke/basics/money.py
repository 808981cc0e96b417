"""Money: whole minor units (fen, cents) and their currency; read exactly, never as a float, and written for people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol, is_currency

from zhenke.basics.errors import BadInput

_PLAIN = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2}))?")
_PARTS = re.compile(r"([^0-9.]*)([0-9.](?:[0-9., ']*[0-9.])?)([^0-9.]*)")
_NUMBER = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:([, '])[0-9]{3})(?:\1[0-9]{3})*)?(?:\.[0-9]*)?")
_UNITS = {"": 0, "千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8}
_DOLLARS = frozenset({"USD", "HKD", "SGD", "AUD", "CAD", "TWD", "NZD"})
# Which currencies a mark can mean; a code of three letters means itself.
_MARKS: dict[str, frozenset[str]] = {
    "¥": frozenset({"CNY", "JPY"}),
    "$": _DOLLARS,
    **dict.fromkeys(("rmb", "人民币", "元整", "元正", "块钱", "块"), frozenset({"CNY"})),
    **dict.fromkeys(("元", "圆"), frozenset({"CNY", "HKD", "TWD", "JPY"})),
    **dict.fromkeys(("hk$", "港币", "港元"), frozenset({"HKD"})),
    **dict.fromkeys(("us$", "美元", "美金"), frozenset({"USD"})),
    **dict.fromkeys(("日元", "円", "jp¥"), frozenset({"JPY"})),
    **dict.fromkeys(("cn¥",), frozenset({"CNY"})),
    **dict.fromkeys(("€", "欧元"), frozenset({"EUR"})),
    **dict.fromkeys(("£", "英镑"), frozenset({"GBP"})),
}
_MARK = "|".join(re.escape(mark) for mark in sorted(_MARKS, key=len, reverse=True)) + "|[a-z]{3}"
_BEFORE = re.compile(rf"(?:[-+(]|{_MARK})*")
_AFTER = re.compile(rf"({'|'.join(unit for unit in _UNITS if unit)}|)((?:{_MARK})*)(\)?)")
_EACH_MARK = re.compile(_MARK)
_LARGEST_MINOR = 10**17
_MOST_DIGITS = 20
_EXACT_FLOAT = 2**53
_LONGEST_TEXT = 60
_OWN_SYMBOLS = {"CNY": "¥", "JPY": "JP¥"}


class CurrencyMismatch(BadInput):
    """Two currencies meet where one is needed; facts: `found`, `wanted`."""

    code = "currency_mismatch"
    message = "This amount is in {found} and {wanted} is needed."


class CurrencyUnknown(BadInput):
    """A code that is no currency."""

    code = "currency_unknown"
    message = "{currency} is not a currency code such as CNY."


class AmountRefused(BadInput):
    """A text that is not one exact amount; the named kinds below say why."""

    code = "amount_refused"
    message = "This is not an amount of money."


class AmountEmpty(AmountRefused):
    """Nothing was written."""

    code = "amount_empty"
    message = "The amount is empty."


class AmountUnreadable(AmountRefused):
    """The text holds something other than one number and its currency."""

    code = "amount_unreadable"
    message = "This amount holds something other than one number and its currency."


class AmountAmbiguous(AmountRefused):
    """Commas and points do not stand where thousands and decimals are separated."""

    code = "amount_ambiguous"
    message = "It is not clear which signs of this amount separate thousands and which decimals; write it as 1,234.50."


class AmountTooPrecise(AmountRefused):
    """There is a remainder below the smallest coin; rounding it would be guessing. Facts: `places` allowed."""

    code = "amount_too_precise"
    message = "This amount has more than {places} decimal places; round it where it was calculated."


class AmountTooLarge(AmountRefused):
    """No shop takes this much; a column was probably mistaken."""

    code = "amount_too_large"
    message = "This amount is too large to be an amount of money."


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency.

    Units:  `minor` in the smallest coin (fen, cents; for JPY the yen), signed; `currency` an ISO 4217 code.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {type(self.minor).__name__}")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    @property
    def amount(self) -> Decimal:
        """The amount in whole units with all its decimal places, for files and logs: 86400.00."""
        return Decimal(self.minor).scaleb(-currency_exponent(self.currency))

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Return one share per weight; the shares sum to the amount exactly.

        Round:  every share down, then one minor unit more for the largest remainders, the earlier first.
        Errors: ValueError for a negative weight or when no weight is above zero.
        Example: 100 fen over (1, 1, 1) -> 34, 33, 33
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("shares need weights of zero or more, at least one above zero")
        sign = -1 if self.minor < 0 else 1
        shares = [abs(self.minor) * weight // whole for weight in weights]
        left = abs(self.minor) - sum(shares)
        remainders = [-(abs(self.minor) * weight % whole) for weight in weights]
        for place in sorted(range(len(weights)), key=remainders.__getitem__)[:left]:
            shares[place] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(found=other.currency, wanted=self.currency)
        return other.minor


@cache
def currency_exponent(currency: str) -> int:
    """Return how many decimal places a currency has: CNY 2, JPY 0.

    Errors: CurrencyUnknown.
    """
    if not is_currency(currency):
        raise CurrencyUnknown(currency=currency)
    return get_currency_precision(currency)


def parse_money(text: str | int | float | Decimal, currency: str) -> Money:
    """Return the exact amount that was written in whole units (yuan) of `currency`.

    ¥, 元, RMB and codes, 千 / 万 / 亿, thousands separators, full-width signs and bracketed negatives are understood.
    A float is taken only if its shortest decimal form is exact to the cent.

    Errors: a kind of AmountRefused; CurrencyMismatch if the text names another currency; CurrencyUnknown.
    Example: "（1,200.50）" -> -120050; "1.5万元" -> 1500000; 0.30000000000000004 -> AmountTooPrecise
    """
    if isinstance(text, str):
        plain = _PLAIN.fullmatch(text) if currency_exponent(currency) == 2 else None
        if plain:
            minor = int(plain[2]) * 100 + int((plain[3] or "").ljust(2, "0"))
            return Money(-minor if plain[1] else minor, currency)
        return _exact(*_read(text, currency), currency)
    if isinstance(text, bool):
        raise AmountUnreadable
    if isinstance(text, float) and abs(text) >= _EXACT_FLOAT:
        raise AmountTooLarge
    number = Decimal(repr(text)) if isinstance(text, float) else Decimal(text)
    if not number.is_finite():
        raise AmountUnreadable
    return _exact(number, 0, currency)


def format_money(money: Money, language: str, *, is_whole: bool = False) -> str:
    """Return the amount as people read it.

    Units:  `language` as Django names it ("zh-hans", "en"); `is_whole` leaves the decimal places out.
    Round:  with `is_whole` half away from zero, for show only.
    Example: ¥86,400.00; is_whole: ¥86,400
    """
    amount = money.amount
    if is_whole:
        amount = amount.quantize(Decimal(1), ROUND_HALF_UP)
    locale = _locale(language)
    shown = format_currency(amount, money.currency, _pattern(locale, is_whole), locale, currency_digits=not is_whole)
    own = _OWN_SYMBOLS.get(money.currency)
    return shown.replace(get_currency_symbol(money.currency, locale), own) if own else shown


def _read(text: str, currency: str) -> tuple[Decimal, int]:
    """Return the number and the power of ten of its unit."""
    if len(text) > _LONGEST_TEXT:
        raise AmountUnreadable
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("’", "'").strip().lower()
    if not plain.strip("-–— ¥$元"):
        raise AmountEmpty
    parts = _PARTS.fullmatch(plain)
    before = parts and _BEFORE.fullmatch(parts[1].replace(" ", ""))
    after = parts and _AFTER.fullmatch(parts[3].replace(" ", ""))
    if not (parts and before and after):
        raise AmountUnreadable
    if not _NUMBER.fullmatch(parts[2]) or parts[2] == ".":
        raise AmountAmbiguous
    signs = [sign for sign in before[0] if sign in "-+("]
    if len(signs) > 1 or ("(" in signs) != bool(after[3]):
        raise AmountUnreadable
    for mark in (*_EACH_MARK.findall(before[0]), *_EACH_MARK.findall(after[2])):
        _refuse_other_currency(mark, currency)
    amount = Decimal(re.sub("[, ']", "", parts[2]))
    return (-amount if signs and signs[0] in "-(" else amount), _UNITS[after[1]]


def _refuse_other_currency(mark: str, currency: str) -> None:
    meant = _MARKS.get(mark)
    if meant is None and not is_currency(mark.upper()):
        raise AmountUnreadable
    if currency not in (meant or {mark.upper()}):
        raise CurrencyMismatch(found=mark.upper(), wanted=currency)


def _exact(number: Decimal, power: int, currency: str) -> Money:
    places = currency_exponent(currency)
    _, digits, exponent = number.as_tuple()  # whole numbers from here on: Decimal arithmetic would round to 28 digits
    if number and number.adjusted() > _MOST_DIGITS:
        raise AmountTooLarge
    if number and int(exponent) < -_LONGEST_TEXT:
        raise AmountTooPrecise(places=places)
    shift = int(exponent) + power + places if number else 0
    minor, lost = divmod(int("".join(map(str, digits))) * 10 ** max(shift, 0), 10 ** max(-shift, 0))
    if lost:
        raise AmountTooPrecise(places=places)
    if minor > _LARGEST_MINOR:
        raise AmountTooLarge
    return Money(-minor if number < 0 else minor, currency)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))


@cache
def _pattern(locale: Locale, is_whole: bool) -> str | None:
    if not is_whole:
        return None
    return re.sub(r"\.0+", "", locale.currency_formats["standard"].pattern)
