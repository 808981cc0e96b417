"""The demo shop knows twenty people twice, and finds them."""

from __future__ import annotations

import pytest

from tests.cast import NOW
from zhenke.customers.models import Customer, DuplicatePair
from zhenke.doors.demo.load import open_demo_shop
from zhenke.doors.demo.twice import TWICE, write_down_twice


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestWriteDownTwice:
    def test_finds_everybody_whom_it_wrote_down_twice(self) -> None:
        opened = open_demo_shop(password="four quiet jade bangles", now=NOW, customers=600)
        before = Customer.objects.count()
        assert write_down_twice(opened=opened, now=NOW) == TWICE == Customer.objects.count() - before
        second = set(Customer.objects.filter(source_key=None).values_list("pk", flat=True))
        found = [pair for pair in DuplicatePair.objects.all() if second & {pair.first_id, pair.second_id}]
        assert len(found) >= TWICE - 2
        mei = opened.staff["mei"]
        assert DuplicatePair.objects.filter(first__owner=mei, second__owner=mei).count() >= 5
