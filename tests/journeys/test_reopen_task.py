"""A follow-up closed by mistake is open again, and nothing of the mistake is left in the customer's timeline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.care.models import Task
from zhenke.care.operations import add_task
from zhenke.care.rules import Result
from zhenke.customers.models import Interaction
from zhenke.journeys.finish_task import finish_task
from zhenke.journeys.reopen_task import reopen_task

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
NEXT = TODAY + timedelta(days=3)


def done(cast: Cast, task: Task, note: str = "said hello", after: int = 0) -> None:
    """Finish a task some seconds after now."""
    finish_task(
        task=task,
        result=Result.REACHED,
        note=note,
        next_date=NEXT,
        by=cast.mei,
        today=TODAY,
        now=NOW + timedelta(seconds=after),
    )


@pytest.fixture
def task(cast: Cast) -> Task:
    """A promised call."""
    return add_task(
        customer=cast.mrs_zhou,
        assignee=cast.mei,
        due_date=TODAY,
        note="call",
        key="k1",
        by=cast.mei,
        today=TODAY,
        now=NOW,
    )


class TestReopenTask:
    def test_takes_the_contact_out_of_the_timeline(self, cast: Cast, task: Task) -> None:
        done(cast, task)
        assert Interaction.objects.filter(customer=cast.mrs_zhou, text="said hello").count() == 1
        assert reopen_task(task=task, by=cast.mei, now=NOW).state == "open"
        assert not Interaction.objects.filter(customer=cast.mrs_zhou, text="said hello").exists()

    def test_twice_changes_nothing_more_and_it_can_be_finished_again(self, cast: Cast, task: Task) -> None:
        done(cast, task)
        for _ in range(2):
            reopen_task(task=task, by=cast.mei, now=NOW)
        task.refresh_from_db()
        done(cast, task, "said goodbye", after=5)
        assert list(Interaction.objects.filter(customer=cast.mrs_zhou).values_list("text", flat=True)) == [
            "said goodbye"
        ]

    def test_leaves_other_contacts_alone(self, cast: Cast, task: Task) -> None:
        done(cast, task)
        other = add_task(
            customer=cast.mrs_zhou,
            assignee=cast.mei,
            due_date=TODAY,
            note="visit",
            key="k2",
            by=cast.mei,
            today=TODAY,
            now=NOW,
        )
        done(cast, other, "came by")
        task.refresh_from_db()
        reopen_task(task=task, by=cast.mei, now=NOW)
        assert list(Interaction.objects.filter(customer=cast.mrs_zhou).values_list("text", flat=True)) == ["came by"]
