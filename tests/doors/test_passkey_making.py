"""Promise P29: a new passkey that is wrong in any one way is not tied to the account, and breaks nothing.

The harness was seen to go red: `TestTheHarnessItself` takes away our form.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from fido2 import cbor

from tests.cast import Cast
from tests.doors.passkeys import (
    ADD,
    ORIGIN,
    PRESENT,
    VERIFIED,
    Claim,
    Passkey,
    Saying,
    Scene,
    asked_to_make,
    challenge_of,
    changed_part,
    make,
    opened,
    proved,
)
from tests.promises import rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def scene(cast: Cast, settings: Any) -> Scene:
    """The scene of every case, without the limits, which have their own tests."""
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    return opened(cast)


def made_with(passkey: Passkey, challenge: str, **wrong: Any) -> dict[str, Any]:
    """Return what a browser says of a new passkey, but for what is told."""
    return passkey.made(Saying(**{"challenge": challenge, "type": "webauthn.create", **wrong}))


def proof_of(change: Callable[[bytes], bytes]) -> Callable[[Scene, str], Claim]:
    """Return a case in which the proof of the device is altered."""
    return lambda scene, challenge: changed_part(made_with(Passkey(), challenge), "attestationObject", change)


MAKING: dict[str, Callable[[Scene, str], Claim]] = {
    "another origin": lambda scene, challenge: made_with(Passkey(), challenge, origin="https://evil.example"),
    "another port": lambda scene, challenge: made_with(Passkey(), challenge, origin=f"{ORIGIN}:8001"),
    "a frame of another site": lambda scene, challenge: made_with(Passkey(), challenge, more={"crossOrigin": True}),
    "another relying party": lambda scene, challenge: made_with(Passkey(), challenge, rp_id="evil.example"),
    "used, not made": lambda scene, challenge: made_with(Passkey(), challenge, type="webauthn.get"),
    "nobody present": lambda scene, challenge: made_with(Passkey(), challenge, flags=VERIFIED),
    "nobody verified": lambda scene, challenge: made_with(Passkey(), challenge, flags=PRESENT),
    "another challenge": lambda scene, challenge: made_with(Passkey(), challenge_of(Client())),
    "the words of another making": lambda scene, challenge: scene.made,
    "one's own passkey again": lambda scene, challenge: made_with(scene.mei, challenge),
    "another's passkey": lambda scene, challenge: made_with(scene.tao, challenge),
    "an unknown algorithm": lambda scene, challenge: made_with(Passkey(algorithm=-999), challenge),
    "an algorithm that was not offered": lambda scene, challenge: made_with(Passkey(algorithm=-65535), challenge),
    "no algorithm": lambda scene, challenge: made_with(Passkey(algorithm=0), challenge),
    "another id than its own": lambda scene, challenge: made_with(Passkey(), challenge) | {"id": "eA", "rawId": "eA"},
    "garbage for a proof": proof_of(lambda words: b"\xff\x00garbage"),
    "a proof cut short": proof_of(lambda words: words[:-30]),
    "a proof of another shape": proof_of(lambda words: cbor.encode({"fmt": 7})),
    "a proof that is a list": proof_of(lambda words: cbor.encode([1])),
    "a proof without a key": proof_of(
        lambda words: cbor.encode({"fmt": "none", "authData": bytes(32) + b"\5" + bytes(4), "attStmt": {}})
    ),
    "a proof without an end": proof_of(lambda words: b"\x81" * 100_000),
    "an empty object": lambda scene, challenge: "{}",
    "a list": lambda scene, challenge: "[1]",
    "no end of lists": lambda scene, challenge: "[" * 100_000,
}


def refuse(scene: Scene, name: str) -> None:
    """Send one wrong claim: the page comes again, nothing broke, no row but the browser's own session is another."""
    client = proved(scene.cast.mei)
    claim = MAKING[name](scene, asked_to_make(client)["challenge"])
    before = rows.hashes()
    client.raise_request_exception = False
    words = claim if isinstance(claim, str) else json.dumps(claim)
    answer = client.post(ADD, {"credential": words, "passwordless": "on"})
    assert answer.status_code == 200 and answer.context["form"].errors
    assert rows.changed(before, rows.hashes()) == ["django_session"]  # it keeps the page's new challenge
    assert make(client, Passkey())  # rightly it goes on


class TestMaking:
    @pytest.mark.parametrize("name", MAKING)
    def test_is_refused_with(self, scene: Scene, name: str) -> None:
        refuse(scene, name)


OURS = (
    "another origin",
    "another port",
    "a frame of another site",
    "one's own passkey again",
    "another's passkey",
    "an unknown algorithm",
    "an algorithm that was not offered",
    "no algorithm",
    "another id than its own",
    "garbage for a proof",
    "a proof cut short",
    "a proof of another shape",
    "a proof that is a list",
    "a proof without an end",
    "no end of lists",
)


class TestTheHarnessItself:
    """The harness finds what the library alone lets through."""

    @pytest.mark.parametrize("name", OURS)
    def test_finds_what_our_form_refuses(self, scene: Scene, settings: Any, name: str) -> None:
        settings.MFA_FORMS = {}
        with pytest.raises(AssertionError):
            refuse(scene, name)
