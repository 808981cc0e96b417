"""Money: exact to the smallest coin, refused with a reason otherwise."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.basics.errors import BadInput
from zhenke.basics.money import (
    AmountRefused,
    CurrencyMismatch,
    CurrencyUnknown,
    Money,
    currency_exponent,
    format_money,
    parse_money,
)

MINOR = st.integers(min_value=-(10**15), max_value=10**15)


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


READ = [
    ("86400", 8640000),
    ("86400.5", 8640050),
    ("86400.50", 8640050),
    ("-12.3", -1230),
    ("+5", 500),
    ("0", 0),
    ("-0", 0),
    (".5", 50),
    ("5.", 500),
    ("007", 700),
    ("¥86,400.00", 8640000),
    ("￥８６，４００．００", 8640000),
    ("¥ 86 400.00", 8640000),
    ("1'234'567.89", 123456789),
    ("86,400元", 8640000),
    ("人民币1200元整", 120000),
    ("100 块", 10000),
    ("RMB 12", 1200),
    ("CNY12", 1200),
    ("12 cny", 1200),
    ("1.5万", 1500000),
    ("1.5万元", 1500000),
    ("¥1.23456万", 1234560),
    ("3千", 300000),
    ("0.02亿", 200000000),
    ("（1,200.00）", -120000),
    ("(¥1,200.5)", -120050),
    ("¥(1,200)", -120000),
    ("-¥1,200", -120000),
    ("¥-1,200", -120000),
    ("−5", -500),
    ("1.500", 150),
    ("\u00a086,400.00\u00a0", 8640000),
    (12, 1200),
    (86400.1, 8640010),
    (19.99, 1999),
    (-0.07, -7),
    (Decimal("1.10"), 110),
    (Decimal("1E+3"), 100000),
]

REFUSED = [
    ("", "amount_empty"),
    (" ", "amount_empty"),
    ("-", "amount_empty"),
    ("¥ -", "amount_empty"),
    ("abc", "amount_unreadable"),
    ("九百", "amount_unreadable"),
    ("1e5", "amount_unreadable"),
    ("8.64E+4", "amount_unreadable"),
    ("12k", "amount_unreadable"),
    ("3元5角", "amount_unreadable"),
    ("12万3千", "amount_unreadable"),
    ("--5", "amount_unreadable"),
    ("-(5)", "amount_unreadable"),
    ("(5", "amount_unreadable"),
    ("5)", "amount_unreadable"),
    ("xyz 5", "amount_unreadable"),
    ("5/2", "amount_unreadable"),
    ("100%", "amount_unreadable"),
    ("=1+1", "amount_unreadable"),
    (True, "amount_unreadable"),
    (float("nan"), "amount_unreadable"),
    (Decimal("NaN"), "amount_unreadable"),
    (Decimal("Infinity"), "amount_unreadable"),
    ("1,23", "amount_ambiguous"),
    ("1.234,56", "amount_ambiguous"),
    ("1,2345", "amount_ambiguous"),
    ("1,234 567", "amount_ambiguous"),
    ("1.2.3", "amount_ambiguous"),
    ("1 2", "amount_ambiguous"),
    (".", "amount_ambiguous"),
    ("1.005", "amount_too_precise"),
    ("1.2345678万", "amount_too_precise"),
    ("1.0000000000000000000000000000000000001", "amount_too_precise"),
    (0.1 + 0.2, "amount_too_precise"),
    (19.990000000000002, "amount_too_precise"),
    (Decimal("1E-999999"), "amount_too_precise"),
    (float("inf"), "amount_too_large"),
    (1e300, "amount_too_large"),
    (2.0**60, "amount_too_large"),
    ("9" * 30, "amount_too_large"),
    (Decimal("1E+999999"), "amount_too_large"),
    ("$12", "currency_mismatch"),
    ("US$12", "currency_mismatch"),
    ("12港币", "currency_mismatch"),
    ("JPY 5", "currency_mismatch"),
    ("5€", "currency_mismatch"),
]


class TestParseMoney:
    @pytest.mark.parametrize(("text", "minor"), READ)
    def test_reads_what_shops_write(self, text: str | float | Decimal, minor: int) -> None:
        assert parse_money(text, "CNY") == yuan(minor)

    @pytest.mark.parametrize(("text", "code"), REFUSED)
    def test_refuses_with_a_stable_reason(self, text: str | float | Decimal, code: str) -> None:
        with pytest.raises(BadInput) as caught:
            parse_money(text, "CNY")
        assert caught.value.code == code

    @pytest.mark.parametrize(
        ("text", "currency", "minor"),
        [
            ("500", "JPY", 500),
            ("¥1,500", "JPY", 1500),
            ("500日元", "JPY", 500),
            ("1.5万円", "JPY", 15000),
            ("1.5", "KWD", 1500),
            ("$12.30", "USD", 1230),
            ("HK$ 12", "HKD", 1200),
            ("100元", "HKD", 10000),
        ],
    )
    def test_counts_in_the_smallest_coin_of_each_currency(self, text: str, currency: str, minor: int) -> None:
        assert parse_money(text, currency) == Money(minor, currency)

    def test_refuses_half_a_yen(self) -> None:
        with pytest.raises(AmountRefused, match="more than 0 decimal places"):
            parse_money("500.5", "JPY")

    def test_refuses_an_unknown_currency(self) -> None:
        with pytest.raises(CurrencyUnknown):
            parse_money("5", "QQQ")

    @given(MINOR)
    def test_reads_back_every_amount_it_writes(self, minor: int) -> None:
        money = yuan(minor)
        assert parse_money(str(money.amount), "CNY") == money
        assert parse_money(money.amount, "CNY") == money
        for language in ("zh-hans", "en"):
            assert parse_money(format_money(money, language), "CNY") == money

    @given(st.integers(min_value=-(10**11), max_value=10**11))
    def test_reads_every_spreadsheet_float_that_is_whole_cents(self, minor: int) -> None:
        assert parse_money(minor / 100, "CNY") == yuan(minor)

    @given(st.text(max_size=80))
    def test_answers_every_text_with_money_or_a_refusal(self, text: str) -> None:
        try:
            assert parse_money(text, "CNY").currency == "CNY"
        except BadInput:
            return

    @pytest.mark.parametrize("text", ["9" * 1_000_000, "¥" * 1_000_000, "1," * 500_000, "1 " * 29, "(" * 59])
    def test_refuses_a_hostile_cell_at_once(self, text: str) -> None:
        started = time.process_time()
        with pytest.raises(AmountRefused):
            parse_money(text, "CNY")
        assert time.process_time() - started < 0.5


class TestMoney:
    @given(MINOR, MINOR)
    def test_adds_and_subtracts_exactly(self, one: int, two: int) -> None:
        assert yuan(one) + yuan(two) == yuan(one + two)
        assert yuan(one) - yuan(two) == yuan(one) + -yuan(two) == yuan(one - two)
        assert sum([yuan(one), yuan(two)], yuan(0)) == yuan(one + two)

    @given(MINOR, MINOR)
    def test_compares_by_amount(self, one: int, two: int) -> None:
        assert (yuan(one) < yuan(two), yuan(one) <= yuan(two)) == (one < two, one <= two)
        assert (yuan(one) > yuan(two), yuan(one) >= yuan(two)) == (one > two, one >= two)

    @pytest.mark.parametrize("sign", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
    def test_never_mixes_currencies(self, sign: str) -> None:
        with pytest.raises(CurrencyMismatch) as caught:
            getattr(yuan(1), sign)(Money(1, "USD"))
        assert isinstance(caught.value, BadInput)
        assert caught.value.facts == {"found": "USD", "wanted": "CNY"}

    def test_differs_from_the_same_number_of_another_currency(self) -> None:
        assert yuan(1) != Money(1, "USD")

    @pytest.mark.parametrize("minor", [1.0, Decimal(1), "1", True])
    def test_holds_whole_numbers_only(self, minor: object) -> None:
        with pytest.raises(TypeError):
            Money(minor, "CNY")  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("money", "text"), [(yuan(8640000), "86400.00 CNY"), (yuan(-5), "-0.05 CNY"), (Money(5, "JPY"), "5 JPY")]
    )
    def test_shows_itself_with_all_places(self, money: Money, text: str) -> None:
        assert str(money) == text


class TestSplit:
    @pytest.mark.parametrize(
        ("minor", "weights", "shares"),
        [
            (100, [1, 1, 1], [34, 33, 33]),
            (-100, [1, 1, 1], [-34, -33, -33]),
            (5, [3, 7], [2, 3]),
            (1, [1, 2], [0, 1]),
            (0, [1, 2], [0, 0]),
            (100, [0, 1, 0], [0, 100, 0]),
            (2, [1, 1, 1, 1], [1, 1, 0, 0]),
        ],
    )
    def test_gives_the_rest_to_the_largest_remainders(self, minor: int, weights: list[int], shares: list[int]) -> None:
        assert yuan(minor).split(weights) == [yuan(share) for share in shares]

    @given(MINOR, st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12).filter(any))
    def test_loses_and_makes_nothing(self, minor: int, weights: list[int]) -> None:
        shares = yuan(minor).split(weights)
        assert sum(shares, yuan(0)) == yuan(minor)
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share.minor * sum(weights) - minor * weight) < sum(weights)

    @pytest.mark.parametrize("weights", [[], [0], [0, 0], [2, -1]])
    def test_needs_a_weight(self, weights: list[int]) -> None:
        with pytest.raises(ValueError, match="weight"):
            yuan(100).split(weights)


class TestFormatMoney:
    @pytest.mark.parametrize(
        ("money", "language", "shown", "whole"),
        [
            (yuan(8640000), "zh-hans", "¥86,400.00", "¥86,400"),
            (yuan(8640000), "en", "¥86,400.00", "¥86,400"),
            (yuan(-8640050), "zh-hans", "-¥86,400.50", "-¥86,401"),
            (yuan(49), "en", "¥0.49", "¥0"),
            (yuan(0), "en", "¥0.00", "¥0"),
            (Money(500, "JPY"), "zh-hans", "JP¥500", "JP¥500"),
            (Money(500, "JPY"), "en", "JP¥500", "JP¥500"),
            (Money(1250, "HKD"), "zh-hans", "HK$12.50", "HK$13"),
        ],
    )
    def test_writes_it_as_people_read_it(self, money: Money, language: str, shown: str, whole: str) -> None:
        assert format_money(money, language) == shown
        assert format_money(money, language, is_whole=True) == whole


class TestCurrencyExponent:
    @pytest.mark.parametrize(("currency", "places"), [("CNY", 2), ("USD", 2), ("JPY", 0), ("KWD", 3)])
    def test_counts_decimal_places(self, currency: str, places: int) -> None:
        assert currency_exponent(currency) == places

    @pytest.mark.parametrize("currency", ["", "cny", "QQQ"])
    def test_knows_only_currencies(self, currency: str) -> None:
        with pytest.raises(CurrencyUnknown):
            currency_exponent(currency)
