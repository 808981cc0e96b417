"""The profile over HTTP: header, tabs, one-tap writing, and what strangers see of it (nothing)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, PHONE, World, queries_of, text_of
from zhenke.care.models import Task
from zhenke.customers.models import CustomerDate, Interaction, Trait
from zhenke.customers.operations import add_interaction
from zhenke.grading.models import Grade
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
TABS = ("timeline", "purchases", "dates", "family", "preferences", "tasks", "grade")


def her(world: World, rest: str = "") -> str:
    """Return an address of Mrs Zhou's."""
    return f"/customers/{world.cast.mrs_zhou.pk}/{rest}"


class TestCustomerPage:
    def test_shows_name_grade_owner_next_step_and_masked_contacts(self, world: World, desk: Desk) -> None:
        page = text_of(desk("mei"), her(world))
        letter = Grade.objects.get(customer=world.cast.mrs_zhou).letter
        assert f'title="Grade {letter}"' in page
        assert "周丽华" in page
        assert "Next best step" in page
        assert "Bought 翡翠手镯 6 days ago." in page
        assert "138****8000" in page
        assert PHONE not in page

    def test_is_absent_for_everybody_out_of_sight(self, world: World, desk: Desk) -> None:
        for who in ("qiao", "tao", "other"):
            for tab in TABS:
                assert desk(who).get(her(world, f"?tab={tab}")).status_code == 404

    def test_masks_the_name_for_the_auditor_and_hides_notes(self, world: World, desk: Desk) -> None:
        add_interaction(
            customer=world.cast.mrs_zhou, kind="note", at=NOW, by=world.cast.mei, shop=None, text="离婚中", now=NOW
        )
        page = text_of(desk("ji"), her(world))
        assert "周丽华" not in page
        assert "周**" in page
        assert "离婚中" not in page
        assert "离婚中" in text_of(desk("lin"), her(world))

    def test_shows_no_contact_to_marketing(self, world: World, desk: Desk) -> None:
        assert "138****8000" not in text_of(desk("an"), her(world))

    def test_says_what_to_be_careful_with(self, world: World, desk: Desk) -> None:
        type(world.cast.mrs_zhou).objects.filter(pk=world.cast.mrs_zhou.pk).update(caution="对镍过敏")
        assert "对镍过敏" in text_of(desk("mei"), her(world))
        assert "对镍过敏" not in text_of(desk("an"), her(world))

    def test_plans_nothing_and_says_so(self, world: World, desk: Desk) -> None:
        assert "Nothing is planned." in text_of(desk("mei"), f"/customers/{world.cast.mr_zhou.pk}/")

    @pytest.mark.parametrize("who", ["mei", "lin", "zhu"])
    def test_keeps_its_budget_of_sql(self, world: World, desk: Desk, who: str) -> None:
        queries = queries_of(desk(who), her(world))
        assert len(queries) <= 12, "\n".join(queries)


class TestTabs:
    @pytest.mark.parametrize(
        ("tab", "words"),
        [
            ("timeline", "Bought 翡翠手镯"),
            ("purchases", "Paid in all"),
            ("dates", "30 November"),
            ("preferences", "Jadeite"),
            ("tasks", "Wear check"),
            ("grade", "How recent"),
        ],
    )
    def test_each_is_a_page_and_a_fragment(self, world: World, desk: Desk, tab: str, words: str) -> None:
        mei = desk("mei")
        whole = text_of(mei, her(world, f"?tab={tab}"))
        part = text_of(mei, her(world, f"?tab={tab}"), headers={**HTMX, "HX-Target": "tab"})
        assert words in whole
        assert words in part
        assert "<html" not in part

    def test_parts_of_the_score_sum_to_it(self, world: World, desk: Desk) -> None:
        page = text_of(desk("mei"), her(world, "?tab=grade"))
        parts = [round(float(one) * 100) for one in re.findall(r'class="points">([0-9.]+)<', page)]
        assert sum(parts) == Grade.objects.get(customer=world.cast.mrs_zhou).score
        assert len(parts) >= 4

    def test_names_what_is_not_known_of_her(self, world: World, desk: Desk) -> None:
        assert "Satisfaction (never asked how satisfied)" in text_of(desk("mei"), her(world, "?tab=grade"))

    def test_hides_the_year_of_birth_from_the_advisor(self, world: World, desk: Desk) -> None:
        assert not re.search(r"(?<!\d)1985(?!\d)", text_of(desk("mei"), her(world, "?tab=dates")))
        assert "30 November 1985" in text_of(desk("zhu"), her(world, "?tab=dates"))

    def test_the_timeline_goes_on_by_key_and_shows_each_once(self, world: World, desk: Desk) -> None:
        for number in range(45):
            at = NOW - timedelta(days=number // 2)
            text = f"#{number:02d}."
            add_interaction(
                customer=world.cast.mrs_zhou, kind="call", at=at, by=world.cast.mei, shop=None, text=text, now=NOW
            )
        mei, address, seen = desk("mei"), her(world), []
        for _ in range(5):
            headers = {**HTMX, "HX-Target": "pager"} if seen else {}
            page = text_of(mei, address, headers=headers)
            seen += re.findall(r"#(\d\d)\.", page)
            found = re.search(r'hx-get="(\?tab=timeline[^"]+)" hx-target="#pager"', page)
            if not found:
                break
            address = her(world, found[1].replace("&amp;", "&"))
        assert sorted(seen) == [f"{number:02d}" for number in range(45)]

    def test_the_timeline_keeps_one_kind(self, world: World, desk: Desk) -> None:
        add_interaction(
            customer=world.cast.mrs_zhou, kind="visit", at=NOW, by=world.cast.mei, shop=None, text="看珍珠", now=NOW
        )
        mei = desk("mei")
        tab = {**HTMX, "HX-Target": "tab"}
        sales = text_of(mei, her(world, "?tab=timeline&kind=sale"), headers=tab)
        visits = text_of(mei, her(world, "?tab=timeline&kind=visit"), headers=tab)
        assert ("翡翠手镯" in sales, "看珍珠" in sales) == (True, False)
        assert ("翡翠手镯" in visits, "看珍珠" in visits) == (False, True)


class TestWriting:
    def test_a_note_sent_twice_is_one_note(self, world: World, desk: Desk) -> None:
        mei, given = desk("mei"), {"kind": "note", "text": "喜欢珍珠", "key": "abc"}
        for _ in range(2):
            assert mei.post(her(world, "note/"), given, headers=HTMX).status_code == 204
        assert Interaction.objects.filter(text="喜欢珍珠").count() == 1

    def test_an_empty_note_is_refused_at_its_box(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post(her(world, "note/"), {"kind": "note", "text": "", "key": "k"}, headers=HTMX)
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()

    def test_a_task_sent_twice_is_one_task(self, world: World, desk: Desk) -> None:
        mei, given = desk("mei"), {"note": "再看珍珠", "due_date": "2026-11-25", "key": "abc"}
        for _ in range(2):
            assert mei.post(her(world, "task/"), given, headers=HTMX).status_code == 204
        assert Task.objects.filter(step="by_hand").count() == 1

    def test_a_lunar_day_is_kept_and_shown_in_words(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        given = {"kind": "child_birthday", "label": "女儿", "calendar": "lunar", "month": 8, "day": 15}
        assert mei.post(her(world, "date/"), given, headers=HTMX).status_code == 204
        page = text_of(mei, her(world, "?tab=dates"))
        assert "day 15 of lunar month 8 (八月十五)" in page
        assert "女儿" in page

    def test_a_day_that_no_calendar_has_is_refused_at_the_day(self, world: World, desk: Desk) -> None:
        given = {"kind": "wedding", "calendar": "solar", "month": 2, "day": 30}
        answer = desk("mei").post(her(world, "date/"), given, headers=HTMX)
        assert answer.status_code == 422
        assert "No calendar has this day" in answer.content.decode()

    def test_a_day_is_taken_away_once_and_only_hers(self, world: World, desk: Desk) -> None:
        other = CustomerDate.objects.create(
            customer=world.cast.mr_zhou, kind="wedding", month=5, day=20, created_at=NOW
        )
        mei = desk("mei")
        assert mei.post(her(world, "date/remove/"), {"date": other.pk}, headers=HTMX).status_code == 204
        assert CustomerDate.objects.filter(pk=other.pk).exists()

    def test_taste_and_tags_come_and_go_with_one_tap(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        mei.post(her(world, "trait/"), {"key": "metal", "text": "pt950"}, headers=HTMX)
        mei.post(her(world, "tag/"), {"name": "常来"}, headers=HTMX)
        page = text_of(mei, her(world, "?tab=preferences"))
        assert "Platinum 950" in page
        assert "常来" in page
        mei.post(her(world, "trait/"), {"act": "drop", "key": "metal", "text": "pt950"}, headers=HTMX)
        assert not Trait.objects.filter(text="pt950").exists()

    def test_a_wrong_tag_says_so_over_the_page(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post(her(world, "tag/"), {"name": "x" * 50}, headers=HTMX)
        assert answer.status_code == 422
        assert "1 to 40 signs" in answer["HX-Trigger"]

    def test_the_person_changes_and_a_taken_card_is_refused_at_the_card(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        given = {"name": "周丽华", "gender": "f", "card_number": "ZK000002", "region": "罗湖"}
        answer = mei.post(her(world, "person/"), given, headers=HTMX)
        assert answer.status_code == 422
        assert "belongs to another customer" in answer.content.decode()
        given["card_number"] = "ZK000001"
        assert mei.post(her(world, "person/"), given, headers=HTMX).status_code == 204
        world.cast.mrs_zhou.refresh_from_db()
        assert world.cast.mrs_zhou.region == "罗湖"

    def test_a_ruined_phone_is_refused_in_words(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post(her(world, "contact/"), {"kind": "phone", "text": "1380013"}, headers=HTMX)
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()

    @pytest.mark.parametrize("rest", ["note/", "task/", "date/", "person/", "contact/", "reveal/"])
    def test_nothing_is_written_for_a_stranger(self, world: World, desk: Desk, rest: str) -> None:
        for who in ("qiao", "tao", "other"):
            assert desk(who).get(her(world, rest)).status_code == 404
            assert desk(who).post(her(world, rest)).status_code == 404


class TestReveal:
    def test_asks_for_a_reason_and_leaves_a_mark(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        found = re.search(r"reveal/\?contact=(\d+)", text_of(mei, her(world)))
        assert found
        assert PHONE not in text_of(mei, her(world, f"reveal/?contact={found[1]}"), headers=HTMX)
        without = mei.post(her(world, "reveal/"), {"contact": found[1]}, headers=HTMX)
        assert without.status_code == 422
        assert not AuditEntry.objects.filter(action="contact.revealed").exists()
        shown = mei.post(her(world, "reveal/"), {"contact": found[1], "reason": "check"}, headers=HTMX)
        assert "138 0013 8000" in shown.content.decode()
        assert AuditEntry.objects.get(action="contact.revealed").facts["reason"] == "check"


BY_HAND = {"letter": "A", "reason": "家人是A级", "until_date": "2027-02-01"}


class TestGradeByHand:
    def test_is_set_by_the_manager_with_reason_and_end(self, world: World, desk: Desk) -> None:
        lin = desk("lin")
        assert lin.post(her(world, "grade/"), BY_HAND, headers=HTMX).status_code == 204
        assert Grade.objects.get(customer=world.cast.mrs_zhou).letter == "A"
        assert "Set to A by hand by 林静" in text_of(lin, her(world, "?tab=grade"))
        lin.post(her(world, "grade/"), {"act": "end"}, headers=HTMX)
        grade = Grade.objects.get(customer=world.cast.mrs_zhou)
        assert grade.letter == grade.computed_letter

    def test_is_refused_to_the_advisor(self, world: World, desk: Desk) -> None:
        assert desk("mei").post(her(world, "grade/"), BY_HAND).status_code == 403

    def test_says_what_is_wrong(self, world: World, desk: Desk) -> None:
        answer = desk("lin").post(her(world, "grade/"), {**BY_HAND, "until_date": "2020-01-01"}, headers=HTMX)
        assert answer.status_code == 422
        assert "check letter, reason and last day" in answer.content.decode()
