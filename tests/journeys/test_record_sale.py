"""A sale arrives, and every room answers to it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast, gather

from zhenke.basics.errors import NotAllowed, NotFound, ZhenkeError
from zhenke.care.models import CarePlan, Task
from zhenke.care.operations import load_default_plans, save_plan
from zhenke.catalogue.models import Style
from zhenke.customers.models import Customer, Interaction
from zhenke.customers.rules.drafts import BuyerSlip, CustomerDraft
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.grading.models import Grade, GradeChange, Yardstick
from zhenke.grading.operations import ensure_first_scheme
from zhenke.grading.rules import Yardstick as YardstickRules
from zhenke.grading.rules.yardstick import Cut
from zhenke.journeys.record_sale import RecordedSale, record_sale
from zhenke.sales.models import Sale
from zhenke.sales.rules import BadSlip, LineSlip, SaleKeyReused, SaleSlip
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

RING = LineSlip(style_no="R1", amount_minor=8_800_00, cost_minor=5_000_00)
SLIP = SaleSlip(source_key="till-1:7", sold_at=NOW, lines=(RING,), buyer=BuyerSlip(card_number="ZK000001"))
TABLE = r'(?:FROM|INTO|UPDATE) "?([a-z]+_[a-z]+)'
BUDGET = 23
STATEMENTS = [
    "SELECT sales_sale",
    "SELECT customers_customer",
    "SELECT customers_interaction",
    "SELECT catalogue_style",
    "INSERT sales_sale",
    "INSERT sales_saleline",
    "INSERT catalogue_piece",
    "SELECT membership_pointsentry",  # points that are held for this receipt
    "SELECT membership_programmerules",  # a house without a programme asks once and gives no points
    "SELECT grading_yardstick",  # which scheme and which yardstick hold now
    "SELECT sales_sale",  # what she bought until today
    "SELECT customers_interaction",  # contacts, people she brought, whether she said how satisfied she is
    "SELECT grading_gradeoverride",  # her grade, and whether somebody set it by hand
    "UPDATE grading_grade",
    "UPDATE care_task",
    "SELECT care_careplan",
    "INSERT care_task",
]


def _open_shop() -> None:
    Style.objects.create(style_no="R1", name="Solitaire", category="ring", created_at=NOW)
    load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
    ensure_first_scheme(NOW)


@pytest.fixture
def shop(cast: Cast) -> Cast:
    """The cast in a shop that has a style, care plans and a scheme."""
    _open_shop()
    return cast


def _counts() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in (Customer, Sale, Style, Grade, GradeChange, Task)}


class TestRecordSale:
    def test_knows_the_buyer_grades_her_and_plans_her_care(self, shop: Cast) -> None:
        recorded = record_sale(slip=SLIP, by=shop.mei, now=NOW)
        assert (recorded.is_new, recorded.customer) == (True, shop.mrs_zhou)
        assert (recorded.sale.customer, recorded.sale.shop, recorded.sale.advisor) == (
            shop.mrs_zhou,
            shop.shop_a,
            shop.mei,
        )
        grade = Grade.objects.get(customer=shop.mrs_zhou)
        assert recorded.grade == grade
        assert (grade.frequency, grade.amount_minor, grade.margin_minor) == (1, 8_800_00, 3_800_00)
        assert grade.letter and grade.lifecycle == "active"
        first = recorded.tasks[0]
        assert (first.sale, first.assignee, first.reason["piece"]) == (recorded.sale, shop.mei, "Solitaire")
        wear = next(task for task in recorded.tasks if task.step == "wear_check")
        assert date(2026, 11, 23) <= wear.due_date <= date(2026, 11, 29)

    def test_twice_is_the_same_sale_grade_and_tasks(self, shop: Cast) -> None:
        first = record_sale(slip=SLIP, by=shop.mei, now=NOW)
        before = _counts()
        again = record_sale(slip=SLIP, by=shop.mei, now=NOW + timedelta(minutes=3))
        assert not again.is_new
        assert (again.sale, again.customer, again.grade) == (first.sale, first.customer, first.grade)
        assert {task.pk for task in again.tasks} == {task.pk for task in first.tasks}
        assert _counts() == before

    def test_twice_opens_no_second_archive(self, shop: Cast) -> None:
        slip = replace(SLIP, buyer=BuyerSlip(draft=CustomerDraft(name="何念")))
        first = record_sale(slip=slip, by=shop.mei, now=NOW)
        assert record_sale(slip=slip, by=shop.mei, now=NOW).customer == first.customer
        assert Customer.objects.filter(name="何念").count() == 1

    @pytest.mark.parametrize("change", ["content", "another_buyer", "no_buyer", "buyer_by_key"])
    def test_refuses_another_receipt_under_the_same_key(self, shop: Cast, change: str) -> None:
        record_sale(slip=SLIP, by=shop.mei, now=NOW)
        before = _counts()
        slip = {
            "content": replace(SLIP, lines=(replace(RING, amount_minor=1),)),
            "another_buyer": replace(SLIP, buyer=BuyerSlip(card_number="ZK000002")),
            "no_buyer": replace(SLIP, buyer=None),
            "buyer_by_key": replace(SLIP, buyer=BuyerSlip(customer_id=shop.mr_zhou.pk)),
        }[change]
        with pytest.raises(SaleKeyReused) as refused:
            record_sale(slip=slip, by=shop.mei, now=NOW)
        wanted = "amount_minor, lines[1].amount_minor" if change == "content" else "customer"
        assert refused.value.facts["differences"] == wanted
        assert _counts() == before

    def test_sells_to_nobody_named(self, shop: Cast) -> None:
        recorded = record_sale(slip=replace(SLIP, buyer=None), by=shop.mei, now=NOW)
        assert recorded == RecordedSale(recorded.sale, True, None, None, [])
        assert not Grade.objects.exists() and not Task.objects.exists()
        again = record_sale(slip=replace(SLIP, buyer=BuyerSlip()), by=shop.mei, now=NOW)
        assert (again.sale, again.is_new) == (recorded.sale, False)

    def test_remembers_the_touch_that_prompted_it(self, shop: Cast) -> None:
        touches = [
            Interaction.objects.create(
                customer=shop.mrs_zhou, kind="call", at=NOW - timedelta(days=days), by=shop.mei, shop=shop.shop_a
            )
            for days in (40, 6, -1)
        ]
        assert record_sale(slip=SLIP, by=shop.mei, now=NOW).sale.prompted_by == touches[1]

    def test_adds_a_bare_style_only_when_the_slip_allows(self, shop: Cast) -> None:
        line = replace(RING, style_no="NEW-1", category="ring", metal="gold")
        with pytest.raises(BadSlip) as refused:
            record_sale(slip=replace(SLIP, lines=(line,)), by=shop.mei, now=NOW)
        assert refused.value.code == "style_unknown"
        record_sale(slip=replace(SLIP, lines=(line,), may_add_styles=True), by=shop.mei, now=NOW)
        style = Style.objects.get(style_no="NEW-1")
        assert (style.category, style.metal, style.price_mode) == ("ring", "gold", "fixed")

    def test_leaves_nothing_behind_when_refused(self, shop: Cast) -> None:
        before = _counts()
        new = BuyerSlip(draft=CustomerDraft(name="何念"))
        lines = (replace(RING, style_no="NEW-1"), replace(RING, quantity=0))
        with pytest.raises(BadSlip):
            record_sale(slip=replace(SLIP, buyer=new, lines=lines, may_add_styles=True), by=shop.mei, now=NOW)
        assert _counts() == before

    def test_takes_shop_and_advisor_by_name(self, shop: Cast) -> None:
        slip = replace(SLIP, shop="B", advisor="qiao")
        sale = record_sale(slip=slip, by=shop.hua, now=NOW).sale
        assert (sale.shop, sale.advisor) == (shop.shop_b, shop.qiao)

    @pytest.mark.parametrize(
        ("person", "change", "refusal"),
        [
            ("mei", {"shop": "B"}, "shop_unknown"),
            ("hua", {}, "shop_unknown"),
            ("lin", {"advisor": "qiao"}, "advisor_unknown"),
            ("shu", {}, "not_allowed"),
            ("ji", {}, "not_allowed"),
        ],
    )
    def test_refuses_a_counter_that_is_not_the_persons(
        self, shop: Cast, person: str, change: dict[str, str], refusal: str
    ) -> None:
        by: StaffMember = getattr(shop, person)
        with pytest.raises(ZhenkeError) as refused:
            record_sale(slip=replace(SLIP, **change), by=by, now=NOW)
        assert refused.value.code == refusal
        assert isinstance(refused.value, NotAllowed) == (refusal == "not_allowed")

    def test_hides_a_customer_who_is_not_the_sellers(self, shop: Cast) -> None:
        with pytest.raises(NotFound):
            record_sale(slip=replace(SLIP, buyer=BuyerSlip(customer_id=shop.mrs_zhou.pk)), by=shop.tao, now=NOW)

    def test_plans_no_care_for_an_old_sale(self, shop: Cast) -> None:
        recorded = record_sale(slip=replace(SLIP, sold_at=NOW - timedelta(days=4_000)), by=shop.mei, now=NOW)
        assert recorded.tasks == [] and recorded.grade is not None and recorded.grade.lifecycle == "lost"

    @pytest.mark.parametrize("bought_before", [0, 3])
    def test_keeps_to_its_budget_of_sql(self, shop: Cast, bought_before: int) -> None:
        told = _statements_of_a_sale(shop, bought_before=bought_before)
        assert len(told) <= BUDGET, "\n".join(told)

    def test_asks_and_writes_each_thing_once(self, shop: Cast) -> None:
        Yardstick.objects.create(
            scheme=ensure_first_scheme(NOW), as_of_date=NOW.date(), rules=YardstickRules().to_plain(), made_at=NOW
        )
        assert _statements_of_a_sale(shop, bought_before=3) == STATEMENTS

    def test_takes_back_nothing_half_way(self, shop: Cast) -> None:
        # A savepoint is a statement at its beginning and one at its end; the journey is one transaction as it is.
        by = StaffMember.objects.select_related("shop").get(pk=shop.mei.pk)
        record_sale(slip=replace(SLIP, source_key="before"), by=by, now=NOW)
        with CaptureQueriesContext(connection) as caught, transaction.atomic():
            record_sale(slip=SLIP, by=by, now=NOW)
        # The test's own, and the journey's, which in the shop is the transaction itself.
        assert sum("SAVEPOINT" in query["sql"] for query in caught) == 4

    def test_goes_by_a_yardstick_and_plans_that_are_newer_than_what_it_remembers(self, shop: Cast) -> None:
        scheme = ensure_first_scheme(NOW)
        letters = []
        for number, cuts in enumerate([(10_000, 9_999, 9_998, 9_997), (4, 3, 2, 1)]):
            rules = replace(YardstickRules(), cuts=tuple(Cut(score, 0) for score in cuts))
            Yardstick.objects.create(
                scheme=scheme, as_of_date=NOW.date(), rules=rules.to_plain(), made_at=NOW + timedelta(hours=number)
            )
            plan = CarePlan.objects.filter(trigger="sale", is_active=True).order_by("code")[0]
            step = {"code": f"step_{number}", "offset_days": 3}
            save_plan(plan=plan, steps=[step], is_active=True, by=SYSTEM, now=NOW)
            for again in range(2):
                recorded = record_sale(slip=replace(SLIP, source_key=f"{number}-{again}"), by=shop.mei, now=NOW)
                assert recorded.grade is not None
                letters.append(recorded.grade.letter)
                assert [task.step for task in recorded.tasks if task.plan_id != plan.pk][:1] == [step["code"]]
        assert letters == ["E", "E", "A", "A"]


@pytest.mark.django_db(transaction=True)
class TestRecordSaleAtTheSameMoment:
    def test_makes_one_sale_and_one_archive_of_twins(self) -> None:
        cast = gather()
        _open_shop()
        slip = replace(SLIP, buyer=BuyerSlip(card_number="NEW-1", draft=CustomerDraft(name="何念")))
        told = _all_at_once([slip] * 6, cast)
        assert sorted(recorded.is_new for recorded in told) == [False] * 5 + [True]
        assert {recorded.sale.pk for recorded in told} == {Sale.objects.get().pk}
        assert Customer.objects.filter(card_number="NEW-1").count() == 1
        tasks = {task.pk for task in told[0].tasks}
        assert tasks and set(Task.objects.values_list("pk", flat=True)) == tasks

    def test_counts_every_sale_of_one_buyer(self) -> None:
        cast = gather()
        _open_shop()
        _all_at_once([replace(SLIP, source_key=f"till-{number}:1") for number in range(6)], cast)
        grade = Grade.objects.get(customer=cast.mrs_zhou)
        assert (grade.frequency, grade.amount_minor) == (6, 6 * 8_800_00)


def _statements_of_a_sale(shop: Cast, *, bought_before: int) -> list[str]:
    """Return verb and first table of each statement; savepoints and PostgreSQL's two locks touch no rows."""
    for number in range(bought_before):
        record_sale(slip=replace(SLIP, source_key=f"before-{number}"), by=shop.mei, now=NOW)
    by = StaffMember.objects.select_related("shop").get(pk=shop.mei.pk)
    with CaptureQueriesContext(connection) as caught:
        record_sale(slip=SLIP, by=by, now=NOW)
    texts = [query["sql"] for query in caught if not _touches_no_rows(query["sql"])]
    return [f"{text.split()[0]} {re.search(TABLE, text)[1]}" for text in texts]


def _touches_no_rows(sql: str) -> bool:
    return "SAVEPOINT" in sql or "pg_advisory" in sql


def _all_at_once(slips: list[SaleSlip], cast: Cast) -> list[RecordedSale]:
    def record(slip: SaleSlip) -> RecordedSale:
        try:
            return record_sale(slip=slip, by=StaffMember.objects.get(pk=cast.mei.pk), now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(slips)) as pool:
        return list(pool.map(record, slips))
