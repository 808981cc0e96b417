"""An advisor leaves: everything that was hers is somebody's afterwards, and one line tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.care.models import Task
from zhenke.customers.models import Customer
from zhenke.customers.operations.hand_over import CannotTakeOver
from zhenke.journeys.hand_over_customers import HandedOver, hand_over_customers
from zhenke.staff.models import AuditEntry, StaffMember

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def _tasks(cast: Cast) -> None:
    for number, (customer, state) in enumerate(
        [(cast.mrs_zhou, "open"), (cast.mr_zhou, "open"), (cast.mr_zhou, "done"), (cast.mrs_zhou, "cancelled")]
    ):
        Task.objects.create(
            occurrence_key=f"test:{number}",
            customer=customer,
            assignee=cast.mei,
            shop=cast.shop_a,
            step="by_hand",
            due_date=TODAY,
            last_date=TODAY + timedelta(days=3),
            state=state,
            created_at=NOW,
        )


def _held_by(person: StaffMember) -> tuple[int, int, int]:
    tasks = Task.objects.filter(assignee=person)
    open_tasks = tasks.filter(state="open").count()
    return Customer.objects.filter(owner=person).count(), open_tasks, tasks.count() - open_tasks


class TestHandOverCustomers:
    def test_moves_customers_and_open_tasks_and_keeps_what_was_done(self, cast: Cast) -> None:
        _tasks(cast)
        moved = hand_over_customers(from_advisor=cast.mei, to_advisor=cast.tao, by=cast.lin, now=NOW)
        assert moved == HandedOver(customers=2, tasks=2)
        assert (_held_by(cast.mei), _held_by(cast.tao)) == ((0, 0, 2), (2, 2, 0))
        line = AuditEntry.objects.get()
        assert (line.action, line.actor, line.subject_id) == ("customers.handed_over", cast.lin, cast.mei.pk)
        assert line.facts == {"to": cast.tao.pk, "customers": 2, "tasks": 2}

    def test_twice_moves_nothing_more(self, cast: Cast) -> None:
        _tasks(cast)
        for count in (2, 0):
            moved = hand_over_customers(from_advisor=cast.mei, to_advisor=cast.tao, by=cast.lin, now=NOW)
            assert moved == HandedOver(customers=count, tasks=count)
        assert AuditEntry.objects.count() == 1

    def test_a_refusal_moves_nothing(self, cast: Cast) -> None:
        _tasks(cast)
        refused = [
            (cast.tao, cast.mei, NotAllowed),
            (cast.qiao, cast.lin, NotAllowed),
            (cast.shu, cast.lin, CannotTakeOver),
        ]
        for taker, by, error in refused:
            with pytest.raises(error):
                hand_over_customers(from_advisor=cast.mei, to_advisor=taker, by=by, now=NOW)
        assert _held_by(cast.mei) == (2, 2, 2) and not AuditEntry.objects.exists()
