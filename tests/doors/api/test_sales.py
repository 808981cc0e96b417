"""Sales: one call of a till, and what it caused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.doors.api.till import Till, cny, sale_body, till_of
from zhenke.basics.clock import now
from zhenke.care.models import Task
from zhenke.customers.models import Customer
from zhenke.grading.models import Grade
from zhenke.sales.models import Sale

LIST_BUDGET, RECORD_BUDGET, NEW_ARCHIVE_BUDGET = 5, 30, 10


class TestCreateSale:
    def test_answers_with_sale_buyer_grade_and_tasks(self, till: Till) -> None:
        answer = till.post("/sales", sale_body())
        assert answer.status_code == 201, answer.content
        told = answer.json()
        sale = Sale.objects.get()
        assert told["sale"]["id"] == str(sale.pk)
        assert told["sale"]["amount"] == cny(8_800_00)
        assert (told["is_new"], told["customer"]["name"], told["customer"]["card_number"]) == (
            True,
            "周丽华",
            "ZK000001",
        )
        grade = Grade.objects.get()
        assert (told["grade"]["letter"], told["grade"]["score"]) == (grade.letter, grade.score)
        assert {task["id"] for task in told["tasks"]} == {str(key) for key in Task.objects.values_list("pk", flat=True)}
        assert told["tasks"][0]["assignee"]["username"] == "mei"

    def test_twice_under_another_key_is_the_same_sale(self, till: Till) -> None:
        body = sale_body()
        first, again = till.post("/sales", body).json(), till.post("/sales", body)
        assert again.status_code == 200
        assert (again.json()["is_new"], again.json()["sale"]) == (False, first["sale"])
        assert Sale.objects.count() == 1

    def test_opens_an_archive_for_a_new_buyer_and_gives_her_to_the_advisor(self, till: Till) -> None:
        buyer = {"phone": "13800138099", "new": {"name": "何念", "birthday": {"month": 5, "day": 20}}}
        told = till.post("/sales", sale_body(buyer=buyer)).json()
        new = Customer.objects.get(name="何念")
        assert (told["customer"]["id"], new.owner) == (str(new.pk), till.cast.mei)
        assert "13800138099" not in str(told)

    def test_tells_nothing_of_a_buyer_out_of_sight(self, till: Till) -> None:
        far = till_of(till.cast, shop=till.cast.shop_b)
        told = far.post("/sales", sale_body(shop="B", advisor="qiao")).json()
        assert (told["customer"], told["grade"], told["tasks"]) == (None, None, [])
        assert Sale.objects.get().customer == till.cast.mrs_zhou

    def test_refuses_what_does_not_fit_and_writes_nothing(self, till: Till) -> None:
        line = {"style_no": "R1", "amount": cny(100)}
        cases = {
            "body_wrong": [
                sale_body(lines=[{**line, "amount": 100}]),
                sale_body(lines=[{**line, "amount": {"minor": 1.5, "currency": "CNY"}}]),
                sale_body(lines=[{**line, "amount": {"minor": "100", "currency": "CNY"}}]),
                sale_body(sold_at="2026-11-22T11:00:00"),
                sale_body(lines=[]),
                sale_body(colour="red"),
                sale_body(buyer={"name": "x"}),
            ],
            "shop_unknown": [sale_body(shop="OTHER"), sale_body(shop="NONE"), sale_body(shop="")],
            "advisor_unknown": [sale_body(advisor="other")],
            "total_differs": [sale_body(total=cny(1))],
            "currency_mismatch": [sale_body(lines=[line, {**line, "amount": {"minor": 1, "currency": "HKD"}}])],
            "sold_in_future": [sale_body(sold_at=(now() + timedelta(hours=1)).isoformat())],
            "amount_wrong": [sale_body(lines=[{**line, "amount": cny(-5)}])],
            "not_found": [sale_body(buyer={"customer_id": "77"})],
        }
        for code, bodies in cases.items():
            for body in bodies:
                answer = till.post("/sales", body)
                told = answer.json()
                assert (told["code"], answer["Content-Type"]) == (code, "application/problem+json"), told
                assert answer.status_code == told["status"]
        assert not Sale.objects.exists()

    @pytest.mark.parametrize(
        ("buyer", "budget"),
        [
            ({"card_number": "ZK000001"}, RECORD_BUDGET),
            ({"phone": "13800138077", "new": {"name": "何念"}}, RECORD_BUDGET + NEW_ARCHIVE_BUDGET),
        ],
    )
    def test_stays_within_its_budget_of_queries(self, till: Till, buyer: dict[str, object], budget: int) -> None:
        lines = [{"style_no": f"R{number}", "amount": cny(100)} for number in range(5)]
        till.post("/sales", sale_body(lines=lines))
        with CaptureQueriesContext(connection) as seen:
            assert till.post("/sales", sale_body(buyer=buyer, lines=lines)).status_code == 201
        asked = [one["sql"] for one in seen if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
        assert len(asked) <= budget, "\n".join([str(len(asked)), *(sql[:120] for sql in asked)])


class TestListSales:
    def test_gives_every_receipt_once_page_after_page(self, till: Till) -> None:
        keys = [till.post("/sales", sale_body()).json()["sale"]["id"] for _ in range(5)]
        seen, after = [], ""
        for _ in range(3):
            page = till.get("/sales", customer_id=till.cast.mrs_zhou.pk, size=2, after=after).json()
            seen += [row["id"] for row in page["rows"]]
            after = page["after"]
        assert (sorted(seen), after) == (sorted(keys), "")
        assert till.get("/sales", after="x~y").json()["code"] == "cursor_wrong"

    def test_narrows_by_shop_kind_and_day(self, till: Till) -> None:
        till.post("/sales", sale_body())
        today = Sale.objects.get().sold_date
        kept = {"shop": "A", "kind": "sale", "from_date": today, "to_date": today}
        assert len(till.get("/sales", **kept).json()["rows"]) == 1
        for wrong in ({"shop": "B"}, {"kind": "return"}, {"from_date": today + timedelta(days=1)}, {"shop": "OTHER"}):
            assert till.get("/sales", **{**kept, **wrong}).json() == {"rows": [], "after": ""}

    def test_stays_within_its_budget_of_queries(self, till: Till, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
        for _ in range(3):
            till.post("/sales", sale_body())
        with django_assert_max_num_queries(LIST_BUDGET):
            assert len(till.get("/sales", shop="A").json()["rows"]) == 3

    def test_shows_a_stranger_nothing(self, till: Till) -> None:
        sale = till.post("/sales", sale_body()).json()["sale"]
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get("/sales").json()["rows"] == []
        assert stranger.get("/sales", customer_id=till.cast.mrs_zhou.pk).json()["rows"] == []
        hidden, absent = stranger.get(f"/sales/{sale['id']}"), stranger.get("/sales/77")
        assert (hidden.status_code, hidden.content) == (404, absent.content)


class TestGetSale:
    def test_tells_one_receipt(self, till: Till) -> None:
        sale = till.post("/sales", sale_body()).json()["sale"]
        assert till.get(f"/sales/{sale['id']}").json() == sale


class TestCreateReturn:
    def _body(self, sale: dict[str, str], **other: object) -> dict[str, object]:
        given = {"source_key": "back-1", "returned_at": now().isoformat(), "shop": "A", "sale_id": sale["id"]}
        return {**given, "lines": [{"line_key": "1"}], **other}

    def test_takes_pieces_back_and_calls_off_care(self, till: Till) -> None:
        recorded = till.post("/sales", sale_body()).json()
        body = self._body(recorded["sale"])
        answer = till.post("/returns", body)
        told = answer.json()
        assert answer.status_code == 201, told
        assert (told["receipt"]["kind"], told["receipt"]["amount"]) == ("return", cny(-8_800_00))
        assert (told["sale_id"], told["receipt"]["returns_sale_id"]) == (recorded["sale"]["id"],) * 2
        assert told["cancelled_tasks"] > 0
        assert told["grade"]["frequency"] == 0
        again = till.post("/returns", body)
        assert (again.status_code, again.json()["is_new"]) == (200, False)

    def test_exchanges_by_the_receipts_own_key(self, till: Till) -> None:
        body = sale_body()
        sale = till.post("/sales", body).json()["sale"]
        new = [{"style_no": "R2", "amount": cny(9_000_00), "line_key": "n1"}]
        asked = {**self._body(sale, new_lines=new), "sale_source_key": body["source_key"]}
        del asked["sale_id"]
        told = till.post("/returns", asked).json()
        assert (told["receipt"]["kind"], told["receipt"]["amount"]) == ("exchange", cny(200_00))
        assert told["tasks"]

    def test_refuses_what_cannot_come_back(self, till: Till) -> None:
        sale = till.post("/sales", sale_body()).json()["sale"]
        cases = {
            "not_found": self._body({"id": "77"}),
            "line_unknown": self._body(sale, lines=[{"line_key": "9"}]),
            "refund_too_high": self._body(sale, lines=[{"line_key": "1", "amount": cny(9_999_99)}]),
            "already_returned": self._body(sale, lines=[{"line_key": "1", "quantity": 2}]),
            "body_wrong": self._body(sale, sale_source_key="x"),
        }
        for code, body in cases.items():
            assert till.post("/returns", body).json()["code"] == code
        assert Sale.objects.count() == 1
