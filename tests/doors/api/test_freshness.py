"""Freshness over the api."""

from __future__ import annotations

from tests.doors.api.till import Till, till_of
from zhenke.basics.clock import now
from zhenke.customers.operations import add_contact
from zhenke.customers.operations.freshness import load_default_freshness
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

FIELDS = (
    {"field": "phone", "letters": "ABCDE", "days": 730},
    {"field": "birthday", "letters": "ABCDE", "days": None},
)


def fields_of(till: Till) -> str:
    return f"/customers/{till.cast.mrs_zhou.pk}/freshness"


class TestFreshness:
    def test_tells_how_each_field_stands_and_confirms_one(self, till: Till) -> None:
        load_default_freshness(fields=FIELDS, a_day=2, again_days=90, by=SYSTEM, now=now())
        states = {row["field"]: row["state"] for row in till.get(fields_of(till)).json()["rows"]}
        assert states == {"phone": "missing", "birthday": "missing"}
        add_contact(customer=till.cast.mrs_zhou, kind="phone", text="13800138000", by=till.cast.mei, now=now())
        for _ in range(2):
            [phone, _birthday] = till.post(fields_of(till), {"field": "phone"}).json()["rows"]
            assert (phone["state"], phone["source"]) == ("known", "asked")
        assert AuditEntry.objects.filter(action="field_confirmed").count() == 1

    def test_refuses_what_is_not_known_or_no_field(self, till: Till) -> None:
        answer = till.post(fields_of(till), {"field": "birthday"})
        assert (answer.status_code, answer.json()["code"]) == (409, "field_not_known")
        assert till.post(fields_of(till), {"field": "shoe"}).json()["code"] == "field_wrong"

    def test_is_hidden_from_another_house(self, till: Till) -> None:
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get(fields_of(till)).status_code == 404
        assert stranger.post(fields_of(till), {"field": "phone"}).status_code == 404
