"""Stories of taking an import back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.cast import NOW, Cast
from tests.journeys.importing import counts, differences, picture, take_in, write_csv

from zhenke.basics.errors import NotAllowed, NotFound
from zhenke.care.models import Task
from zhenke.care.operations import add_task
from zhenke.catalogue.models import Style
from zhenke.customers.models import ContactPoint, Customer, CustomerDate, ImportBatch, ImportRun, SearchTerm, Tag
from zhenke.customers.operations import add_interaction, change_customer
from zhenke.customers.operations.undoing import NotUndoable
from zhenke.grading.models import Grade, GradeOverride, Scheme
from zhenke.journeys import import_customers as customers_journey
from zhenke.journeys import import_sales as sales_journey
from zhenke.journeys.undo_import import undo_import
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

PEOPLE = ("会员卡号", "姓名", "手机", "生日", "标签", "喜好材质", "城市", "备注")
SALES = ("小票号", "会员卡号", "姓名", "销售日期", "款号", "品名", "数量", "实收金额", "成本")
LATER = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make several batches of a small file."""
    monkeypatch.setattr(customers_journey, "BATCH_ROWS", 3)
    monkeypatch.setattr(sales_journey, "BATCH_ROWS", 3)


def people_file(folder: Path, name: str = "people.csv") -> Path:
    rows = [
        ["ZK000001", "周丽华", "13800138001", "1988-05-06", "老客", "18K", "深圳", "记得寄卡"],  # Mrs Zhou is known
        ["ZK000002", "周健国", "13800138002", "", "老客", "", "深圳", ""],  # Mr Zhou, under another name
        *[[f"N{n}", f"新客{n}", f"1390013900{n}", "1990-01-02", "新客", "足金", "广州", ""] for n in range(6)],
    ]
    return write_csv(folder / name, PEOPLE, rows)


def sales_file(folder: Path, name: str = "sales.csv", *, receipts: int = 5, first: int = 0) -> Path:
    rows = []
    for n in range(first, first + receipts):
        rows.append([f"R{n}", f"S{n}", f"买家{n}", "2026-05-06", f"K{n % 2}", "戒指", "1", "1000.00", "600"])
        rows.append([f"R{n}", f"S{n}", f"买家{n}", "2026-05-06", f"K{n % 2}", "戒指", "1", "900.00", "500"])
    return write_csv(folder / name, SALES, rows)


class TestUndoImport:
    def test_restores_customers_field_for_field(self, cast: Cast, tmp_path: Path) -> None:
        take_in(people_file(tmp_path, "old.csv"), subject="customers", shop=cast.shop_a, by=SYSTEM)
        path = tmp_path / "new.csv"
        write_csv(
            path,
            PEOPLE,
            [
                ["ZK000001", "周丽花", "13700137001", "1988-05-07", "贵宾", "铂金", "广州", "改了"],
                ["N1", "新客壹", "", "农历八月十五", "", "", "", "也改了"],
                ["N9", "后来的", "13600136000", "1991-01-01", "新客", "", "北京", ""],
            ],
        )
        before = picture()
        run = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM, now=LATER)
        assert counts(run) == (1, 2, 0, 0)
        assert len(differences(before, picture())) > 10
        done = undo_import(run=run, by=SYSTEM, now=LATER)
        assert differences(before, picture()) == []
        assert (done.removed["customer"], done.restored, done.kept) == (1, 4, [])
        assert ImportRun.objects.get(pk=run.pk).state == "undone"

    def test_removes_sales_customers_and_styles_that_it_made(self, cast: Cast, tmp_path: Path) -> None:
        before = picture()
        run = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert ImportBatch.objects.filter(run=run).count() == 4
        done = undo_import(run=run, by=SYSTEM, now=LATER)
        assert differences(before, picture()) == []
        assert {name: done.removed[name] for name in ("line", "sale", "customer", "style")} == {
            "line": 10,
            "sale": 5,
            "customer": 5,
            "style": 2,
        }

    def test_gives_receipts_back_their_lines_and_sums(self, cast: Cast, tmp_path: Path) -> None:
        take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM)
        before = picture()
        rows = [
            ["R1", "S1", "买家1", "2026-05-06", "K1", "戒指", "1", "1111.00", "600"],  # the first line corrected
            ["R1", "S1", "买家1", "2026-05-06", "K7", "吊坠", "1", "50.00", ""],  # a line more, cost unknown
            ["R2", "ZK000001", "周丽华", "2026-05-06", "K0", "戒指", "1", "1000.00", "600"],  # another buyer
        ]
        run = take_in(write_csv(tmp_path / "b.csv", SALES, rows), subject="sales", shop=cast.shop_a, by=SYSTEM)
        assert counts(run) == (1, 2, 0, 0)
        changed = Sale.objects.get(number="R1")
        assert (changed.amount_minor, changed.cost_minor, changed.line_count) == (206_100, None, 3)
        undo_import(run=run, by=SYSTEM, now=LATER)
        assert differences(before, picture()) == []

    def test_twice_does_nothing_more(self, cast: Cast, tmp_path: Path) -> None:
        run = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM)
        first = undo_import(run=run, by=SYSTEM, now=LATER)
        before, trail = picture(), AuditEntry.objects.count()
        assert undo_import(run=run, by=SYSTEM, now=LATER) == first
        assert differences(before, picture()) == []
        assert AuditEntry.objects.count() == trail

    def test_then_the_file_can_be_imported_anew(self, cast: Cast, tmp_path: Path) -> None:
        path = sales_file(tmp_path)
        run = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM)
        undo_import(run=run, by=SYSTEM, now=LATER)
        again = take_in(path, subject="sales", shop=cast.shop_a, by=SYSTEM, now=LATER)
        assert (again.pk != run.pk, counts(again)) == (True, (10, 0, 0, 0))

    def test_goes_on_where_it_was_cut_off(self, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = picture()
        run = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM)
        # Two batches as an undo that was killed afterwards left them: gone, counted, the run still undoing.
        module = "zhenke.customers.queries.undoing.batch_keys"
        monkeypatch.setattr(
            module, lambda run: list(ImportBatch.objects.order_by("-position")[:2].values_list("pk", flat=True))
        )
        monkeypatch.setattr("zhenke.journeys.undo_import.end_undo", lambda run, now: run)
        undo_import(run=run, by=SYSTEM, now=LATER)
        assert 0 < SaleLine.objects.count() < 10
        monkeypatch.undo()
        done = undo_import(run=run, by=SYSTEM, now=LATER)
        assert differences(before, picture()) == []
        assert done.removed["line"] == 10

    def test_of_a_run_at_work_or_a_trial_is_refused(self, cast: Cast, tmp_path: Path) -> None:
        trial = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM, is_dry_run=True)
        run = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM)
        ImportRun.objects.filter(pk=run.pk).update(state="running")
        before = picture()
        for one in (trial, run):
            with pytest.raises(NotUndoable):
                undo_import(run=one, by=SYSTEM, now=LATER)
        assert differences(before, picture()) == []

    def test_is_not_for_strangers(self, cast: Cast, tmp_path: Path) -> None:
        run = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=cast.lin)
        before = picture()
        for person in (cast.qiao, cast.mei, cast.other):
            with pytest.raises((NotFound, NotAllowed)):
                undo_import(run=run, by=person, now=LATER)
        assert differences(before, picture()) == []
        assert undo_import(run=run, by=cast.lin, now=LATER).removed["sale"] == 5


class TestWhatSomethingLaterTouched:
    def test_an_edited_customer_keeps_her_new_values_and_is_listed(self, cast: Cast, tmp_path: Path) -> None:
        run = take_in(people_file(tmp_path), subject="customers", shop=cast.shop_a, by=SYSTEM)
        change_customer(customer=cast.mrs_zhou, changes={"region": "珠海"}, by=cast.mei, now=LATER)
        made = Customer.objects.get(card_number="N1")
        change_customer(customer=made, changes={"region": "佛山"}, by=cast.lin, now=LATER)
        done = undo_import(run=run, by=SYSTEM, now=LATER)
        assert {(row.kind, row.id, row.reason) for row in done.kept} == {
            ("customer", cast.mrs_zhou.pk, "edited"),
            ("customer", made.pk, "edited"),
        }
        cast.mrs_zhou.refresh_from_db()
        assert (cast.mrs_zhou.region, Customer.objects.get(pk=made.pk).region) == ("珠海", "佛山")
        assert ContactPoint.objects.filter(customer=made).count() == 1
        assert CustomerDate.objects.filter(customer=made).count() == 1
        assert SearchTerm.objects.filter(customer=made).exists()
        assert Customer.objects.filter(card_number__startswith="N").count() == 1

    @pytest.mark.parametrize("what", ["sale", "interaction", "task", "referred", "grade"])
    def test_a_new_customer_stays_with_what_came_after(self, cast: Cast, tmp_path: Path, what: str) -> None:
        run = take_in(people_file(tmp_path), subject="customers", shop=cast.shop_a, by=SYSTEM)
        made = Customer.objects.get(card_number="N3")
        if what == "sale":
            rows = [["X1", "N3", "新客3", "2026-05-06", "K1", "戒指", "1", "10.00", ""]]
            take_in(write_csv(tmp_path / "s.csv", SALES, rows), subject="sales", shop=cast.shop_a, by=SYSTEM)
        if what == "interaction":
            add_interaction(
                customer=made, kind="call", at=LATER, by=cast.lin, shop=cast.shop_a, text="来过电话", now=LATER
            )
        if what == "task":
            today = date(2026, 11, 24)
            add_task(
                customer=made,
                assignee=cast.lin,
                due_date=today,
                note="寄卡",
                key="k",
                by=cast.lin,
                today=today,
                now=LATER,
            )
        if what == "referred":
            Customer.objects.filter(pk=cast.mr_zhou.pk).update(referrer=made)
        if what == "grade":
            graded(made, by_hand=cast)
        done = undo_import(run=run, by=SYSTEM, now=LATER)
        assert [row.id for row in done.kept if row.kind == "customer"] == [made.pk]
        assert Customer.objects.filter(card_number__startswith="N").count() == 1
        assert ContactPoint.objects.filter(customer=made).count() == 1

    def test_automatic_tasks_and_grades_go_with_the_customer(self, cast: Cast, tmp_path: Path) -> None:
        before = picture()
        run = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM)
        made = Customer.objects.get(card_number="S1")
        sale = Sale.objects.get(number="R1")
        graded(made)
        Task.objects.create(
            occurrence_key="auto", customer=made, shop=cast.shop_a, sale=sale, step="thanks",
            due_date=NOW.date(), last_date=NOW.date(), created_at=NOW,
        )  # fmt: skip
        scheme = picture()["grading_scheme"]
        done = undo_import(run=run, by=SYSTEM, now=LATER)
        assert done.kept == []
        assert differences(before, {**picture(), "grading_scheme": before["grading_scheme"]}) == []
        assert len(scheme) == 1

    def test_a_receipt_that_a_later_file_added_to_stays_whole(self, cast: Cast, tmp_path: Path) -> None:
        run = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM)
        rows = [["R1", "S1", "买家1", "2026-05-06", "K9", "吊坠", "1", "50.00", ""]]
        later = take_in(write_csv(tmp_path / "b.csv", SALES, rows), subject="sales", shop=cast.shop_a, by=SYSTEM)
        done = undo_import(run=run, by=SYSTEM, now=LATER)
        sale = Sale.objects.get()
        assert (sale.number, sale.line_count, sale.amount_minor) == ("R1", 3, 195_000)
        assert {(row.kind, row.reason) for row in done.kept} == {("sale", "later_import"), ("customer", "sale")}
        assert Style.objects.filter(style_no="K1").exists()
        undo_import(run=later, by=SYSTEM, now=LATER)
        assert Sale.objects.get().line_count == 2

    def test_a_line_that_a_later_file_corrected_keeps_its_receipt(self, cast: Cast, tmp_path: Path) -> None:
        run = take_in(sales_file(tmp_path), subject="sales", shop=cast.shop_a, by=SYSTEM)
        rows = [["R2", "S2", "买家2", "2026-05-06", "K0", "戒指", "1", "1234.00", "600"]]
        take_in(write_csv(tmp_path / "b.csv", SALES, rows), subject="sales", shop=cast.shop_a, by=SYSTEM)
        undo_import(run=run, by=SYSTEM, now=LATER)
        assert list(Sale.objects.values_list("number", "amount_minor")) == [("R2", 213_400)]

    def test_a_tag_that_others_have_stays(self, cast: Cast, tmp_path: Path) -> None:
        run = take_in(people_file(tmp_path), subject="customers", shop=cast.shop_a, by=SYSTEM)
        rows = [["M1", "另一位", "13500135000", "", "新客", "", "", ""]]
        take_in(write_csv(tmp_path / "b.csv", PEOPLE, rows), subject="customers", shop=cast.shop_a, by=SYSTEM)
        undo_import(run=run, by=SYSTEM, now=LATER)
        assert set(Tag.objects.values_list("name", flat=True)) == {"新客"}


def graded(customer: Customer, by_hand: Cast | None = None) -> None:
    """Give a customer a grade as the night does, or by hand."""
    scheme = Scheme.objects.create(version=99, rules={})
    Grade.objects.create(customer=customer, letter="C", scheme=scheme, as_of_date=NOW.date())
    if by_hand:
        customer_key = {"customer": customer, "letter": "A", "reason": "老板的朋友", "until_date": LATER.date()}

        GradeOverride.objects.create(**customer_key, by=by_hand.zhu, made_at=NOW)
