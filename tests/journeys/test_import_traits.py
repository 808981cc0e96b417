"""A file brings sizes, taste, papers of organisations and own fields; what cannot be is refused at its column."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cast import NOW, Cast
from tests.journeys.importing import reasons, take_in, write_csv

from zhenke.customers.models import Customer, Trait
from zhenke.customers.operations import save_custom_field
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
HEADINGS = ("姓名", "手机", "客户类型", "左手无名指", "佩戴场合", "耳洞", "税号", "运动爱好")
ROWS = (
    ("陈晓", "13800138001", "个人", "港度13号", "宴会、日常", "有", "", "高尔夫、游泳"),
    ("云锦酒店", "13800138002", "公司", "", "商务礼品", "", "91440300708461136T", ""),
)


def known_of(name: str) -> set[tuple[str, str]]:
    return set(Trait.objects.filter(customer__name=name).values_list("key", "text"))


class TestImportTraits:
    def test_are_kept_in_one_spelling_and_the_same_file_changes_nothing(self, cast: Cast, tmp_path: Path) -> None:
        save_custom_field(
            key="sport", name_en="Sports", name_zh="运动爱好", kind="several", choices=["golf", "swim"],
            choice_words={"golf": ["Golf", "高尔夫"], "swim": ["Swimming", "游泳"]}, by=cast.zhu, now=NOW,
        )  # fmt: skip
        file = write_csv(tmp_path / "people.csv", HEADINGS, ROWS)
        run = take_in(file, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert (run.created, run.rejected) == (2, 0), reasons(run)
        assert known_of("陈晓") == {
            ("ring_left_ring", "13"), ("occasion", "banquet"), ("occasion", "daily"), ("ears_pierced", "yes"),
            ("custom.sport", "golf"), ("custom.sport", "swim"),
        }  # fmt: skip
        assert Customer.objects.get(name="云锦酒店").kind == "company"
        assert known_of("云锦酒店") == {("occasion", "company_gift"), ("tax_number", "91440300708461136T")}
        again = take_in(file, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 2)

    def test_that_cannot_be_are_refused_at_their_column(self, cast: Cast, tmp_path: Path) -> None:
        wrong = [
            ("陈晓", "13800138001", "个人", "很大", "", "", "", ""),
            ("李", "13800138003", "", "", "", "", "91X", ""),
        ]
        file = write_csv(tmp_path / "people.csv", HEADINGS, wrong)
        run = take_in(file, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert (run.created, run.rejected) == (0, 2)
        assert {(reject.column, reject.code) for reject in run.rejects.all()} == {
            ("ring_left_ring", "trait_number"), ("tax_number", "trait_tax_number"),
        }  # fmt: skip
