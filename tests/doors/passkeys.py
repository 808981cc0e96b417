"""An authenticator made of software: it makes passkeys and signs with them, as told, rightly or wrongly."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

from tests.cast import Cast
from tests.doors.test_permission_matrix import _session
from zhenke.staff.models import StaffMember

BY_PASSKEY, ADD = "/accounts/2fa/webauthn/login/", "/accounts/2fa/webauthn/add/"
Claim = dict[str, Any] | str
ORIGIN, RP_ID = "http://testserver", "testserver"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Saying:
    """What one answer of a browser shall say; each field may be set to something wrong."""

    challenge: str = ""
    type: str = "webauthn.get"
    origin: str = ORIGIN
    rp_id: str = RP_ID
    flags: int = PRESENT | VERIFIED
    more: dict[str, object] = field(default_factory=dict)

    def client_words(self) -> bytes:
        """Return what the browser signs with."""
        said = {"type": self.type, "challenge": self.challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | self.more).encode()


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Passkey:
    """One passkey."""

    handle: bytes = b""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    counter: int = 1
    algorithm: int = -7

    def device_words(self, saying: Saying, rest: bytes = b"") -> bytes:
        """Return what the device says of itself."""
        return sha256(saying.rp_id.encode()).digest() + bytes([saying.flags]) + self.counter.to_bytes(4, "big") + rest

    def made(self, saying: Saying) -> dict[str, Any]:
        """Return what a browser sends when this passkey is made."""
        cose = {**ES256.from_cryptography_key(self.key.public_key()), 3: self.algorithm}
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(cose)
        saying.flags |= ATTESTED
        proof = cbor.encode({"fmt": "none", "authData": self.device_words(saying, about), "attStmt": {}})
        answer = {"clientDataJSON": websafe_encode(saying.client_words()), "attestationObject": websafe_encode(proof)}
        return self._claim(answer) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def used(self, saying: Saying, *, key: ec.EllipticCurvePrivateKey | None = None) -> dict[str, Any]:
        """Return what a browser sends when this passkey is used; the counter goes on."""
        self.counter += 1
        said, device = saying.client_words(), self.device_words(saying)
        signature = (key or self.key).sign(device + sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "clientDataJSON": websafe_encode(said),
            "authenticatorData": websafe_encode(device),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self.handle),
        }
        return self._claim(answer) | {"clientExtensionResults": {}}

    def _claim(self, answer: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {"type": "public-key", "id": name, "rawId": name, "response": answer}


@dataclass
class Scene:
    """Mei and Tao with a passkey each, which have signed them in, and a browser that has asked for a challenge."""

    cast: Cast
    browser: Client = field(default_factory=Client)
    challenge: str = ""
    mei: Passkey = field(default_factory=Passkey)
    tao: Passkey = field(default_factory=Passkey)
    made: dict[str, Any] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)

    def say(self, **wrong: Any) -> Saying:
        """Return what is right to say, but for what is told."""
        return Saying(**{"challenge": self.challenge, **wrong})


def opened(cast: Cast) -> Scene:
    """Return the scene of every case: both passkeys have signed in, and a browser has asked for a challenge."""
    scene = Scene(cast)
    scene.made = make(proved(cast.mei), scene.mei)
    scene.tao.handle = user_pk_to_url_str(cast.tao).encode()
    kept = {"name": "Tao's", "credential": scene.tao.made(Saying("eA", "webauthn.create"))}
    Authenticator.objects.create(user=cast.tao, type=Authenticator.Type.WEBAUTHN, data=kept)
    scene.used = sign_in(scene.mei)
    sign_in(scene.tao)
    scene.challenge = challenge_of(scene.browser)
    return scene


def proved(member: StaffMember) -> Client:
    """Return a browser in which somebody is signed in and has just proved the password."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = _session(member)
    return client


def asked_to_make(client: Client) -> dict[str, Any]:
    """Return what the page of new passkeys asks of the browser."""
    return dict(client.get(ADD).context["js_data"]["creation_options"]["publicKey"])


def make(client: Client, passkey: Passkey) -> dict[str, Any]:
    """Tie a passkey to the account; return what was sent."""
    asked = asked_to_make(client)
    passkey.handle = websafe_decode(asked["user"]["id"])
    claim = passkey.made(Saying(asked["challenge"], "webauthn.create"))
    answer = client.post(ADD, {"credential": json.dumps(claim), "passwordless": "on"})
    assert answer.status_code == 302, answer.context["form"].errors
    return claim


def challenge_of(client: Client) -> str:
    """Ask for a challenge as the sign-in page does."""
    answer = client.get(BY_PASSKEY, headers={"Accept": "application/json"})
    return str(answer.json()["request_options"]["publicKey"]["challenge"])


def sent(client: Client, claim: Claim, address: str = BY_PASSKEY) -> Any:
    """Send what the browser says."""
    words = claim if isinstance(claim, str) else json.dumps(claim)
    client.raise_request_exception = False
    return client.post(address, {"credential": words})


def is_in(client: Client) -> bool:
    """Return whether somebody is signed in in this browser."""
    return client.get("/me/").status_code == 200


def sign_in(passkey: Passkey) -> dict[str, Any]:
    """Sign in rightly in a new browser; return what was sent. The positive control of every case."""
    client = Client()
    claim = passkey.used(Saying(challenge_of(client)))
    assert sent(client, claim).status_code == 302
    assert is_in(client)
    return claim


def changed_part(claim: dict[str, Any], part: str, change: Callable[[bytes], bytes]) -> dict[str, Any]:
    """Return a claim with one part altered after it was signed."""
    words = change(websafe_decode(claim["response"][part]))
    return claim | {"response": claim["response"] | {part: websafe_encode(words)}}
