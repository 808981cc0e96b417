"""Consent over the api."""

from __future__ import annotations

from tests.cast import NOW
from tests.doors.api.till import Till, till_of
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM


def address(till: Till) -> str:
    return f"/customers/{till.cast.mrs_zhou.pk}/consents"


def state(answer: dict[str, list[dict[str, object]]], purpose: str, channel: str) -> dict[str, object]:
    return next(row for row in answer["rows"] if (row["purpose"], row["channel"]) == (purpose, channel))


class TestConsents:
    def test_are_given_and_withdrawn_by_purpose_and_channel(self, till: Till) -> None:
        load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
        assert state(till.get(address(till)).json(), "marketing", "sms")["why"] == "not_given"
        body = {"purpose": "marketing", "channels": ["sms"], "act": "give", "proof_note": "till 4"}
        told = state(till.post(address(till), body).json(), "marketing", "sms")
        assert (told["may"], told["why"], told["text_version"]) == (True, "given", 1)
        told = till.post(address(till), {**body, "act": "withdraw"}).json()
        assert state(told, "marketing", "sms")["why"] == "withdrawn"
        assert state(told, "marketing", "wechat")["why"] == "not_given"

    def test_refuse_unknown_purposes_and_hide_what_is_not_the_tokens(self, till: Till) -> None:
        body = {"purpose": "spam", "channels": [""], "act": "give"}
        assert till.post(address(till), body).json()["code"] == "purpose_wrong"
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get(address(till)).status_code == 404
        assert stranger.post(address(till), body).status_code == 404
