"""A day written down wrongly goes, with what waits because of it; what was done stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.care.models import Occasion, Task
from zhenke.customers.models import CustomerDate
from zhenke.journeys.forget_date import forget_date

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def birthday(cast: Cast) -> CustomerDate:
    """A birthday in two days with its occasion, one open and one closed follow-up."""
    day = TODAY + timedelta(days=2)
    row = CustomerDate.objects.create(
        customer=cast.mrs_zhou, kind="birthday", calendar="solar", month=day.month, day=day.day, created_at=NOW
    )
    occasion = Occasion.objects.create(
        customer=cast.mrs_zhou, customer_date=row, kind="birthday", year_key=f"solar:{day.year}", on_date=day
    )
    for key, state in (("b1", "open"), ("b2", "done")):
        Task.objects.create(
            occurrence_key=key,
            customer=cast.mrs_zhou,
            assignee=cast.mei,
            shop=cast.shop_a,
            occasion=occasion,
            step="birthday",
            due_date=TODAY,
            last_date=day,
            state=state,
            created_at=NOW,
        )
    return row


class TestForgetDate:
    def test_takes_its_occasions_and_open_follow_ups_along(self, cast: Cast, birthday: CustomerDate) -> None:
        assert forget_date(date=birthday, by=cast.mei, now=NOW)
        assert not CustomerDate.objects.filter(pk=birthday.pk).exists()
        assert not Occasion.objects.exists()
        found = dict(Task.objects.values_list("occurrence_key", "state"))
        assert found == {"b1": "cancelled", "b2": "done"}
        assert Task.objects.get(occurrence_key="b1").result == "date_removed"

    def test_twice_says_that_it_was_gone(self, cast: Cast, birthday: CustomerDate) -> None:
        forget_date(date=birthday, by=cast.mei, now=NOW)
        assert not forget_date(date=birthday, by=cast.mei, now=NOW)

    def test_of_somebody_who_may_not_changes_nothing(self, cast: Cast, birthday: CustomerDate) -> None:
        with pytest.raises(NotAllowed):
            forget_date(date=birthday, by=cast.ji, now=NOW)
        assert Occasion.objects.count() == 1
        assert Task.objects.filter(state="open").count() == 1
