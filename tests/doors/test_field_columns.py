"""A file's headings find the kinds of traits and the shop's own fields, in Chinese and in English."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Cast
from zhenke.basics.tables.mapping import guess_mapping
from zhenke.customers.operations import save_custom_field
from zhenke.doors.imports import fields_of

pytestmark = pytest.mark.django_db
CHINESE = {
    "姓名": "name", "客户类型": "kind", "左手无名指": "ring_left_ring", "手镯圈口": "bangle_mm", "腕围": "wrist_cm",
    "佩戴场合": "occasion", "购买动机": "motive", "职业": "occupation", "年收入": "income_band", "生肖": "zodiac",
    "昵称": "alias", "税号": "tax_number", "单位全称": "legal_name", "行业": "industry", "签约日期": "contract_date",
    "结算方式": "payment_terms", "年采购额": "volume_band", "运动爱好": "custom.sport", "手机": "phone",
}  # fmt: skip
ENGLISH = {
    "Name": "name", "Left ring finger": "ring_left_ring", "Wrist size": "wrist_cm", "Worn for": "occasion",
    "Tax ID": "tax_number", "Legal name": "legal_name", "Terms of payment": "payment_terms", "Sports": "custom.sport",
    "Favourite drink": "drink", "Phone": "phone",
}  # fmt: skip


class TestFieldsOf:
    @pytest.mark.parametrize("headings", [CHINESE, ENGLISH])
    def test_are_found_by_their_headings(self, cast: Cast, headings: dict[str, str]) -> None:
        save_custom_field(key="sport", name_en="Sports", name_zh="运动爱好", kind="text", by=cast.zhu, now=NOW)
        guess = guess_mapping(list(headings), [], fields_of("customers"))
        assert {one.heading: name for name, one in guess.columns.items()} == headings

    def test_of_a_retired_field_is_not_asked(self, cast: Cast) -> None:
        words = {"name_en": "Sports", "name_zh": "运动爱好", "kind": "text", "by": cast.zhu, "now": NOW}
        save_custom_field(key="sport", is_retired=True, **words)
        assert "custom.sport" not in {spec.name for spec in fields_of("customers")}
        assert {spec.name for spec in fields_of("sales")}.isdisjoint({"metal_mm", "tax_number"})
