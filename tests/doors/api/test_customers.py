"""Customers over the api: lists, search, one archive, a new one, a change."""

from __future__ import annotations

from tests.cast import NOW
from tests.doors.api.till import Till, sale_body, till_of
from zhenke.care.models import Task
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations import add_contact, add_tag
from zhenke.staff import SYSTEM

LIST_BUDGET = 5


class TestListCustomers:
    def test_gives_every_customer_once_page_after_page(self, till: Till) -> None:
        for number in range(3):
            till.post("/customers", {"name": f"何{number}", "shop": "A"})
        seen, after = [], ""
        for _ in range(3):
            page = till.get("/customers", size=2, order="newest", after=after).json()
            seen += [row["name"] for row in page["rows"]]
            after = page["after"]
        assert (len(seen), len(set(seen)), after) == (5, 5, "")

    def test_narrows_by_what_is_given(self, till: Till) -> None:
        add_tag(customer=till.cast.mrs_zhou, name="VIP", by=SYSTEM)
        for asked in ({"tag": "VIP"}, {"gender": "f"}, {"owner_id": till.cast.mei.pk, "gender": "f"}):
            rows = till.get("/customers", **asked).json()["rows"]
            assert [(row["name"], row["owner"]["username"]) for row in rows] == [("周丽华", "mei")]
        assert till.get("/customers", shop_id=till.cast.shop_b.pk).json()["rows"] == []

    def test_stays_within_its_budget_of_queries(self, till: Till, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
        add_tag(customer=till.cast.mrs_zhou, name="VIP", by=SYSTEM)
        with django_assert_max_num_queries(LIST_BUDGET):
            rows = till.get("/customers").json()["rows"]
        assert {tuple(row["tags"]) for row in rows} == {("VIP",), ()}

    def test_shows_a_stranger_nothing(self, till: Till) -> None:
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get("/customers").json() == {"rows": [], "after": ""}
        assert stranger.get("/customers/search", text="周丽华").json() == {"rows": []}
        for method in ("GET", "PATCH"):
            hidden = stranger.send(method, f"/customers/{till.cast.mrs_zhou.pk}", {"name": "x"})
            absent = stranger.send(method, "/customers/77", {"name": "x"})
            nonsense = stranger.send(method, "/customers/abc", {"nonsense": 1})
            assert (hidden.status_code, hidden.content, hidden.content) == (404, absent.content, nonsense.content)


class TestSearchCustomers:
    def test_finds_by_name_pinyin_phone_and_card(self, till: Till) -> None:
        till.post("/customers", {"name": "何念", "phones": ["138 0013 8009"], "shop": "A", "card_number": "ZK000077"})
        for text, by in (("何念", "name"), ("henian", "name"), ("13800138009", "phone"), ("ZK000077", "card")):
            rows = till.get("/customers/search", text=text).json()["rows"]
            assert [(hit["name"], hit["by"]) for hit in rows] == [("何念", by)], text

    def test_stays_within_its_budget_of_queries(self, till: Till, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
        with django_assert_max_num_queries(LIST_BUDGET):
            till.get("/customers/search", text="周")


class TestGetCustomer:
    def test_masks_every_contact(self, till: Till) -> None:
        zhou = till.cast.mrs_zhou
        for kind, text in (("phone", "13800138000"), ("email", "zhou@example.com"), ("wechat", "zhou_lihua")):
            add_contact(customer=zhou, kind=kind, text=text, by=SYSTEM, now=NOW)
        till.post("/sales", sale_body())
        answer = till.get(f"/customers/{zhou.pk}")
        told = answer.json()
        assert {one["masked"] for one in told["contacts"]} == {"138****8000", "z***@example.com", "z***a"}
        for text in ("13800138000", "zhou@", "zhou_lihua"):
            assert text not in answer.content.decode()
        assert told["grade"]["customer_id"] == told["id"] == str(zhou.pk)


class TestCreateCustomer:
    def test_opens_an_archive_with_all_that_is_known(self, till: Till) -> None:
        body = {
            "name": "何念",
            "gender": "f",
            "phones": ["13800138009"],
            "wechat_ids": ["henian88"],
            "birthday": {"calendar": "lunar", "month": 8, "day": 15, "year": 1990},
            "dates": [{"kind": "wedding", "month": 5, "day": 20}],
            "traits": {"metal": ["gold", "pt950"]},
            "tags": ["VIP"],
            "shop": "A",
            "owner": "mei",
            "source_key": "crm:9",
        }
        answer = till.post("/customers", body)
        told = answer.json()
        assert (answer.status_code, told["is_new"]) == (201, True), told
        whole = told["customer"]
        assert (whole["name"], whole["owner"]["username"], whole["shop"]["code"]) == ("何念", "mei", "A")
        assert {(one["kind"], one["calendar"]) for one in whole["dates"]} == {
            ("birthday", "lunar"),
            ("wedding", "solar"),
        }
        assert (whole["traits"], whole["tags"]) == ({"metal": ["gold", "pt950"]}, ["VIP"])
        assert whole["grade"]["stage"] and {one["id"] for one in told["tasks"]} == {
            str(one.pk) for one in Task.objects.all()
        }
        again = till.post("/customers", body)
        assert (again.status_code, again.json()["customer"]["id"]) == (200, whole["id"])
        assert (Customer.objects.filter(name="何念").count(), ContactPoint.objects.count()) == (1, 2)

    def test_refuses_what_does_not_fit_and_writes_nothing(self, till: Till) -> None:
        before = Customer.objects.count()
        cases = {
            "customer_empty": {"shop": "A"},
            "card_taken": {"name": "x", "shop": "A", "card_number": "ZK000001"},
            "shop_unknown": {"name": "x", "shop": "OTHER"},
            "advisor_unknown": {"name": "x", "shop": "A", "owner": "other"},
            "day_impossible": {"name": "x", "shop": "A", "birthday": {"month": 2, "day": 30}},
            "contact_refused": {"name": "x", "shop": "A", "emails": ["nonsense"]},
            "body_wrong": {"name": "x", "shop": "A", "id": "1"},
        }
        for code, body in cases.items():
            assert till.post("/customers", body).json()["code"] == code
        assert Customer.objects.count() == before


class TestUpdateCustomer:
    def test_changes_only_what_is_sent(self, till: Till) -> None:
        path = f"/customers/{till.cast.mrs_zhou.pk}"
        told = till.send("PATCH", path, {"region": "深圳", "card_number": None}).json()
        assert (told["region"], told["card_number"], told["name"]) == ("深圳", None, "周丽华")
        assert till.send("PATCH", path, {"card_number": "ZK000002"}).json()["code"] == "card_taken"
        assert till.send("PATCH", path, {"owner": "tao"}).json()["code"] == "body_wrong"
        assert till.get(path).json()["owner"]["username"] == "mei"
