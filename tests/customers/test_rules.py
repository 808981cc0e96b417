"""What is typed, what is masked, and how old somebody is: tables of cases, no database."""

from __future__ import annotations

from datetime import date

import pytest

from zhenke.basics.errors import BadInput
from zhenke.customers.rules.ages import age_band, age_on, animal, birth_years, decade, is_own_year, sun_sign
from zhenke.customers.rules.asked import Asked, asked
from zhenke.customers.rules.contacts import KINDS, contact_spelling, masked_contact, search_spelling
from zhenke.customers.rules.crowds import crowd, rounded_minor
from zhenke.customers.rules.drafts import BuyerSlip, CustomerDraft
from zhenke.customers.rules.sight import LEVELS, SIGHT, Birthday, Shown, sight_of
from zhenke.customers.rules.traits import OwnField, ValueUnfit, fitting_own, is_single

pytestmark = pytest.mark.one_database
TODAY = date(2026, 11, 22)


class TestAsked:
    @pytest.mark.parametrize(
        ("text", "meaning"),
        [
            ("8000", Asked(card="8000", tail="8000")),
            ("138 0013 8000", Asked(phone="+8613800138000")),
            ("１３８００１３８０００", Asked(card="13800138000", phone="+8613800138000")),
            ("周 8000", Asked(tail="8000", tail_name="周", word="周8000")),
            ("周丽华", Asked(word="周丽华")),
            (" ZLH ", Asked(word="zlh")),
            ("ZK000001", Asked(card="ZK000001", word="zk000001")),
            ("", Asked()),
            ("  \x00 ", Asked()),
            ("%_'", Asked()),
        ],
    )
    def test_reads_what_was_typed(self, text: str, meaning: Asked) -> None:
        assert asked(text) == meaning

    def test_cuts_what_is_too_long_to_be_a_name(self) -> None:
        assert len(asked("周" * 500).word) <= 60


class TestContactSpelling:
    @pytest.mark.parametrize(
        ("kind", "text", "kept"),
        [
            ("phone", "0086 138-0013-8000", "+8613800138000"),
            ("email", " Zhou@Example.com ", "Zhou@Example.com"),
            ("wechat", "zhou_lihua", "zhou_lihua"),
            ("address", "深圳市罗湖区  翠竹路 1 号", "深圳市罗湖区 翠竹路 1 号"),
        ],
    )
    def test_keeps_one_spelling(self, kind: str, text: str, kept: str) -> None:
        assert contact_spelling(kind, text) == kept

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("phone", "call me"),
            ("email", "zhou at home"),
            ("email", ""),
            ("wechat", "!"),
            ("fax", "1"),
            ("address", " "),
        ],
    )
    def test_refuses_what_is_no_contact_of_the_kind(self, kind: str, text: str) -> None:
        with pytest.raises(BadInput) as refused:
            contact_spelling(kind, text)
        assert not text.strip() or text not in str(refused.value)

    def test_two_spellings_of_one_mail_are_found_as_one(self) -> None:
        assert search_spelling("email", "Zhou@Example.com") == search_spelling("email", "zhou@example.com")


class TestMaskedContact:
    @pytest.mark.parametrize(
        ("kind", "kept", "shown"),
        [
            ("phone", "+8613800138000", "138****8000"),
            ("email", "anna@example.com", "a***@example.com"),
            ("wechat", "zhou_99", "z***9"),
            ("address", "深圳市罗湖区翠竹路1号", "深圳市罗湖区***"),
            ("address", "12 Long Lane", "***"),
        ],
    )
    def test_hides_the_telling_part(self, kind: str, kept: str, shown: str) -> None:
        assert masked_contact(kind, kept) == shown


class TestAges:
    def test_a_year_is_added_on_the_birthday(self) -> None:
        assert age_on(today=TODAY, year=1990, month=11, day=22) == 36
        assert age_on(today=TODAY, year=1990, month=11, day=23) == 35
        assert age_on(today=date(2027, 2, 28), year=2000, month=2, day=29) == 26

    @pytest.mark.parametrize("year", range(1920, 2027))
    def test_bands_and_years_of_birth_are_inverse(self, year: int) -> None:
        band = age_band(today=TODAY, year=year)
        first, last = birth_years(today=TODAY, band=band)
        assert first <= year <= last

    def test_names_decade_animal_own_year_and_sign(self) -> None:
        assert (decade(1994), decade(2003)) == ("90", "00")
        assert (animal(2026), animal(1984), animal(2023)) == ("horse", "rat", "rabbit")
        assert is_own_year(lunar_year_of_birth=1990, lunar_year=2026)
        assert not is_own_year(lunar_year_of_birth=2026, lunar_year=2026)
        signs = [sun_sign(month=month, day=day) for month, day in [(5, 20), (5, 21), (1, 1), (12, 31), (1, 20)]]
        assert signs == ["taurus", "gemini", "capricorn", "capricorn", "aquarius"]


class TestTraits:
    def test_own_fields_and_sizes_hold_one_value(self) -> None:
        assert is_single("ring_size") and is_single("custom.hobby") and not is_single("metal")

    @pytest.mark.parametrize(
        ("kind", "text", "is_right"),
        [
            ("number", "12.5", True),
            ("number", "twelve", False),
            ("date", "2026-11-22", True),
            ("date", "2026-02-30", False),
            ("choice", "red", True),
            ("choice", "blue", False),
            ("yes_no", "yes", True),
            ("yes_no", "maybe", False),
            ("text", "anything", True),
        ],
    )
    def test_a_value_fits_its_kind(self, kind: str, text: str, is_right: bool) -> None:
        own = OwnField("own", kind, ("red", "green"))
        if is_right:
            assert fitting_own(own, text) == text
        else:
            with pytest.raises(ValueUnfit):
                fitting_own(own, text)


class TestSight:
    def test_marketing_sees_no_contact_and_an_unknown_role_nothing(self) -> None:
        assert not sight_of("marketing").contacts and not sight_of("marketing").names
        assert sight_of("janitor") == sight_of("marketing")
        assert "address" not in sight_of("advisor").reveals
        assert sight_of("auditor").reveals == frozenset() and sight_of("integration").reveals == frozenset()

    @pytest.mark.parametrize(
        ("role", "names", "address", "birthday", "dates", "purchases", "notes"),
        [
            ("owner", True, Shown.REVEAL, Birthday.WHOLE, True, True, True),
            ("shop_manager", True, Shown.REVEAL, Birthday.MONTH_DAY, True, True, True),
            ("area_manager", True, Shown.REVEAL, Birthday.MONTH_DAY, True, True, True),
            ("advisor", True, Shown.MASKED, Birthday.MONTH_DAY, True, True, True),
            ("service", True, Shown.MASKED, Birthday.MONTH_DAY, True, True, True),
            ("integration", True, Shown.MASKED, Birthday.WHOLE, True, True, True),
            ("marketing", False, Shown.NOTHING, Birthday.AGE_BAND, False, False, False),
            ("auditor", False, Shown.NOTHING, Birthday.MASKED, False, True, False),
        ],
    )
    def test_is_the_table_of_the_promises(
        self,
        role: str,
        names: bool,
        address: Shown,
        birthday: Birthday,
        dates: bool,
        purchases: bool,
        notes: bool,
    ) -> None:
        sight = sight_of(role)
        assert (sight.names, sight.of("address"), sight.birthday) == (names, address, birthday)
        assert (sight.dates, sight.purchases, sight.notes) == (dates, purchases, notes)
        assert sight.only_crowds == (role == "marketing")

    def test_has_a_level_for_each_group_and_shows_no_contact_whole(self) -> None:
        assert set(LEVELS) == set(sight_of("owner").shown) and set(LEVELS.values()) <= {2, 3, 4}
        whole = [(role, kind) for role in SIGHT for kind in KINDS if sight_of(role).of(kind) == Shown.FULL]
        assert whole == []


class TestCrowds:
    def test_begin_at_ten_people(self) -> None:
        assert [crowd(people) for people in (0, 1, 9, 10, 250)] == [0, 0, 0, 10, 250]

    @pytest.mark.parametrize(
        ("minor", "rounded"), [(12_345_600, 12_000_000), (-98_700, -99_000), (0, 0), (42, 42), (155, 160)]
    )
    def test_tell_amounts_in_two_figures(self, minor: int, rounded: int) -> None:
        assert rounded_minor(minor) == rounded


class TestDrafts:
    def test_know_when_they_say_nothing(self) -> None:
        assert BuyerSlip().is_anonymous and not BuyerSlip(phone="1").is_anonymous
        assert CustomerDraft(gender="f", region="深圳").is_empty and not CustomerDraft(phones=("1",)).is_empty
