"""Counts and filters of groupings: who stands where, and what a stranger or a masked role gets of them."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_date, save_custom_field, set_traits
from zhenke.customers.queries import GroupCounts, customer_page, customers_kept, group_counts, regions_in_sight
from zhenke.customers.rules.filters import CustomerFilters
from zhenke.grading.queries import standing_counts

TODAY = date(2026, 11, 22)


@pytest.fixture
def known(cast: Cast) -> Cast:
    """The cast with Mrs Zhou in every grouping."""
    values = {"style": ["chinese", "sweet"], "motive": ["gift"], "intent_date": ["2026-11-22"], "metal": ["gold"]}
    set_traits(customer=cast.mrs_zhou, values=values, by=cast.mei, now=NOW)
    set_traits(customer=cast.mr_zhou, values={"intent_date": ["2026-11-21"]}, by=cast.mei, now=NOW)
    add_date(customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(5, 20, year=1986), by=cast.mei, now=NOW)
    Customer.objects.filter(pk=cast.mrs_zhou.pk).update(region="罗湖区", kind="company")
    return cast


class TestGroupCounts:
    def test_count_each_customer_once_a_group(self, known: Cast) -> None:
        counts = group_counts(viewer=known.lin, today=TODAY)
        assert counts.kinds == {"company": 1, "person": 1} and counts.ages == {"35_44": 1}
        assert counts.regions == {"罗湖区": 1} and counts.wanted == 1
        assert counts.traits == {"style": {"chinese": 1, "sweet": 1}, "motive": {"gift": 1}, "metal": {"gold": 1}}

    def test_of_a_stranger_are_empty(self, known: Cast) -> None:
        for stranger in (known.qiao, known.other, known.tao):
            assert group_counts(viewer=stranger, today=TODAY) == GroupCounts()
            assert regions_in_sight(viewer=stranger) == []
            assert not any(standing_counts(viewer=stranger)["standing"].values())

    def test_give_no_small_group_to_who_sees_crowds_and_no_ages_to_who_sees_no_birthday(self, known: Cast) -> None:
        assert group_counts(viewer=known.an, today=TODAY) == GroupCounts()
        assert regions_in_sight(viewer=known.an) == []
        assert group_counts(viewer=known.ji, today=TODAY).ages == {}


class TestCustomersKept:
    @pytest.mark.parametrize(
        ("filters", "n"),
        [
            (CustomerFilters(), 2),
            (CustomerFilters(kinds=("company", "partner")), 1),
            (CustomerFilters(region="罗湖区"), 1),
            (CustomerFilters(any_traits=(("style", ("sweet", "classic")),)), 1),
            (CustomerFilters(any_traits=(("style", ("classic",)),)), 0),
            (CustomerFilters(wanted_from=TODAY), 1),
            (CustomerFilters(age_bands=("35_44",), today=TODAY), 1),
        ],
    )
    def test_as_the_list_shows(self, known: Cast, filters: CustomerFilters, n: int) -> None:
        assert customers_kept(viewer=known.lin, filters=filters) == n
        assert len(customer_page(viewer=known.lin, filters=filters).rows) == n
        assert customers_kept(viewer=known.qiao, filters=filters) == 0

    def test_of_fewer_than_ten_are_none_to_who_sees_crowds(self, known: Cast) -> None:
        assert customers_kept(viewer=known.an, filters=CustomerFilters()) == 0


class TestMasks:
    def test_a_filter_sees_through_no_hidden_trait(self, known: Cast) -> None:
        field = {"name_en": "Ill", "name_zh": "病", "kind": "text", "by": known.zhu, "now": NOW}
        save_custom_field(key="ill", level=4, **field)
        for key in ("health", "custom.ill"):
            for filters in (CustomerFilters(traits=((key, "x"),)), CustomerFilters(any_traits=((key, ("x",)),))):
                for who in (known.mei, known.lin, known.zhu):
                    with pytest.raises(NotAllowed):
                        customer_page(viewer=who, filters=filters)
        with pytest.raises(NotAllowed):
            customer_page(viewer=known.an, filters=CustomerFilters(traits=(("income_band", "1-2"),)))
        with pytest.raises(NotAllowed):
            customer_page(viewer=known.ji, filters=CustomerFilters(age_bands=("35_44",), today=TODAY))
