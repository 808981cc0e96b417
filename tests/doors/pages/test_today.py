"""Today over HTTP: the list, what one tap makes of a follow-up, who may, and twice is once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, PHONE, World, queries_of, text_of
from zhenke.care.models import Task
from zhenke.customers.models import Interaction
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
DONE = {"result": "reached", "note": "戴着很舒服", "next_date": "2027-01-21"}


def toast_of(answer: object) -> dict[str, str]:
    """Return the toast that an answer carries."""
    return json.loads(answer["HX-Trigger"])["toast"]  # type: ignore[index]


class TestTodayPage:
    def test_says_whom_to_care_for_why_and_what_to_say(self, world: World, desk: Desk) -> None:
        page = text_of(desk("mei"), "/")
        assert "周丽华" in page
        assert "Bought 翡翠手镯 6 days ago. Birthday in 8 days." in page
        assert "how does 翡翠手镯 feel after the first days?" in page
        assert "Good morning, 梅雪" in page
        assert PHONE not in page

    def test_shows_nothing_of_it_to_another_shop(self, world: World, desk: Desk) -> None:
        for who in ("qiao", "tao", "other"):
            assert "周丽华" not in text_of(desk(who), "/")

    def test_lets_the_manager_open_the_list_of_each_advisor(self, world: World, desk: Desk) -> None:
        lin = desk("lin")
        assert "周丽华" not in text_of(lin, "/")
        assert "周丽华" in text_of(lin, f"/?advisor={world.cast.mei.pk}")
        assert lin.get(f"/?advisor={world.cast.qiao.pk}").status_code == 404

    def test_does_not_let_an_advisor_open_a_colleagues_list(self, world: World, desk: Desk) -> None:
        assert "周丽华" not in text_of(desk("tao"), f"/?advisor={world.cast.mei.pk}")

    def test_shows_the_manager_what_nobody_has_taken(self, world: World, desk: Desk) -> None:
        Task.objects.filter(pk=world.wear_check.pk).update(assignee=None)
        assert "周丽华" in text_of(desk("lin"), "/?advisor=nobody")
        assert "周丽华" not in text_of(desk("tao"), "/?advisor=nobody")

    def test_says_honestly_how_many_wait_beyond_the_days_measure(self, world: World, desk: Desk) -> None:
        for number in range(15):
            customer = world.cast.mr_zhou
            customer.pk, customer.card_number, customer.name = None, f"W{number}", f"客{number}"
            customer.id = customer._meta.pk.get_default()
            customer.save(force_insert=True)
            Task.objects.create(
                occurrence_key=f"w{number}",
                customer=customer,
                assignee=world.cast.mei,
                shop=world.cast.shop_a,
                step="by_hand",
                reason={"note": "x"},
                due_date=NOW.date(),
                last_date=NOW.date(),
                created_at=NOW,
            )
        assert "4 more wait: a day holds 12" in text_of(desk("mei"), "/")

    def test_teaches_on_an_empty_day(self, world: World, desk: Desk) -> None:
        assert "Nothing is due today" in text_of(desk("tao"), "/")

    def test_points_roles_without_follow_ups_elsewhere(self, world: World, desk: Desk) -> None:
        for who in ("an", "ji"):
            page = text_of(desk(who), "/")
            assert "周丽华" not in page
            assert "start from the board" in page

    def test_keeps_its_budget_of_sql(self, world: World, desk: Desk) -> None:
        assert len(queries_of(desk("mei"), "/")) <= 8
        assert len(queries_of(desk("lin"), f"/?advisor={world.cast.mei.pk}")) <= 11


class TestTaskDone:
    def test_has_one_heading_as_a_page_and_as_a_sheet(self, world: World, desk: Desk) -> None:
        address = f"/tasks/{world.wear_check.pk}/done/"
        page, part = text_of(desk("mei"), address), text_of(desk("mei"), address, headers=HTMX)
        assert (page.count("<h1"), part.count("<h1"), part.count("<h2")) == (1, 0, 1)

    def test_asks_with_the_next_day_filled_in_for_each_result(self, world: World, desk: Desk) -> None:
        address = f"/tasks/{world.wear_check.pk}/done/"
        mei = desk("mei")
        assert 'value="2027-01-21"' in text_of(mei, address, headers=HTMX)
        part = text_of(mei, f"{address}?result=no_answer", headers={**HTMX, "HX-Target": "next-date"})
        assert 'value="2026-11-24"' in part
        assert "<form" not in part

    def test_closes_the_follow_up_sets_the_next_and_offers_undo(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post(f"/tasks/{world.wear_check.pk}/done/", DONE, headers=HTMX)
        assert answer.status_code == 204
        assert toast_of(answer)["undo_url"] == f"/tasks/{world.wear_check.pk}/undo/"
        assert json.loads(answer["HX-Trigger"])["tasksChanged"] is True
        world.wear_check.refresh_from_db()
        assert (world.wear_check.state, world.wear_check.result) == ("done", "reached")
        assert Interaction.objects.get(customer=world.cast.mrs_zhou).text == "戴着很舒服"

    def test_sent_twice_is_one_contact(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        answers = [mei.post(f"/tasks/{world.wear_check.pk}/done/", DONE, headers=HTMX) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [204, 204]
        assert Interaction.objects.filter(customer=world.cast.mrs_zhou).count() == 1
        assert Task.objects.filter(step="call_back").count() == 1

    def test_is_taken_back_by_undo(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        mei.post(f"/tasks/{world.wear_check.pk}/done/", DONE, headers=HTMX)
        assert mei.post(f"/tasks/{world.wear_check.pk}/undo/", headers=HTMX).status_code == 204
        world.wear_check.refresh_from_db()
        assert world.wear_check.state == "open"
        assert not Task.objects.filter(step="call_back", state="open").exists()

    @pytest.mark.parametrize(
        ("change", "words"), [({"next_date": ""}, "required"), ({"next_date": "2026-11-22"}, "2026-11-23")]
    )
    def test_says_at_the_day_what_is_wrong_with_it(
        self, world: World, desk: Desk, change: dict[str, str], words: str
    ) -> None:
        answer = desk("mei").post(f"/tasks/{world.wear_check.pk}/done/", {**DONE, **change}, headers=HTMX)
        assert answer.status_code == 422
        assert words in answer.content.decode().split('id="next-date"')[1]

    def test_works_without_scripts(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        assert "<main" in text_of(mei, f"/tasks/{world.wear_check.pk}/done/")
        answer = mei.post(f"/tasks/{world.wear_check.pk}/done/", DONE)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert "周丽华: done." in text_of(mei, "/")

    def test_is_absent_for_everybody_else(self, world: World, desk: Desk) -> None:
        for who in ("qiao", "tao", "other"):
            assert desk(who).post(f"/tasks/{world.wear_check.pk}/done/", DONE).status_code == 404
        world.wear_check.refresh_from_db()
        assert world.wear_check.state == "open"


class TestSnoozeAndGive:
    def test_puts_off_to_the_chosen_day(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post(f"/tasks/{world.wear_check.pk}/snooze/", {"until": "2026-11-25"}, headers=HTMX)
        assert toast_of(answer)["text"] == "Put off: in 3 days."
        world.wear_check.refresh_from_db()
        assert world.wear_check.due_date == NOW.date() + timedelta(days=3)

    def test_refuses_a_day_that_is_over_in_the_sheet(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post(f"/tasks/{world.wear_check.pk}/snooze/", {"until": "2026-11-20"}, headers=HTMX)
        assert answer.status_code == 422
        assert "Choose a day from 2026-11-23" in answer.content.decode()

    def test_lets_the_manager_pass_on_and_nobody_below(self, world: World, desk: Desk) -> None:
        address = f"/tasks/{world.wear_check.pk}/give/"
        assert desk("mei").post(address, {"to": world.cast.tao.pk}).status_code == 403
        assert desk("lin").post(address, {"to": world.cast.qiao.pk}, headers=HTMX).status_code == 404
        assert toast_of(desk("lin").post(address, {"to": world.cast.tao.pk}, headers=HTMX))["text"].startswith("陶然")
        world.wear_check.refresh_from_db()
        assert world.wear_check.assignee == world.cast.tao

    def test_offers_colleagues_only_to_those_who_lead(self, world: World, desk: Desk) -> None:
        address = f"/tasks/{world.wear_check.pk}/more/"
        assert "陶然" not in text_of(desk("mei"), address, headers=HTMX)
        assert "陶然" in text_of(desk("lin"), address, headers=HTMX)


class TestCall:
    def test_shows_the_number_and_leaves_a_mark(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post(f"/customers/{world.cast.mrs_zhou.pk}/call/", headers=HTMX)
        page = answer.content.decode()
        assert "tel:+8613800138000" in page
        assert "138 0013 8000" in page
        entry = AuditEntry.objects.get(action="contact.revealed")
        assert (entry.actor, entry.facts["reason"]) == (world.cast.mei, "call")

    def test_is_absent_for_a_stranger_and_leaves_no_mark(self, world: World, desk: Desk) -> None:
        assert desk("qiao").post(f"/customers/{world.cast.mrs_zhou.pk}/call/").status_code == 404
        assert not AuditEntry.objects.filter(action="contact.revealed").exists()

    def test_offers_to_add_a_phone_where_none_is_known(self, world: World, desk: Desk) -> None:
        answer = desk("mei").post(f"/customers/{world.cast.mr_zhou.pk}/call/", headers=HTMX)
        assert "No phone is known" in answer.content.decode()
