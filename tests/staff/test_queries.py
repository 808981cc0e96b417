"""Who may see whom, and what a stranger sees: nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.basics.days import YearRule
from zhenke.basics.errors import NotFound
from zhenke.customers.models import Customer
from zhenke.staff import SYSTEM, queries
from zhenke.staff.models import Shop, StaffMember

pytestmark = pytest.mark.django_db


def _seen(viewer: queries.Viewer) -> set[str]:
    return set(Customer.objects.filter(queries.within_scope(viewer)).values_list("card_number", flat=True))


def _customer(card: str, shop: Shop, owner: StaffMember | None = None, cover: StaffMember | None = None) -> Customer:
    return Customer.objects.create(
        name=card, card_number=card, shop=shop, owner=owner, cover=cover, created_at=NOW, updated_at=NOW
    )


class TestWithinScope:
    """Every role sees what its scope says, and not one row more."""

    @pytest.fixture
    def book(self, cast: Cast) -> Cast:
        _customer("OF-TAO", cast.shop_a, cast.tao)
        _customer("COVERED", cast.shop_a, cast.tao, cast.mei)
        _customer("OF-B", cast.shop_b, cast.qiao)
        _customer("NOBODYS", cast.shop_b)
        _customer("REGION", cast.region)
        _customer("FOREIGN", cast.other_brand, cast.other)
        return cast

    @pytest.mark.parametrize(
        ("who", "sees"),
        [
            ("mei", {"ZK000001", "ZK000002", "COVERED"}),
            ("tao", {"OF-TAO", "COVERED"}),
            ("qiao", {"OF-B"}),
            ("lin", {"ZK000001", "ZK000002", "OF-TAO", "COVERED"}),
            ("shu", {"ZK000001", "ZK000002", "OF-TAO", "COVERED"}),
            ("hua", {"ZK000001", "ZK000002", "OF-TAO", "COVERED", "OF-B", "NOBODYS", "REGION"}),
            ("zhu", {"ZK000001", "ZK000002", "OF-TAO", "COVERED", "OF-B", "NOBODYS", "REGION"}),
            ("ji", {"ZK000001", "ZK000002", "OF-TAO", "COVERED", "OF-B", "NOBODYS", "REGION"}),
            ("other", {"FOREIGN"}),
        ],
    )
    def test_keeps_what_the_role_sees(self, book: Cast, who: str, sees: set[str]) -> None:
        assert _seen(getattr(book, who)) == sees

    def test_leaves_the_system_unrestricted(self, book: Cast) -> None:
        assert len(_seen(SYSTEM)) == Customer.objects.count() == 8

    def test_shows_nothing_to_somebody_who_left_and_asks_nothing(self, book: Cast) -> None:
        book.zhu.is_active = False
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert _seen(book.zhu) == set()
        assert len(asked) == 0

    def test_does_not_take_a_key_that_begins_alike_for_the_same_subtree(self, cast: Cast) -> None:
        twin = Shop.objects.create(code="TWIN", name="Twin", kind="brand", path=f"{cast.brand.id}7/")
        _customer("TWIN", twin)
        assert "TWIN" not in _seen(cast.zhu)

    def test_shows_own_rows_only_of_tables_that_have_owners(self, book: Cast) -> None:
        assert not Customer.objects.filter(queries.within_scope(book.mei, owner_fields=())).exists()

    def test_follows_lookups_to_the_shop_and_the_owner(self, book: Cast) -> None:
        within = queries.within_scope(book.lin, "shop", ("owner",))
        assert Customer.objects.filter(within).count() == 4
        joined = queries.within_scope(book.zhu, "owner__shop", ("owner",))
        assert set(Customer.objects.filter(joined).values_list("card_number", flat=True)) == {
            "ZK000001",
            "ZK000002",
            "OF-TAO",
            "COVERED",
            "OF-B",
        }

    def test_never_lists_the_shops_of_a_brand(self, book: Cast) -> None:
        sql = str(Customer.objects.filter(queries.within_scope(book.zhu)).query)
        assert "EXISTS" in sql
        assert str(book.shop_a.id) not in sql

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is SQLite's")
    def test_finds_own_customers_by_index(self, book: Cast) -> None:
        plan = Customer.objects.filter(queries.within_scope(book.mei)).order_by().explain()
        assert "customer_owner" in plan
        assert "customer_cover" in plan
        assert "SCAN" not in plan

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is SQLite's")
    def test_keeps_the_lead_of_the_callers_order_for_a_brand(self, book: Cast) -> None:
        rows = Customer.objects.filter(queries.within_scope(book.zhu)).order_by("updated_at", "id")[:50]
        plan = rows.explain()
        assert "customer_updated" in plan
        assert "TEMP B-TREE" not in plan


class TestShopsWithin:
    def test_gives_the_subtree_parents_first(self, cast: Cast) -> None:
        assert next(shop.code for shop in queries.shops_within(viewer=cast.hua)) == "SOUTH"
        assert {shop.code for shop in queries.shops_within(viewer=cast.hua)} == {"SOUTH", "A", "B"}
        assert {shop.code for shop in queries.shops_within(viewer=cast.mei)} == {"A"}
        assert {shop.code for shop in queries.shops_within(viewer=cast.zhu)} == {"ZBG", "SOUTH", "A", "B"}
        assert queries.shops_within(viewer=SYSTEM).count() == 5

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        assert {shop.code for shop in queries.shops_within(viewer=cast.other)} == {"OTHER"}
        with pytest.raises(NotFound):
            queries.shop_for(viewer=cast.other, id=cast.shop_a.id)
        cast.mei.is_active = False
        assert queries.shop_paths(viewer=cast.mei) == []
        assert not queries.shops_within(viewer=cast.mei).exists()

    def test_gives_a_brand_role_the_brand_wherever_it_sits(self, cast: Cast) -> None:
        cast.zhu.shop = cast.shop_b
        assert queries.shop_paths(viewer=cast.zhu) == [cast.brand.path]


class TestStaffWithin:
    def test_shows_colleagues_of_the_shop(self, cast: Cast) -> None:
        assert {m.username for m in queries.staff_within(viewer=cast.mei)} == {"mei", "tao", "lin", "shu"}
        assert queries.staff_within(viewer=cast.zhu).count() == 9

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        assert {m.username for m in queries.staff_within(viewer=cast.other)} == {"other"}
        with pytest.raises(NotFound):
            queries.staff_member(viewer=cast.other, id=cast.mei.id)
        with pytest.raises(NotFound):
            queries.staff_member(viewer=cast.mei, id=cast.qiao.id)
        assert queries.staff_member(viewer=cast.lin, id=cast.mei.id) == cast.mei


class TestAdvisorsOf:
    def test_names_who_can_take_customers(self, cast: Cast) -> None:
        assert {m.username for m in queries.advisors_of(shop=cast.shop_a, viewer=cast.lin)} == {"mei", "tao", "lin"}
        assert {m.username for m in queries.advisors_of(shop=cast.region, viewer=cast.hua)} == {
            "mei",
            "tao",
            "lin",
            "qiao",
        }

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        assert not queries.advisors_of(shop=cast.shop_a, viewer=cast.qiao).exists()


class TestBrandOf:
    def test_finds_the_root(self, cast: Cast) -> None:
        assert queries.brand_of(cast.shop_a) == cast.brand
        assert queries.brand_of(cast.brand) == cast.brand


class TestYearRuleOf:
    def test_is_that_of_the_brand_wherever_the_shop_stands(self, cast: Cast) -> None:
        assert queries.year_rule_of(cast.shop_a) == YearRule()
        Shop.objects.filter(pk=cast.brand.pk).update(date_rules={"feb29": "after", "missing30": "before"})
        for shop in (cast.shop_a, cast.region, Shop.objects.get(pk=cast.brand.pk)):
            assert queries.year_rule_of(shop) == YearRule(feb29="after")
        assert queries.year_rule_of(cast.other_brand) == YearRule()
