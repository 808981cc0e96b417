"""What a browser says of a passkey, where the library is too lenient: the same for staff and for members.

The library takes any sub-domain and port (and, without HTTPS, any origin), frames of other sites, and keys that nobody
can check; and it breaks on garbage. Whoever reads a claim asks here too, and refuses all of that alike.
"""

from __future__ import annotations

import json
import struct
from contextlib import suppress
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.http import HttpRequest
from fido2.cose import CoseKey
from fido2.utils import websafe_decode
from fido2.webauthn import AttestedCredentialData

# What the library's readers of JSON and CBOR throw at words that no browser says.
GARBLED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    struct.error,
)


def origin_of(request: HttpRequest) -> str:
    """Return where this very page lies, as a browser names it."""
    return f"{request.scheme}://{request.get_host()}"


def is_said_here(claim: dict[str, Any], request: HttpRequest) -> bool:
    """Return whether a claim was made on this very page and in no frame. Errors: one of `GARBLED`."""
    said = json.loads(websafe_decode(claim["response"]["clientDataJSON"]))
    in_frame = said.get("crossOrigin", False) is not False or "topOrigin" in said
    return bool(said["origin"] == origin_of(request) and not in_frame and claim["rawId"] == claim["id"])


def is_checkable(key: AttestedCredentialData, *, raw_id: bytes) -> bool:
    """Return whether a new key is the one that the device names, of a kind that was asked for, and a key at all.

    Errors: one of `GARBLED` for a key that is none.
    """
    if key.credential_id != raw_id or key.public_key.ALGORITHM not in CoseKey.supported_algorithms():
        return False
    with suppress(InvalidSignature):
        key.public_key.verify(b"", b"")
    return True
