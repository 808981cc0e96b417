"""What a customer may ask of the house, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.customers.models import ConsentEntry
from zhenke.customers.operations.consent import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)


def her(world: World, rest: str = "") -> str:
    """Return an address of Mrs Zhou's."""
    return f"/customers/{world.cast.mrs_zhou.pk}/{rest}"


class TestConsent:
    def test_is_kept_purpose_by_purpose_and_shown_with_its_proof_to_the_owner(self, world: World, desk: Desk) -> None:
        mei, address = desk("mei"), her(world, "consent/")
        assert "You may tell me of new pieces" in text_of(mei, f"{address}?purpose=marketing", headers=HTMX)
        given = {"purpose": "marketing", "channels": ["wechat", "sms"], "giver": "self", "proof": "paper"}
        given["proof_note"] = "Sheet 12"
        assert mei.post(address, given, headers=HTMX).status_code == 204
        assert "Sheet 12" not in text_of(mei, address)
        page = text_of(desk("zhu"), address)
        assert "Sheet 12" in page and "Signed on paper" in page
        assert mei.post(address, {**given, "channels": ["wechat"]}, headers=HTMX).status_code == 204
        said = sorted(ConsentEntry.objects.values_list("channel", "state"))
        assert said == [("sms", "given"), ("sms", "withdrawn"), ("wechat", "given")]

    def test_is_all_taken_back_in_one_tap(self, world: World, desk: Desk) -> None:
        mei, address = desk("mei"), her(world, "consent/")
        for _ in range(2):
            assert mei.post(address, {"act": "nothing"}, headers=HTMX).status_code == 204
        assert ConsentEntry.objects.filter(state="withdrawn").count() == 7

    def test_says_what_is_wrong_and_writes_nothing(self, world: World, desk: Desk) -> None:
        given = {"purpose": "marketing", "channels": ["fax"], "giver": "self", "proof": ""}
        assert desk("mei").post(her(world, "consent/"), given, headers=HTMX).status_code == 422
        assert ConsentEntry.objects.count() == 0

    def test_is_read_but_not_written_by_the_auditor_and_absent_for_strangers(self, world: World, desk: Desk) -> None:
        address = her(world, "consent/")
        assert "Change:" not in text_of(desk("ji"), address)
        assert desk("ji").post(address, {"act": "nothing"}).status_code == 403
        assert desk("tao").get(address).status_code == 404

    def test_takes_few_queries(self, world: World, desk: Desk) -> None:
        assert len(queries_of(desk("zhu"), her(world, "consent/"))) <= 9
