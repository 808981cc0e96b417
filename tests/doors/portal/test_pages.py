"""What a member meets: her card, her pieces, what she allows, her data. Never anything of another."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, PHONE, World
from tests.doors.portal.conftest import Codes
from zhenke.basics.days import DayOfYear
from zhenke.care.models import Task
from zhenke.catalogue.models import Piece
from zhenke.customers.models import Claim, ConsentEntry, Customer, ErasureRequest, LegalHold, MemberSession
from zhenke.customers.operations import add_contact, add_date, give_consent, reveal_contact
from zhenke.customers.operations.holds import lock_away
from zhenke.customers.queries.members import card_code
from zhenke.doors.forgetting import forget
from zhenke.staff.models import AuditEntry
from zhenke.staff.queries import token_hash

pytestmark = pytest.mark.django_db
HIS = "13600136000"
LATER = NOW + timedelta(days=2)
Desk = Callable[[str], Client]


def words_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def mr_zhou(world: World, signed_in: Callable[..., Client]) -> Client:
    """His phone: he lives in her household, and she has a surprise for him."""
    add_contact(customer=world.cast.mr_zhou, kind="phone", text=HIS, by=world.cast.mei, now=NOW)
    add_date(customer=world.cast.mr_zhou, kind="birthday", day=DayOfYear(11, 30, year=1983), by=world.cast.mei, now=NOW)
    Customer.objects.filter(pk=world.cast.mr_zhou.pk).update(name="周建国CANARY")
    return signed_in(HIS)


def code_of(client: Client) -> str:
    """Return what stands in the code of the card, which only a scanner reads otherwise."""

    assert client.get("/card/code/").status_code == 200
    session = MemberSession.objects.get(token_hash=token_hash(client.cookies["zhenke_member_session"].value))
    return card_code(session=session, nonce=b"once", now=NOW)


class TestCard:
    def test_opens_its_holder_at_the_reception_once(self, world: World, desk: Desk, mrs_zhou: Client) -> None:
        code, reception = code_of(mrs_zhou), desk("mei")
        typing = reception.post("/reception/", {"q": code}, headers={**HTMX, "HX-Target": "hits"})
        assert typing.status_code == 200 and "is over" not in typing.content.decode()
        found = reception.post("/reception/", {"q": code})
        assert found.status_code == 302 and found["Location"] == f"/reception/{world.cast.mrs_zhou.pk}/"
        again = reception.post("/reception/", {"q": code}).content.decode()
        assert "This code is over" in again

    def test_is_over_after_a_minute_when_altered_or_signed_out(
        self, world: World, desk: Desk, mrs_zhou: Client
    ) -> None:
        code, reception = code_of(mrs_zhou), desk("mei")
        for other in (code[:-1] + ("0" if code[-1] != "0" else "1"), "ZKM" + "0" * 64, "ZKM" + "G" * 64):
            assert "This code is over" in reception.post("/reception/", {"q": other}).content.decode()
        with time_machine.travel(NOW + timedelta(seconds=61), tick=False):
            assert "This code is over" in reception.post("/reception/", {"q": code}).content.decode()
        mrs_zhou.post("/sign-out/")
        assert "This code is over" in reception.post("/reception/", {"q": code}).content.decode()

    def test_tells_another_shop_only_whose_she_is_and_another_brand_nothing(
        self, world: World, desk: Desk, mrs_zhou: Client
    ) -> None:
        far = desk("qiao").post("/reception/", {"q": code_of(mrs_zhou)}).content.decode()
        assert "梅雪" in far and "周丽华" not in far and str(world.cast.mrs_zhou.pk) not in far
        with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
            other = desk("other").post("/reception/", {"q": code_of(mrs_zhou)}).content.decode()
        assert "梅雪" not in other and "水贝店" not in other

    def test_holds_no_name_and_no_key_of_a_person(self, world: World, mrs_zhou: Client) -> None:
        code = code_of(mrs_zhou)
        assert f"{world.cast.mrs_zhou.pk:016X}" not in code and str(world.cast.mrs_zhou.pk) not in code


class TestPieces:
    def test_shows_what_she_owns_with_its_papers_under_references_of_this_session(
        self, world: World, signed_in: Callable[..., Client]
    ) -> None:
        Piece.objects.update(warranty="终身免费清洗", next_inspection_date=date(2026, 12, 1), serial="SN-77")
        mine = signed_in()
        page = words_of(mine, "/pieces/")
        [reference] = set(re.findall(r"/pieces/([0-9a-f]{24})/\"", page))
        one = words_of(mine, f"/pieces/{reference}/")
        assert "翡翠手镯" in one and "终身免费清洗" in one and "SN-77" in one and "in 9 days" in one
        key = Piece.objects.get().pk
        assert str(key) not in page + one and f"{key:x}" not in page + one
        with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
            other = signed_in()
            assert other.get(f"/pieces/{reference}/").status_code == 404
            assert f"/pieces/{reference}/" not in words_of(other, "/pieces/")

    def test_keeps_a_surprise_from_whom_it_is_for_until_its_day(
        self, world: World, signed_in: Callable[..., Client], mr_zhou: Client
    ) -> None:
        Piece.objects.update(wearer=world.cast.mr_zhou, secret_until_date=date(2026, 12, 12), name="SECRET手镯")
        places = ["/", "/pieces/", "/consent/", "/mine/", "/mine/looks/"]
        assert not [place for place in places if "SECRET" in words_of(mr_zhou, place)]
        pack = _pack(mr_zhou)
        assert "SECRET" not in pack and "手镯" not in pack
        with time_machine.travel(NOW.replace(month=12, day=13), tick=False):
            page = words_of(mr_zhou, "/pieces/")
            assert "SECRET" in page
            [reference] = set(re.findall(r"/pieces/([0-9a-f]{24})/\"", page))
            one = words_of(mr_zhou, f"/pieces/{reference}/")
        assert "belongs to somebody else" in one and "丽华" not in one and "Warranty" not in one

    def test_a_guess_finds_nothing(self, world: World, mrs_zhou: Client) -> None:
        key = Piece.objects.get().pk
        for text in ("0" * 24, str(key), f"{key:x}", "%00", "é" * 24, "..%2f..%2f"):
            assert mrs_zhou.get(f"/pieces/{text}/").status_code == 404, text
            assert mrs_zhou.get(f"/pieces/{text}/photo/").status_code == 404, text


def _pack(client: Client) -> str:
    """Return the copy of everything, once the device is free and the code is fresh."""
    MemberSession.objects.update(free_from_at=NOW, proved_at=NOW)
    answer = client.post("/mine/copy/", {"as": "file"})
    assert answer.status_code == 200
    return str(json.loads(answer.content))


class TestOthers:
    def test_a_member_never_meets_anything_of_another(
        self, world: World, signed_in: Callable[..., Client], mr_zhou: Client
    ) -> None:
        """P13: canaries of her, looked for on every page of his, with her keys in every place that takes a word."""
        her = world.cast.mrs_zhou
        Customer.objects.filter(pk=her.pk).update(name="CANARYher", notes="CANARYnote", card_number="CANARY-1")
        Piece.objects.update(name="CANARYpiece", serial="CANARYserial")
        keys = [str(her.pk), f"{her.pk:x}", "CANARY-1", PHONE, str(Piece.objects.get().pk)]
        answers = []
        for place in ("/", "/card/code/", "/pieces/", "/consent/", "/mine/", "/mine/looks/", "/mine/forget/"):
            for key in ["", *keys]:
                words = dict.fromkeys(("customer", "customer_id", "id", "next", "purpose", "member"), key)
                answers.append(mr_zhou.get(place, words if key else {}))
                answers.append(mr_zhou.post(place, {**words, "act": "withdraw"}))
        answers += [mr_zhou.get(f"/pieces/{key}/") for key in keys]
        found = [one for one in answers if "CANARYher" in one.content.decode() or "CANARYp" in str(one.headers)]
        found += [one for one in answers if re.search("CANARY(her|note|piece|serial|-1)", one.content.decode())]
        assert found == [] and "CANARYher" not in _pack(mr_zhou)

    def test_nothing_that_was_not_offered_can_be_written(self, world: World, mrs_zhou: Client) -> None:
        """P14: every column of the archive, sent to every form."""
        before = Customer.objects.filter(pk=world.cast.mrs_zhou.pk).values().get()
        reserved = {"points": "9999", "tier": "gold", "role": "owner", "is_staff": "1", "free_from_at": "2020-01-01"}
        fields = dict.fromkeys(before, "1") | reserved
        for place in ("/consent/", "/mine/correct/", "/mine/forget/", "/mine/prove/", "/language/", "/mine/copy/"):
            mrs_zhou.post(place, {**fields, "name": "", "language": "en"})
        assert Customer.objects.filter(pk=world.cast.mrs_zhou.pk).values().get() == before
        session = MemberSession.objects.get()
        assert session.free_from_at == NOW + timedelta(hours=24)


class TestConsent:
    def test_a_yes_and_a_no_are_one_tap_each_with_text_and_proof(self, world: World, mrs_zhou: Client) -> None:
        given = {"purpose": "care", "channel": "wechat", "version": "1"}
        for to, state in (("yes", "given"), ("no", "withdrawn")):
            assert mrs_zhou.post("/consent/", {**given, "to": to}).status_code == 302
            mrs_zhou.post("/consent/", {**given, "to": to})
            newest = ConsentEntry.objects.order_by("-id").first()
            assert newest is not None
            assert (newest.customer, newest.state, newest.channel) == (world.cast.mrs_zhou, state, "wechat")
            assert (newest.proof, newest.proof_note, newest.by) == ("screen", "member_site", None)
            assert f'aria-checked="{"true" if to == "yes" else "false"}"' in words_of(mrs_zhou, "/consent/")
        assert ConsentEntry.objects.count() == 2

    def test_a_yes_to_a_text_that_she_was_not_shown_is_none(self, mrs_zhou: Client) -> None:
        mrs_zhou.post("/consent/", {"purpose": "care", "channel": "sms", "version": "2", "to": "yes"})
        assert not ConsentEntry.objects.exists()

    def test_everything_is_taken_back_at_once(self, world: World, mrs_zhou: Client) -> None:
        how = {"proof": "spoken", "by": world.cast.mei, "now": NOW - timedelta(days=1)}
        give_consent(customer=world.cast.mrs_zhou, purpose="marketing", channels=("sms",), **how)
        mrs_zhou.post("/consent/", {"act": "nothing"})
        assert 'aria-checked="true"' not in words_of(mrs_zhou, "/consent/")

    def test_refuses_a_purpose_or_channel_that_there_is_none_of(self, mrs_zhou: Client) -> None:
        for wrong in ({"purpose": "x"}, {"purpose": "care", "channel": "x", "version": "1"}, {"purpose": "under_14"}):
            answer = mrs_zhou.post("/consent/", {"to": "yes", **wrong})
            assert answer.status_code in (302, 422)
        assert not ConsentEntry.objects.exists()


class TestMine:
    def test_shows_masks_and_never_a_whole_contact(self, mrs_zhou: Client) -> None:
        page = words_of(mrs_zhou, "/mine/")
        assert "138****8000" in page and PHONE not in page and "周丽华" in page and "30 November" in page

    def test_a_copy_needs_a_fresh_code(self, world: World, codes: Codes, mrs_zhou: Client) -> None:
        with time_machine.travel(LATER, tick=False):
            assert mrs_zhou.get("/mine/copy/")["Location"] == "/mine/prove/?next=member_copy"
            assert "138****8000" in words_of(mrs_zhou, "/mine/prove/?next=member_copy")
            sent = mrs_zhou.post("/mine/prove/", {"act": "send", "next": "member_copy"})
            assert sent.status_code == 200
            wrong = mrs_zhou.post("/mine/prove/", {"act": "give", "next": "member_copy", "code": "000000"})
            assert wrong.status_code == 422
            right = {"act": "give", "next": "member_copy", "code": codes.last()}
            assert mrs_zhou.post("/mine/prove/", right)["Location"] == "/mine/copy/"
            page = mrs_zhou.post("/mine/copy/", {"as": "page"}).content.decode()
            file = json.loads(mrs_zhou.post("/mine/copy/", {"as": "file"}).content)
        assert "翡翠手镯" in page and PHONE in page and file["person"][0]["name"] == "周丽华" and file["sign_ins"]
        copied = AuditEntry.objects.filter(action="customer.copied")
        assert {one.facts["checked"] for one in copied} == {"member_site"} and copied.count() == 2

    def test_a_code_for_signing_in_proves_nothing_and_leads_nowhere_else(self, mrs_zhou: Client) -> None:
        with time_machine.travel(LATER, tick=False):
            mrs_zhou.post("/mine/prove/", {"act": "send", "next": "https://evil.example/"})
            page = words_of(mrs_zhou, "/mine/prove/?next=https://evil.example/")
        assert "evil" not in page

    def test_what_she_says_is_wrong_waits_for_the_staff(self, world: World, mrs_zhou: Client) -> None:
        given = {"name": "周莉华", "month": "8", "day": "15", "year": "1985", "calendar": "lunar", "contact": "phone"}
        for _ in range(2):
            assert mrs_zhou.post("/mine/correct/", given)["Location"] == "/mine/?corrected=1"
        assert Customer.objects.get(pk=world.cast.mrs_zhou.pk).name == "周丽华"
        assert sorted(Claim.objects.values_list("field", "source")) == [("date:birthday", "member"), ("name", "member")]
        tasks = Task.objects.filter(step="member_asks")
        assert sorted(task.reason["field"] for task in tasks) == ["birthday", "name", "phone"]
        assert {task.assignee for task in tasks} == {world.cast.mei}

    def test_refuses_half_a_birthday(self, mrs_zhou: Client) -> None:
        for wrong in ({"month": "8"}, {"month": "2", "day": "30"}, {"year": "1985"}):
            assert mrs_zhou.post("/mine/correct/", wrong).status_code == 422

    def test_text_of_others_is_text(self, world: World, mrs_zhou: Client, desk: Desk) -> None:
        bad = "<script>window.__ran=1</script>{{7*7}}"
        Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(name=bad)
        Piece.objects.update(name=bad, warranty=bad)
        mrs_zhou.post("/mine/correct/", {"name": bad + "2"})
        pages = [words_of(mrs_zhou, place) for place in ("/", "/pieces/", "/mine/")]
        pages.append(desk("mei").get(f"/customers/{world.cast.mrs_zhou.pk}/").content.decode())
        assert not [page for page in pages if "<script>window" in page]
        assert mrs_zhou.post("/mine/correct/", {"name": "a\0b"}).status_code == 422

    def test_shows_which_shop_looked(self, world: World, mrs_zhou: Client, desk: Desk) -> None:
        contact = world.cast.mrs_zhou.contact_points.get()

        reveal_contact(viewer=world.cast.mei, contact=contact.pk, reason="call", now=NOW)
        page = words_of(mrs_zhou, "/mine/looks/")
        assert "Your whole contact was looked at" in page and "水贝店" in page and "梅雪" not in page


class TestForget:
    def ask(self, client: Client) -> int:
        MemberSession.objects.update(free_from_at=NOW, proved_at=NOW)
        return client.post("/mine/forget/", {"act": "ask"}).status_code

    def test_goes_to_the_staff_with_fifteen_working_days(self, world: World, desk: Desk, mrs_zhou: Client) -> None:
        assert [self.ask(mrs_zhou), self.ask(mrs_zhou)] == [200, 200]
        asked = ErasureRequest.objects.get()
        assert asked.due_date == date(2026, 12, 11)
        task = Task.objects.get(step="member_asks")
        assert (task.assignee, task.last_date, task.reason["field"]) == (world.cast.mei, date(2026, 12, 11), "forget")
        page = desk("lin").get(f"/customers/{world.cast.mrs_zhou.pk}/rights/").content.decode()
        assert "11 Dec 2026" in page and "member site" in page
        assert "11 Dec 2026" in words_of(mrs_zhou, "/mine/")

    def test_can_be_taken_back(self, mrs_zhou: Client) -> None:
        self.ask(mrs_zhou)
        for _ in range(2):
            assert mrs_zhou.post("/mine/forget/", {"act": "withdraw"}).status_code == 302
        assert ErasureRequest.objects.filter(withdrawn_at=None).count() == 0

    def test_says_what_the_law_keeps_and_until_when_but_not_why(self, world: World, mrs_zhou: Client) -> None:
        hold = {"reason": "案号123", "until_date": date(2027, 3, 1), "made_at": NOW, "made_by": world.cast.zhu}
        LegalHold.objects.create(customer=world.cast.mrs_zhou, **hold)
        page = words_of(mrs_zhou, "/mine/forget/")
        assert "1 Mar 2027" in page and "案号" not in page

    def test_who_is_forgotten_or_locked_away_is_out_at_once(
        self, world: World, signed_in: Callable[..., Client], mr_zhou: Client
    ) -> None:
        hers = signed_in()
        forget(customer_id=world.cast.mrs_zhou.pk, by=world.cast.lin, now=NOW)
        assert hers.get("/")["Location"] == "/sign-in/"
        his = world.cast.mr_zhou
        hold = {"reason": "案号", "until_date": date(2027, 3, 1), "made_at": NOW, "made_by": world.cast.zhu}
        LegalHold.objects.create(customer=his, **hold)
        lock_away(customer=his, by=world.cast.lin, now=NOW)
        assert mr_zhou.get("/")["Location"] == "/sign-in/"


class TestApp:
    def test_can_be_put_on_the_phone_and_keeps_nothing_personal(self, world: World, mrs_zhou: Client) -> None:
        about = json.loads(mrs_zhou.get("/manifest.webmanifest").content)
        assert about["display"] == "standalone" and {one["sizes"] for one in about["icons"]} == {"192x192", "512x512"}
        worker = mrs_zhou.get("/worker.js").content.decode()
        kept = re.search(r"SHELL = \[(.*)\]", worker)
        assert kept and re.findall(r'"([^"]+)"', kept[1])[-1] == "/offline/"
        assert not [one for one in re.findall(r'"([^"]+)"', kept[1])[:-1] if "static" not in one]
        assert "周丽华" not in words_of(mrs_zhou, "/offline/")

    def test_speaks_the_language_that_she_chose(self, mrs_zhou: Client) -> None:
        assert mrs_zhou.post("/language/", {"language": "zh-hans"}).status_code == 302
        assert 'lang="zh-hans"' in words_of(mrs_zhou, "/mine/")
        mrs_zhou.post("/language/", {"language": "xx"})
        assert 'lang="zh-hans"' in words_of(mrs_zhou, "/mine/")
