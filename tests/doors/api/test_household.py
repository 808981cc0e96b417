"""Links and gifts over the api."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import NOW
from tests.doors.api.till import Till, cny, days_on, sale_body, till_of
from zhenke.basics.clock import now
from zhenke.customers.models import Customer, CustomerLink
from zhenke.sales.models import SaleLine
from zhenke.staff.models import Shop


def links_of(till: Till) -> str:
    return f"/customers/{till.cast.mrs_zhou.pk}/links"


class TestLinks:
    def test_are_made_told_from_both_ends_and_dropped(self, till: Till) -> None:
        child = till.post("/customers", {"name": "周小雨", "shop": "A", "owner": "mei"}).json()["customer"]["id"]
        made = till.post(links_of(till), {"other_id": child, "kind": "child"}).json()["rows"]
        assert [(row["kind"], row["other_id"], row["other_name"]) for row in made] == [("child", child, "周小雨")]
        other_end = till.get(f"/customers/{child}/links").json()["rows"]
        assert [(row["kind"], row["other_id"]) for row in other_end] == [("parent", str(till.cast.mrs_zhou.pk))]
        for _ in range(2):
            answer = till.post(f"{links_of(till)}/drop", {"link_id": made[0]["id"]})
            assert (answer.status_code, answer.json()) == (200, {"rows": []})

    def test_tell_of_a_person_out_of_sight_only_the_kind(self, till: Till) -> None:
        theirs = Customer.objects.create(name="别家", shop=till.cast.other_brand, created_at=NOW, updated_at=NOW)
        first, second = sorted((theirs.pk, till.cast.mrs_zhou.pk))
        CustomerLink.objects.create(first_id=first, second_id=second, kind="friend", made_at=NOW)
        rows = till.get(links_of(till)).json()["rows"]
        assert [(row["kind"], row["other_id"], row["other_name"]) for row in rows] == [("friend", None, "")]

    def test_refuse_what_is_no_link_and_hide_what_is_not_the_tokens(self, till: Till) -> None:
        hers, his = str(till.cast.mrs_zhou.pk), str(till.cast.mr_zhou.pk)
        assert till.post(links_of(till), {"other_id": his, "kind": "boss"}).json()["code"] == "link_kind_wrong"
        assert till.post(links_of(till), {"other_id": hers, "kind": "friend"}).json()["code"] == "link_to_self"
        assert till.post(links_of(till), {"other_id": "1", "kind": "friend"}).status_code == 404
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get(links_of(till)).status_code == 404
        assert stranger.get(f"/customers/{hers}/gifts").status_code == 404


class TestGifts:
    def test_are_told_from_their_day_and_the_giver_only_in_sight(self, till: Till) -> None:
        cast = till.cast
        body = sale_body(buyer={"card_number": "ZK000002"}, gift_for=str(cast.mrs_zhou.pk))
        secret = till.post("/sales", {**body, "secret_until_date": days_on(1)}).json()["sale"]
        assert secret["is_gift"]
        assert [(line["gift_for_id"], line["secret_until_date"]) for line in secret["lines"]] == [
            (str(cast.mrs_zhou.pk), days_on(1))
        ]
        assert till.get(f"/customers/{cast.mrs_zhou.pk}/gifts").json() == {"rows": []}
        SaleLine.objects.update(secret_until_date=days_on(0))
        [gift] = till.get(f"/customers/{cast.mrs_zhou.pk}/gifts").json()["rows"]
        assert (gift["style_no"], gift["giver_id"], gift["sale_id"]) == ("R1", str(cast.mr_zhou.pk), secret["id"])
        Customer.objects.filter(pk=cast.mr_zhou.pk).update(shop=Shop.objects.get(pk=cast.other_brand.pk))
        [gift] = till.get(f"/customers/{cast.mrs_zhou.pk}/gifts").json()["rows"]
        assert gift["giver_id"] is None

    def test_without_a_day_are_secret_for_thirty_days(self, till: Till) -> None:
        sold = (now() - timedelta(hours=1)).isoformat()
        lines = [{"description": "Ring", "amount": cny(100), "gift_for": str(till.cast.mrs_zhou.pk)}]
        body = sale_body(buyer={"card_number": "ZK000002"}, sold_at=sold, lines=lines)
        line = till.post("/sales", body).json()["sale"]["lines"][0]
        assert line["secret_until_date"] in (days_on(30), days_on(29))

    def test_are_refused_for_nobody_in_sight_and_for_the_buyer(self, till: Till) -> None:
        buyer = {"card_number": "ZK000002"}
        wrong = {"1": "recipient_unknown", str(till.cast.mr_zhou.pk): "recipient_buys"}
        for key, code in wrong.items():
            answer = till.post("/sales", sale_body(buyer=buyer, gift_for=key))
            assert (answer.status_code, answer.json()["code"]) == (422, code)
