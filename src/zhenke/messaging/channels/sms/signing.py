"""How a call to the provider is signed, in the form of Aliyun's SendSms (ACS3-HMAC-SHA256)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Return parameters in order, every sign but letters, digits and -_.~ in per cent."""
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(parameters.items()))


def signed_headers(
    *, host: str, path: str, query: str, action: str, version: str, at: str, nonce: str, key: str, secret: str
) -> dict[str, str]:
    """Return the headers of one POST without a body.

    Units:  `at` as 2026-11-30T10:00:00Z; `path` "/" for this provider.
    """
    body_hash = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": body_hash,
        "x-acs-date": at,
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(("POST", path, query, lines, names, body_hash))
    wanted = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(secret.encode(), wanted.encode(), "sha256").hex()
    return {**headers, "Authorization": f"{ALGORITHM} Credential={key},SignedHeaders={names},Signature={signature}"}
