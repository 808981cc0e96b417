"""A whole file sealed with a key of its own: without the key, which lives elsewhere, it is noise."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhenke.basics.errors import ZhenkeError

_NONCE_BYTES = 12


class BoxBroken(ZhenkeError):
    """A sealed file was altered, or the key is another one's."""

    code = "box_broken"
    message = "A sealed file cannot be opened."


def sealed_box(raw: bytes) -> tuple[str, bytes]:
    """Return a fresh key as text, to be sealed in a row, and the bytes sealed with it."""
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(_NONCE_BYTES)
    return b64encode(key).decode(), nonce + AESGCM(key).encrypt(nonce, raw, None)


def opened_box(key: str, box: bytes) -> bytes:
    """Return the bytes again. Errors: BoxBroken."""
    try:
        return AESGCM(b64decode(key)).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError) as fault:
        raise BoxBroken from fault
