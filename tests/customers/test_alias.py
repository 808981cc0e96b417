"""A customer is found by what else she is called, however that was written, and no longer when it is taken away."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from tests.cast import NOW, Cast
from tests.journeys.importing import take_in, write_csv

from zhenke.customers.models import Customer, Merge, SearchTerm, Trait
from zhenke.customers.operations import add_customer, change_customer, drop_trait, set_trait, set_traits
from zhenke.customers.queries.search import search
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_import import undo_import
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db
CALLED = "凤姐姐"


def found(viewer: StaffMember, text: str = CALLED) -> list[int]:
    return [hit.id for hit in search(viewer=viewer, text=text)]


def call(cast: Cast, customer: Customer | None = None) -> None:
    set_trait(customer=customer or cast.mrs_zhou, key="alias", text=CALLED, by=cast.mei, now=NOW)


class TestAlias:
    def test_finds_by_its_beginning_pinyin_and_initials_beside_the_name(self, cast: Cast) -> None:
        for _ in range(2):
            call(cast)
        for text in (CALLED, "凤姐", "fengjie", "fjj", "周丽华", "zhoulihua"):
            assert found(cast.mei, text) == [cast.mrs_zhou.pk], text
        change_customer(customer=cast.mrs_zhou, changes={"name": "周美"}, by=cast.mei, now=NOW)
        assert found(cast.mei) == found(cast.mei, "周美") == [cast.mrs_zhou.pk] and found(cast.mei, "周丽华") == []

    def test_is_gone_with_what_it_came_from(self, cast: Cast) -> None:
        call(cast)
        drop_trait(customer=cast.mrs_zhou, key="alias", text=CALLED, by=cast.mei)
        assert found(cast.mei) == [] and found(cast.mei, "周丽华") == [cast.mrs_zhou.pk]
        set_traits(customer=cast.mrs_zhou, values={"alias": [CALLED, "丽丽"]}, by=cast.mei, now=NOW)
        set_traits(customer=cast.mrs_zhou, values={"alias": ["丽丽"]}, by=cast.mei, now=NOW)
        assert found(cast.mei) == [] and found(cast.mei, "丽丽") == [cast.mrs_zhou.pk]

    def test_a_stranger_and_who_is_not_shown_it_find_nothing(self, cast: Cast) -> None:
        call(cast)
        for who in (cast.qiao, cast.an, cast.ji):
            assert found(who) == []

    def test_of_a_new_archive_finds_at_once(self, cast: Cast) -> None:
        draft = CustomerDraft(name="林黛", traits={"alias": [CALLED]}, shop=cast.shop_a, owner=cast.mei)
        made = add_customer(draft=draft, by=cast.mei, now=NOW)
        assert found(cast.mei) == [made.pk]

    def test_of_a_file_finds_and_goes_with_its_undo(self, cast: Cast, tmp_path: Path) -> None:
        rows = [["ZK000001", "周丽华", CALLED], ["N1", "新客", "新姐"]]
        path = write_csv(tmp_path / "p.csv", ("会员卡号", "姓名", "别名"), rows)
        before = set(SearchTerm.objects.values_list("customer_id", "term"))
        run = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert found(cast.lin) == [cast.mrs_zhou.pk] and len(found(cast.lin, "新姐")) == 1
        assert found(cast.lin, "周丽华") == [cast.mrs_zhou.pk]
        undo_import(run=run, by=SYSTEM, now=NOW)
        assert set(SearchTerm.objects.values_list("customer_id", "term")) == before

    def test_goes_along_in_a_merge_and_back(self, cast: Cast) -> None:
        call(cast, cast.mr_zhou)
        merge_customers(winner=cast.mrs_zhou.pk, loser=cast.mr_zhou.pk, choices={}, by=cast.lin, now=NOW)
        assert found(cast.lin) == [cast.mrs_zhou.pk] == found(cast.lin, "周丽华")
        undo_merge(merge=Merge.objects.get(), by=cast.lin, now=NOW)
        assert found(cast.lin) == [cast.mr_zhou.pk]

    def test_that_stood_before_is_found_after_the_migration_and_twice_adds_nothing(self, cast: Cast) -> None:
        Trait.objects.create(customer=cast.mrs_zhou, key="alias", text=CALLED, confirmed_at=NOW)
        assert found(cast.mei) == []
        for _ in range(2):
            import_module("zhenke.customers.migrations.0015_sealed_traits").find_by_alias(apps, connection)
        assert found(cast.mei) == [cast.mrs_zhou.pk]
