"""One SMS, by one signed call; it says for certain only what the provider said. No call is made again here."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from zhenke.messaging.channels.sms.signing import canonical_query, signed_headers
from zhenke.messaging.rules.letters import Answer, Letter, Outcome

ACTION, VERSION = "SendSms", "2017-05-25"
TIMEOUT_SECONDS = 15.0
LARGEST_ANSWER = 64 * 1024
_OWN = {"localhost", "127.0.0.1", "::1"}
_CODE = re.compile(r"[A-Za-z0-9_.]{1,60}")
# Codes by which nothing was taken and a later call may be: too many calls, balance used up.
_FOR_NOW = re.compile(r"Throttling.*|isv\.BUSINESS_LIMIT_CONTROL|isv\.AMOUNT_NOT_ENOUGH|isv\.OUT_OF_SERVICE")


@dataclass(frozen=True, slots=True)
class SmsProvider:
    """Where SMS are handed in, and as whom."""

    address: str
    key: str
    secret: str = field(repr=False)
    sign_name: str
    timeout_seconds: float = TIMEOUT_SECONDS


class SmsChannel:
    """The way out by SMS."""

    def __init__(self, provider: SmsProvider) -> None:
        self.provider, parts = provider, urlsplit(provider.address)
        if parts.hostname is None or (parts.scheme != "https" and parts.hostname not in _OWN):
            raise ValueError("ZHENKE_SMS_ADDRESS begins with https://")
        self._is_safe, self._host, self._port, self._netloc = (
            parts.scheme == "https",
            parts.hostname,
            parts.port,
            parts.netloc,
        )

    def __repr__(self) -> str:
        return f"SmsChannel({self._host})"

    def send(self, letter: Letter) -> Outcome:
        """Hand one letter in. A line that never stood is refused for now; one that broke or was silent is unknown."""
        line = (HTTPSConnection if self._is_safe else HTTPConnection)(
            self._host, self._port, timeout=self.provider.timeout_seconds
        )
        try:
            try:
                line.connect()
            except OSError:
                return Outcome(Answer.LATER, "not_reached")
            query = canonical_query(self._parameters(letter))
            line.request("POST", f"/?{query}", headers=self._headers(query))
            answer = line.getresponse()
            return outcome_of(answer.status, answer.read(LARGEST_ANSWER))
        except (OSError, HTTPException):
            return Outcome(Answer.UNKNOWN, "line_broke")
        finally:
            line.close()

    def _parameters(self, letter: Letter) -> Mapping[str, str]:
        return {
            "PhoneNumbers": letter.to.removeprefix("+86").removeprefix("+"),
            "SignName": self.provider.sign_name,
            "TemplateCode": letter.provider_code,
            "TemplateParam": json.dumps(dict(letter.values), ensure_ascii=False),
            "OutId": str(letter.key),
        }

    def _headers(self, query: str) -> dict[str, str]:
        return signed_headers(
            host=self._netloc,
            path="/",
            query=query,
            action=ACTION,
            version=VERSION,
            at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            nonce=secrets.token_hex(16),
            key=self.provider.key,
            secret=self.provider.secret,
        )


def outcome_of(status: int, body: bytes) -> Outcome:
    """Return what an answer of the provider means.

    Taken is only what has a key of the provider's; a refusal is only what names its reason. Everything else, an empty
    answer and a server that failed among it, may have been taken.
    """
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    code, key = str(told.get("Code", "")), str(told.get("BizId", ""))[:80]
    code = code if _CODE.fullmatch(code) else ""
    if status >= 500:
        return Outcome(Answer.UNKNOWN, f"http_{status}")
    if status == 429 or _FOR_NOW.fullmatch(code):
        return Outcome(Answer.LATER, code or "http_429")
    if code == "OK" and status == 200:
        return Outcome(Answer.ACCEPTED, code, key) if key else Outcome(Answer.UNKNOWN, "no_key")
    return Outcome(Answer.REFUSED, code) if code and code != "OK" else Outcome(Answer.UNKNOWN, f"http_{status}")
