"""Who serves a customer, over the api."""

from __future__ import annotations

from datetime import date

from tests.doors.api.till import Till, sale_body, till_of
from zhenke.customers.models import Customer, CustomerTeam
from zhenke.sales.models import Sale


class TestTeam:
    def test_tells_whom_to_call(self, till: Till) -> None:
        cast = till.cast
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(cover=cast.tao, has_hotline=True)
        CustomerTeam.objects.create(
            customer=cast.mrs_zhou, member=cast.shu, part="stylist", from_date=date(2026, 11, 1)
        )
        told = till.get(f"/customers/{cast.mrs_zhou.pk}/team").json()
        assert (told["has_hotline"], told["owner"]["name"], told["cover"]["name"]) == (True, "梅雪", "陶然")
        assert [(one["person"]["name"], one["part"], one["from_date"]) for one in told["team"]] == [
            ("舒云", "stylist", "2026-11-01")
        ]

    def test_is_absent_for_strangers_and_protected_people(self, till: Till) -> None:
        address = f"/customers/{till.cast.mrs_zhou.pk}/team"
        assert till_of(till.cast, shop=till.cast.other_brand).get(address).status_code == 404
        Customer.objects.filter(pk=till.cast.mrs_zhou.pk).update(importance=3)
        assert till.get(address).status_code == 404


class TestASale:
    def test_to_a_protected_person_is_hers_and_tells_the_till_nothing(self, till: Till) -> None:
        her = till.cast.mrs_zhou
        Customer.objects.filter(pk=her.pk).update(importance=3)
        answer = till.post("/sales", sale_body())
        told = answer.json()
        assert answer.status_code == 201
        assert (told["customer"], told["grade"], told["tasks"], told["sale"]["customer_id"]) == (None, None, [], None)
        assert str(her.pk) not in answer.content.decode()
        assert Sale.objects.get().customer == her
        assert till.get(f"/sales/{told['sale']['id']}").status_code == 404
