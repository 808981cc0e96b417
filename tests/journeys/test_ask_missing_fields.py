"""The night asks for what the shop should know: few questions, of the right people, and none that is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation
from tests.cast import NOW, Cast

from zhenke.care.models import Task
from zhenke.care.operations import escalate_missed
from zhenke.care.queries import next_step
from zhenke.customers.models import Customer, FreshnessRules
from zhenke.customers.operations import add_contact
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.doors.pages.today.rows import row_of
from zhenke.grading.models import Grade
from zhenke.grading.operations import regrade
from zhenke.journeys.ask_missing_fields import AskedFields, ask_missing_fields
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
FIELDS = (
    {"field": "phone", "letters": "ABCDE", "days": 730},
    {"field": "ring_size", "letters": "AB", "days": 730},
)


def graded(cast: Cast, letter: str, *, owner: StaffMember | None = None) -> Customer:
    """Write somebody of this grade."""
    one = Customer.objects.create(
        name=f"客{letter}", shop=cast.shop_a, owner=owner or cast.mei, created_at=NOW, updated_at=NOW
    )
    regrade(customer=one, as_of=TODAY, reason="welcome", now=NOW)
    Grade.objects.filter(customer=one).update(letter=letter)
    return one


def night(days: int = 0) -> AskedFields:
    return ask_missing_fields(today=TODAY + timedelta(days=days), now=NOW + timedelta(days=days))


@pytest.fixture(autouse=True)
def rules(cast: Cast) -> None:
    load_default_freshness(fields=FIELDS, a_day=2, again_days=90, by=SYSTEM, now=NOW)


class TestAskMissingFields:
    def test_gives_an_advisor_two_a_day_the_best_customers_first(self, cast: Cast) -> None:
        people = {letter: graded(cast, letter) for letter in "CADB"}
        assert night() == AskedFields(2, 0)
        assert {task.customer for task in Task.objects.all()} == {people["A"], people["B"]}
        assert all(task.reason == {"field": "phone"} and task.assignee == cast.mei for task in Task.objects.all())
        assert night(1).asked == 2
        assert {task.customer for task in Task.objects.all()} == set(people.values())

    def test_gives_each_advisor_her_own(self, cast: Cast) -> None:
        for owner in (cast.mei, cast.tao):
            for _ in range(3):
                graded(cast, "A", owner=owner)
        assert night().asked == 4
        assert {Task.objects.filter(assignee=owner).count() for owner in (cast.mei, cast.tao)} == {2}

    def test_twice_on_a_day_writes_nothing_more(self, cast: Cast) -> None:
        for _ in range(4):
            graded(cast, "A")
        assert (night().asked, night().asked) == (2, 0)

    def test_asks_nobody_again_before_her_time(self, cast: Cast) -> None:
        graded(cast, "A")
        assert night().asked == 1
        Task.objects.update(state="done", done_at=NOW)
        assert (night(89).asked, night(91).asked) == (0, 1)

    def test_leaves_alone_who_has_a_follow_up_already_and_whom_nobody_owns(self, cast: Cast) -> None:
        busy, free = graded(cast, "A"), graded(cast, "A")
        Customer.objects.filter(pk=free.pk).update(owner=None)
        Task.objects.create(
            customer=busy, assignee=cast.mei, shop=cast.shop_a, step="thanks", occurrence_key="x", due_date=TODAY,
            last_date=TODAY, created_at=NOW,
        )  # fmt: skip
        assert night().asked == 0

    def test_closes_a_question_that_is_answered_and_asks_the_next(self, cast: Cast) -> None:
        one = graded(cast, "A")
        night()
        add_contact(customer=one, kind="phone", text="13800138000", by=cast.mei, now=NOW)
        assert night(1).answered == 1
        assert [task.result for task in Task.objects.filter(state="cancelled")] == ["superseded"]
        assert night(91).asked == 1
        assert Task.objects.get(state="open").reason == {"field": "ring_size"}

    def test_asks_a_lower_grade_for_less(self, cast: Cast) -> None:
        one = graded(cast, "E")
        add_contact(customer=one, kind="phone", text="13800138000", by=cast.mei, now=NOW)
        assert night().asked == 0

    def test_is_let_go_and_not_passed_on_when_it_is_missed(self, cast: Cast) -> None:
        graded(cast, "A")
        night()
        assert escalate_missed(today=TODAY + timedelta(days=15), now=NOW + timedelta(days=15)) == 0
        assert [(task.state, task.result) for task in Task.objects.all()] == [("cancelled", "missed")]

    def test_says_what_to_ask_in_words(self, cast: Cast) -> None:
        one = graded(cast, "A")
        night()
        step = next_step(viewer=cast.mei, customer=one, day=TODAY)
        assert step.item is not None
        with translation.override("en"):
            row = row_of(step.item, part="next", viewer=cast.mei)
        assert row.why.startswith("Ask when you next speak: Phone.")
        assert "one small thing" in row.script

    def test_does_nothing_before_the_shop_is_set_up(self, cast: Cast) -> None:
        FreshnessRules.objects.all().delete()
        graded(cast, "A")
        assert night() == AskedFields(0, 0)
