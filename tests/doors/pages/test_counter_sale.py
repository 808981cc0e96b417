"""A sale at the counter over HTTP: lines, buyers, refusals at their boxes, the receipt, and pieces that come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW
from tests.doors.pages.world import HTMX, World, queries_of, text_of
from zhenke.care.models import Task
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_link
from zhenke.grading.models import Grade
from zhenke.sales.models import Sale, SaleLine

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]


def slip(world: World, **changes: object) -> dict[str, object]:
    """Return what the form sends: a bangle at its tag, and a ring by gram."""
    return {
        "key": "form1",
        "buyer": "known",
        "customer": world.cast.mrs_zhou.pk,
        "sold_at": "2026-11-22T10:30",
        "advisor": "mei",
        "line": ["aa", "bb"],
        "aa-style_no": "BG1001",
        "aa-quantity": "1",
        "aa-amount": "12,800",
        "bb-style_no": "RG2002",
        "bb-quantity": "1",
        "bb-weight": "3.52",
        "bb-per_gram": "950.50",
        "bb-amount": "",
        **changes,
    }


class TestCounterSale:
    def test_writes_the_sale_down_and_shows_what_came_of_it(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        answer = mei.post("/sales/new/", slip(world, is_gift="on"))
        sale = Sale.objects.get(source_key="desk:form1")
        assert (answer.status_code, answer["Location"]) == (302, f"/sales/{sale.pk}/")
        assert sale.amount_minor == 1_280_000 + 334_576  # 3.52 g × ¥950.50
        assert (sale.advisor, sale.is_gift) == (world.cast.mei, True)
        page = text_of(mei, f"/sales/{sale.pk}/")
        assert "¥16,145.76" in page
        assert "3.52 g" in page
        assert "Written down for 周丽华" in page
        assert "Wear check" in page
        assert f'title="Grade {Grade.objects.get(customer=world.cast.mrs_zhou).letter}"' in page

    def test_sent_twice_is_one_sale(self, world: World, desk: Desk) -> None:
        mei, before = desk("mei"), Task.objects.count()
        places = {mei.post("/sales/new/", slip(world))["Location"] for _ in range(2)}
        assert len(places) == 1
        assert Sale.objects.filter(source_key="desk:form1").count() == 1
        assert Task.objects.count() - before <= 3

    def test_sent_again_with_other_content_is_refused(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        mei.post("/sales/new/", slip(world))
        answer = mei.post("/sales/new/", slip(world, **{"aa-amount": "1"}))
        assert answer.status_code == 422
        assert "sent before with other content" in answer.content.decode()

    def test_sells_to_somebody_new_once(self, world: World, desk: Desk) -> None:
        given = slip(world, buyer="new", customer="", new_name="何苗", new_phone="13700137000")
        mei = desk("mei")
        for _ in range(2):
            assert mei.post("/sales/new/", given).status_code == 302
        assert Customer.objects.filter(name="何苗").count() == 1
        assert Sale.objects.get(source_key="desk:form1").customer == Customer.objects.get(name="何苗")

    def test_sells_to_nobody_known(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        place = mei.post("/sales/new/", slip(world, buyer="nobody", customer=""))["Location"]
        assert "Sold to nobody known." in text_of(mei, place)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"line": []}, "Add at least one piece."),
            ({"bb-weight": ""}, "A piece sold by gram needs its weight."),
            ({"bb-per_gram": ""}, "The amount is missing."),
            ({"aa-amount": "12.8.0"}, "which sign separates"),
            ({"aa-amount": "-5"}, "An amount is 0 or more."),
            ({"aa-quantity": "0"}, "greater than or equal to 1"),
            ({"customer": ""}, "Choose the customer"),
            ({"buyer": "new"}, "Give at least a name or a phone."),
            ({"buyer": "new", "new_phone": "12"}, "phone number"),
            ({"sold_at": "2026-11-25T10:00"}, "still to come"),
            ({"aa-style_no": "", "aa-description": ""}, "Say what it is."),
        ],
    )
    def test_says_at_the_box_what_is_wrong_and_keeps_the_rest(
        self, world: World, desk: Desk, changes: dict[str, object], words: str
    ) -> None:
        answer = desk("mei").post("/sales/new/", slip(world, **changes))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert 'value="form1"' in page
        assert Sale.objects.filter(source_key="desk:form1").count() == 0

    def test_sells_to_nobody_out_of_sight(self, world: World, desk: Desk) -> None:
        answer = desk("qiao").post("/sales/new/", slip(world, advisor="qiao"))
        assert answer.status_code == 422
        assert "周丽华" not in answer.content.decode()
        assert not Sale.objects.filter(source_key="desk:form1").exists()

    def test_lets_the_manager_name_the_seller_and_the_owner_the_shop(self, world: World, desk: Desk) -> None:
        desk("lin").post("/sales/new/", slip(world))
        assert Sale.objects.get(source_key="desk:form1").advisor == world.cast.mei
        desk("zhu").post("/sales/new/", slip(world, key="form2", advisor="qiao"))
        sale = Sale.objects.get(source_key="desk:form2")
        assert (sale.shop, sale.advisor) == (world.cast.shop_b, world.cast.qiao)

    def test_an_advisor_cannot_sell_in_anothers_name(self, world: World, desk: Desk) -> None:
        assert desk("tao").post("/sales/new/", slip(world, buyer="nobody", customer="")).status_code == 422

    def test_is_not_for_those_who_do_not_sell(self, world: World, desk: Desk) -> None:
        for who in ("an", "ji", "shu"):
            assert desk(who).get("/sales/new/").status_code == 403


class TestFragments:
    def test_find_and_choose_the_buyer(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        found = text_of(mei, "/sales/new/buyers/", data={"q": "ZK000001"}, headers=HTMX)
        assert f"?customer={world.cast.mrs_zhou.pk}" in found
        chosen = text_of(mei, "/sales/new/buyers/", data={"customer": world.cast.mrs_zhou.pk}, headers=HTMX)
        assert f'name="customer" value="{world.cast.mrs_zhou.pk}"' in chosen
        other = text_of(desk("qiao"), "/sales/new/buyers/", data={"customer": world.cast.mrs_zhou.pk}, headers=HTMX)
        assert "周丽华" not in other

    def test_ask_weight_and_price_of_a_style_by_gram_only(self, world: World, desk: Desk) -> None:
        mei = desk("mei")
        gold = text_of(mei, "/sales/new/line/", data={"style_no": "RG2002"}, headers=HTMX)
        bangle = text_of(mei, "/sales/new/line/", data={"style_no": "BG1001"}, headers=HTMX)
        assert 'data-sum="weight"' in gold
        assert 'data-sum="weight"' not in bangle
        assert 'value="12800.00"' in bangle

    def test_find_styles_by_number_and_name(self, world: World, desk: Desk) -> None:
        for typed in ("BG10", "翡翠"):
            assert "翡翠手镯" in text_of(desk("mei"), "/sales/new/styles/", data={"style": typed}, headers=HTMX)


class TestReceipt:
    def test_is_absent_out_of_sight(self, world: World, desk: Desk) -> None:
        for who in ("qiao", "tao", "other"):
            assert desk(who).get(f"/sales/{world.sale.pk}/").status_code == 404
            assert desk(who).post(f"/sales/{world.sale.pk}/return/").status_code == 404

    def test_takes_a_piece_back_once(self, world: World, desk: Desk) -> None:
        mei, address = desk("mei"), f"/sales/{world.sale.pk}/return/"
        key = re.search(r'name="key" value="(\w+)"', text_of(mei, address, headers=HTMX))
        line = world.sale.lines.get()
        assert key
        given = {"key": key[1], f"{line.pk}-quantity": "1", f"{line.pk}-amount": "12,000", "note": "尺寸不合"}
        answers = [mei.post(address, given, headers=HTMX) for _ in range(2)]
        back = Sale.objects.get(kind="return")
        assert {answer["HX-Redirect"] for answer in answers if answer.has_header("HX-Redirect")} == {
            f"/sales/{back.pk}/"
        }
        assert (back.amount_minor, back.note) == (-1_200_000, "尺寸不合")
        page = text_of(mei, f"/sales/{world.sale.pk}/")
        assert "Came back" in page
        assert "Take pieces back" not in page
        assert not Task.objects.filter(sale=world.sale, state="open").exists()

    def test_refuses_more_than_was_paid_in_the_sheet(self, world: World, desk: Desk) -> None:
        line = world.sale.lines.get()
        given = {"key": "r1", f"{line.pk}-quantity": "1", f"{line.pk}-amount": "99,999"}
        answer = desk("mei").post(f"/sales/{world.sale.pk}/return/", given, headers=HTMX)
        assert answer.status_code == 422
        assert "More would be paid back than was paid." in answer.content.decode()

    def test_refuses_a_return_of_nothing(self, world: World, desk: Desk) -> None:
        line = world.sale.lines.get()
        given = {"key": "r1", f"{line.pk}-quantity": "0"}
        answer = desk("mei").post(f"/sales/{world.sale.pk}/return/", given, headers=HTMX)
        assert answer.status_code == 422
        assert "Choose at least one piece" in answer.content.decode()

    def test_keeps_its_budget_of_sql(self, world: World, desk: Desk) -> None:
        assert len(queries_of(desk("mei"), f"/sales/{world.sale.pk}/")) <= 15


class TestRecipient:
    def test_offers_the_buyers_household_first_once_it_is_a_gift(self, world: World, desk: Desk) -> None:
        cast, mei = world.cast, desk("mei")
        add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", by=cast.mei, now=NOW)
        address = f"/sales/new/recipient/?customer={cast.mrs_zhou.pk}"
        assert "周建国" not in text_of(mei, address)
        assert "Husband · 周建国" in text_of(mei, f"{address}&aa-is_gift=on")
        assert "周建国" in text_of(mei, "/sales/new/recipient/?q=ZK000002")
        assert "周" not in text_of(desk("tao"), f"{address}&aa-is_gift=on")

    def test_proposes_her_next_day_as_the_end_of_the_secret(self, world: World, desk: Desk) -> None:
        page = text_of(desk("mei"), f"/sales/new/recipient/?is_gift=on&gift_for={world.cast.mrs_zhou.pk}")
        assert 'value="2026-11-30"' in page  # her birthday

    def test_is_kept_for_the_whole_receipt_or_for_the_ticked_pieces(self, world: World, desk: Desk) -> None:
        cast, mei = world.cast, desk("mei")
        to_her = {"customer": cast.mr_zhou.pk, "gift_for": cast.mrs_zhou.pk, "secret_until": "2026-12-24"}
        mei.post("/sales/new/", slip(world, **to_her, is_gift="on"))
        mei.post("/sales/new/", slip(world, **to_her, key="form2", **{"bb-is_gift": "on"}))
        told = {
            key: [
                (line.gift_for_id, str(line.secret_until_date))
                for line in SaleLine.objects.filter(sale__source_key=key)
            ]
            for key in ("desk:form1", "desk:form2")
        }
        hers = (cast.mrs_zhou.pk, "2026-12-24")
        assert told["desk:form1"] == [hers, hers]
        assert sorted(told["desk:form2"], key=str) == sorted([hers, (None, "None")], key=str)

    def test_is_nobody_when_nothing_is_ticked(self, world: World, desk: Desk) -> None:
        gone = {"customer": world.cast.mr_zhou.pk, "gift_for": world.cast.mrs_zhou.pk}
        desk("mei").post("/sales/new/", slip(world, **gone))
        assert not SaleLine.objects.filter(gift_for__isnull=False).exists()

    def test_stays_chosen_when_something_else_is_wrong(self, world: World, desk: Desk) -> None:
        wrong = {
            "customer": world.cast.mr_zhou.pk,
            "gift_for": world.cast.mrs_zhou.pk,
            "aa-amount": "x",
            "is_gift": "on",
        }
        answer = desk("mei").post("/sales/new/", slip(world, **wrong, secret_until="2026-12-25"))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'name="gift_for" value="{world.cast.mrs_zhou.pk}"' in page and "2026-12-25" in page

    def test_can_be_named_on_the_receipt_and_taken_away(self, world: World, desk: Desk) -> None:
        sale, mei = world.sale, desk("mei")
        line, address = SaleLine.objects.get(sale=sale), f"/sales/{world.sale.pk}/gift/"
        assert "For whom is it?" in text_of(mei, address)
        mei.post(address, {"line_id": line.pk, "gift_for": world.cast.mr_zhou.pk, "secret_until": "2026-12-24"})
        page = text_of(mei, f"/sales/{sale.pk}/")
        assert "For 周建国" in page and "secret until" in page
        assert 'value="2026-12-24"' in text_of(mei, address)
        mei.post(address, {"line_id": line.pk, "gift_for": ""})
        assert "周建国" not in text_of(mei, f"/sales/{sale.pk}/")

    def test_without_a_day_is_kept_until_the_next_occasion(self, world: World, desk: Desk) -> None:
        line = SaleLine.objects.get(sale=world.sale)
        desk("mei").post(f"/sales/{world.sale.pk}/gift/", {"line_id": line.pk, "gift_for": world.cast.mr_zhou.pk})
        line.refresh_from_db()
        assert line.secret_until_date == world.sale.sold_date + timedelta(days=30)

    def test_cannot_be_the_buyer(self, world: World, desk: Desk) -> None:
        line = SaleLine.objects.get(sale=world.sale)
        sent = {"line_id": line.pk, "gift_for": world.cast.mrs_zhou.pk}
        answer = desk("mei").post(f"/sales/{world.sale.pk}/gift/", sent, headers=HTMX)
        assert (answer.status_code, "somebody else than who buys" in answer.content.decode()) == (422, True)
