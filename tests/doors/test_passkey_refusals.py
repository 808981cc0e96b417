"""Promise P29: a passkey that is wrong in any one way signs nobody in, breaks nothing and changes no row.

An authenticator made of software (passkeys.py) first signs in rightly; then each case is wrong in one way alone. The
harness was seen to go red: `TestTheHarnessItself` takes away our forms, and then the library's own checks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cose, server, webauthn
from fido2.utils import websafe_encode

from tests.cast import NOW, PASSWORD, Cast
from tests.doors.passkeys import (
    ORIGIN,
    PRESENT,
    VERIFIED,
    Claim,
    Passkey,
    Saying,
    Scene,
    challenge_of,
    changed_part,
    is_in,
    make,
    opened,
    proved,
    sent,
    sign_in,
)
from tests.promises import rows
from zhenke.staff import operations
from zhenke.staff.models import StaffMember

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    """Without the limits, which have their own tests."""
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """The scene of every case."""
    return opened(cast)


def with_handle(claim: dict[str, Any], handle: object) -> dict[str, Any]:
    """Return a claim that names another person."""
    return claim | {"response": claim["response"] | {"userHandle": handle}}


def mei_with(**wrong: Any) -> Callable[[Scene], Claim]:
    """Return a case in which one thing is said otherwise."""
    return lambda scene: scene.mei.used(scene.say(**wrong))


def counted(change: Callable[[int], int]) -> Callable[[Scene], Claim]:
    """Return a case in which the device says another count than the next one: it, or the one before, is a copy."""

    def claim(scene: Scene) -> Claim:
        scene.mei.counter = change(scene.mei.counter) - 1
        return scene.mei.used(scene.say())

    return claim


def altered(part: str, change: Callable[[bytes], bytes]) -> Callable[[Scene], Claim]:
    """Return a case in which one part is altered after it was signed."""
    return lambda scene: changed_part(scene.mei.used(scene.say()), part, change)


def late(scene: Scene) -> Claim:
    """The session in which the challenge was asked for has run out."""
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=13)):
        scene.challenge = challenge_of(scene.browser)
    return scene.mei.used(scene.say())


def unasked(scene: Scene) -> Claim:
    """No challenge was asked for in this browser."""
    scene.browser = Client()
    return scene.mei.used(scene.say())


def said_twice(scene: Scene) -> Claim:
    """The same claim once more, in the browser where it has signed in and out again."""
    claim = scene.mei.used(scene.say())
    sent(scene.browser, claim)
    scene.browser.post("/accounts/logout/")
    scene.mei.counter -= 1
    return claim


def gone(scene: Scene) -> Claim:
    """Mei was let go."""
    operations.let_go(member=scene.cast.mei, by=scene.cast.zhu, now=NOW)
    return scene.mei.used(scene.say())


def inactive(scene: Scene) -> Claim:
    """Mei is out in the laxest way: her passkey is still there."""
    StaffMember.objects.filter(pk=scene.cast.mei.pk).update(is_active=False)
    return scene.mei.used(scene.say())


def removed(scene: Scene) -> Claim:
    """The passkey was taken off the account."""
    Authenticator.objects.filter(user=scene.cast.mei, type=Authenticator.Type.WEBAUTHN).delete()
    return scene.mei.used(scene.say())


CASES: dict[str, Callable[[Scene], Claim]] = {
    "another origin": mei_with(origin="https://evil.example"),
    "another port": mei_with(origin=f"{ORIGIN}:8001"),
    "another scheme": mei_with(origin="https://testserver"),
    "a sub-domain": mei_with(origin="http://shop.testserver"),
    "another relying party": mei_with(rp_id="evil.example"),
    "a frame of another site": mei_with(more={"crossOrigin": True}),
    "under another top page": mei_with(more={"topOrigin": "https://evil.example"}),
    "made, not used": mei_with(type="webauthn.create"),
    "nobody present": mei_with(flags=VERIFIED),
    "nobody verified": mei_with(flags=PRESENT),
    "a claim that signed in before": lambda scene: scene.used,
    "a claim said twice": said_twice,
    "another session's challenge": lambda scene: scene.mei.used(scene.say(challenge=challenge_of(Client()))),
    "no challenge asked for": unasked,
    "a challenge that ran out": late,
    "an empty challenge": mei_with(challenge=""),
    "the same count": counted(lambda last: last),
    "a count that goes back": counted(lambda last: last - 1),
    "a count from nothing": counted(lambda last: 0),
    "an altered signature": altered("signature", lambda words: words[:-1] + bytes([words[-1] ^ 1])),
    "no signature": altered("signature", lambda words: b""),
    "another key's signature": lambda scene: scene.mei.used(scene.say(), key=ec.generate_private_key(ec.SECP256R1())),
    "altered words of the device": altered("authenticatorData", lambda words: words[:33] + b"\0\0\xff\xff"),
    "altered words of the browser": altered("clientDataJSON", lambda words: words[:-1] + b', "x": 1}'),
    "an unknown passkey": lambda scene: Passkey(scene.mei.handle).used(scene.say()),
    "another's passkey": lambda scene: with_handle(scene.tao.used(scene.say()), websafe_encode(scene.mei.handle)),
    "another's name": lambda scene: with_handle(scene.mei.used(scene.say()), websafe_encode(scene.tao.handle)),
    "nobody's name": lambda scene: with_handle(scene.mei.used(scene.say()), websafe_encode(b"zzzzzzzzzzzz")),
    "no name": lambda scene: with_handle(scene.mei.used(scene.say()), None),
    "a name that is none": lambda scene: with_handle(scene.mei.used(scene.say()), ["é"]),
    "somebody let go": gone,
    "somebody inactive": inactive,
    "a passkey taken off": removed,
    "the words of its making": lambda scene: scene.made,
    "another id than its own": lambda scene: scene.mei.used(scene.say()) | {"id": websafe_encode(b"x" * 32)},
    "a device cut short": altered("authenticatorData", lambda words: words[:36]),
    "a device of garbage": altered("authenticatorData", lambda words: words[:32] + b"\xc5\0\0\0\x63" + b"\xff" * 40),
    "a browser of garbage": altered("clientDataJSON", lambda words: b"\xff{"),
    "a browser that says a list": altered("clientDataJSON", lambda words: b"[]"),
    "an empty claim": lambda scene: "",
    "an empty object": lambda scene: "{}",
    "null": lambda scene: "null",
    "a list": lambda scene: "[1]",
    "a number": lambda scene: "7",
    "no JSON": lambda scene: "{",
    "no end of lists": lambda scene: "[" * 100_000,
    "halves of objects": lambda scene: '{"response": {"clientDataJSON": 7}}',
}


# Signed rightly, so that its challenge is spent: it alone is gone from the browser's own session.
SPENDING = {"the same count", "a count that goes back", "a count from nothing", "somebody inactive"}


def refuse(scene: Scene, name: str) -> None:
    """Send one wrong claim: nobody is in, nothing broke, no row is another."""
    claim = CASES[name](scene)
    before = rows.hashes()
    answer = sent(scene.browser, claim)
    after = rows.hashes()
    assert answer.status_code == 302 and answer["Location"] == "/accounts/login/", answer.status_code
    assert not is_in(scene.browser)
    assert rows.changed(before, after) == (["django_session"] if name in SPENDING else [])
    assert dict(scene.browser.session) == {} or name not in SPENDING


class TestSigningIn:
    @pytest.mark.parametrize("name", CASES)
    def test_is_refused_with(self, scene: Scene, name: str) -> None:
        refuse(scene, name)

    def test_goes_on_rightly_after_a_refusal_and_counts(self, scene: Scene) -> None:
        for name in ("another origin", "nobody verified", "an altered signature"):
            sent(scene.browser, CASES[name](scene))
        assert sent(scene.browser, scene.mei.used(scene.say())).status_code == 302
        assert is_in(scene.browser)
        kept = Authenticator.objects.get(user=scene.cast.mei, type=Authenticator.Type.WEBAUTHN)
        assert kept.data["counter"] == scene.mei.counter

    def test_takes_a_passkey_that_never_counts(self, cast: Cast) -> None:
        passkey = Passkey(counter=0)
        make(proved(cast.mei), passkey)
        for _ in range(2):
            passkey.counter = -1
            sign_in(passkey)


class TestOtherSteps:
    """The second step after the password, and proving again who one is, ask the same."""

    WRONG = ("another port", "a frame of another site", "the same count", "another's passkey", "a device of garbage")

    @pytest.mark.parametrize("name", WRONG)
    def test_proving_again_is_refused_with(self, scene: Scene, name: str) -> None:
        address = "/accounts/2fa/webauthn/reauthenticate/"
        scene.browser = proved(scene.cast.mei)
        asked = scene.browser.get(address).context["js_data"]["request_options"]["publicKey"]
        scene.challenge = asked["challenge"]
        before = scene.browser.session.get("account_authentication_methods")
        answer = sent(scene.browser, CASES[name](scene), address)
        assert answer.status_code == 302 and answer["Location"] == "/accounts/login/"
        assert scene.browser.session.get("account_authentication_methods") == before
        assert sent(proved_anew := scene.browser, right(scene, address), address).status_code == 302
        assert proved_anew.session["account_authentication_methods"] != before

    @pytest.mark.parametrize("name", WRONG)
    def test_the_second_step_is_refused_with(self, scene: Scene, name: str) -> None:
        address = "/accounts/2fa/authenticate/"
        scene.browser = Client()
        scene.browser.post("/accounts/login/", {"login": "mei", "password": PASSWORD})
        scene.challenge = scene.browser.get(address).context["js_data"]["request_options"]["publicKey"]["challenge"]
        assert sent(scene.browser, CASES[name](scene), address).status_code == 200
        assert not is_in(scene.browser)
        assert sent(scene.browser, right(scene, address), address).status_code == 302
        assert is_in(scene.browser)


def right(scene: Scene, address: str) -> dict[str, Any]:
    """Return what is right to say at a step."""
    asked = scene.browser.get(address).context["js_data"]["request_options"]["publicKey"]
    scene.mei.counter += 10
    return scene.mei.used(Saying(asked["challenge"]))


OURS = (
    "another origin",
    "another port",
    "another scheme",
    "a sub-domain",
    "a frame of another site",
    "under another top page",
    "the same count",
    "a count that goes back",
    "a count from nothing",
    "somebody inactive",
    "no end of lists",
)
TAKEN_AWAY: tuple[tuple[str, object, str, Callable[..., object]], ...] = (
    ("another relying party", server.constant_time, "bytes_eq", lambda one, other: True),
    ("another session's challenge", server.constant_time, "bytes_eq", lambda one, other: True),
    ("nobody present", webauthn.AuthenticatorData, "is_user_present", lambda words: True),
    ("nobody verified", webauthn.AuthenticatorData, "is_user_verified", lambda words: True),
    ("an altered signature", cose.ES256, "verify", lambda *words: None),
    ("another key's signature", cose.ES256, "verify", lambda *words: None),
)


class TestTheHarnessItself:
    """The harness finds what the library alone lets through, and what it would let through without its checks."""

    @pytest.mark.parametrize("name", OURS)
    def test_finds_what_our_forms_refuse(self, scene: Scene, settings: Any, name: str) -> None:
        settings.MFA_FORMS = {}
        with pytest.raises(AssertionError):
            refuse(scene, name)

    @pytest.mark.parametrize(("name", "place", "check", "lax"), TAKEN_AWAY)
    def test_finds_a_check_that_is_taken_away(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str, place: Any, check: str, lax: Any
    ) -> None:
        monkeypatch.setattr(place, check, lax)
        with pytest.raises(AssertionError):
            refuse(scene, name)
