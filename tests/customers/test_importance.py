"""Importance: the class of a value, who may set it, what the night raises, and who may know of protected people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.care.models import Task
from zhenke.care.queries import visible_tasks
from zhenke.customers.models import Customer, CustomerTeam, ProtectedView
from zhenke.customers.operations import add_link
from zhenke.customers.operations.importance import note_look, raise_by_spend, set_importance
from zhenke.customers.queries import CustomerUnknown, customer_for, household_of, likely_same, search, visible
from zhenke.customers.queries.archive import buyer_in_sight
from zhenke.customers.queries.protection import hidden_among, hidden_from, is_hidden_from
from zhenke.customers.rules import CustomerDraft
from zhenke.customers.rules.importance import (
    NEEDS,
    REASONS,
    ImportanceWrong,
    Need,
    checked_importance,
    class_of,
    needs_of,
    top_count,
)
from zhenke.customers.rules.merging import merged_fields
from zhenke.grading.models import Grade
from zhenke.grading.operations import ensure_first_scheme
from zhenke.grading.queries import grades_of
from zhenke.sales.operations import add_sale
from zhenke.sales.queries import top_customers
from zhenke.sales.queries.last import last_purchases
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def protect(customer: Customer) -> Customer:
    Customer.objects.filter(pk=customer.pk).update(importance=3, importance_reason="threatened")
    customer.refresh_from_db()
    return customer


def strangers(cast: Cast) -> list[StaffMember]:
    """Everybody of the brand who is not named for Mrs Zhou."""
    return [cast.lin, cast.tao, cast.qiao, cast.hua, cast.an, cast.shu, cast.ji, cast.other]


class TestClasses:
    @pytest.mark.parametrize(
        ("level", "classes"), [(2, ("B", "B", "A")), (3, ("B+", "A", "S")), (4, ("A+", "S", "S+")), (1, ("", "", ""))]
    )
    def test_are_the_table_of_the_promises(self, level: int, classes: tuple[str, str, str]) -> None:
        assert tuple(class_of(level=level, importance=one) for one in (1, 2, 3)) == classes

    def test_ask_for_more_the_more_is_at_stake(self) -> None:
        for level in (2, 3, 4):
            needs = [needs_of(level=level, importance=one) for one in (1, 2, 3)]
            assert needs[0] <= needs[1] | {Need.ENCRYPTED, Need.SECOND_FACTOR}
            assert needs[1] <= needs[2]
        assert {Need.NAMED, Need.ALERT} <= NEEDS["S"] < NEEDS["S+"]
        assert needs_of(level=1, importance=3) == frozenset()


class TestCheckedImportance:
    def test_takes_each_with_its_own_reasons_only(self) -> None:
        for importance, reasons in REASONS.items():
            assert all(checked_importance(importance=importance, reason=one) == importance for one in reasons)
            with pytest.raises(ImportanceWrong):
                checked_importance(importance=importance, reason="because")
        for importance, reason in ((3, "valued"), (1, "threatened"), (2, ""), (4, "asked"), (0, "asked")):
            with pytest.raises(ImportanceWrong):
                checked_importance(importance=importance, reason=reason)

    def test_no_reason_of_a_person_is_the_nights(self) -> None:
        assert all("spend" not in reasons for reasons in REASONS.values())

    def test_the_top_is_a_twentieth_rounded_down(self) -> None:
        assert [top_count(buyers=one) for one in (0, 19, 20, 39, 40, 1_000)] == [0, 0, 1, 1, 2, 50]


class TestSetImportance:
    def test_is_for_managers_and_leaves_a_line_without_words(self, cast: Cast) -> None:
        row = set_importance(customer=cast.mrs_zhou, importance=2, reason="valued", by=cast.lin, now=NOW)
        assert (row.importance, row.importance_reason, row.importance_by_id, row.importance_at) == (
            2, "valued", cast.lin.pk, NOW,
        )  # fmt: skip
        line = AuditEntry.objects.get(action="customer.importance_set")
        assert (line.subject_id, line.facts) == (row.pk, {"importance": 2, "before": 1, "reason": "valued"})

    def test_twice_writes_nothing_more(self, cast: Cast) -> None:
        for _ in range(2):
            set_importance(customer=cast.mrs_zhou, importance=2, reason="valued", by=cast.lin, now=NOW)
        assert AuditEntry.objects.filter(action="customer.importance_set").count() == 1

    def test_is_lowered_by_the_owner_only(self, cast: Cast) -> None:
        set_importance(customer=cast.mrs_zhou, importance=2, reason="valued", by=cast.lin, now=NOW)
        for by in (cast.lin, cast.hua):
            with pytest.raises(NotAllowed):
                set_importance(customer=cast.mrs_zhou, importance=1, reason="mistake", by=by, now=NOW)
        row = set_importance(customer=cast.mrs_zhou, importance=1, reason="mistake", by=cast.zhu, now=NOW)
        assert (row.importance, row.importance_reason) == (1, "mistake")

    def test_is_refused_to_the_shop_floor_and_for_people_out_of_sight(self, cast: Cast) -> None:
        for by in (cast.mei, cast.shu, cast.an, cast.ji):
            with pytest.raises(NotAllowed):
                set_importance(customer=cast.mrs_zhou, importance=2, reason="valued", by=by, now=NOW)
        protect(cast.mrs_zhou)
        for by in (cast.lin, cast.other):
            with pytest.raises(CustomerUnknown):
                set_importance(customer=cast.mrs_zhou, importance=2, reason="no_longer", by=by, now=NOW)

    def test_a_manager_may_protect_and_then_knows_of_her_no_more(self, cast: Cast) -> None:
        set_importance(customer=cast.mrs_zhou, importance=3, reason="public_figure", by=cast.lin, now=NOW)
        assert not visible(viewer=cast.lin).filter(pk=cast.mrs_zhou.pk).exists()


class TestRaiseBySpend:
    def test_raises_ordinary_people_once_and_nobody_set_by_hand(self, cast: Cast) -> None:
        set_importance(customer=cast.mr_zhou, importance=2, reason="valued", by=cast.lin, now=NOW)
        set_importance(customer=cast.mr_zhou, importance=1, reason="mistake", by=cast.zhu, now=NOW)
        keys = [cast.mrs_zhou.pk, cast.mr_zhou.pk]
        assert raise_by_spend(customer_ids=keys, by=SYSTEM, now=NOW) == 1
        assert raise_by_spend(customer_ids=keys, by=SYSTEM, now=NOW) == 0
        found = dict(Customer.objects.filter(pk__in=keys).values_list("pk", "importance"))
        assert found == {cast.mrs_zhou.pk: 2, cast.mr_zhou.pk: 1}
        assert AuditEntry.objects.filter(action="customers.importance_raised").count() == 1

    def test_is_not_for_the_shop_floor(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            raise_by_spend(customer_ids=[cast.mrs_zhou.pk], by=cast.mei, now=NOW)


class TestProtected:
    def test_is_seen_by_the_named_alone(self, cast: Cast) -> None:
        her = protect(cast.mrs_zhou)
        for viewer in strangers(cast):
            assert not visible(viewer=viewer).filter(pk=her.pk).exists(), viewer
            assert buyer_in_sight(viewer=viewer, id=her.pk) is None, viewer
            assert search(viewer=viewer, text="ZK000001") == [], viewer
            assert search(viewer=viewer, text="周丽华") == [], viewer
            with pytest.raises(CustomerUnknown):
                customer_for(viewer=viewer, id=her.pk)
        for viewer in (cast.mei, cast.zhu, SYSTEM):
            assert customer_for(viewer=viewer, id=her.pk) == her
            assert [hit.id for hit in search(viewer=viewer, text="ZK000001")] == [her.pk]

    def test_without_advisor_is_hidden_too(self, cast: Cast) -> None:
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(owner=None, cover=None)
        her = protect(cast.mrs_zhou)
        assert set(hidden_from(cast.lin)) == {her}
        assert not visible(viewer=cast.lin).filter(pk=her.pk).exists()

    def test_is_seen_by_cover_and_team_within_their_scope(self, cast: Cast) -> None:
        her = protect(cast.mrs_zhou)
        CustomerTeam.objects.create(customer=her, member=cast.shu, part="service", from_date=DAY)
        Customer.objects.filter(pk=her.pk).update(cover=cast.lin)
        for viewer in (cast.shu, cast.lin):
            assert customer_for(viewer=viewer, id=her.pk) == her
            assert not is_hidden_from(viewer=viewer, customer=customer_for(viewer=viewer, id=her.pk))
        assert hidden_among(viewer=cast.hua, keys=[her.pk, cast.mr_zhou.pk, None]) == {her.pk}

    def test_others_stay_as_they_were(self, cast: Cast) -> None:
        protect(cast.mrs_zhou)
        assert visible(viewer=cast.lin).get() == cast.mr_zhou

    def test_is_no_twin_of_anybody_new(self, cast: Cast) -> None:
        draft = CustomerDraft(card_number="ZK000001")
        assert [one.id for one in likely_same(viewer=cast.tao, draft=draft)] == [None]
        protect(cast.mrs_zhou)
        assert likely_same(viewer=cast.tao, draft=draft) == []
        assert [one.id for one in likely_same(viewer=cast.mei, draft=draft)] == [cast.mrs_zhou.pk]

    def test_is_nobodys_family_on_the_pages_of_others(self, cast: Cast) -> None:
        add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", by=cast.mei, now=NOW)
        protect(cast.mrs_zhou)
        assert household_of(viewer=cast.lin, customer=cast.mr_zhou) == []
        assert len(household_of(viewer=cast.mei, customer=cast.mr_zhou)) == 1

    def test_leaves_no_sale_grade_or_task_to_others(self, cast: Cast) -> None:
        her = protect(cast.mrs_zhou)
        slip = SaleSlip(source_key="x", sold_at=NOW, lines=(LineSlip(amount_minor=100, description="ring"),))
        add_sale(slip=slip, customer=her, shop=cast.shop_a, advisor=cast.tao, by=SYSTEM, now=NOW)
        Task.objects.create(
            occurrence_key="x", customer=her, assignee=cast.tao, shop=cast.shop_a, step="by_hand", due_date=DAY,
            last_date=DAY, created_at=NOW,
        )  # fmt: skip
        Grade.objects.create(customer=her, letter="A", scheme=ensure_first_scheme(NOW), as_of_date=DAY)
        for viewer, is_named in ((cast.lin, False), (cast.hua, False), (cast.ji, False), (cast.zhu, True)):
            assert bool(top_customers(viewer=viewer, since=DAY, until=DAY)) is is_named
            assert bool(last_purchases(viewer=viewer, customer_ids=[her.pk])) is is_named
            assert bool(grades_of(viewer=viewer, customers=[her.pk])) is is_named
            assert visible_tasks(viewer=viewer).exists() is is_named
        assert not visible_tasks(viewer=cast.tao).exists()

    def test_costs_a_list_no_walk(self, cast: Cast) -> None:
        sql, params = visible(viewer=cast.lin).order_by("-updated_at", "-id")[:50].query.sql_with_params()
        assert '"importance" = 3' in sql
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                plan = " / ".join(row[3] for row in cursor.fetchall())
            assert "customer_protected" in plan, plan
            assert "customer_shop_updated" in plan, plan
            assert "SCAN customers_customer\n" not in plan, plan


class TestNoteLook:
    def test_writes_who_looked_at_a_protected_customer(self, cast: Cast) -> None:
        her = protect(cast.mrs_zhou)
        assert note_look(customer=her, place="profile", by=cast.mei, now=NOW)
        row = ProtectedView.objects.get()
        assert (row.customer_id, row.by_id, row.at, row.place) == (her.pk, cast.mei.pk, NOW, "profile")
        assert AuditEntry.objects.get(action="protected.viewed").facts == {"place": "profile"}

    def test_twice_within_ten_minutes_is_one_look(self, cast: Cast) -> None:
        her = protect(cast.mrs_zhou)
        assert note_look(customer=her, place="profile", by=cast.mei, now=NOW)
        assert not note_look(customer=her, place="glance", by=cast.mei, now=NOW + timedelta(minutes=9))
        assert note_look(customer=her, place="profile", by=cast.lin, now=NOW + timedelta(minutes=9))
        assert note_look(customer=her, place="profile", by=cast.mei, now=NOW + timedelta(minutes=11))
        assert ProtectedView.objects.count() == 3

    def test_others_and_the_owner_leave_no_line(self, cast: Cast) -> None:
        assert not note_look(customer=cast.mrs_zhou, place="profile", by=cast.mei, now=NOW)
        assert not note_look(customer=protect(cast.mrs_zhou), place="profile", by=cast.zhu, now=NOW)
        assert not ProtectedView.objects.exists()


class TestMergedFields:
    def test_the_higher_importance_and_either_hotline_stay(self, cast: Cast) -> None:
        loser = {one.attname: getattr(cast.mr_zhou, one.attname) for one in Customer._meta.concrete_fields}
        winner = {**loser, "importance": 2, "importance_reason": "spend"}
        loser |= {"importance": 3, "importance_reason": "threatened", "has_hotline": True}
        for ours, theirs in ((winner, loser), (loser, winner)):
            fields = merged_fields(winner=ours, loser=theirs, choices={}).fields
            assert (fields["importance"], fields["importance_reason"], fields["has_hotline"]) == (3, "threatened", True)
