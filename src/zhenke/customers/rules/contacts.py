"""Contacts: the one spelling by which each kind is found, and the masks that hide it."""

from __future__ import annotations

import re
import unicodedata

from zhenke.basics.errors import BadInput
from zhenke.basics.phones import mask_phone, normalise_phone, phone_tail

KINDS = ("phone", "email", "wechat", "address")
TAIL_FIELD = "phone_tail"
_LONGEST = 200
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_WECHAT = re.compile(r"[a-z0-9][-_a-z0-9]{4,39}")
_DISTRICT = re.compile(r"^.*?[区县旗]|^.*?(?:市|州|盟)")
_HAN = re.compile(r"[\u3400-\u9fff]")


class ContactRefused(BadInput):
    """A text that is not a contact of its kind. Facts: `kind`; never the text itself, because refusals are logged."""

    code = "contact_refused"
    message = "This cannot be read as {kind}."


def contact_spelling(kind: str, text: str) -> str:
    """Return the spelling that is kept and shown: E.164 for phones, else the text without stray spaces.

    Errors: ContactRefused, for phones a kind of PhoneRefused.
    """
    if kind == "phone":
        return normalise_phone(text)
    kept = " ".join(unicodedata.normalize("NFKC", text).split())
    if not kept or len(kept) > _LONGEST or kind not in KINDS:
        raise ContactRefused(kind=kind)
    if kind == "email" and not _EMAIL.fullmatch(kept):
        raise ContactRefused(kind=kind)
    if kind == "wechat" and not (_WECHAT.fullmatch(kept.lower()) or kept.startswith("wxid_")):
        raise ContactRefused(kind=kind)
    return kept


def search_spelling(kind: str, kept: str) -> str:
    """Return what the blind index is made of: `kept` itself for phones, else it in small letters without spaces."""
    return kept if kind == "phone" else kept.casefold().replace(" ", "")


def tail_spelling(kind: str, kept: str) -> str:
    """Return the last four digits of a phone, "" for every other kind."""
    return phone_tail(kept) if kind == "phone" else ""


def masked_contact(kind: str, kept: str) -> str:
    """Return the contact with its telling part hidden.

    Source: promises.md §3.3.
    Example: phone 138****8000; z***9; a***@domain; 深圳市罗湖区***
    """
    if kind == "phone":
        return mask_phone(kept)
    if kind == "email":
        return f"{kept[:1]}***@{kept.rpartition('@')[2]}"
    if kind == "address":
        district = _DISTRICT.match(kept)
        return f"{district[0] if district and _HAN.search(kept) else ''}***"
    return f"{kept[:1]}***{kept[-1:]}"
