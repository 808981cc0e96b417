"""What the SMS provider tells: signed, within its time, once; everything else gets nothing and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pydantic import SecretStr

from tests.cast import NOW, Cast
from tests.messaging.providers import SmsServer, running
from tests.messaging.world import deliver, open_messaging, queue, reachable, state_of
from zhenke.customers.queries import may_contact
from zhenke.doors.api import sms_hook
from zhenke.messaging.channels.sms.notices import signature_of
from zhenke.messaging.models import Attempt, Message, ProviderNotice

pytestmark = pytest.mark.django_db
SECRET = "what both sides know"
AT = "2026-11-22 11:05:00"
REPLY = [{"phone_number": "13800138000", "content": "ＴＤ", "send_time": AT, "sequence_id": 7}]


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def callback_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    known = sms_hook.INSTALLATION.model_copy(update={"sms_callback_secret": SecretStr(SECRET)})
    monkeypatch.setattr(sms_hook, "INSTALLATION", known)


def tell(
    kind: str, rows: Any, *, secret: str = SECRET, late: timedelta = timedelta(), altered: bytes = b"", **headers: str
) -> HttpResponse:
    body = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    stamp = str(int((NOW - late).timestamp()))
    signed = {
        "webhook-id": "m1",
        "webhook-timestamp": stamp,
        "webhook-signature": signature_of(key="m1", stamp=stamp, body=body, secret=secret),
        **headers,
    }
    client = Client(enforce_csrf_checks=True)
    return client.post(  # type: ignore[return-value]
        f"/api/hooks/sms/{kind}/", body + altered, content_type="application/json", headers=signed
    )


class TestReceipts:
    def test_settle_what_is_held_once(self, cast: Cast) -> None:
        open_messaging()
        message = queue(reachable(cast))
        with running(SmsServer()) as provider:
            provider.mood = "reset"
            deliver({"sms": provider.channel()})
            key = provider.taken[str(Attempt.objects.get().pk)]
        row = {"biz_id": key, "out_id": str(Attempt.objects.get().pk), "success": True, "report_time": AT}
        for _ in range(2):
            answer = tell("receipts", [row, row])
            assert (answer.status_code, json.loads(answer.content)) == (200, {"code": 0, "msg": "OK"})
        assert state_of(message) == ("sent", "") and ProviderNotice.objects.count() == 1


class TestReplies:
    def test_stop_at_once(self, cast: Cast) -> None:
        open_messaging()
        her = reachable(cast)
        assert tell("replies", REPLY).status_code == 200
        assert may_contact(customer=her, purpose="marketing", channel="sms", today=NOW.date()).why == "withdrawn"
        assert "13800138000" not in str(list(ProviderNotice.objects.values()))


class TestWall:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"secret": "another"},
            {"secret": ""},
            {"late": timedelta(minutes=6)},
            {"late": timedelta(minutes=-6)},
            {"altered": b" "},
            {"webhook-signature": ""},
            {"webhook-signature": "v1,"},
            {"webhook-id": "m2"},
            {"webhook-id": ""},
            {"webhook-timestamp": "x"},
            {"webhook-timestamp": "9" * 11},
            {"webhook-timestamp": "²"},
        ],
        ids=str,
    )
    def test_lets_in_nothing_that_is_not_signed_now(self, cast: Cast, wrong: dict[str, Any]) -> None:
        open_messaging()
        reachable(cast)
        assert tell("replies", REPLY, **wrong).status_code == 403
        assert not ProviderNotice.objects.exists()

    def test_lets_in_no_form(self) -> None:
        assert Client().post("/api/hooks/sms/replies/", {"content": "TD"}).status_code == 403

    def test_lets_in_nothing_while_no_secret_is_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = sms_hook.INSTALLATION.model_copy(update={"sms_callback_secret": SecretStr("")})
        monkeypatch.setattr(sms_hook, "INSTALLATION", known)
        assert tell("replies", REPLY, secret="").status_code == 403

    @pytest.mark.parametrize(
        "body",
        [b"{", b"{}", b"[1]", b"\xff", b"[" * 5_000, json.dumps(REPLY * 501).encode(), b'[{"a": 1}]'],
        ids=len,
    )
    def test_refuses_what_has_another_form_and_writes_nothing(self, body: bytes) -> None:
        assert tell("replies", body).status_code == 422
        assert not ProviderNotice.objects.exists()

    def test_knows_no_other_kind(self) -> None:
        assert tell("others", []).status_code == 404
        assert Message.objects.count() == 0
