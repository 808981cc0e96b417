"""Seals personal fields: a value opens only with its key, and only in the row and column it was written for.

A sealed value is text, `v1|key_id|nonce|ciphertext`, the last two in base64url without padding. AES-GCM-SIV is used
because a repeated nonce then shows at most that two equal values are equal. The place (`table.column:pk`) is
authenticated with the value, so a sealed value copied into another row does not open there.

Searching for a sealed value goes through a blind index: a keyed HMAC, one key per field, apart from the sealing keys.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property, lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhenke.basics.errors import ZhenkeError
from zhenke.basics.keyring import (
    Keyring,
    KeyringExists,
    KeyringMissing,
    KeyringUnreadable,
    load_keyring,
    make_keyring,
    save_keyring,
)

__all__ = [
    "FieldCipher",
    "Keyring",
    "KeyringExists",
    "KeyringMissing",
    "KeyringUnreadable",
    "SealBroken",
    "cipher_of",
    "key_of",
    "load_keyring",
    "make_keyring",
    "place_of",
    "save_keyring",
]

_FORM = "v1"
_NONCE_BYTES = 12
_INDEX_BYTES = 16
_PLACE = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+:[^|\s]+")


class SealBroken(ZhenkeError):
    """A sealed value was changed, moved to another place, or sealed with a key that is not on the ring.

    A fault of the stored rows or of the keys, never of the request: so it is none of the four refusals.
    """

    code = "seal_broken"
    message = "A protected value at {place} cannot be opened: {reason}."


def place_of(table_column: str, key: int | str) -> str:
    """Return the place of one value, `table.column:pk`.

    Example: place_of("customers_phone.number", 17) -> "customers_phone.number:17"
    """
    return f"{table_column}:{key}"


def key_of(sealed: str) -> str:
    """Return the id of the key that a value was sealed with, "" if it has not the form of a sealed value.

    Example: key_of("v1|k2|…|…") -> "k2"
    """
    parts = sealed.split("|")
    return parts[1] if len(parts) == 4 and parts[0] == _FORM else ""


def cipher_of(path: Path) -> FieldCipher:
    """Return the cipher with the keys kept at `path`, as they are now: a key that was just added writes at once.

    Ask for it after reading the rows that are to be opened: a row never names a key that is not yet on the ring.

    Errors: KeyringMissing, KeyringUnreadable.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return FieldCipher(load_keyring(path))  # says what is missing
    return _cipher_of(path, found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode)


@lru_cache(maxsize=8)
def _cipher_of(path: Path, *_state_of_file: int) -> FieldCipher:
    return FieldCipher(load_keyring(path))


class FieldCipher:
    """Seals, opens and indexes text with the keys of one ring. Safe to share between threads."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._index_keys: dict[tuple[str, str], bytes] = {}
        # Newest first; of keys that share one master only the newest is asked.
        by_master = {keyring.index_masters[key_id]: key_id for key_id in (*keyring.index_masters, keyring.newest)}
        self._index_ids = (keyring.newest, *(one for one in by_master.values() if one != keyring.newest))

    def __repr__(self) -> str:
        return f"FieldCipher({self._keyring!r})"

    @cached_property
    def _seals(self) -> dict[str, AESGCMSIV]:
        return {key_id: AESGCMSIV(key) for key_id, key in self._keyring.sealing_keys.items()}

    def seal(self, value: str, place: str) -> str:
        """Return `value` sealed for `place` with the newest key.

        Errors: ValueError if `place` is not of the form `table.column:pk` (a fault of our code, never of input).
        """
        if not _PLACE.fullmatch(place):
            raise ValueError(f"not a place of the form table.column:pk: {place!r}")
        key_id = self._keyring.newest
        nonce = secrets.token_bytes(_NONCE_BYTES)
        box = self._seals[key_id].encrypt(nonce, value.encode(), place.encode())
        return f"{_FORM}|{key_id}|{_to_text(nonce)}|{_to_text(box)}"

    def open(self, sealed: str, place: str) -> str:
        """Return the value that was sealed for `place`.

        Errors: SealBroken if the text was altered, belongs to another place, or its key is not on the ring.
        """
        parts = sealed.split("|")
        if len(parts) != 4 or parts[0] != _FORM:
            raise SealBroken(place=place, reason="it does not have the form of a sealed value")
        seal = self._seals.get(parts[1])
        if seal is None:
            raise SealBroken(place=place, reason="its key is not on the key ring")
        try:
            return seal.decrypt(_to_bytes(parts[2]), _to_bytes(parts[3]), place.encode()).decode()
        except (InvalidTag, ValueError) as fault:
            raise SealBroken(place=place, reason="it was altered, moved, or sealed with another key") from fault

    @property
    def newest(self) -> str:
        """The id of the key that writes now."""
        return self._keyring.newest

    def is_newest(self, sealed: str) -> bool:
        """Say whether `sealed` was written with the key that is used for writing now."""
        return sealed.startswith(f"{_FORM}|{self._keyring.newest}|")

    def reseal(self, sealed: str, place: str) -> str:
        """Return the same value under the newest key, or `sealed` itself if it is there already.

        Errors: SealBroken, as `open`.
        """
        if self.is_newest(sealed):
            return sealed
        return self.seal(self.open(sealed, place), place)

    def blind_index(self, field: str, normalised: str) -> str:
        """Return the search key of a sealed value: 16 bytes as 32 hex digits, equal for equal values of one field.

        Units:  `field` names the kind of value ("phone"), so that one query reaches every column that holds that kind;
                `normalised` is the one spelling the owner of the field stores (phones: E.164).
        """
        return self.blind_index_bytes(field, normalised).hex()

    def blind_index_bytes(self, field: str, normalised: str) -> bytes:
        """Return `blind_index` as its 16 raw bytes."""
        return self._index(self._keyring.newest, field, normalised)

    def blind_indexes(self, field: str, normalised: str) -> tuple[str, ...]:
        """Return the search keys that a value may have: under the newest key first, then under those before it.

        Usually one; more between a rotation and the end of its walk. Whoever looks for a value looks for all of them.
        """
        return tuple(self._index(key_id, field, normalised).hex() for key_id in self._index_ids)

    def _index(self, key_id: str, field: str, normalised: str) -> bytes:
        key = self._index_keys.get((key_id, field))
        if key is None:
            key = self._index_keys[key_id, field] = _index_key(self._keyring.index_masters[key_id], field)
        return hmac.digest(key, normalised.encode(), "sha256")[:_INDEX_BYTES]


def _index_key(master: bytes, field: str) -> bytes:
    info = f"zhenke blind index v1: {field}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def _to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _to_bytes(text: str) -> bytes:
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _to_text(raw) != text:  # the decoder skips foreign characters and spare bits; one value has one spelling
        raise ValueError("not canonical base64url")
    return raw
