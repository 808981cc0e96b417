"""A visit is written down on the profile and at the reception, shows all of it, and is found by a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.care.models import Task
from zhenke.customers.models import Interaction, Visit
from zhenke.customers.operations import add_link, add_visit
from zhenke.customers.rules.visits import LaidOut, VisitDraft

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


def her(world: World, rest: str = "") -> str:
    return f"/customers/{world.cast.mrs_zhou.pk}/{rest}"


def came(world: World, number: int, **more: object) -> None:
    add_visit(
        customer=world.cast.mrs_zhou,
        draft=VisitDraft(pieces=(LaidOut("BG1001", "翡翠手镯", is_tried=True),), **more),  # type: ignore[arg-type]
        text=f"#{number:02d}.",
        at=NOW - timedelta(minutes=number),
        by=world.cast.mei,
        shop=world.cast.shop_a,
        source_key=f"desk:{number}",
        today=NOW.date(),
        now=NOW,
    )


class TestVisit:
    def test_is_written_down_with_chips_and_a_follow_up(self, world: World, desk: Desk) -> None:
        cast = world.cast
        add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", by=cast.mei, now=NOW)
        mei = desk("mei")
        sheet = text_of(mei, her(world, "visit/"), headers=HTMX)
        assert "周建国 · Husband" in sheet
        due = (NOW + timedelta(days=4)).date()
        given = {
            "looked_at": "BG1001, pearl strand",
            "tried": "BG1001",
            "stopped_by": ["ask_family", "size"],
            "minutes": "20",
            "companions": [str(cast.mr_zhou.pk)],
            "companions_text": "her mother",
            "text": "Liked the green.",
            "agreed": "Show the pearls again",
            "agreed_date": due.isoformat(),
            "key": "k1",
        }
        for _ in range(2):
            answer = mei.post(her(world, "visit/"), given, headers=HTMX)
            assert (answer.status_code, "profileChanged" in answer.headers["HX-Trigger"]) == (204, True)
        assert (Visit.objects.count(), Task.objects.filter(step="by_hand").count()) == (1, 1)
        page = text_of(mei, her(world))
        for words in (
            "Visit · 20 minutes", "翡翠手镯 BG1001 · tried on", "pearl strand", "周建国", "her mother",
            "To ask the family · Size", "Liked the green.", "Show the pearls again",
        ):  # fmt: skip
            assert words in page, words

    def test_needs_one_thing_and_a_day_for_what_was_agreed(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        empty = mei.post(her(world, "visit/"), {"key": "k1"}, headers=HTMX)
        assert (empty.status_code, "at least one thing" in empty.content.decode()) == (422, True)
        dayless = mei.post(her(world, "visit/"), {"agreed": "Call", "key": "k1"}, headers=HTMX)
        assert (dayless.status_code, "Choose the day" in dayless.content.decode()) == (422, True)
        assert not Visit.objects.exists()

    def test_refuses_a_day_gone_by_in_words(self, world: World, desk: Desk) -> None:
        given = {"agreed": "Call", "agreed_date": "2026-11-01", "key": "k1"}
        answer = desk("mei").post(her(world, "visit/"), given, headers=HTMX)
        assert (answer.status_code, "choose a day to come" in answer.content.decode()) == (422, True)
        assert not Interaction.objects.filter(kind="visit").exists()

    def test_cannot_name_somebody_who_does_not_belong_to_her(self, world: World, desk: Desk) -> None:
        given = {"companions": [str(world.cast.mr_zhou.pk)], "key": "k1"}
        assert desk("mei").post(her(world, "visit/"), given, headers=HTMX).status_code == 422

    def test_is_offered_at_the_reception(self, world: World, desk: Desk) -> None:
        page = text_of(desk("mei"), f"/reception/{world.cast.mrs_zhou.pk}/")
        assert her(world, "visit/") in page

    def test_is_absent_for_everybody_out_of_sight(self, world: World, desk: Desk) -> None:
        for who in ("qiao", "tao", "other"):
            assert desk(who).get(her(world, "visit/")).status_code == 404


class TestTimeline:
    def test_is_searched_by_words_of_visits_notes_and_receipts(self, world: World, desk: Desk) -> None:
        came(world, 1, companions_text="her mother")
        mei = desk("mei")
        headers = {**HTMX, "HX-Target": "entries"}
        assert "#01." in text_of(mei, her(world, "?q=mother"), headers=headers)
        both = text_of(mei, her(world, "?q=BG1001"), headers=headers)
        assert "#01." in both
        assert "Bought 翡翠手镯" in both
        assert "Nothing speaks of this" in text_of(mei, her(world, "?q=钻戒"), headers=headers)

    def test_goes_on_with_its_words(self, world: World, desk: Desk) -> None:
        for number in range(25):
            came(world, number)
        page = text_of(desk("mei"), her(world, "?q=翡翠&kind=visit"))
        assert "kind=visit&amp;q=%E7%BF%A1%E7%BF%A0&amp;after=" in page

    def test_hides_details_from_who_sees_no_notes(self, world: World, desk: Desk) -> None:
        came(world, 1, companions_text="her mother")
        assert "her mother" in text_of(desk("lin"), her(world))
        for who in ("ji", "an"):
            assert "her mother" not in text_of(desk(who), her(world))
            assert "her mother" not in text_of(desk(who), her(world, "?q=mother"))

    def test_keeps_its_budget_with_many_visits(self, world: World, desk: Desk) -> None:
        with time_machine.travel(NOW, tick=False):
            came(world, 0)
            few = len(queries_of(desk("mei"), her(world)))
            for number in range(1, 15):
                came(world, number)
            many = queries_of(desk("mei"), her(world))
        assert len(many) == few
        assert few <= 24, "\n".join(many)
