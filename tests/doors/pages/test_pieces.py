"""Pieces over HTTP: the tab, the page, sheets, one tap, what is covered, links for strangers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import NOW, PASSWORD
from tests.catalogue.jewel_box import NUMBER, SERIAL, TODAY, picture, ring
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.care.models import Task
from zhenke.catalogue.models import Inspection, Piece, PiecePhoto, PieceShare, Stone, Valuation
from zhenke.catalogue.operations import add_photo, set_surprise
from zhenke.doors.pages.pieces.shared import BUDGET, LOOKS_A_MINUTE
from zhenke.journeys.plan_care import plan_care
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
TAB_QUERIES, PAGE_QUERIES, PUBLIC_QUERIES = 16, 15, 6


@pytest.fixture(autouse=True)
def fresh_budget() -> None:
    """Nobody has looked yet."""
    BUDGET.forget()


def tab(world: World) -> str:
    """Return the address of Mrs Zhou's pieces."""
    return f"/customers/{world.cast.mrs_zhou.pk}/?tab=pieces"


def link_of(client: Client, piece: Piece, **fields: object) -> str:
    """Return the path of a new link."""
    given = {"shows": ["photos", "stones", "certificate"], "hours": "24", **fields}
    page = client.post(f"/pieces/{piece.pk}/share/", given, headers=HTMX).content.decode()
    found = re.search(r"http://testserver(/s/[^<]+/)", page)
    assert found, page
    return found[1]


class TestPiecesTab:
    def test_shows_what_was_sold_and_what_was_added(self, world: World, desk: Desk) -> None:
        ring(world.cast)
        page = text_of(desk("mei"), tab(world))
        assert "翡翠手镯" in page
        assert f"GIA {NUMBER}" in page
        assert "2.7 g" in page
        assert "Inspection today" in page

    def test_covers_numbers_for_the_manager(self, world: World, desk: Desk) -> None:
        ring(world.cast)
        page = text_of(desk("lin"), tab(world))
        assert "GIA ****0010" in page
        assert NUMBER not in page
        assert "2.7 g" not in page

    def test_is_not_there_for_marketing(self, world: World, desk: Desk) -> None:
        ring(world.cast)
        page = text_of(desk("an"), tab(world))
        assert 'href="?tab=pieces"' not in page
        assert "六爪钻戒" not in page

    def test_hides_a_gift_from_the_wearers_archive(self, world: World, desk: Desk) -> None:
        day = TODAY + timedelta(days=3)
        set_surprise(piece=ring(world.cast), wearer=world.cast.mr_zhou, until_date=day, by=world.cast.mei, now=NOW)
        his = f"/customers/{world.cast.mr_zhou.pk}/?tab=pieces"
        assert "六爪钻戒" not in text_of(desk("mei"), his)
        assert "Secret until 25 Nov 2026" in text_of(desk("mei"), tab(world))
        with time_machine.travel(NOW + timedelta(days=3), tick=False):
            assert "六爪钻戒" in text_of(desk("mei"), his)

    def test_keeps_its_budget(self, world: World, desk: Desk) -> None:
        for number in range(5):
            ring(world.cast, key=f"desk:{number}", serial="")
        assert len(queries_of(desk("mei"), tab(world))) <= TAB_QUERIES


class TestPiecePage:
    def test_shows_all_to_her_advisor(self, world: World, desk: Desk) -> None:
        page = text_of(desk("mei"), f"/pieces/{ring(world.cast).pk}/")
        for words in (SERIAL, f"GIA {NUMBER}", "Diamond · natural · 0.402 ct", "Check at www.gia.edu", "周丽华"):
            assert words in page

    @pytest.mark.parametrize("who", ["lin", "zhu", "ji"])
    def test_covers_numbers_weights_and_values(self, world: World, desk: Desk, who: str) -> None:
        page = text_of(desk(who), f"/pieces/{ring(world.cast).pk}/")
        for words in (SERIAL, NUMBER, "0.402", "2.7 g", "Valuations"):
            assert words not in page

    @pytest.mark.parametrize("who", ["qiao", "tao", "other"])
    def test_is_absent_for_strangers(self, world: World, desk: Desk, who: str) -> None:
        assert desk(who).get(f"/pieces/{ring(world.cast).pk}/").status_code == 404

    def test_keeps_its_budget(self, world: World, desk: Desk) -> None:
        assert len(queries_of(desk("mei"), f"/pieces/{ring(world.cast).pk}/")) <= PAGE_QUERIES


class TestReveal:
    def test_shows_it_for_a_reason_and_writes_that_down(self, world: World, desk: Desk) -> None:
        piece = ring(world.cast)
        given = {"reason": "service", "password": PASSWORD}
        asked = desk("lin").post(f"/pieces/{piece.pk}/reveal/", given, headers=HTMX)
        assert asked["HX-Retarget"] == "#piece"
        assert NUMBER in asked.content.decode()
        assert "2.7 g" in asked.content.decode()
        assert AuditEntry.objects.get(action="piece.revealed").actor_id == world.cast.lin.pk

    def test_shows_nothing_without_one(self, world: World, desk: Desk) -> None:
        asked = desk("lin").post(f"/pieces/{ring(world.cast).pk}/reveal/", {}, headers=HTMX)
        assert asked.status_code == 422
        assert NUMBER not in asked.content.decode()


class TestSheets:
    def test_add_a_piece_from_elsewhere_once(self, world: World, desk: Desk) -> None:
        address = f"/customers/{world.cast.mrs_zhou.pk}/pieces/new/"
        given = {"name": "祖母的戒指", "category": "ring", "stone": "ruby", "carat": "1.2", "key": "k1"}
        given |= {"lab": "GIA", "number": "123456", "gross": "3.45"}
        for _ in range(2):
            assert desk("mei").post(address, given, headers=HTMX).status_code == 204
        piece = Piece.objects.get(name="祖母的戒指")
        assert (piece.gross_mg, piece.stones.get().carat_thousandths, piece.certificates.get().number) == (
            3_450,
            1_200,
            "123456",
        )

    def test_say_what_is_missing(self, world: World, desk: Desk) -> None:
        address = f"/customers/{world.cast.mrs_zhou.pk}/pieces/new/"
        answer = desk("mei").post(address, {"name": "戒指", "lab": "GIA", "key": "k"}, headers=HTMX)
        assert answer.status_code == 422
        assert "A certificate has a laboratory and a number." in answer.content.decode()

    def test_change_a_piece_and_leave_covered_fields_to_others(self, world: World, desk: Desk) -> None:
        piece = ring(world.cast)
        given = {"name": "六爪钻戒", "category": "ring", "metal": "k18_white", "size": "港度 13", "key": "k"}
        page = text_of(desk("lin"), f"/pieces/{piece.pk}/edit/")
        assert SERIAL not in page
        answer = desk("lin").post(f"/pieces/{piece.pk}/edit/", {**given, "serial": "HACK", "gross": "1"}, headers=HTMX)
        assert answer.status_code == 204
        piece.refresh_from_db()
        assert (piece.size, piece.serial, piece.gross_mg) == ("港度 13", SERIAL, 2_700)

    def test_refuse_a_serial_that_is_taken_at_its_box(self, world: World, desk: Desk) -> None:
        ring(world.cast)
        other = ring(world.cast, key="desk:2", serial="")
        answer = desk("mei").post(
            f"/pieces/{other.pk}/edit/", {"name": "戒指", "serial": SERIAL, "key": "k"}, headers=HTMX
        )
        assert answer.status_code == 422
        assert "Another piece has this serial number already." in answer.content.decode()

    def test_add_change_and_drop_a_stone(self, world: World, desk: Desk) -> None:
        address = f"/pieces/{ring(world.cast).pk}/stone/"
        mei = desk("mei")
        assert "0.402" in text_of(mei, f"{address}?position=1")
        mei.post(address, {"kind": "jadeite", "count": "1", "jade_type": "A"}, headers=HTMX)
        mei.post(address, {"kind": "ruby", "count": "3", "position": "1"}, headers=HTMX)
        assert list(Stone.objects.order_by("position").values_list("kind", flat=True)) == ["ruby", "jadeite"]
        mei.post(address, {"kind": "ruby", "count": "3", "position": "1", "act": "drop"}, headers=HTMX)
        assert Stone.objects.get().kind == "jadeite"

    def test_keep_papers_valuations_and_inspections(self, world: World, desk: Desk) -> None:
        piece, mei = ring(world.cast), desk("mei")
        sheets = {
            "certificate": {"lab": "NGTC", "number": " G1 ", "is_original": "on"},
            "valuation": {"purpose": "insurance", "value": "17,600", "on_date": "2026-11-20"},
            "inspection": {"on_date": "2026-11-20", "next_date": "2027-05-20", "seen": "爪松"},
        }
        for name, given in sheets.items():
            answer = mei.post(f"/pieces/{piece.pk}/{name}/", given, headers=HTMX)
            assert answer.status_code == 204, (name, answer.content.decode())
        assert piece.certificates.filter(number="G1").exists()
        assert Valuation.objects.get().value_minor == 1_760_000
        page = text_of(mei, f"/pieces/{piece.pk}/")
        assert "¥17,600" in page
        assert "爪松" in page


class TestInspected:
    def test_is_one_tap_with_undo(self, world: World, desk: Desk) -> None:
        piece, mei = ring(world.cast), desk("mei")
        plan_care(today=TODAY, now=NOW)
        Task.objects.exclude(step="inspection").delete()  # one line for each person: let it be this one
        assert "is due an inspection of its setting" in text_of(mei, "/")
        answer = mei.post(f"/pieces/{piece.pk}/inspected/", headers=HTMX)
        piece.refresh_from_db()
        assert str(piece.next_inspection_date) == "2027-05-22"
        undo = re.search(r'"undo_url": "([^"]+)"', answer["HX-Trigger"])
        assert undo
        assert mei.post(undo[1], headers=HTMX).status_code == 204
        piece.refresh_from_db()
        assert piece.next_inspection_date == TODAY
        assert not Inspection.objects.exists()


class TestPhotos:
    def test_are_taken_in_and_shown_only_to_who_may_see_them(self, world: World, desk: Desk) -> None:
        piece = ring(world.cast)
        upload = SimpleUploadedFile("../../ring.jpg", picture(), content_type="image/jpeg")
        assert desk("mei").post(f"/pieces/{piece.pk}/photos/", {"photo": upload}, headers=HTMX).status_code == 204
        address = f"/pieces/{piece.pk}/photos/{PiecePhoto.objects.get().pk}/"
        answer = desk("mei").get(f"{address}?small")
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "no-store")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert desk("lin").get(address).status_code == 200
        for who, status in (("qiao", 404), ("tao", 404), ("other", 404), ("ji", 403), ("an", 403)):
            assert desk(who).get(address).status_code == status
        assert Client().get(address).status_code == 302

    @pytest.mark.parametrize("raw", [b"<svg onload=alert(1)>", b"GIF89a", b""])
    def test_refuse_what_is_no_photo(self, world: World, desk: Desk, raw: bytes) -> None:
        upload = SimpleUploadedFile("ring.jpg", raw, content_type="image/jpeg")
        answer = desk("mei").post(f"/pieces/{ring(world.cast).pk}/photos/", {"photo": upload}, headers=HTMX)
        assert answer.status_code == 422
        assert not PiecePhoto.objects.exists()


class TestHandOn:
    def test_finds_the_new_owner_and_passes_the_piece_on(self, world: World, desk: Desk) -> None:
        piece, mei = ring(world.cast), desk("mei")
        address = f"/pieces/{piece.pk}/hand-on/"
        assert "周建国" in text_of(mei, f"{address}?q=ZK000002")
        assert "周丽华" not in text_of(mei, f"{address}?q=ZK000001")
        assert "周建国" in text_of(mei, f"{address}?to={world.cast.mr_zhou.pk}")
        given = {"to": str(world.cast.mr_zhou.pk), "how": "gift", "on_date": "2026-11-22"}
        assert mei.post(address, given, headers=HTMX).status_code == 204
        page = text_of(mei, f"/pieces/{piece.pk}/")
        assert "周丽华 → 周建国" in page

    def test_refuses_a_stranger_as_owner_and_a_day_to_come(self, world: World, desk: Desk) -> None:
        address = f"/pieces/{ring(world.cast).pk}/hand-on/"
        given = {"to": "1", "how": "gift", "on_date": "2026-11-22"}
        assert desk("mei").post(address, given, headers=HTMX).status_code == 404
        given = {"to": str(world.cast.mr_zhou.pk), "how": "gift", "on_date": "2026-11-23"}
        assert desk("mei").post(address, given, headers=HTMX).status_code == 422


class TestSearch:
    def test_finds_a_serial_and_a_certificate_within_the_viewers_scope(self, world: World, desk: Desk) -> None:
        ring(world.cast)
        for text in (SERIAL, NUMBER):
            assert "六爪钻戒" in text_of(desk("mei"), f"/search/?q={text}", headers=HTMX)
            assert "六爪钻戒" not in text_of(desk("qiao"), f"/search/?q={text}", headers=HTMX)


class TestSharedPiece:
    def test_shows_the_piece_to_anybody_and_nothing_of_its_owner(self, world: World, desk: Desk) -> None:
        piece = ring(world.cast)
        add_photo(piece=piece, raw=picture(), by=world.cast.mei, now=NOW)
        link = link_of(desk("mei"), piece)
        stranger = Client(headers={"Accept-Language": "en"})
        answer = stranger.get(link)
        page = answer.content.decode()
        for words in ("六爪钻戒", NUMBER, "0.402 ct"):
            assert words in page
        for words in ("周", "15,512", "水贝", SERIAL, "梅雪", str(piece.pk), str(world.cast.mrs_zhou.pk)):
            assert words not in page
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        photo = stranger.get(f"{link}photos/1/")
        assert b"".join(photo.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
        assert stranger.get(f"{link}photos/2/").status_code == 404

    def test_counts_looks_but_not_heads(self, world: World, desk: Desk) -> None:
        link = link_of(desk("mei"), ring(world.cast))
        for _ in range(2):
            Client().get(link)
        Client().head(link)
        assert PieceShare.objects.get().views == 2
        assert "looked at 2 times" in text_of(desk("mei"), f"/pieces/{Piece.objects.get(serial=SERIAL).pk}/")

    def test_is_absent_after_its_end_like_a_link_that_never_was(self, world: World, desk: Desk) -> None:
        link = link_of(desk("mei"), ring(world.cast))
        never = Client().get("/s/1a2b.nothing/")
        with time_machine.travel(NOW + timedelta(hours=25), tick=False):
            gone = Client().get(link)
        assert (gone.status_code, never.status_code) == (404, 404)
        quiet = [re.sub(rb'(nonce|csrf[^"]*|value)="[^"]*"|/s/[^"]*', b"", one.content) for one in (gone, never)]
        strip = [re.sub(rb'content="[A-Za-z0-9]{64}"', b"", text) for text in quiet]
        assert strip[0] == strip[1]

    def test_is_absent_when_it_was_closed(self, world: World, desk: Desk) -> None:
        piece, mei = ring(world.cast), desk("mei")
        link = link_of(mei, piece)
        share = PieceShare.objects.get()
        assert mei.post(f"/pieces/{piece.pk}/share/{share.pk}/close/", headers=HTMX).status_code == 204
        assert Client().get(link).status_code == 404

    def test_makes_who_looks_too_often_wait_whatever_they_say_of_themselves(self, world: World) -> None:
        client = Client()
        # A slow machine takes long enough over these for a place or two to be free again.
        answers = [
            client.get("/s/1.x/", headers={"X-Forwarded-For": f"10.0.0.{number}"})
            for number in range(LOOKS_A_MINUTE + 10)
        ]
        assert {answer.status_code for answer in answers[:LOOKS_A_MINUTE]} == {404}
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert int(refused["Retry-After"]) > 0

    def test_keeps_its_budget(self, world: World, desk: Desk) -> None:
        link = link_of(desk("mei"), ring(world.cast))
        assert len(queries_of(Client(), link)) <= PUBLIC_QUERIES
