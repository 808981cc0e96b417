"""Somebody new comes in and is known, staged and on somebody's list; all of it once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.care.models import Task
from zhenke.care.operations import load_default_plans
from zhenke.customers.models import Customer, SearchTerm
from zhenke.customers.operations.archive import CustomerEmpty
from zhenke.customers.rules import CustomerDraft
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.grading.models import Grade
from zhenke.journeys.welcome_customer import welcome_customer
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
DRAFT = CustomerDraft(
    name="解晓晴",
    gender="f",
    source_key="form:1",
    phones=("13912345678",),
    birthday=DayOfYear(5, 20),
    region="深圳",
    source="walk_in",
)


class TestWelcomeCustomer:
    def test_knows_stages_and_plans(self, cast: Cast) -> None:
        load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
        welcomed = welcome_customer(draft=DRAFT, by=cast.mei, now=NOW)
        assert (welcomed.customer.owner, welcomed.grade.letter) == (cast.mei, "")
        assert welcomed.grade.stage in ("D", "E") and welcomed.grade.customer == welcomed.customer
        assert welcomed.tasks
        assert {(task.assignee, task.customer) for task in welcomed.tasks} == {(cast.mei, welcomed.customer)}

    def test_twice_is_the_same_and_writes_nothing(self, cast: Cast) -> None:
        load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
        first = welcome_customer(draft=DRAFT, by=cast.mei, now=NOW)
        tables = (Customer, Grade, Task, SearchTerm)
        before = [sorted(table.objects.values_list(), key=str) for table in tables]
        second = welcome_customer(draft=DRAFT, by=cast.mei, now=NOW + timedelta(days=1))
        assert (second.customer, second.grade, set(second.tasks)) == (first.customer, first.grade, set(first.tasks))
        assert [sorted(table.objects.values_list(), key=str) for table in tables] == before

    def test_a_refusal_leaves_nothing(self, cast: Cast) -> None:
        for draft, by, error in ((CustomerDraft(), cast.mei, CustomerEmpty), (DRAFT, cast.an, NotAllowed)):
            with pytest.raises(error):
                welcome_customer(draft=draft, by=by, now=NOW)
        assert Customer.objects.count() == 2 and not Grade.objects.exists()
