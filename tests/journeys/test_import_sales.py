"""Stories of sales files: every row accounted for, whatever it holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.cast import NOW, Cast
from tests.journeys.importing import counts, differences, picture, read_csv, reasons, take_in, write_csv
from tests.promises.till_files import FAULTS, HEADINGS, Fault, make_rows
from tests.shared_data import shared_file

from zhenke.basics.errors import BadInput, NotAllowed
from zhenke.catalogue.models import Style
from zhenke.customers.models import Customer, ImportRun
from zhenke.customers.operations.intake import RunBusy, start_run
from zhenke.doors.imports import run_import, write_reject_file
from zhenke.journeys import import_sales as journey
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

SHORT = ("小票号", "会员卡号", "销售日期", "款号", "实收金额")
NUMBERED = (*SHORT, "行号")
BUDGET = 20


@pytest.fixture
def twins(cast: Cast) -> Cast:
    """Two people of the same name, so that the name alone says nobody."""
    for username in ("one", "two"):
        StaffMember.objects.create(username=username, name="双生", role="advisor", shop=cast.shop_a, created_at=NOW)
    return cast


class TestFaults:
    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
    def test_a_row_with_one_is_refused_and_the_others_come_in(self, twins: Cast, tmp_path: Path, fault: Fault) -> None:
        rows = make_rows(80, seed=3)  # the fault stands below the head by which the table is found
        cells = [list(row.values()) for row in rows]
        planted = fault.plant(rows[70])
        cells[70] = planted if isinstance(planted, list) else list(planted.values())
        run = take_in(write_csv(tmp_path / "f.csv", HEADINGS, cells), subject="sales", shop=twins.shop_a, by=SYSTEM)
        assert counts(run) == (79, 0, 0, 1)
        assert reasons(run) == {72: (fault.column, fault.code)}
        reject = run.rejects.get()
        assert reject.cells == cells[70]
        assert SaleLine.objects.count() == 79

    def test_are_at_least_forty_kinds(self) -> None:
        assert len({(fault.column, fault.code, fault.name) for fault in FAULTS}) >= 40

    def test_a_mended_row_finds_its_receipt_again(self, twins: Cast, tmp_path: Path) -> None:
        rows = [
            ["R1", "ZK000001", "2026-05-06", "K1", "100.00"],
            ["R1", "ZK000001", "2026-05-06", "K1", "1oo.00"],  # the second of its kind on the receipt
            ["R1", "ZK000001", "2026-05-06", "K1", "300.00"],
            ["R1", "ZK000001", "2026-02-31", "K1", "400.00"],  # its day is part of the key
        ]
        path = write_csv(tmp_path / "f.csv", SHORT, rows)
        run = take_in(path, subject="sales", shop=twins.shop_a, by=SYSTEM)
        assert counts(run) == (2, 0, 0, 2)
        write_reject_file(viewer=SYSTEM, run=run, path=tmp_path / "rejects.csv")
        headings, first, second = read_csv(tmp_path / "rejects.csv")
        assert (headings[-3:], first[-3], second[-3]) == (["row", "column", "reason"], "3*2", "5")
        first[4], second[2] = "200.00", "2026-05-06"
        mended = write_csv(tmp_path / "mended.csv", headings, [first, second], encoding="utf-8-sig")
        for expected in ((2, 0, 0, 0), (0, 0, 2, 0)):
            assert counts(take_in(mended, subject="sales", shop=twins.shop_a, by=SYSTEM)) == expected
        sale = Sale.objects.get()
        assert (sale.line_count, sale.amount_minor) == (4, 100_000)
        rows[1][4] = "200.00"  # and the whole file, mended where only the amount was wrong
        whole = write_csv(tmp_path / "whole.csv", SHORT, rows[:3])
        assert counts(take_in(whole, subject="sales", shop=twins.shop_a, by=SYSTEM)) == (0, 0, 3, 0)


class TestImportSales:
    def test_brings_receipts_with_lines_buyers_and_styles(self, cast: Cast, tmp_path: Path) -> None:
        path = write_csv(
            tmp_path / "f.csv",
            [
                "小票号",
                "门店",
                "会员卡号",
                "姓名",
                "手机",
                "日期",
                "时间",
                "导购",
                "款号",
                "品名",
                "品类",
                "数量",
                "重量(克)",
                "标价",
                "实收金额",
                "成本",
                "是否送礼",
            ],
            [
                [
                    "S1",
                    "A",
                    "ZK000001",
                    "周丽华",
                    "",
                    "2026-05-06",
                    "14:05",
                    "mei",
                    "K1",
                    "金镯",
                    "bangle",
                    "1",
                    "10.250",
                    "1200",
                    "1000.00",
                    "800",
                    "是",
                ],
                [
                    "S1",
                    "A",
                    "ZK000001",
                    "周丽华",
                    "",
                    "2026-05-06",
                    "14:05",
                    "mei",
                    "K2",
                    "耳钉",
                    "earring",
                    "2",
                    "",
                    "",
                    "500",
                    "",
                    "否",
                ],
                [
                    "S2",
                    "水贝店",
                    "",
                    "新客",
                    "138 0013 8000",
                    "2026/5/7",
                    "",
                    "梅雪",
                    "K1",
                    "",
                    "",
                    "-1",
                    "",
                    "",
                    "-1000.00",
                    "",
                    "",
                ],
            ],
        )
        run = take_in(path, subject="sales", shop=cast.shop_b, by=SYSTEM)
        assert counts(run) == (3, 0, 0, 0)
        assert run.figures | {"worker": ""} == {
            "customers": 2, "sales": 2, "lines": 3, "amount_minor": 50_000, "currency": "CNY", "worker": "",
        }  # fmt: skip
        first, second = Sale.objects.order_by("number")
        assert (first.customer, first.shop, first.advisor) == (cast.mrs_zhou, cast.shop_a, cast.mei)
        assert (first.sold_at, first.sold_date) == (datetime(2026, 5, 6, 6, 5, tzinfo=UTC), date(2026, 5, 6))
        assert (first.amount_minor, first.cost_minor, first.line_count, first.kind) == (150_000, None, 2, "sale")
        assert (second.kind, second.shop, second.customer.name) == ("return", cast.shop_a, "新客")  # type: ignore[union-attr]
        line = first.lines.get(style__style_no="K1")
        assert (line.weight_mg, line.tag_minor, line.cost_minor, line.is_gift) == (10_250, 120_000, 80_000, True)
        assert Style.objects.get(style_no="K1").category == "bangle"

    def test_the_same_file_three_times_changes_nothing(self, cast: Cast, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "f.csv", HEADINGS, [list(row.values()) for row in make_rows(60, seed=5)])
        assert counts(take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)) == (60, 0, 0, 0)
        before = picture()
        for _ in range(2):
            assert counts(take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)) == (0, 0, 60, 0)
        assert differences(before, picture()) == []

    def test_files_that_overlap_make_each_receipt_once(self, cast: Cast, tmp_path: Path) -> None:
        rows = [list(row.values()) for row in make_rows(60, seed=5)]
        one, two = (
            write_csv(tmp_path / "1.csv", HEADINGS, rows[:40]),
            write_csv(tmp_path / "2.csv", HEADINGS, rows[20:]),
        )
        take_in(one, subject="sales", shop=cast.shop_a, by=SYSTEM)
        run = take_in(two, subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert run.created + run.unchanged == 40
        assert SaleLine.objects.count() == 40 + run.created
        whole = write_csv(tmp_path / "3.csv", HEADINGS, rows)
        last = take_in(whole, subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert (last.created + last.unchanged, last.updated, last.rejected) == (60, 0, 0)

    def test_a_trial_writes_nothing_and_counts_the_same(self, cast: Cast, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "f.csv", HEADINGS, [list(row.values()) for row in make_rows(40, seed=5)])
        before = picture()
        trial = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM, is_dry_run=True)
        assert differences(before, picture()) == []
        assert trial.batches.count() == 0
        run = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert (counts(trial), trial.state, run.state) == (counts(run), "ready", "done")

    def test_a_later_file_corrects_a_line_and_its_receipt(self, cast: Cast, tmp_path: Path) -> None:
        row = ["R1", "ZK000001", "2026-05-06", "K1", "100.00"]
        take_in(write_csv(tmp_path / "1.csv", SHORT, [row]), subject="sales", shop=cast.shop_a, by=SYSTEM)
        row[4] = "90.00"
        run = take_in(write_csv(tmp_path / "2.csv", SHORT, [row]), subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert (counts(run), Sale.objects.get().amount_minor) == ((0, 1, 0, 0), 9_000)

    def test_receipt_numbers_that_begin_anew_are_other_receipts(self, cast: Cast, tmp_path: Path) -> None:
        rows = [["0001", "ZK000001", f"2026-05-0{day}", "K1", "100.00"] for day in (6, 7)]
        take_in(write_csv(tmp_path / "1.csv", SHORT, rows), subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert Sale.objects.count() == 2

    def test_a_receipt_of_two_buyers_keeps_the_first(
        self, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journey, "BATCH_ROWS", 2)
        cards = ("ZK000001", "", "ZK000002", "ZK000001")
        rows = [["R1", card, "2026-05-06", f"K{n}", "100.00"] for n, card in enumerate(cards)]
        path = write_csv(tmp_path / "1.csv", SHORT, rows)
        run = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert reasons(run) == {4: ("number", "receipt_of_another")}
        assert counts(take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)) == (0, 0, 3, 1)

    def test_a_line_number_twice_is_refused_when_it_says_something_else(
        self, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journey, "BATCH_ROWS", 2)
        base = ["R1", "ZK000001", "2026-05-06", "K1", "100.00", "1"]
        rows = [base, [*base[:5], "2"], base, [*base[:4], "101.00", "1"]]
        path = write_csv(tmp_path / "1.csv", NUMBERED, rows)
        run = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert (counts(run), reasons(run)) == ((2, 0, 1, 1), {5: ("line_number", "line_number_twice")})

    def test_amounts_scale_with_the_unit_of_the_heading(self, cast: Cast, tmp_path: Path) -> None:
        headings = ("小票号", "会员卡号", "销售日期", "款号", "实收金额(万元)", "克重(克拉)")
        rows = [
            ["R1", "ZK000001", "2026-05-06", "K1", "1.25", "0.5"],
            ["R2", "ZK000001", "2026-05-06", "K1", "0.0000001", ""],
        ]
        run = take_in(write_csv(tmp_path / "1.csv", headings, rows), subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert (counts(run), reasons(run)) == ((1, 0, 0, 1), {3: ("amount", "amount_too_precise")})
        line = SaleLine.objects.get()
        assert (line.amount_minor, line.weight_mg) == (1_250_000, 100)

    @pytest.mark.parametrize(
        ("heading", "column"), [("克重(斤两)", "weight"), ("成本(比索)", "cost"), ("标价(USD)", "tag")]
    )
    def test_amounts_in_units_that_are_not_understood_are_refused(
        self, cast: Cast, tmp_path: Path, heading: str, column: str
    ) -> None:
        headings = ("小票号", "会员卡号", "销售日期", "款号", "实收金额(元)", heading)
        rows = [["R1", "ZK000001", "2026-05-06", "K1", "1.25", "5"], ["R2", "ZK000001", "2026-05-06", "K1", "2.00", ""]]
        run = take_in(write_csv(tmp_path / "1.csv", headings, rows), subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert (counts(run), reasons(run)) == ((1, 0, 0, 1), {2: (column, "unit_unknown")})

    def test_an_unknown_shop_or_advisor_may_be_let_in_by_choice(self, cast: Cast, tmp_path: Path) -> None:
        headings = (*SHORT, "门店", "导购")
        path = write_csv(tmp_path / "1.csv", headings, [["R1", "", "2026-05-06", "K1", "1.00", "旧店", "走了的人"]])
        told = {"unknown_shop": "default", "unknown_advisor": "nobody"}
        run = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM, **told)
        sale = Sale.objects.get()
        assert (counts(run), sale.shop, sale.advisor) == ((1, 0, 0, 0), cast.shop_a, None)

    def test_a_mapping_of_another_file_is_refused_in_one_sentence(self, cast: Cast, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "1.csv", SHORT, [["R1", "", "2026-05-06", "K1", "1.00"]])
        with pytest.raises(BadInput, match="transaction_timestamp"):
            take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM, mapping="complete-journey")
        assert ImportRun.objects.get().state == "failed"


class TestScope:
    ROW = ("R1", "ZK000001", "2026-05-06", "K1", "100.00")

    def test_who_may_not_import_is_refused(self, cast: Cast, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "1.csv", SHORT, [self.ROW])
        with pytest.raises(NotAllowed):
            take_in(path, subject="sales", shop=cast.shop_a, by=cast.mei)

    def test_a_manager_cannot_touch_another_shops_customer_receipt_or_name(self, cast: Cast, tmp_path: Path) -> None:
        manager = StaffMember.objects.create(
            username="bo", name="薄", role="shop_manager", shop=cast.shop_b, created_at=NOW
        )
        take_in(write_csv(tmp_path / "1.csv", SHORT, [self.ROW]), subject="sales", shop=cast.shop_a, by=cast.lin)
        before = picture()
        rows = [
            ["R9", "ZK000001", "2026-05-06", "K1", "5.00", ""],  # somebody else's customer
            ["R1", "", "2026-05-06", "K1", "7.00", ""],  # somebody else's receipt
            ["R8", "", "2026-05-06", "K1", "7.00", "水贝店"],  # somebody else's shop
        ]
        path = write_csv(tmp_path / "2.csv", (*SHORT, "门店"), rows)
        run = take_in(path, subject="sales", shop=cast.shop_b, by=manager)
        assert reasons(run) == {
            2: ("card_number", "customer_elsewhere"),
            3: ("number", "receipt_elsewhere"),
            4: ("shop", "shop_unknown"),
        }
        assert differences(before, picture()) == []


class TestResuming:
    def test_goes_on_after_the_last_batch_with_the_same_result(
        self, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journey, "BATCH_ROWS", 7)
        rows = [list(row.values()) for row in make_rows(60, seed=5)]
        rows[3][13] = rows[40][13] = "面议"
        path = write_csv(tmp_path / "f.csv", HEADINGS, rows)
        real, calls = journey.record_batch, []

        def dies(**told: object) -> None:
            calls.append(told["walked"])
            if len(calls) == 4:
                raise KeyboardInterrupt
            real(**told)  # type: ignore[arg-type]

        monkeypatch.setattr(journey, "record_batch", dies)
        with pytest.raises(KeyboardInterrupt):
            take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)
        half = ImportRun.objects.get()
        assert (half.state, half.next_row, half.rows_in) == ("running", 21, 21)
        ImportRun.objects.update(figures={**half.figures, "worker": _ended_worker()})
        run = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert (run.pk, counts(run)) == (half.pk, (58, 0, 0, 2))
        assert (run.figures["lines"], run.figures["amount_minor"]) == (
            58,
            sum(SaleLine.objects.values_list("amount_minor", flat=True)),
        )
        assert run.figures["sales"] == Sale.objects.count()

    def test_a_run_at_work_is_not_taken_by_a_second_worker(self, cast: Cast, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "1.csv", SHORT, [TestScope.ROW])
        run = start_run(
            subject="sales", path=path, file_name="1.csv", columns={}, options={}, shop=cast.shop_a, by=SYSTEM, now=NOW
        )
        journey.claim_run(run=run, now=NOW)
        with pytest.raises(RunBusy):
            run_import(run=run, now=NOW)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)  # each batch is committed, as at a shop
class TestTheCompleteJourney:
    def test_brings_2_377_customers_47_243_baskets_and_75_000_lines(self, cast: Cast) -> None:
        path = shared_file("complete_journey/transactions.csv.gz")
        run = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM, mapping="complete-journey")
        assert counts(run) == (75_000, 0, 0, 0)
        told = {name: run.figures[name] for name in ("customers", "sales", "lines", "amount_minor", "currency")}
        assert told == {
            "customers": 2_377,
            "sales": 47_243,
            "lines": 75_000,
            "amount_minor": 23_393_524,
            "currency": "USD",
        }
        assert (Sale.objects.count(), SaleLine.objects.count()) == (47_243, 75_000)
        assert Customer.objects.filter(source_key__startswith="complete-journey:").count() == 2_377
        assert sum(Sale.objects.values_list("amount_minor", flat=True)) == 23_393_524
        again = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM, mapping="complete-journey")
        assert counts(again) == (0, 0, 75_000, 0)


def _ended_worker() -> str:
    """The name of a process of this machine that is no more."""
    return "{}:{}:{}".format(*ImportRun.objects.get().figures["worker"].rsplit(":", 2)[:1], 2**22 + 1, "1")
