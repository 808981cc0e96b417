"""The page of what is kept by law, and what a person reads who erases somebody held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import PHONE, World, text_of
from zhenke.customers.models import Customer, LegalHold
from zhenke.customers.operations import give_consent, withdraw_consent
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.customers.operations.holds import set_hold
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
PLACE = "/settings/holds/"
UNTIL = (NOW + timedelta(days=30)).date()
FORM = {"kind": "customer", "who": PHONE, "reason": "粤0303民初17号", "until_date": UNTIL.isoformat()}


@pytest.fixture(autouse=True)
def list_beside_keys(settings: Any, tmp_path: Path) -> None:
    key_file = tmp_path / "keys"
    key_file.write_bytes(Path(settings.KEY_FILE).read_bytes())
    key_file.chmod(0o600)
    settings.KEY_FILE = str(key_file)


def held(world: World) -> LegalHold:
    return set_hold(
        customer=world.cast.mrs_zhou,
        reason="粤0303民初17号",
        until_date=UNTIL,
        today=NOW.date(),
        by=world.cast.zhu,
        now=NOW,
    )


class TestSettingsHolds:
    def test_holds_a_customer_found_by_phone_once(self, world: World, desk: Desk) -> None:
        for _ in range(2):
            assert desk("zhu").post(PLACE, FORM).status_code == 302
        assert LegalHold.objects.get().customer == world.cast.mrs_zhou
        page = text_of(desk("zhu"), PLACE)
        assert "粤0303民初17号" in page and world.cast.mrs_zhou.name in page

    def test_holds_a_kind_of_what_the_night_takes_away(self, world: World, desk: Desk) -> None:
        assert desk("zhu").post(PLACE, {**FORM, "kind": "import_rejects", "who": ""}).status_code == 302
        assert "Files that were handed in, and refused rows" in text_of(desk("ji"), PLACE)

    def test_is_read_by_the_auditor_without_the_name_and_written_by_the_owner_alone(
        self, world: World, desk: Desk
    ) -> None:
        held(world)
        page = text_of(desk("ji"), PLACE)
        assert "粤0303民初17号" in page
        assert world.cast.mrs_zhou.name not in page
        assert "Hold something" not in page
        assert desk("ji").post(PLACE, FORM).status_code == 403
        for nobody in ("lin", "mei"):
            assert desk(nobody).get(PLACE).status_code == 403

    @pytest.mark.parametrize(
        ("change", "words"),
        [({"who": "13711112222"}, "Nobody alone is found"), ({"until_date": "2020-01-01"}, "a day to come")],
    )
    def test_says_at_the_box_what_is_wrong(self, world: World, desk: Desk, change: dict[str, str], words: str) -> None:
        answer = desk("zhu").post(PLACE, {**FORM, **change})
        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_can_be_ended(self, world: World, desk: Desk) -> None:
        hold = held(world)
        for _ in range(2):
            assert desk("zhu").post(f"{PLACE}{hold.pk}/lift/").status_code == 302
        assert "over" in text_of(desk("zhu"), PLACE)


class TestForget:
    def test_says_what_is_kept_until_when_and_why_to_whom_it_may_be_told(self, world: World, desk: Desk) -> None:
        held(world)
        customer = world.cast.mrs_zhou
        assert "粤0303民初17号" in text_of(desk("zhu"), f"/customers/{customer.pk}/rights/")
        assert "粤0303民初17号" not in text_of(desk("lin"), f"/customers/{customer.pk}/rights/")
        lin = desk("lin")
        answer = lin.post(f"/customers/{customer.pk}/rights/forget/", {"typed": customer.name})
        page = lin.get(answer["Location"]).content.decode()
        assert "The whole archive has to be kept by law until" in page
        assert "粤0303民初17号" not in page
        assert lin.get(f"/customers/{customer.pk}/").status_code == 404
        assert Customer.objects.filter(pk=customer.pk).exists()

    def test_tells_the_owner_why(self, world: World, desk: Desk) -> None:
        held(world)
        zhu = desk("zhu")
        answer = zhu.post(f"/customers/{world.cast.mrs_zhou.pk}/rights/forget/", {"typed": world.cast.mrs_zhou.name})
        assert "Reason: 粤0303民初17号." in zhu.get(answer["Location"]).content.decode()


class TestProof:
    def test_shows_every_word_with_its_text_day_way_and_hand(self, world: World, desk: Desk) -> None:
        load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
        how = {"customer": world.cast.mrs_zhou, "purpose": "marketing", "channels": ("sms",), "by": world.cast.mei}
        give_consent(**how, proof="paper", proof_note="A-17", now=NOW)  # type: ignore[arg-type]
        withdraw_consent(**how, proof="spoken", now=NOW + timedelta(hours=1))  # type: ignore[arg-type]
        page = text_of(desk("zhu"), f"/customers/{world.cast.mrs_zhou.pk}/consent/proof/")
        for words in ("A-17", "Signed on paper", "Said in the shop", "Version 1", world.cast.mei.name, "Text message"):
            assert words in page
        assert CONSENT_TEXTS["marketing"]["en"].replace("'", "&#x27;") in page

    def test_is_not_for_an_advisor(self, world: World, desk: Desk) -> None:
        assert desk("mei").get(f"/customers/{world.cast.mrs_zhou.pk}/consent/proof/").status_code == 403
