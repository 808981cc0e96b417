"""Stories of customer files: who comes in, who is known, and which rows are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.cast import NOW, Cast
from tests.journeys.importing import counts, differences, picture, read_csv, reasons, take_in, write_csv

from zhenke.customers.models import ContactPoint, Customer, CustomerDate, ImportRun, SearchTerm
from zhenke.customers.queries import search
from zhenke.customers.queries.contacts import opened
from zhenke.doors.demo.sample_files import write_sample_files
from zhenke.doors.imports import write_reject_file
from zhenke.journeys import import_customers as journey
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

HEADINGS = (
    "会员卡号",
    "姓名",
    "手机",
    "生日",
    "性别",
    "标签",
    "所属门店",
    "专属顾问",
    "备注",
    "身份证号",
    "邮箱",
    "客户编号",
)
GOOD = ["N1", "陈晓", "13800138001", "1988-05-06", "女", "老客、贵宾", "", "", "", "11010519491231002X", "a@b.cn", "77"]
# column of the heading → text, field, code
FAULTS: tuple[tuple[str, str, str, str], ...] = (
    ("会员卡号", "6.22202E+18", "card_number", "number_ruined"),
    ("会员卡号", "880000012345.0", "card_number", "number_ruined"),
    ("会员卡号", "622202123456789000", "card_number", "number_ruined"),
    ("会员卡号", "#N/A", "card_number", "error_cell"),
    ("会员卡号", "K" * 41, "card_number", "too_long"),
    ("姓名", "周\x07丽", "name", "not_text"),
    ("姓名", "名" * 121, "name", "too_long"),
    ("手机", "1.38E+10", "phone", "number_ruined"),
    ("手机", "13800138000.0", "phone", "number_ruined"),
    ("手机", "1380013800", "phone", "phone_wrong_length"),
    ("手机", "打不通", "phone", "phone_unreadable"),
    ("手机", "88886666", "phone", "phone_needs_area_code"),
    ("手机", "0755-88886666转8", "phone", "phone_has_extension"),
    ("生日", "1991/2/30", "birthday", "day_impossible"),
    ("生日", "生日快乐", "birthday", "date_unreadable"),
    ("生日", "33000", "birthday", "date_looks_serial"),
    ("生日", "1850-01-01", "birthday", "date_impossible"),
    ("生日", "2031-01-01", "birthday", "date_impossible"),
    ("性别", "保密啊", "gender", "gender_unknown"),
    ("标签", "很" * 41, "tags", "too_long"),
    ("所属门店", "月球店", "shop", "shop_unknown"),
    ("专属顾问", "查无此人", "owner", "advisor_unknown"),
    ("备注", "长" * 5_001, "notes", "too_long"),
    ("身份证号", "4.40301E+17", "id_number", "number_ruined"),
    ("身份证号", "110105194912310000", "id_number", "number_ruined"),
    ("身份证号", "11010519491231002", "id_number", "id_number_wrong"),
    ("身份证号", "110105194912310021", "id_number", "id_number_wrong"),
    ("身份证号", "11010519490231002X", "id_number", "id_number_wrong"),
    ("邮箱", "不是邮箱", "email", "contact_refused"),
    ("客户编号", "1.2E+11", "customer_key", "number_ruined"),
)


def with_cell(heading: str, text: str) -> list[str]:
    """The good row with one other cell."""
    return [text if name == heading else cell for name, cell in zip(HEADINGS, GOOD, strict=True)]


class TestFaults:
    @pytest.mark.parametrize(("heading", "text", "field", "code"), FAULTS, ids=lambda text: str(text)[:12])
    def test_a_row_with_one_is_refused_and_nothing_of_it_is_kept(
        self, cast: Cast, tmp_path: Path, heading: str, text: str, field: str, code: str
    ) -> None:
        before = picture()
        path = write_csv(tmp_path / "f.csv", HEADINGS, [with_cell(heading, text)])
        run = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert (counts(run), reasons(run)) == ((0, 0, 0, 1), {2: (field, code)})
        assert differences(before, picture()) == []

    def test_a_row_of_nobody_is_refused(self, cast: Cast, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "f.csv", HEADINGS, [GOOD, ["", "", "", "1990-01-01", *[""] * 8]])
        assert reasons(take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)) == {3: ("name", "nobody")}

    def test_a_mended_reject_file_comes_in(self, cast: Cast, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "f.csv", HEADINGS, [with_cell("手机", "1.38E+10"), ["合计", "1 人", *[""] * 10]])
        run = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        write_reject_file(viewer=SYSTEM, run=run, path=tmp_path / "rejects.csv")
        headings, mended, _total = read_csv(tmp_path / "rejects.csv")
        assert (mended[-3:-1], mended[2]) == (["2", "手机"], "'1.38E+10")
        assert "text" in mended[-1] or "文本" in mended[-1]
        mended[2] = "13800138001"
        again = take_in(
            write_csv(tmp_path / "mended.csv", headings, [mended], encoding="utf-8-sig"),
            subject="customers",
            shop=cast.shop_a,
            by=SYSTEM,
        )
        assert counts(again) == (1, 0, 0, 0)


class TestImportCustomers:
    def test_brings_people_with_all_that_is_told_of_them(self, cast: Cast, tmp_path: Path) -> None:
        run = take_in(write_csv(tmp_path / "f.csv", HEADINGS, [GOOD]), subject="customers", shop=cast.shop_a, by=SYSTEM)
        made = Customer.objects.get(card_number="N1")
        assert (counts(run), made.name, made.gender, made.source, made.shop) == (
            (1, 0, 0, 0),
            "陈晓",
            "f",
            "import",
            cast.shop_a,
        )
        assert {(one.kind, opened(one)) for one in made.contact_points.all()} == {
            ("phone", "+8613800138001"),
            ("email", "a@b.cn"),
        }
        born = CustomerDate.objects.get(customer=made)
        assert (born.kind, born.month, born.day, born.year) == ("birthday", 5, 6, 1988)
        assert set(made.tags.values_list("tag__name", flat=True)) == {"老客", "贵宾"}
        assert [hit.id for hit in search(viewer=cast.lin, text="chenxiao")] == [made.pk]
        for table in picture().values():
            assert not any("11010519491231002X" in str(row) for row in table.values())

    def test_says_nothing_where_a_row_says_nothing(self, cast: Cast, tmp_path: Path) -> None:
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(source="walk_in", region="深圳", notes="喜欢翡翠")
        before = picture()
        path = write_csv(tmp_path / "f.csv", HEADINGS, [["ZK000001", "周丽华", *[""] * 10]])
        run = take_in(path, subject="customers", shop=cast.shop_b, by=SYSTEM)
        assert (counts(run), differences(before, picture())) == ((0, 0, 1, 0), [])

    def test_three_times_changes_nothing_more(self, cast: Cast, tmp_path: Path) -> None:
        rows = [
            GOOD,
            ["ZK000001", "周丽华", "13900139000", "农历八月十五", *[""] * 8],
            ["", "没有卡", "13700137000", *[""] * 9],
        ]
        path = write_csv(tmp_path / "f.csv", HEADINGS, rows)
        assert counts(take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)) == (2, 1, 0, 0)
        before = picture()
        for _ in range(2):
            assert counts(take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)) == (0, 0, 3, 0)
        assert differences(before, picture()) == []

    @pytest.mark.parametrize("batch_rows", [1, 2, 100])
    def test_a_file_that_contradicts_itself_is_believed_once(
        self, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_rows: int
    ) -> None:
        monkeypatch.setattr(journey, "BATCH_ROWS", batch_rows)
        rows = [
            ["N1", "陈晓", "13800138001", "1988-05-06", *[""] * 8],
            ["N1", "陈小", "", "", *[""] * 8],  # another name
            ["N1", "陈晓", "13800138002", "", "女", *[""] * 7],  # more of the same person
            ["N1", "", "", "1988-05-07", *[""] * 8],  # another birthday
        ]
        path = write_csv(tmp_path / "f.csv", HEADINGS, rows)
        refused = {3: ("name", "says_otherwise"), 5: ("birthday", "says_otherwise")}
        for is_dry_run, expected in ((True, (1, 1, 0, 2)), (False, (1, 1, 0, 2)), (False, (0, 0, 2, 2))):
            run = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM, is_dry_run=is_dry_run)
            assert (counts(run), reasons(run)) == (expected, refused)
        assert ContactPoint.objects.filter(customer__card_number="N1").count() == 2

    def test_a_phone_is_the_same_person_only_under_the_same_name(self, cast: Cast, tmp_path: Path) -> None:
        rows = [
            ["N1", "陈晓", "13800138001", *[""] * 9],
            ["", "陈晓", "13800138001", "", "女", *[""] * 7],  # she again, without her card
            ["", "王丈夫", "13800138001", *[""] * 9],  # her husband's row, the same phone
            ["", "", "13800138001", "", "", "贵宾", *[""] * 6],  # which of the two?
        ]
        run = take_in(write_csv(tmp_path / "f.csv", HEADINGS, rows), subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert (counts(run), reasons(run)) == ((2, 1, 0, 1), {5: ("phone", "phone_shared")})

    def test_a_renamed_customer_is_found_by_the_new_name_only(self, cast: Cast, tmp_path: Path) -> None:
        for name in ("陈晓", "林夏"):
            path = write_csv(tmp_path / f"{name}.csv", HEADINGS, [["N1", name, *[""] * 10]])
            take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        made = Customer.objects.get(card_number="N1")
        terms = set(SearchTerm.objects.filter(customer=made).values_list("term", flat=True))
        assert (made.pinyin, "linxia" in terms, "chenxiao" in terms) == ("linxia", True, False)

    def test_a_trial_counts_what_the_import_will(
        self, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journey, "BATCH_ROWS", 2)
        rows = [[f"N{n % 4}", f"客{n % 4}", f"1380013800{n}", *[""] * 9] for n in range(9)]
        path = write_csv(tmp_path / "f.csv", HEADINGS, rows)
        before = picture()
        trial = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM, is_dry_run=True)
        assert differences(before, picture()) == []
        assert counts(trial) == counts(take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)) == (4, 5, 0, 0)

    def test_resumes_with_what_it_remembered_of_the_file(
        self, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journey, "BATCH_ROWS", 2)
        rows = [
            ["N1", "陈晓", *[""] * 10],
            ["N2", "林夏", *[""] * 10],
            ["N3", "何秋", *[""] * 10],
            ["N1", "陈小", *[""] * 10],
        ]
        path = write_csv(tmp_path / "f.csv", HEADINGS, rows)
        real = journey.record_batch
        monkeypatch.setattr(journey, "record_batch", lambda **told: _dies(real, **told))
        with pytest.raises(KeyboardInterrupt):
            take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        monkeypatch.setattr(journey, "record_batch", real)
        ImportRun.objects.update(state="waiting")
        run = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert (counts(run), reasons(run)) == ((3, 0, 0, 1), {5: ("name", "says_otherwise")})

    def test_a_manager_cannot_touch_another_shops_customers(self, cast: Cast, tmp_path: Path) -> None:
        manager = StaffMember.objects.create(
            username="bo", name="薄", role="shop_manager", shop=cast.shop_b, created_at=NOW
        )
        before = picture()
        path = write_csv(tmp_path / "f.csv", HEADINGS, [["ZK000001", "周丽花", *[""] * 10]])
        run = take_in(path, subject="customers", shop=cast.shop_b, by=manager)
        assert reasons(run) == {2: ("card_number", "customer_elsewhere")}
        assert differences(before, picture()) == []


def _dies(real: object, **told: object) -> None:
    if told["walked"] == 4:
        raise KeyboardInterrupt
    real(**told)  # type: ignore[operator]


class TestSampleFiles:
    def test_come_in_but_for_the_rows_that_must_be_refused(self, cast: Cast, tmp_path: Path) -> None:
        files = write_sample_files(tmp_path, today=date(2026, 3, 1))
        told = {"unknown_shop": "default", "unknown_advisor": "nobody"}
        people = take_in(files.customers, subject="customers", shop=cast.shop_a, by=SYSTEM, **told)
        headings = 3
        assert {row - headings for row in reasons(people)} == {*files.bad_customers, 61}  # and the total below
        assert counts(people) == (56, 0, 0, 5)
        sales = take_in(files.sales, subject="sales", shop=cast.shop_a, by=SYSTEM, **told)
        assert {row - 1 for row in reasons(sales)} == set(files.bad_sales)
        assert counts(sales) == (57, 0, 0, 3)
        assert sum(run.figures.get("amount_minor", 0) for run in ImportRun.objects.all()) == 70_416_200
