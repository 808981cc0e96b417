"""What waits outside one's own list: nobody's tasks, how much each person has, one customer's next step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from zhenke.care.models import Task
from zhenke.care.queries import due_counts, next_step, next_steps, unassigned
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def task(cast: Cast, key: str, assignee: StaffMember | None, due: date = DAY) -> Task:
    """Write one task for Mrs Zhou."""
    return Task.objects.create(
        occurrence_key=key,
        customer=cast.mrs_zhou,
        assignee=assignee,
        shop=cast.shop_a,
        step="by_hand",
        reason={"note": key},
        due_date=due,
        last_date=due,
        created_at=NOW,
    )


class TestUnassigned:
    def test_returns_what_is_due_and_nobodys(self, cast: Cast) -> None:
        task(cast, "mine", cast.mei)
        task(cast, "later", None, DAY + timedelta(days=1))
        wanted = task(cast, "nobody", None)
        assert [item.task for item in unassigned(viewer=cast.lin, day=DAY)] == [wanted]

    def test_shows_strangers_nothing(self, cast: Cast) -> None:
        task(cast, "nobody", None)
        for viewer in (cast.mei, cast.qiao, cast.other):
            assert unassigned(viewer=viewer, day=DAY) == ()


class TestDueCounts:
    def test_counts_by_person_inside_the_scope(self, cast: Cast) -> None:
        for key, person in (("a", cast.mei), ("b", cast.mei), ("c", cast.tao), ("d", None)):
            task(cast, key, person)
        assert due_counts(viewer=cast.lin, day=DAY) == {cast.mei.pk: 2, cast.tao.pk: 1, None: 1}
        assert due_counts(viewer=cast.mei, day=DAY) == {cast.mei.pk: 2}
        assert due_counts(viewer=cast.qiao, day=DAY) == {}


class TestNextStep:
    def test_is_the_open_task_that_comes_first(self, cast: Cast) -> None:
        task(cast, "second", cast.mei, DAY + timedelta(days=3))
        first = task(cast, "first", cast.mei, DAY - timedelta(days=1))
        item = next_step(viewer=cast.mei, customer=cast.mrs_zhou, day=DAY).item
        assert item is not None
        assert (item.task, item.why.note, item.urgency.days_late) == (first, "first", 1)

    def test_is_nothing_when_nothing_is_planned(self, cast: Cast) -> None:
        planned = next_step(viewer=cast.mei, customer=cast.mr_zhou, day=DAY)
        assert (planned.item, planned.grade, planned.last, planned.occasion) == (None, None, None, None)


class TestNextSteps:
    def test_gives_each_of_several_her_first_open_task(self, cast: Cast) -> None:
        first = task(cast, "first", cast.mei)
        task(cast, "later", cast.mei, DAY + timedelta(days=2))
        found = next_steps(viewer=cast.mei, customers=[cast.mrs_zhou, cast.mr_zhou], day=DAY)
        assert {key: item.task for key, item in found.items()} == {cast.mrs_zhou.pk: first}
        assert found[cast.mrs_zhou.pk].why == next_step(viewer=cast.mei, customer=cast.mrs_zhou, day=DAY).item.why  # type: ignore[union-attr]

    def test_asks_nothing_for_nobody_and_three_times_for_many_who_never_bought(self, cast: Cast) -> None:
        task(cast, "first", cast.mei)
        for whom, queries in (([], 0), ([cast.mrs_zhou, cast.mr_zhou], 3)):
            with CaptureQueriesContext(connection) as seen:
                next_steps(viewer=cast.mei, customers=whom, day=DAY)
            assert len(seen) == queries
