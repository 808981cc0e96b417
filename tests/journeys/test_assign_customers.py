"""Some customers change hands, with what was promised to them; a tag for several at once."""

from __future__ import annotations

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.care.models import Task
from zhenke.customers.models import CustomerTag
from zhenke.journeys.assign_customers import assign_customers
from zhenke.journeys.tag_customers import tag_customers
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def promised(cast: Cast) -> Task:
    """What Mei promised Mrs Zhou."""
    return Task.objects.create(
        occurrence_key="p",
        customer=cast.mrs_zhou,
        assignee=cast.mei,
        shop=cast.shop_a,
        step="by_hand",
        due_date=NOW.date(),
        last_date=NOW.date(),
        created_at=NOW,
    )


class TestAssignCustomers:
    def test_moves_customer_and_open_tasks_once(self, cast: Cast, promised: Task) -> None:
        moved = [assign_customers(customers=[cast.mrs_zhou], owner=cast.tao, by=cast.lin, now=NOW) for _ in range(2)]
        lines = AuditEntry.objects.count()
        cast.mrs_zhou.refresh_from_db()
        promised.refresh_from_db()
        assert moved == [1, 0]
        assert (cast.mrs_zhou.owner, promised.assignee, lines) == (cast.tao, cast.tao, 2)

    def test_is_refused_to_an_advisor_and_towards_another_shop(self, cast: Cast, promised: Task) -> None:
        for by, owner in ((cast.mei, cast.tao), (cast.lin, cast.qiao)):
            with pytest.raises(NotAllowed):
                assign_customers(customers=[cast.mrs_zhou], owner=owner, by=by, now=NOW)
        promised.refresh_from_db()
        assert promised.assignee == cast.mei


class TestTagCustomers:
    def test_tags_each_once(self, cast: Cast) -> None:
        for _ in range(2):
            assert tag_customers(customers=[cast.mrs_zhou, cast.mr_zhou], name="常来", by=cast.mei) == 2
        assert CustomerTag.objects.count() == 2
