"""A note on the desk: naming a colleague and adding photos on the sheet, the line on her Today, the timeline after."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.basics.test_pictures import SECRET, photo
from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.customers.models import Customer, Interaction, Mention, NotePhoto
from zhenke.customers.operations.notes import add_note
from zhenke.customers.queries.notes import note_photo_file

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
HEALTH = "怀孕三个月"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def her(world: World) -> str:
    return f"/customers/{world.cast.mrs_zhou.pk}/"


def upload(raw: bytes, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw, content_type="image/jpeg")


def noted(world: World, text: str = "珍珠到货请看", key: str = "desk:1", **more: Any) -> Interaction:
    cast = world.cast
    facts = {"customer": cast.mrs_zhou, "kind": "note", "at": NOW, "now": NOW, "by": cast.mei, "shop": cast.shop_a}
    return add_note(**facts | {"text": text, "source_key": key} | more)


def toast_of(answer: Any) -> dict[str, str]:
    told: dict[str, str] = json.loads(answer.headers["HX-Trigger"])["toast"]
    return told


class TestTheSheet:
    @pytest.mark.parametrize("which", ["note", "visit"])
    def test_offers_those_who_may_see_her_and_no_others(self, world: World, desk: Desk, which: str) -> None:
        page = text_of(desk("mei"), f"{her(world)}{which}/", headers=HTMX)
        assert "林静" in page and "舒云" in page and "陶然" not in page and "安澜" not in page
        assert 'hx-encoding="multipart/form-data"' in page

    def test_writes_note_names_and_photos_in_one_go_and_takes_them_back(self, world: World, desk: Desk) -> None:
        given = {"kind": "note", "text": "看图", "key": "k1", "named": [world.cast.lin.pk], "photos": [upload(photo())]}
        mei = desk("mei")
        answer = mei.post(f"{her(world)}note/", given, headers=HTMX)
        assert answer.status_code == 204, answer.content.decode()
        row = Interaction.objects.get(source_key="desk:k1")
        assert (row.mentions.get().member, row.photos.count()) == (world.cast.lin, 1)
        told = toast_of(answer)
        assert told["text"] == "Written down."
        assert mei.post(told["undo_url"], headers=HTMX).status_code == 204
        assert not Interaction.objects.filter(pk=row.pk).exists()

    def test_does_so_for_a_visit(self, world: World, desk: Desk) -> None:
        given = {
            "looked_at": "BG1001",
            "key": "k2",
            "named": [world.cast.shu.pk],
            "photos": [upload(photo()), upload(photo())],
        }
        assert desk("mei").post(f"{her(world)}visit/", given, headers=HTMX).status_code == 204
        row = Interaction.objects.get(source_key="desk:k2")
        assert (row.mentions.get().member, row.photos.count(), row.visit.pieces.count()) == (world.cast.shu, 1, 1)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"photos": "svg"}, "This file is not a photo that can be read"),
            ({"text": "@陶然 看"}, "陶然 may not see this note"),
            ({"text": "11010519491231002X"}, "number of an identity paper"),
            ({"text": "6222021001116245702"}, "bank card or account"),
            ({"photos": "many"}, "A note takes 6 photos."),
            ({"named": ["1"]}, "Select a valid choice"),
        ],
    )
    def test_says_at_its_field_what_is_wrong_and_writes_nothing(
        self, world: World, desk: Desk, fields: dict[str, Any], words: str
    ) -> None:
        raws = {"svg": [b"<svg/>"], "many": [photo(40, 30)] * 7, "": []}
        before = Interaction.objects.count()
        for which in ("note", "visit"):
            photos = [upload(raw) for raw in raws[fields.get("photos", "")]]
            given = {"kind": "note", "text": "x", "key": "k3", **fields, "photos": photos}
            answer = desk("mei").post(f"{her(world)}{which}/", given, headers=HTMX)
            assert (answer.status_code, words in answer.content.decode()) == (422, True), answer.content.decode()
        assert (Interaction.objects.count(), NotePhoto.objects.count()) == (before, 0)

    def test_says_that_the_writer_will_not_read_words_of_health_again(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        answer = mei.post(f"{her(world)}note/", {"kind": "note", "text": HEALTH, "key": "k4"}, headers=HTMX)
        assert "only those who lead can read the words" in toast_of(answer)["text"]
        page = text_of(mei, f"{her(world)}?tab=timeline")
        assert HEALTH not in page and "Only those who lead can read the words." in page
        assert HEALTH in text_of(desk("lin"), f"{her(world)}?tab=timeline")


class TestToday:
    def test_has_a_quiet_line_until_it_is_read(self, world: World, desk: Desk) -> None:
        noted(world, named=[world.cast.lin.pk])
        lin = desk("lin")
        page = text_of(lin, "/")
        assert "梅雪 names you in a note on 周丽华" in page and "珍珠到货请看" in page
        for other in ("mei", "shu", "zhu", "tao"):
            assert "names you" not in text_of(desk(other), "/")
        line = Mention.objects.get()
        answer = lin.post(f"/mentions/{line.pk}/seen/", headers=HTMX)
        assert "names you" not in text_of(lin, "/")
        assert lin.post(f"/mentions/{line.pk}/seen/", headers=HTMX).status_code == 204  # a second tap
        assert lin.post(toast_of(answer)["undo_url"], headers=HTMX).status_code == 204
        assert "names you" in text_of(lin, "/")

    def test_opens_the_profile_at_the_note_and_is_seen_by_that(self, world: World, desk: Desk) -> None:
        for number in range(30):
            noted(world, text=f"older or newer {number}", key=f"desk:o{number}", at=NOW.replace(minute=number))
        row = noted(world, text="that very note", at=NOW.replace(minute=3, second=30), named=[world.cast.lin.pk])
        lin, line = desk("lin"), Mention.objects.get()
        answer = lin.post(f"/mentions/{line.pk}/open/", headers=HTMX)
        address = answer.headers["HX-Redirect"]
        assert address.endswith(f"#entry-{row.pk}")
        page = text_of(lin, address.split("#")[0])
        assert page.index("that very note") < page.index("older or newer 3") and "older or newer 4<" not in page
        assert f'id="entry-{row.pk}"' in page
        assert Mention.objects.get().seen_at == NOW
        plain = lin.post(f"/mentions/{line.pk}/open/")
        assert plain.status_code == 302 and plain.headers["Location"] == address

    def test_is_nobody_elses(self, world: World, desk: Desk) -> None:
        noted(world, named=[world.cast.lin.pk])
        line = Mention.objects.get()
        for act in ("open", "seen", "unseen"):
            for who in ("mei", "shu", "zhu", "qiao", "other"):
                assert desk(who).post(f"/mentions/{line.pk}/{act}/").status_code == 404
            assert desk("ji").post(f"/mentions/{line.pk}/{act}/").status_code == 403
        assert Mention.objects.get().seen_at is None

    def test_costs_one_question_more_on_the_days_when_somebody_is_named(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        assert len(queries_of(mei, "/")) == 7
        noted(world, by=world.cast.lin, named=[world.cast.mei.pk])
        assert len(queries_of(mei, "/")) == 8
        assert "林静 names you in a note on 周丽华" in text_of(mei, "/")
        Mention.objects.update(seen_at=NOW)
        assert len(queries_of(mei, "/")) == 7

    def test_says_nothing_of_a_gift_on_the_list_of_her_whom_it_is_for(self, world: World, desk: Desk) -> None:
        row = noted(world, text="送先生的戒指，保密", named=[world.cast.lin.pk])
        lin = desk("lin")
        assert "保密" not in text_of(lin, f"/customers/{world.cast.mr_zhou.pk}/?tab=timeline")
        assert (
            f"/customers/{world.cast.mr_zhou.pk}/"
            not in text_of(lin, "/").split("part-mentions")[1].split("</section>")[0]
        )
        assert row.customer_id == world.cast.mrs_zhou.pk


class TestPhotos:
    def test_are_shown_small_and_open_large_to_who_may_read_the_note(self, world: World, desk: Desk) -> None:
        row = noted(world, photos=[photo()], named=[world.cast.lin.pk])
        address = f"{her(world)}notes/photos/{row.photos.get().pk}/"
        for who in ("mei", "lin", "shu", "zhu"):
            client = desk(who)
            page = text_of(client, f"{her(world)}?tab=timeline")
            assert f'src="{address}?small"' in page and f'href="{address}"' in page
            for query, longest in (("", 1600), ("?small", 320)):
                answer = client.get(address + query)
                jpeg = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
                assert answer.headers["Content-Type"] == "image/jpeg"
                assert "no-store" in answer.headers["Cache-Control"]
                assert max(Image.open(BytesIO(jpeg)).size) == longest
                assert SECRET not in jpeg
        for who in ("tao", "qiao", "other"):
            assert desk(who).get(address).status_code == 404
        for who in ("an", "ji"):
            assert desk(who).get(address).status_code == 403
        assert (
            desk("mei").get(f"/customers/{world.cast.mr_zhou.pk}/notes/photos/{row.photos.get().pk}/").status_code
            == 404
        )

    def test_of_a_note_on_health_are_closed_like_its_words(self, world: World, desk: Desk) -> None:
        row = noted(world, text=HEALTH, photos=[photo(60, 40)])
        address = f"{her(world)}notes/photos/{row.photos.get().pk}/"
        assert (desk("mei").get(address).status_code, desk("lin").get(address).status_code) == (404, 200)

    @pytest.mark.django_db(transaction=True)
    def test_are_taken_away_with_their_files(self, world: World, desk: Desk) -> None:
        row = noted(world, photos=[photo(60, 40)])
        found = row.photos.get()
        address = f"{her(world)}notes/photos/{found.pk}/drop/"
        assert desk("mei").post(address, headers=HTMX).status_code == 204
        assert not note_photo_file(photo=found, is_small=False).exists()
        assert desk("mei").post(address, headers=HTMX).status_code == 404


class TestTheTimeline:
    def test_says_for_whom_a_note_is_and_who_has_read_it(self, world: World, desk: Desk) -> None:
        noted(world, named=[world.cast.lin.pk, world.cast.shu.pk])
        Mention.objects.filter(member=world.cast.shu).update(seen_at=NOW)
        assert "For 林静, 舒云 (has read it)" in text_of(desk("mei"), f"{her(world)}?tab=timeline")

    def test_asks_no_more_where_nothing_hangs_on_a_note(self, world: World, desk: Desk) -> None:
        mei, address = desk("mei"), f"{her(world)}?tab=timeline"
        noted(world)
        plain = len(queries_of(mei, address))
        noted(world, key="desk:2", named=[world.cast.lin.pk], photos=[photo(60, 40)])
        assert len(queries_of(mei, address)) == plain + 2

    def test_loses_the_line_when_the_customer_is_protected(self, world: World, desk: Desk) -> None:
        noted(world, named=[world.cast.lin.pk])
        Customer.objects.filter(pk=world.cast.mrs_zhou.pk).update(importance=3)
        assert "names you" not in text_of(desk("lin"), "/")
        assert desk("lin").post(f"/mentions/{Mention.objects.get().pk}/open/").status_code == 404


class TestClosingAFollowUp:
    def test_closes_its_words_too_where_they_speak_of_health(self, world: World, desk: Desk) -> None:
        given = {"result": "reached", "note": HEALTH, "next_date": "2027-01-21"}
        assert desk("mei").post(f"/tasks/{world.wear_check.pk}/done/", given, headers=HTMX).status_code == 204
        for tab in ("tasks", "timeline"):
            assert HEALTH not in text_of(desk("mei"), f"{her(world)}?tab={tab}")
            assert HEALTH in text_of(desk("lin"), f"{her(world)}?tab={tab}")

    def test_refuses_the_number_of_a_paper_and_leaves_it_open(self, world: World, desk: Desk) -> None:
        given = {"result": "reached", "note": "11010519491231002X", "next_date": "2027-01-21"}
        answer = desk("mei").post(f"/tasks/{world.wear_check.pk}/done/", given, headers=HTMX)
        assert (answer.status_code, "number of an identity paper" in answer.content.decode()) == (422, True)
        world.wear_check.refresh_from_db()
        assert world.wear_check.state == "open"
