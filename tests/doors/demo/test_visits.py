"""What the advisors wrote down."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from datetime import timedelta

import pytest

from tests.doors.demo.conftest import TODAY
from zhenke.doors.demo import phrases
from zhenke.doors.demo.catalogue import styles_by_no
from zhenke.doors.demo.rows import DemoShop

pytestmark = pytest.mark.one_database


class TestInteractions:
    def test_are_of_every_kind(self, shop: DemoShop) -> None:
        kinds = Counter(row.kind for row in shop.interactions)
        assert set(kinds) == {"visit", "call", "wechat", "note", "service", "complaint", "satisfaction"}
        assert kinds["visit"] > 800
        assert 10 <= kinds["complaint"] <= 90

    def test_are_about_two_for_each_active_customer(self, shop: DemoShop) -> None:
        recent = {sale.customer_no for sale in shop.sales if TODAY - sale.sold_at.date() < timedelta(days=365)}
        recent |= {row.customer_no for row in shop.customers if row.prospect_stage in ("A", "B", "C")}
        counts = Counter(row.customer_no for row in shop.interactions)
        assert 1.4 < sum(counts[card] for card in recent) / len(recent) < 3.5

    def test_say_something_and_leave_no_slot_open(self, shop: DemoShop) -> None:
        for row in shop.interactions:
            assert row.text.strip()
            assert "{" not in row.text + row.promise
            assert row.text.endswith(("。", "！"))

    def test_seldom_repeat_each_other(self, shop: DemoShop) -> None:
        texts = Counter(row.text for row in shop.interactions if row.kind == "visit")
        assert len(texts) / sum(texts.values()) > 0.97

    def test_name_the_pieces_that_were_shown(self, shop: DemoShop) -> None:
        for row in shop.interactions:
            assert set(row.tried) <= set(row.looked_at) <= set(styles_by_no())
            if row.kind == "visit":
                assert row.looked_at
                assert row.why_not in phrases.WHY_NOT
                assert row.minutes

    def test_name_receipts_of_the_same_customer_from_before(self, shop: DemoShop) -> None:
        by_no = {sale.receipt_no: sale for sale in shop.sales}
        about = [row for row in shop.interactions if row.receipt_no]
        assert about
        for row in about:
            assert by_no[row.receipt_no].customer_no == row.customer_no
            assert by_no[row.receipt_no].sold_at < row.happened_at

    def test_promise_something_only_last_and_lately(self, shop: DemoShop) -> None:
        last = {row.customer_no: row for row in shop.interactions}
        promised = [row for row in shop.interactions if row.next_date]
        assert len(promised) > 150
        for row in promised:
            assert last[row.customer_no].happened_at == row.happened_at
            assert row.promise
            assert row.next_date
            assert TODAY - timedelta(days=5) < row.next_date < TODAY + timedelta(days=20)
            assert row.next_date > row.happened_at.date()

    def test_give_scores_where_they_belong(self, shop: DemoShop) -> None:
        for row in shop.interactions:
            assert (row.score is not None) == (row.kind in ("satisfaction", "complaint"))
            assert row.score is None or (1 <= row.score <= 3 if row.kind == "complaint" else 3 <= row.score <= 5)

    def test_are_not_about_pieces_that_cannot_be_meant(self, shop: DemoShop) -> None:
        assert not [row.text for row in shop.interactions if "试戴投资金条" in row.text or "试了投资金条" in row.text]
        assert not [
            row.text
            for row in shop.interactions
            if row.kind == "service" and "改圈口" in row.text and "戒" not in row.text
        ]


class TestPhrases:
    def test_are_many_and_unlike(self) -> None:
        tree = ast.parse(inspect.getsource(phrases))
        found = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and any("一" <= sign <= "鿿" for sign in node.value)
        ]
        assert len(found) >= 150
        assert len(set(found)) == len(found)
