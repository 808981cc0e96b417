"""The archive: names, phones, days, tastes, ties."""

from __future__ import annotations

from collections import Counter
from datetime import date

import phonenumbers
import pytest
from lunar_python import LunarMonth

from tests.doors.demo.conftest import TODAY
from zhenke.doors.demo.contacts import mobile, second_mobile
from zhenke.doors.demo.names import _WELL_KNOWN
from zhenke.doors.demo.rows import CustomerRow, DateRow, DemoShop

pytestmark = pytest.mark.one_database


def is_real_day(day: DateRow) -> bool:
    """Ask the calendars themselves; a day without its year must exist in some year."""
    if day.calendar == "solar":
        try:
            date(day.year or 2000, day.month, day.day)
        except ValueError:
            return False
        return not day.is_leap_month
    if day.year is None:
        return 1 <= day.month <= 12 and 1 <= day.day <= 30 and not day.is_leap_month
    month = LunarMonth.fromYm(day.year, -day.month if day.is_leap_month else day.month)
    return month is not None and 1 <= day.day <= month.getDayCount()


def birthdays(shop: DemoShop) -> list[DateRow]:
    return [day for row in shop.customers for day in row.dates if day.kind == "birthday" and day.whose == "self"]


class TestCustomers:
    def test_have_card_numbers_of_their_own(self, shop: DemoShop) -> None:
        assert len({row.customer_no for row in shop.customers}) == len(shop.customers)

    def test_have_valid_phones(self, shop: DemoShop) -> None:
        for row in shop.customers:
            for phone in row.phones:
                parsed = phonenumbers.parse(phone, "CN")
                assert phonenumbers.is_valid_number(parsed), phone

    def test_share_a_phone_only_inside_a_family(self, shop: DemoShop) -> None:
        holders: dict[str, list[CustomerRow]] = {}
        for row in shop.customers:
            for phone in row.phones:
                holders.setdefault(phone, []).append(row)
        shared = [rows for rows in holders.values() if len(rows) > 1]
        assert 5 <= len(shared) <= 80
        for rows in shared:
            assert len(rows) == 2
            assert rows[0].links[0].customer_no == rows[1].customer_no

    def test_link_spouses_both_ways_with_one_wedding_day(self, shop: DemoShop) -> None:
        by_no = {row.customer_no: row for row in shop.customers}
        pairs = [
            (row, by_no[link.customer_no]) for row in shop.customers for link in row.links if link.customer_no in by_no
        ]
        assert len(pairs) > 60
        for one, other in pairs:
            assert other.links[0].customer_no == one.customer_no
            assert {one.gender, other.gender} == {"f", "m"}
            assert [day for day in one.dates if day.kind == "wedding"] == [
                day for day in other.dates if day.kind == "wedding"
            ]

    def test_are_named_as_people_in_china_are(self, shop: DemoShop) -> None:
        people = [row for row in shop.customers if row.kind == "person" and row.language == "zh-Hans"]
        surnames = Counter(row.name[0] for row in people)
        assert {name for name, _ in surnames.most_common(4)} == {"王", "李", "张", "刘"}
        assert any(row.name.startswith(("欧阳", "上官", "诸葛", "司徒", "慕容")) for row in people)
        lengths = Counter(len(row.name) for row in people if not row.name.endswith(("女士", "先生")))
        assert 0.03 < lengths[2] / sum(lengths.values()) < 0.2
        assert set(lengths) <= {2, 3, 4}

    def test_bear_no_name_of_a_well_known_person(self, shop: DemoShop) -> None:
        assert {row.name for row in shop.customers} & _WELL_KNOWN == set()

    def test_are_of_all_kinds(self, shop: DemoShop) -> None:
        kinds = Counter(row.kind for row in shop.customers)
        assert 5 <= kinds["company"] <= 60
        assert 3 <= kinds["partner"] <= 30
        assert all((row.contact is not None) == (row.kind != "person") for row in shop.customers)
        assert sum(row.language == "en" for row in shop.customers) > 10
        assert sum(row.name.endswith("女士") for row in shop.customers) > 20

    def test_stand_with_an_advisor_and_another_one_as_cover(self, shop: DemoShop) -> None:
        places = {person.username: person.place_code for person in shop.staff}
        for row in shop.customers:
            assert places[row.advisor] == row.shop_code == places[row.cover_advisor]
            assert row.advisor != row.cover_advisor
        assert 450 <= sum(row.advisor == "mei" for row in shop.customers) <= 800

    def test_were_referred_by_someone_who_came_earlier(self, shop: DemoShop) -> None:
        by_no = {row.customer_no: row for row in shop.customers}
        referred = [row for row in shop.customers if row.referrer_no]
        assert len(referred) > 150
        assert all(by_no[row.referrer_no].known_since < row.known_since for row in referred)
        assert all((row.source == "referral") == bool(row.referrer_no) for row in shop.customers)

    def test_are_prospects_in_about_a_sixth_of_the_cases(self, shop: DemoShop) -> None:
        buyers = {sale.customer_no for sale in shop.sales}
        prospects = [row for row in shop.customers if row.prospect_stage]
        assert 0.14 < len(prospects) / len(shop.customers) < 0.22
        assert {row.prospect_stage for row in prospects} == set("ABCDE")
        assert all((row.customer_no in buyers) != bool(row.prospect_stage) for row in shop.customers)

    def test_have_tastes_and_cautions(self, shop: DemoShop) -> None:
        kinds = Counter(trait.kind for row in shop.customers for trait in row.traits)
        assert {"metal", "stone", "motif", "style", "budget", "ring_size_hk", "occasion", "motive"} <= set(kinds)
        sizes = [int(trait.value) for row in shop.customers for trait in row.traits if trait.kind == "ring_size_hk"]
        assert min(sizes) >= 8
        assert max(sizes) <= 23
        assert sum(bool(row.allergy) for row in shop.customers) > 50
        assert sum(bool(row.do_not_gift) for row in shop.customers) > 50


class TestDates:
    def test_exist_in_their_calendar(self, shop: DemoShop) -> None:
        for row in shop.customers:
            for day in row.dates:
                assert is_real_day(day), day

    def test_hold_the_days_that_break_simple_calendars(self, shop: DemoShop) -> None:
        told = birthdays(shop)
        assert sum(day.calendar == "lunar" for day in told) > 200
        assert sum(day.year is None for day in told) > 150
        assert any(day.is_leap_month for day in told)
        assert any((day.calendar, day.month, day.day) == ("solar", 2, 29) for day in told)
        assert any((day.calendar, day.month, day.day) == ("lunar", 12, 30) for day in told)

    def test_make_people_of_a_believable_age(self, shop: DemoShop) -> None:
        ages = [TODAY.year - day.year for day in birthdays(shop) if day.year]
        assert min(ages) >= 17
        assert max(ages) <= 85

    def test_put_no_child_into_the_future(self, shop: DemoShop) -> None:
        children = [
            day for row in shop.customers for day in row.dates if (day.kind, day.whose) == ("birthday", "child")
        ]
        assert children
        assert all(date(day.year or 0, day.month, day.day) < TODAY for day in children)


class TestMobile:
    def test_never_repeats_below_a_million(self) -> None:
        firsts = {mobile(number) for number in range(1, 200_001)}
        seconds = {second_mobile(number) for number in range(1, 200_001)}
        assert len(firsts) == len(seconds) == 200_000
        assert not firsts & seconds
