"""A file says who works where: the link is made once, goes with its undo, and what is not clear is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cast import NOW, Cast
from tests.journeys.importing import reasons, take_in, write_csv

from zhenke.customers.models import Customer, CustomerLink, ImportRun
from zhenke.customers.operations import add_link
from zhenke.customers.queries.household import household_of
from zhenke.journeys.undo_import import undo_import
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
HEADINGS = ("会员卡号", "姓名", "客户类型", "任职单位", "职务")
HOTEL, BUYER = ("G1", "云锦酒店", "公司", "", ""), ("N1", "陈晓", "", "云锦酒店", "采购经理")


def take(cast: Cast, folder: Path, *rows: tuple[str, ...]) -> ImportRun:
    path = write_csv(folder / "people.csv", HEADINGS, rows)
    return take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)


def jobs(name: str) -> list[tuple[str, str, str]]:
    her = Customer.objects.get(name=name)
    return [(link.kind, link.other.name, link.job) for link in household_of(viewer=SYSTEM, customer=her)]


class TestWork:
    def test_links_by_name_and_by_key_once_and_reads_from_both_ends(self, cast: Cast, tmp_path: Path) -> None:
        second = ("N2", "李明", "个人", "G1", "总经理")
        run = take(cast, tmp_path, HOTEL, BUYER, second)
        assert (run.created, run.rejected) == (3, 0), reasons(run)
        assert jobs("陈晓") == [("company", "云锦酒店", "采购经理")]
        assert sorted(jobs("云锦酒店")) == [
            ("company_contact", "李明", "总经理"), ("company_contact", "陈晓", "采购经理"),
        ]  # fmt: skip
        again = take(cast, tmp_path, HOTEL, BUYER, second)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
        assert CustomerLink.objects.count() == 2

    def test_another_job_changes_the_word_and_undo_brings_it_back(self, cast: Cast, tmp_path: Path) -> None:
        first = take(cast, tmp_path, HOTEL, BUYER)
        later = take(cast, tmp_path, ("N1", "陈晓", "", "云锦酒店", "总监"))
        assert later.updated == 1 and jobs("陈晓") == [("company", "云锦酒店", "总监")]
        undo_import(run=later, by=SYSTEM, now=NOW)
        assert jobs("陈晓") == [("company", "云锦酒店", "采购经理")]
        undo_import(run=first, by=SYSTEM, now=NOW)
        assert not CustomerLink.objects.exists() and not Customer.objects.filter(name="陈晓").exists()

    def test_between_archives_that_stood_goes_with_its_undo(self, cast: Cast, tmp_path: Path) -> None:
        take(cast, tmp_path, HOTEL, ("N1", "陈晓", "", "", ""))
        run = take(cast, tmp_path, BUYER)
        assert jobs("陈晓")
        undo_import(run=run, by=SYSTEM, now=NOW)
        assert jobs("陈晓") == [] and Customer.objects.filter(name="陈晓").exists()

    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            ([("N1", "陈晓", "", "", "经理")], ("job", "job_without_employer")),
            ([BUYER], ("employer", "employer_unknown")),
            ([HOTEL, ("G2", "云锦酒店", "公司", "", ""), BUYER], ("employer", "employer_ambiguous")),
            ([HOTEL, ("G3", "丽华贸易", "公司", "云锦酒店", "子公司")], ("job", "job_of_organisation")),
            ([("N3", "云锦酒店", "个人", "", ""), BUYER], ("employer", "employer_unknown")),
        ],
    )
    def test_that_is_not_clear_is_refused_at_its_column(
        self, cast: Cast, tmp_path: Path, rows: list[tuple[str, ...]], reason: tuple[str, str]
    ) -> None:
        run = take(cast, tmp_path, *rows)
        assert list(reasons(run).values()) == [reason]
        assert not CustomerLink.objects.exists()

    def test_an_organisation_alone_says_nothing(self, cast: Cast, tmp_path: Path) -> None:
        run = take(cast, tmp_path, ("N1", "陈晓", "", "某某公司", ""))
        assert run.rejected == 0 and not CustomerLink.objects.exists()

    def test_what_somebody_said_otherwise_is_left(self, cast: Cast, tmp_path: Path) -> None:
        take(cast, tmp_path, HOTEL, ("N1", "陈晓", "", "", ""))
        her, hotel = Customer.objects.get(name="陈晓"), Customer.objects.get(name="云锦酒店")
        add_link(customer=her, other=hotel, kind="friend", by=SYSTEM, now=NOW)
        assert list(reasons(take(cast, tmp_path, BUYER)).values()) == [("employer", "link_otherwise")]
