"""What was bought: the shape of a real shop, and arithmetic to the fen."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import islice

import pytest

from tests.doors.demo.conftest import TODAY
from zhenke.doors.demo.catalogue import METALS, styles_by_no
from zhenke.doors.demo.gold import board_price
from zhenke.doors.demo.purchases import sales
from zhenke.doors.demo.rows import DemoShop

pytestmark = pytest.mark.one_database


class TestSales:
    def test_add_up_to_the_fen(self, shop: DemoShop) -> None:
        for sale in shop.sales:
            assert sale.paid_minor == sum(line.paid_minor for line in sale.lines)
            for line in sale.lines:
                assert line.paid_minor == line.tag_minor - line.discount_minor
                assert line.paid_minor > 0
                assert line.discount_minor >= 0
                assert line.paid_minor % 100 == 0
                style = styles_by_no()[line.style_no]
                if style.price_mode == "gram":
                    board = board_price(METALS[style.metal][1], sale.sold_at.date())
                    assert line.board_minor_per_gram == board
                    assert line.tag_minor == line.weight_mg * board // 1000 + line.making_minor
                else:
                    assert line.tag_minor == style.tag_minor * line.quantity
                    assert line.board_minor_per_gram == line.making_minor == 0

    def test_earn_the_shop_a_believable_margin(self, shop: DemoShop) -> None:
        paid = sum(sale.paid_minor for sale in shop.sales)
        cost = sum(line.cost_minor for sale in shop.sales for line in sale.lines)
        assert 0.12 < 1 - cost / paid < 0.4

    def test_have_receipts_and_serials_of_their_own(self, shop: DemoShop) -> None:
        assert len({sale.receipt_no for sale in shop.sales}) == len(shop.sales)
        serials = [line.serial for sale in shop.sales for line in sale.lines if line.serial]
        assert len(set(serials)) == len(serials)

    def test_lie_in_three_years_up_to_yesterday(self, shop: DemoShop) -> None:
        days = [sale.sold_at.date() for sale in shop.sales]
        assert min(days) >= TODAY - timedelta(days=1096)
        assert days == sorted(days)

    def test_are_made_once_by_most_buyers(self, shop: DemoShop) -> None:
        baskets = Counter(Counter(sale.customer_no for sale in shop.sales).values())
        buyers = sum(baskets.values())
        assert 0.5 < baskets[1] / buyers < 0.7
        assert sum(people for times, people in baskets.items() if times >= 6) / buyers > 0.03
        assert max(baskets) >= 12

    def test_put_most_of_the_money_into_few_hands(self, shop: DemoShop) -> None:
        spent: defaultdict[str, int] = defaultdict(int)
        for sale in shop.sales:
            spent[sale.customer_no] += sale.paid_minor
        amounts = sorted(spent.values(), reverse=True)
        assert sum(amount >= 200_000_00 for amount in amounts) >= 15
        assert 0.6 < sum(amounts[: len(amounts) // 5]) / sum(amounts) < 0.85
        assert 3_000_00 < amounts[len(amounts) // 2] < 20_000_00

    def test_swell_before_the_festivals(self, shop: DemoShop) -> None:
        months = Counter((sale.sold_at.year, sale.sold_at.month) for sale in shop.sales)
        # The lunar new year of 2025 was on 29 January, that of 2024 on 10 February.
        assert months[2025, 1] > 1.6 * months[2025, 6]
        assert months[2024, 2] > 1.2 * months[2024, 3]
        assert months[2025, 5] > 1.2 * months[2025, 6]
        weekdays = Counter(sale.sold_at.weekday() for sale in shop.sales)
        assert weekdays[5] + weekdays[6] > 1.4 * (weekdays[0] + weekdays[1])

    def test_are_closed_on_the_first_day_of_the_lunar_year(self, shop: DemoShop) -> None:
        days = Counter(f"{sale.sold_at:%Y-%m-%d}" for sale in shop.sales)
        assert days["2024-02-10"] + days["2025-01-29"] + days["2026-02-17"] == 0
        assert days["2025-01-30"] + days["2025-01-28"] > 0

    def test_hold_sets_pairs_gifts_and_gold_by_gram(self, shop: DemoShop) -> None:
        categories = Counter(styles_by_no()[line.style_no].category for sale in shop.sales for line in sale.lines)
        usual = "ring necklace pendant earring bangle bracelet bar bead jade_bangle jade_pendant pearl_strand lock"
        assert set(usual.split()) <= set(categories)
        weddings = [sale for sale in shop.sales if sale.occasion == "wedding"]
        assert sum(len(sale.lines) >= 5 for sale in weddings) > 20
        assert sum(3 <= len(sale.lines) <= 4 for sale in weddings) > 60
        pairs = [sale for sale in shop.sales if sale.occasion == "pair_rings"]
        assert {len(sale.lines) for sale in pairs if not sale.exchange_for} == {2}
        unlike = sum(sale.lines[0].ring_size_hk != sale.lines[-1].ring_size_hk for sale in pairs)
        assert unlike > 0.9 * sum(not sale.exchange_for for sale in pairs)
        gifts = sum(line.is_gift for sale in shop.sales for line in sale.lines)
        assert gifts > 600
        assert all(line.is_gift == bool(line.recipient) for sale in shop.sales for line in sale.lines)
        babies = [sale for sale in shop.sales if sale.occasion == "baby"]
        assert sum(styles_by_no()[sale.lines[0].style_no].category == "lock" for sale in babies) > 100

    def test_are_mostly_served_by_the_own_advisor(self, shop: DemoShop) -> None:
        own = {row.customer_no: row.advisor for row in shop.customers}
        assert 0.8 < sum(own[sale.customer_no] == sale.advisor for sale in shop.sales) / len(shop.sales) < 0.97

    def test_come_as_a_stream_in_order(self) -> None:
        first = list(islice(sales(5, today=TODAY, count=10**9), 300))
        keys = [(sale.customer_no, sale.sold_at) for sale in first]
        assert keys == sorted(keys)


class TestReturns:
    def test_refer_to_an_earlier_line(self, shop: DemoShop) -> None:
        lines = {(sale.receipt_no, line.line_no): (sale, line) for sale in shop.sales for line in sale.lines}
        for back in shop.returns:
            sale, line = lines[back.receipt_no, back.line_no]
            assert back.returned_at > sale.sold_at
            assert back.returned_at.date() < TODAY
            assert back.customer_no == sale.customer_no
            assert back.refund_minor == line.paid_minor
            assert 1 <= back.quantity <= line.quantity

    def test_are_about_three_in_a_hundred_and_never_twice_for_a_line(self, shop: DemoShop) -> None:
        assert 0.015 < len(shop.returns) / len(shop.sales) < 0.05
        assert len({(back.receipt_no, back.line_no) for back in shop.returns}) == len(shop.returns)
        assert {back.kind for back in shop.returns} == {"return", "exchange"}

    def test_name_the_receipt_of_what_was_taken_instead(self, shop: DemoShop) -> None:
        by_no = {sale.receipt_no: sale for sale in shop.sales}
        swaps = [back for back in shop.returns if back.kind == "exchange"]
        assert {back.replaced_by for back in swaps} == {sale.receipt_no for sale in shop.sales if sale.exchange_for}
        assert all(by_no[back.replaced_by].exchange_for == back.receipt_no for back in swaps)
        assert all(not back.replaced_by for back in shop.returns if back.kind == "return")
