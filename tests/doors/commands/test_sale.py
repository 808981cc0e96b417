"""`zhenke record-sale`: one sale as the till would send it, and what it caused."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from tests.cast import Cast
from tests.doors.api.till import open_shop

from zhenke.basics.errors import BadInput
from zhenke.care.models import Task
from zhenke.cli import COMMANDS
from zhenke.customers.models import Customer
from zhenke.doors.commands.sale import record_sale_command
from zhenke.sales.models import Sale, SaleLine

ASKED = ("--shop", "A", "--advisor", "mei", "--source-key", "till:1", "--line", "R1,2,3999.00")


@pytest.fixture
def shop(cast: Cast) -> Cast:
    """The cast in a shop with its rules."""
    open_shop()
    return cast


def _run(*words: str) -> Result:
    return CliRunner().invoke(record_sale_command, words, catch_exceptions=False)


class TestRecordSale:
    def test_is_a_command_of_the_house(self) -> None:
        assert COMMANDS["record-sale"][:2] == ("sale", "record_sale_command")

    def test_answers_with_sale_grade_and_tasks(self, shop: Cast) -> None:
        told = json.loads(_run(*ASKED, "--phone", "138 0013 8009", "--name", "何念", "--json").output)
        sale, new = Sale.objects.get(), Customer.objects.get(name="何念")
        assert told["sale"]["id"] == str(sale.pk)
        assert (told["sale"]["amount"], told["is_new"]) == ({"minor": 3_999_00, "currency": "CNY"}, True)
        assert (told["customer"]["id"], sale.advisor, new.owner) == (str(new.pk), shop.mei, shop.mei)
        assert told["grade"]["letter"] and len(told["tasks"]) == Task.objects.count() > 0

    def test_twice_is_one_sale(self, shop: Cast) -> None:
        words = (*ASKED, "--card", "ZK000001", "--at", "2026-01-02T11:00:00+08:00")
        first, again = _run(*words), _run(*words)
        assert first.output.startswith("Recorded: till:1, 3999.00 CNY")
        assert again.output.startswith("Known already: till:1")
        assert Sale.objects.get().customer == shop.mrs_zhou

    def test_sells_by_gram_and_to_nobody_named(self, shop: Cast) -> None:
        _run(*ASKED[:-1], "G1,1,5000.00,12.345", "--line", "G2,1,10.00")
        assert Sale.objects.get().customer is None
        assert list(SaleLine.objects.order_by("id").values_list("weight_mg", "amount_minor")) == [
            (12_345, 5_000_00),
            (None, 10_00),
        ]

    @pytest.mark.parametrize(
        "words",
        [
            ("--line", "R1,1"),
            ("--line", "R1,one,5"),
            ("--line", "R1,1,5,0.0001"),
            ("--line", "R1,1,5,much"),
            ("--line", "R1,1,5,NaN"),
            ("--line", "R1,0,5"),
            ("--line", "R1,1,five"),
            ("--at", "yesterday"),
            ("--at", "2026-01-02T11:00:00"),
            ("--shop", "NONE"),
            ("--shop", "ZBG"),
            ("--advisor", "nobody"),
            ("--phone", "12"),
        ],
    )
    def test_refuses_in_one_sentence_and_writes_nothing(self, shop: Cast, words: tuple[str, ...]) -> None:
        with pytest.raises(BadInput):
            _run(*ASKED, *words)
        assert not Sale.objects.exists()


class TestGift:
    def test_is_kept_for_the_card_it_is_for(self, shop: Cast) -> None:
        words = (*ASKED, "--card", "ZK000002", "--gift-for", "ZK000001")
        told = json.loads(_run(*words, "--secret-until", "2099-12-24", "--json").output)
        line = SaleLine.objects.get(sale=told["sale"]["id"])
        assert (line.gift_for, str(line.secret_until_date), line.is_gift) == (shop.mrs_zhou, "2099-12-24", True)

    @pytest.mark.parametrize(
        "words", [("--gift-for", "NOBODY"), ("--gift-for", "ZK000001", "--secret-until", "Christmas")]
    )
    def test_says_what_it_cannot_read(self, shop: Cast, words: tuple[str, ...]) -> None:
        with pytest.raises(BadInput):
            _run(*ASKED, "--card", "ZK000002", *words)
        assert not Sale.objects.exists()
