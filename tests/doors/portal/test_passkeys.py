"""Passkeys of members: made on a known device with a fresh code, used once for each challenge, refused when anything is
wrong in them; and a real owner gets in while codes are used up.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import PHONE
from tests.doors.passkeys import PRESENT, Passkey, Saying
from tests.doors.portal.conftest import HOST, phone
from zhenke.customers.models import MemberPasskey, MemberSession

pytestmark = pytest.mark.django_db
SAID_HERE = {"origin": f"http://{HOST}", "rp_id": HOST}


def challenge_of(client: Client, address: str = "/sign-in/") -> str:
    """Return the challenge that a page offers."""
    page = client.get(address).content.decode()
    found = re.search(r'<script id="passkey-options" type="application/json">(.*?)</script>', page)
    assert found
    return str(json.loads(found[1])["challenge"])


def use(client: Client, claim: object) -> int:
    return client.post("/sign-in/passkey/", {"claim": json.dumps(claim)}).status_code


@pytest.fixture
def key(mrs_zhou: Client) -> Passkey:
    """A passkey of Mrs Zhou's, made on her phone."""
    MemberSession.objects.update(free_from_at=NOW, proved_at=NOW)
    made = Passkey()
    saying = Saying(challenge_of(mrs_zhou, "/mine/passkeys/"), "webauthn.create", **SAID_HERE)
    answer = mrs_zhou.post("/mine/passkeys/", {"claim": json.dumps(made.made(saying))})
    assert answer.status_code == 302, answer.content.decode()
    return made


class TestMaking:
    def test_needs_a_device_that_is_free_and_a_fresh_code(self, mrs_zhou: Client) -> None:
        assert mrs_zhou.get("/mine/passkeys/").status_code == 409
        with time_machine.travel(NOW + timedelta(days=2), tick=False):
            assert mrs_zhou.get("/mine/passkeys/")["Location"] == "/mine/prove/?next=member_passkeys"
            assert mrs_zhou.post("/mine/passkeys/", {"claim": "{}"}).status_code == 302
        assert not MemberPasskey.objects.exists()

    def test_keeps_it_once_and_lists_it(self, key: Passkey, mrs_zhou: Client) -> None:
        assert MemberPasskey.objects.count() == 1
        assert "You have 1 passkey." in mrs_zhou.get("/mine/passkeys/").content.decode()
        saying = Saying(challenge_of(mrs_zhou, "/mine/passkeys/"), "webauthn.create", **SAID_HERE)
        assert mrs_zhou.post("/mine/passkeys/", {"claim": json.dumps(key.made(saying))}).status_code == 422
        assert MemberPasskey.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"origin": "http://localhost"},
            {"origin": f"http://sub.{HOST}"},
            {"rp_id": "localhost"},
            {"flags": PRESENT},
            {"type": "webauthn.get"},
            {"challenge": "eA"},
            {"more": {"crossOrigin": True}},
            {"more": {"topOrigin": "https://evil.example"}},
        ],
    )
    def test_refuses_what_is_wrong_in_one_thing(self, mrs_zhou: Client, wrong: dict[str, object]) -> None:
        MemberSession.objects.update(free_from_at=NOW, proved_at=NOW)
        right = {"challenge": challenge_of(mrs_zhou, "/mine/passkeys/"), "type": "webauthn.create", **SAID_HERE}
        claim = Passkey().made(Saying(**{**right, **wrong}))  # type: ignore[arg-type]
        assert mrs_zhou.post("/mine/passkeys/", {"claim": json.dumps(claim)}).status_code == 422
        assert not MemberPasskey.objects.exists()


class TestUsing:
    def test_signs_in_a_device_that_is_known_and_free(self, key: Passkey) -> None:
        mine = phone()
        assert use(mine, key.used(Saying(challenge_of(mine), **SAID_HERE))) == 302
        assert mine.get("/").status_code == 200
        newest = MemberSession.objects.order_by("-id").first()
        assert newest is not None and newest.free_from_at == NOW and newest.known_at == NOW

    def test_lets_a_real_owner_in_while_codes_are_used_up(self, key: Passkey) -> None:
        for number in range(35):
            phone().post("/sign-in/", {"contact": f"138{number:08d}"})
        mine = phone()
        assert mine.post("/sign-in/", {"contact": PHONE}).status_code == 429
        assert use(mine, key.used(Saying(challenge_of(mine), **SAID_HERE))) == 302

    def test_a_challenge_is_good_for_once_and_five_minutes(self, key: Passkey) -> None:
        mine, other, late = phone(), phone(), phone()
        claim = key.used(Saying(challenge_of(mine), **SAID_HERE))
        assert [use(mine, claim), use(other, claim)] == [302, 422]
        challenge = challenge_of(late)
        with time_machine.travel(NOW + timedelta(seconds=301), tick=False):
            assert use(late, key.used(Saying(challenge, **SAID_HERE))) == 422

    @pytest.mark.parametrize(
        "wrong",
        [
            {"origin": "http://localhost"},
            {"origin": f"https://{HOST}"},
            {"origin": f"http://{HOST}:81"},
            {"rp_id": "localhost"},
            {"flags": PRESENT},
            {"flags": 0},
            {"type": "webauthn.create"},
            {"challenge": "A" * 43},
            {"more": {"crossOrigin": True}},
        ],
    )
    def test_refuses_what_is_wrong_in_one_thing(self, key: Passkey, wrong: dict[str, object]) -> None:
        mine, before = phone(), MemberSession.objects.count()
        saying = Saying(**{"challenge": challenge_of(mine), **SAID_HERE, **wrong})  # type: ignore[arg-type]
        assert use(mine, key.used(saying)) == 422
        assert MemberSession.objects.count() == before

    def test_refuses_another_key_a_copy_and_garbage(self, key: Passkey) -> None:
        mine = phone()
        forged = key.used(Saying(challenge_of(mine), **SAID_HERE), key=ec.generate_private_key(ec.SECP256R1()))
        assert use(mine, forged) == 422
        assert use(mine, Passkey().used(Saying(challenge_of(mine), **SAID_HERE))) == 422
        key.counter = 9
        assert use(phone(), key.used(Saying(challenge_of(mine), **SAID_HERE))) == 302
        key.counter = 3
        assert use(mine, key.used(Saying(challenge_of(mine), **SAID_HERE))) == 422
        odd = {"id": "a", "rawId": "a", "response": {"clientDataJSON": "é"}}
        for garbage in ({}, [], "x", None, {"id": 1}, {"response": {}}, odd):
            assert use(mine, garbage) == 422, garbage
        assert mine.post("/sign-in/passkey/", {"claim": "[" * 15_000}).status_code == 422

    def test_forgotten_ones_open_nothing(self, key: Passkey, mrs_zhou: Client) -> None:
        assert mrs_zhou.post("/mine/passkeys/", {"act": "drop"}).status_code == 302
        mrs_zhou.post("/mine/passkeys/", {"act": "drop"})
        mine = phone()
        assert use(mine, key.used(Saying(challenge_of(mine), **SAID_HERE))) == 422
