"""Phone numbers: one spelling (E.164) for every way people and spreadsheets write them, and the masks that hide them.

Refusals never quote the number itself, because refusals are logged.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from zhenke.basics.errors import BadInput

# Mainland mobiles by their shape only: new ranges open every few years, and a real customer must not be turned away
# because a table is older than her number.
_PLAIN_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILE = re.compile(r"(?:\+?(?:00)?860?|0)?(1[3-9][0-9]{9})")
_E164_MOBILE = re.compile(r"\+86(1[3-9][0-9]{9})")
_DRESSING = re.compile(r"[\s\-().·\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060\u2212\ufeff]")
_SPREADSHEET_NUMBER = re.compile(r"\+?([0-9]+)(?:\.([0-9]*))?(?:[eE]\+?([0-9]{1,2}))?")
_BETWEEN_NUMBERS = re.compile(r"[/,;、|&和或]")
_EXTENSION = re.compile(r"[0-9](?:转|分机|ext\.?|x|#)[0-9]{1,6}$", re.IGNORECASE)
_DIALLABLE = re.compile(r"\+?[0-9]+")
_MIN_DIGITS, _MAX_DIGITS = 3, 17
_LOCAL_DIGITS = 7
_LONGEST_TEXT = 80
_TAIL = 4


class PhoneRefused(BadInput):
    """A text that is not one dialable number; the named kinds below say why."""

    code = "phone_refused"
    message = "This is not a phone number."


class PhoneEmpty(PhoneRefused):
    """Nothing was written."""

    code = "phone_empty"
    message = "The phone number is empty."


class PhoneRuined(PhoneRefused):
    """A spreadsheet rounded the number; the lost digits cannot be guessed."""

    code = "phone_ruined_by_spreadsheet"
    message = "A spreadsheet has rounded this phone number; write it again, in a column formatted as text."


class PhoneUnreadable(PhoneRefused):
    """The text holds letters or signs that no phone number has."""

    code = "phone_unreadable"
    message = "This phone number holds something other than digits; keep notes in another column."


class PhoneSeveral(PhoneRefused):
    """Two numbers stand in one field."""

    code = "phone_several"
    message = "There is more than one phone number here; give each its own column."


class PhoneHasExtension(PhoneRefused):
    """An extension cannot be kept in the one spelling, and is not dropped silently."""

    code = "phone_has_extension"
    message = "This phone number ends in an extension; give the number without it and keep the extension as a note."


class PhoneWrongLength(PhoneRefused):
    """Digits are missing or too many; facts: `digits` found."""

    code = "phone_wrong_length"
    message = "This phone number has {digits} digits, which is not a number that can be dialled."


class PhoneNeedsAreaCode(PhoneRefused):
    """A landline without its area code is a different phone in every city."""

    code = "phone_needs_area_code"
    message = "This landline number needs its area code, such as 0755."


class PhoneUnknownRange(PhoneRefused):
    """The length is right and nobody has numbers that begin so."""

    code = "phone_unknown_range"
    message = "No phone number begins like this one; check its first digits."


def normalise_phone(text: str | int | float, region: str = "CN") -> str:
    """Return the number in E.164, the one spelling that is stored and indexed.

    Full-width digits, spaces, dashes, brackets, 86 / +86 / 0086, a 0 before a mobile and the `.0` or exact `E+10` of a
    spreadsheet are understood. `region` (ISO 3166) reads numbers that carry no country code.

    Errors: a kind of PhoneRefused, with a stable code.
    Example: "１３８ 0013-8000" -> "+8613800138000"; "0755-8888 6666" -> "+8675588886666"
    """
    if region == "CN" and isinstance(text, str) and _PLAIN_MOBILE.fullmatch(text):
        return "+86" + text
    written = _exact_number(text) if isinstance(text, (int, float)) else _plain_signs(text)
    written = written.strip().lstrip("'").removeprefix("tel:")
    _refuse_more_than_a_number(written)
    dialled = _DRESSING.sub("", _repaired(written))
    if not dialled:
        raise PhoneEmpty
    if not _DIALLABLE.fullmatch(dialled):
        raise PhoneUnreadable
    if region == "CN":
        mobile = _MOBILE.fullmatch(dialled)
        if mobile:
            return "+86" + mobile[1]
    return _by_numbering_plan(dialled, region)


def phone_tail(phone: str) -> str:
    """Return the last four digits, which shops use to recognise a customer.

    Units:  `phone` in E.164.
    """
    return phone[-_TAIL:]


def mask_phone(phone: str) -> str:
    """Return the number with its middle hidden, for everyone who has not asked to see it.

    Units:  `phone` in E.164.
    Example: +8613800138000 -> 138****8000; +8675588886666 -> 0755-****6666; +85291234567 -> +852 ****4567
    """
    mobile = _E164_MOBILE.fullmatch(phone)
    if mobile:
        return f"{mobile[1][:3]}****{phone_tail(phone)}"
    if phone.startswith("+86"):
        return _mask_landline(phone.removeprefix("+86"))
    try:
        country = phonenumbers.parse(phone).country_code
    except NumberParseException:
        return "****"
    return f"+{country} ****{_safe_tail(phone.removeprefix(f'+{country}'))}"


def _exact_number(number: float) -> str:
    if isinstance(number, float) and not number.is_integer():
        raise PhoneRuined
    return str(int(number))


def _plain_signs(text: str) -> str:
    """Return the text with full-width signs made plain; an essay in a cell is refused before anything reads it."""
    written = unicodedata.normalize("NFKC", text) if len(text) <= _LONGEST_TEXT else text
    if len(written) <= _LONGEST_TEXT:
        return written
    digits = sum(sign.isdecimal() for sign in written)
    raise PhoneWrongLength(digits=digits) if digits > _MAX_DIGITS else PhoneUnreadable()


def _refuse_more_than_a_number(written: str) -> None:
    dense = _DRESSING.sub("", written)
    parts = [sum(sign.isdecimal() for sign in part) for part in _BETWEEN_NUMBERS.split(dense)]
    if sum(digits >= _LOCAL_DIGITS for digits in parts) > 1:
        raise PhoneSeveral
    if _EXTENSION.search(dense):
        raise PhoneHasExtension


def _repaired(written: str) -> str:
    """Turn the decimal or scientific form of a spreadsheet back into digits, if not one digit was lost."""
    number = _SPREADSHEET_NUMBER.fullmatch(written)
    if number is None or (number[2] is None and number[3] is None):
        return written
    whole, part, exponent = number[1], number[2] or "", int(number[3] or 0)
    if number[3] is None and len(part) > 2:
        return written  # 138.0013.8000-like dots between groups, or 0755.88886666
    if len(part) < exponent or part[exponent:].strip("0"):
        raise PhoneRuined
    return whole + part[:exponent]


def _by_numbering_plan(dialled: str, region: str) -> str:
    digits = len(dialled.lstrip("+"))
    if not _MIN_DIGITS <= digits <= _MAX_DIGITS:
        raise PhoneWrongLength(digits=digits)
    try:
        number = phonenumbers.parse(dialled, region)
    except NumberParseException:
        raise PhoneUnknownRange from None
    if not phonenumbers.is_valid_number(number):
        raise _why_invalid(dialled, digits, number)
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _why_invalid(dialled: str, digits: int, number: phonenumbers.PhoneNumber) -> PhoneRefused:
    mainland = number.country_code == 86 and not dialled.startswith(("+", "0"))
    if mainland and digits in (7, 8) and dialled[0] != "1":
        return PhoneNeedsAreaCode()
    if mainland and dialled[0] == "1" and digits != 11:
        return PhoneWrongLength(digits=digits)
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return PhoneWrongLength(digits=digits)
    return PhoneUnknownRange()


def _mask_landline(national: str) -> str:
    if national.startswith(("400", "800")):
        return f"{national[:3]}****{_safe_tail(national)[-3:]}"
    area = 2 if national.startswith(("10", "2")) else 3
    return f"0{national[:area]}-****{_safe_tail(national[area:])}"


def _safe_tail(digits: str) -> str:
    """Return the last four digits, fewer if four would give most of the number away."""
    return digits[-min(_TAIL, len(digits) // 2) :] if len(digits) > 1 else ""
