"""What is known of a customer, and the shop's own fields, over the api."""

from __future__ import annotations

from tests.cast import NOW
from tests.doors.api.till import Till, till_of
from zhenke.customers.models import Trait
from zhenke.customers.operations import save_custom_field, set_traits


def traits_path(till: Till) -> str:
    return f"/customers/{till.cast.mrs_zhou.pk}/traits"


class TestTraits:
    def test_are_replaced_key_by_key_and_told_as_kept(self, till: Till) -> None:
        sent = {"traits": {"ring_left_ring": ["HK 12"], "stone": ["jadeite", "pearl"]}}
        for _ in range(2):
            told = till.post(traits_path(till), sent).json()
            assert told == {"traits": {"ring_left_ring": ["12"], "stone": ["jadeite", "pearl"]}}
        assert till.post(traits_path(till), {"traits": {"stone": []}}).json() == {"traits": {"ring_left_ring": ["12"]}}
        assert till.get(traits_path(till)).json() == {"traits": {"ring_left_ring": ["12"]}}

    def test_a_value_that_cannot_be_is_refused_with_the_reason(self, till: Till) -> None:
        answer = till.post(traits_path(till), {"traits": {"metal": ["gold"], "wrist_cm": ["155"]}})
        assert (answer.status_code, answer.json()["code"]) == (422, "trait_wrong")
        assert answer.json()["facts"] == {
            "key": "wrist_cm",
            "reason": "range",
            "least": "10",
            "most": "26",
            "unit": "cm",
        }
        assert not Trait.objects.exists()

    def test_of_level_4_are_neither_told_nor_written(self, till: Till) -> None:
        set_traits(customer=till.cast.mrs_zhou, values={"health": ["孕期"]}, by=till.cast.lin, now=NOW)
        assert till.get(traits_path(till)).json() == {"traits": {}}
        assert till.post(traits_path(till), {"traits": {"health": []}}).status_code == 403
        assert Trait.objects.count() == 1

    def test_of_a_stranger_are_not_there(self, till: Till) -> None:
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get(traits_path(till)).status_code == 404
        assert stranger.post(traits_path(till), {"traits": {"metal": ["gold"]}}).status_code == 404


class TestFields:
    def test_are_told_with_both_languages(self, till: Till) -> None:
        save_custom_field(
            key="sport", name_en="Sport", name_zh="运动", kind="several", choices=["golf", "swim"],
            choice_words={"golf": ["Golf", "高尔夫"]}, group="person", by=till.cast.zhu, now=NOW,
        )  # fmt: skip
        [field] = till.get("/fields").json()["rows"]
        assert field["choices"] == [
            {"code": "golf", "name_en": "Golf", "name_zh": "高尔夫"},
            {"code": "swim", "name_en": "swim", "name_zh": "swim"},
        ]
        assert (field["kind"], field["group"], field["level"], field["is_retired"]) == ("several", "person", 2, False)
        sent = {"traits": {"custom.sport": ["高尔夫", "swim"]}}
        assert till.post(traits_path(till), sent).json() == {"traits": {"custom.sport": ["golf", "swim"]}}
