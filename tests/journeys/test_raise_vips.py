"""The night makes VIPs of those who spend most, and of nobody whom a person graded by hand."""

from __future__ import annotations

import pytest
from tests.cast import NOW, Cast

from zhenke.customers.models import Customer
from zhenke.grading.models import Grade
from zhenke.grading.operations import ensure_first_scheme
from zhenke.journeys.raise_vips import raise_vips

pytestmark = pytest.mark.django_db


def buyers(cast: Cast, count: int) -> list[Customer]:
    made = [
        Customer(name=f"客{number}", shop=cast.shop_a, owner=cast.mei, created_at=NOW, updated_at=NOW)
        for number in range(count)
    ]
    Customer.objects.bulk_create(made)
    scheme = ensure_first_scheme(NOW)
    Grade.objects.bulk_create(
        Grade(customer=one, letter="C", scheme=scheme, amount_minor=100 * (number + 1), as_of_date=NOW.date())
        for number, one in enumerate(made)
    )
    return made


class TestRaiseVips:
    def test_raises_the_top_twentieth_once(self, cast: Cast) -> None:
        made = buyers(cast, 45)
        assert raise_vips(now=NOW) == 2
        assert set(Customer.objects.filter(importance=2)) == set(made[-2:])
        assert raise_vips(now=NOW) == 0

    def test_leaves_alone_whom_somebody_graded_by_hand_and_lowers_nobody(self, cast: Cast) -> None:
        made = buyers(cast, 40)
        Customer.objects.filter(pk=made[-1].pk).update(importance=1, importance_reason="mistake")
        Customer.objects.filter(pk=made[-2].pk).update(importance=3, importance_reason="threatened")
        Customer.objects.filter(pk=made[0].pk).update(importance=2, importance_reason="spend")
        assert raise_vips(now=NOW) == 0
        kept = Customer.objects.filter(pk__in=[made[-1].pk, made[-2].pk, made[0].pk])
        assert sorted(kept.values_list("importance", flat=True)) == [1, 2, 3]

    def test_few_buyers_have_no_top(self, cast: Cast) -> None:
        buyers(cast, 19)
        assert raise_vips(now=NOW) == 0
