"""What a customer may ask of the house, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, PHONE, World, queries_of, text_of
from zhenke.customers.models import ConsentEntry
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.words.pack import IN_THE_HEAD, LABEL_WORDS, SECTION_WORDS
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

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


class TestRights:
    def test_page_is_the_managers_and_looks_are_the_auditors_too(self, world: World, desk: Desk) -> None:
        for name, rights, looks in (("lin", 200, 200), ("zhu", 200, 200), ("ji", 403, 200), ("mei", 403, 403)):
            assert desk(name).get(her(world, "rights/")).status_code == rights, name
            assert desk(name).get(her(world, "looks/")).status_code == looks, name
        assert desk("other").get(her(world, "rights/")).status_code == 404

    def test_copy_is_a_page_or_a_file_after_a_check(self, world: World, desk: Desk) -> None:
        lin, address = desk("lin"), her(world, "rights/copy/")
        assert lin.post(address, {"shape": "page"}).status_code == 422
        page = lin.post(address, {"shape": "page", "checked": "id_card"}).content.decode()
        for word in ("周丽华", PHONE, "翡翠手镯", "1985"):
            assert word in page, word
        answer = lin.post(address, {"shape": "file", "checked": "id_card"})
        assert answer["Content-Disposition"] == f'attachment; filename="zhenke-{world.cast.mrs_zhou.pk}.json"'
        assert answer.json()["person"][0]["name"] == "周丽华"
        assert AuditEntry.objects.filter(action="customer.copied").count() == 2

    def test_copy_has_a_label_for_every_field(self, world: World, desk: Desk) -> None:
        pack = gather_access_pack(
            customer=world.cast.mrs_zhou, checked="id_card", limits=EXPORT_LIMITS, by=world.cast.lin, now=NOW
        )
        assert set(pack) == set(SECTION_WORDS)
        drawn = {"currency", "calendar", "month", "day", "is_leap_month", "year"}
        fields = {field for rows in pack.values() for row in rows for field in row}
        assert fields - drawn - set(LABEL_WORDS) - IN_THE_HEAD == set()

    def test_looks_tell_who_and_page_by_place(self, world: World, desk: Desk) -> None:
        desk("mei").post(her(world, "call/"), headers=HTMX)
        page = text_of(desk("lin"), her(world, "looks/"))
        assert "Contact shown in full" in page and "梅雪" in page
        assert "Contact shown in full" not in text_of(desk("lin"), her(world, "looks/?before=1"))
        assert len(queries_of(desk("lin"), her(world, "looks/"))) <= 8

    def test_forget_asks_for_the_name_and_then_there_is_nobody(self, world: World, desk: Desk) -> None:
        lin, address = desk("lin"), her(world, "rights/forget/")
        assert lin.post(address, {"typed": "周丽"}).status_code == 422
        assert lin.get(her(world)).status_code == 200
        assert lin.post(address, {"typed": "周丽华"}).status_code == 302
        assert lin.get(her(world)).status_code == 404
        assert lin.get(f"/sales/{world.sale.pk}/").status_code == 200
