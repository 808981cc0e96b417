"""A stream of bytes sealed piece by piece, so that a file of any size is written and opened without holding it.

A file is a line that names the form, a line of JSON (what it is, which key, salt), and pieces: four bytes of length and
AES-256-GCM under a key made of the ring's key and the salt. Each piece is bound to the head, its place and whether it
is the last: nothing can be altered, moved, left out, cut off or added.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import RawIOBase
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhenke.basics.errors import ZhenkeError
from zhenke.basics.keyring import Keyring

MAGIC = b"ZHENKE SEALED STREAM 1\n"
PIECE_BYTES = 1 << 20
_LONGEST_HEAD = 4_096
_TAG_BYTES = 16


class StreamBroken(ZhenkeError):
    """A sealed file cannot be opened: it is none, it is damaged, or its key is not on the ring. Facts: `reason`."""

    code = "stream_broken"
    message = "This file cannot be opened: {reason}."


class SealedWriter(RawIOBase):
    """Takes bytes and writes them sealed; only a stream that was closed in order can be opened again."""

    def __init__(self, out: IO[bytes], *, keyring: Keyring, about: Mapping[str, Any]) -> None:
        salt = secrets.token_bytes(32)
        head = {**about, "key": keyring.newest, "salt": b64encode(salt).decode()}
        line = json.dumps(head, sort_keys=True).encode() + b"\n"
        self._out, self._held, self._place = out, bytearray(), 0
        self._box = AESGCM(_key(keyring.sealing_keys[keyring.newest], salt))
        self._bound = sha256(MAGIC + line).digest()
        out.write(MAGIC + line)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, raw: Any) -> int:
        """Take bytes; whole pieces go out at once."""
        self._held += raw
        while len(self._held) > PIECE_BYTES:
            self._send(bytes(self._held[:PIECE_BYTES]), is_last=False)
            del self._held[:PIECE_BYTES]
        return len(raw)

    def finish(self) -> None:
        """Write the last piece."""
        self._send(bytes(self._held), is_last=True)

    def _send(self, piece: bytes, *, is_last: bool) -> None:
        nonce, bound = _place(self._place, is_last), self._bound + _place(self._place, is_last)
        sealed = self._box.encrypt(nonce, piece, bound)
        self._out.write(len(sealed).to_bytes(4, "big") + sealed)
        self._place += 1


def read_head(source: IO[bytes]) -> dict[str, Any]:
    """Return what a sealed file says of itself, not yet believed: only opening it proves it.

    Errors: StreamBroken.
    """
    if source.read(len(MAGIC)) != MAGIC:
        raise StreamBroken(reason="it is no file of this kind")
    line = source.readline(_LONGEST_HEAD)
    try:
        head = json.loads(line)
        if not isinstance(head, dict) or not isinstance(head["key"], str) or len(b64decode(head["salt"])) != 32:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise StreamBroken(reason="its beginning is damaged") from None
    return head | {"bound": sha256(MAGIC + line).digest()}


def opened_pieces(source: IO[bytes], *, keyring: Keyring) -> Iterator[bytes]:
    """Give the bytes piece by piece; what came before a fault must not be believed.

    Errors: StreamBroken.
    """
    head = read_head(source)
    if head["key"] not in keyring.sealing_keys:
        raise StreamBroken(reason=f"its key {head['key'][:16]} is not on the key ring")
    box = AESGCM(_key(keyring.sealing_keys[head["key"]], b64decode(head["salt"])))
    place = 0
    length = source.read(4)
    while True:
        size = int.from_bytes(length, "big")
        if len(length) != 4 or not _TAG_BYTES <= size <= PIECE_BYTES + _TAG_BYTES:
            raise StreamBroken(reason="it is cut off or damaged")
        sealed, length = source.read(size), source.read(4)
        is_last = not length
        bound = head["bound"] + _place(place, is_last)
        try:
            yield box.decrypt(_place(place, is_last), sealed, bound)
        except InvalidTag:
            raise StreamBroken(reason="it was altered or cut off, or it was sealed by another house") from None
        if is_last:
            return
        place += 1


def _place(number: int, is_last: bool) -> bytes:
    return bytes([is_last]) + number.to_bytes(11, "big")


def _key(secret: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"zhenke sealed stream v1").derive(secret)
