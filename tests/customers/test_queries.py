"""Who sees which customer, what of it, how it is found, and how lists go on."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear, YearRule, occurrences
from zhenke.basics.errors import NotAllowed, NotFound
from zhenke.customers import operations
from zhenke.customers.facts import FACTS
from zhenke.customers.models import ContactPoint, Customer, SavedView
from zhenke.customers.queries import (
    contacts_of,
    custom_fields,
    customer_for,
    customer_page,
    dates_of,
    filtered,
    interactions_of,
    latest_touch,
    likely_same,
    lists,
    saved_views,
    search,
    seen_name,
    tags,
    tags_of,
    traits_of,
    visible,
)
from zhenke.customers.queries.conditions import FilterWrong
from zhenke.customers.queries.contacts import contact_place, field_cipher
from zhenke.customers.queries.lists import CursorWrong
from zhenke.customers.rules import CustomerDraft
from zhenke.customers.rules.filters import CustomerFilters, Order
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

pytestmark = pytest.mark.django_db
WHO_SEES_ZHOU = {"mei", "lin", "shu", "hua", "zhu", "an", "ji"}


def _people(cast: Cast) -> dict[str, StaffMember]:
    return {name: person for name, person in vars(cast).items() if isinstance(person, StaffMember)}


def _strangers(cast: Cast) -> list[StaffMember]:
    return [person for name, person in _people(cast).items() if name not in WHO_SEES_ZHOU]


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Mrs Zhou with words, contacts, dates, traits, a tag and a call."""
    who = {"customer": cast.mrs_zhou, "by": cast.mei}
    operations.change_customer(changes={"name": "周丽桦", "region": "深圳"}, now=NOW, **who)
    operations.change_customer(changes={"name": "周丽华"}, now=NOW, **who)
    for kind, text in [("phone", "13800138000"), ("address", "深圳市罗湖区翠竹路1号")]:
        operations.add_contact(kind=kind, text=text, now=NOW, **who)
    operations.add_date(kind="birthday", day=DayOfYear(12, 1, year=1988), now=NOW, **who)
    operations.set_trait(key="metal", text="gold", now=NOW, **who)
    operations.add_tag(name="VIP", **who)
    operations.add_interaction(kind="call", at=NOW, shop=cast.shop_a, text="asked for bangles", now=NOW, **who)
    cast.mrs_zhou.refresh_from_db()
    return cast


class TestVisible:
    def test_strangers_see_nothing(self, cast: Cast) -> None:
        sees = {name for name, person in _people(cast).items() if visible(viewer=person).exists()}
        assert sees == WHO_SEES_ZHOU and visible(viewer=SYSTEM).count() == 2

    def test_a_cover_sees_and_who_left_does_not(self, cast: Cast) -> None:
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(cover=cast.qiao)
        assert visible(viewer=cast.qiao).get() == cast.mrs_zhou
        cast.mei.is_active = False
        assert not visible(viewer=cast.mei).exists()


class TestCustomerFor:
    def test_hidden_and_absent_look_the_same(self, cast: Cast) -> None:
        assert customer_for(viewer=cast.mei, id=cast.mrs_zhou.pk).shop.name == "水贝店"
        told = set()
        for stranger in _strangers(cast):
            for key in (cast.mrs_zhou.pk, 12345):
                with pytest.raises(NotFound) as refused:
                    customer_for(viewer=stranger, id=key)
                told.add((refused.value.code, str(refused.value)))
        assert len(told) == 1


class TestSeenName:
    def test_is_whole_or_masked_by_role_and_by_whose_customer_it_is(self, cast: Cast) -> None:
        shown = {name: seen_name(viewer=person, customer=cast.mrs_zhou) for name, person in _people(cast).items()}
        whole = {name for name, words in shown.items() if words == "周丽华"}
        assert whole == {"mei", "lin", "shu", "hua", "zhu", "other"} and shown["an"] == shown["tao"] == "周**"


class TestContactsOf:
    def test_shows_masks_and_to_marketing_and_strangers_nothing(self, known: Cast) -> None:
        shown = contacts_of(viewer=known.mei, customer=known.mrs_zhou)
        assert [(row.masked, row.may_reveal) for row in shown] == [("深圳市罗湖区***", False), ("138****8000", True)]
        for nobody in (*_strangers(known), known.an):
            assert contacts_of(viewer=nobody, customer=known.mrs_zhou) == []
        assert not any(row.may_reveal for row in contacts_of(viewer=known.ji, customer=known.mrs_zhou))

    def test_a_value_opens_only_in_its_own_row(self, known: Cast) -> None:
        first, second = ContactPoint.objects.order_by("id")
        assert field_cipher().open(first.sealed, contact_place(first.pk)) == "+8613800138000"
        with pytest.raises(Exception, match="cannot be opened"):
            field_cipher().open(first.sealed, contact_place(second.pk))


class TestKnowledge:
    def test_is_shown_to_the_floor_and_hidden_from_strangers(self, known: Cast) -> None:
        zhou = {"customer": known.mrs_zhou}
        assert [row.kind for row in dates_of(viewer=known.mei, **zhou)] == ["birthday"]
        assert list(traits_of(viewer=known.lin, **zhou)) == ["metal"]
        assert [tag.name for tag in tags_of(viewer=known.an, **zhou)] == ["VIP"]
        for stranger in _strangers(known):
            assert dates_of(viewer=stranger, **zhou) == [] == tags_of(viewer=stranger, **zhou)
            assert traits_of(viewer=stranger, **zhou) == {}
        for reader in (known.an, known.ji):
            assert dates_of(viewer=reader, **zhou) == []

    def test_own_fields_of_the_highest_level_only_managers_see(self, known: Cast) -> None:
        field = {"name_en": "Faith", "name_zh": "信仰", "kind": "text", "by": known.zhu, "now": NOW}
        operations.save_custom_field(key="faith", level=4, **field)
        operations.set_trait(customer=known.mrs_zhou, key="custom.faith", text="x", by=known.lin, now=NOW)
        assert "custom.faith" not in traits_of(viewer=known.mei, customer=known.mrs_zhou)
        assert "custom.faith" in traits_of(viewer=known.lin, customer=known.mrs_zhou)
        operations.save_custom_field(key="faith", level=4, is_retired=True, **field)
        assert not custom_fields().exists()

    def test_words_are_those_on_somebody_in_sight(self, known: Cast) -> None:
        for viewer in (SYSTEM, known.mei, known.lin, known.an):
            assert [tag.name for tag in tags(viewer=viewer)] == ["VIP"]
        for stranger in _strangers(known):
            assert not tags(viewer=stranger).exists()

    def test_lists_are_the_persons_own(self, known: Cast) -> None:
        view = operations.save_view(name="best", filters={}, by=known.mei, now=NOW)
        assert saved_views(viewer=known.mei).get() == view and SavedView.objects.count() == 1
        assert not saved_views(viewer=known.lin).exists()


class TestTimeline:
    def test_goes_back_piece_by_piece(self, cast: Cast) -> None:
        made = [
            operations.add_interaction(
                customer=cast.mrs_zhou, kind="note", at=NOW - timedelta(days=day // 2), by=cast.mei, shop=None, now=NOW
            )
            for day in range(7)
        ]
        whole = interactions_of(viewer=cast.mei, customer=cast.mrs_zhou)
        seen, before = [], None
        while piece := interactions_of(viewer=cast.mei, customer=cast.mrs_zhou, before=before, size=3):
            seen += piece
            before = (piece[-1].at, piece[-1].pk)
        assert seen == whole and set(seen) == set(made)

    def test_strangers_and_readers_see_nothing(self, known: Cast) -> None:
        assert len(interactions_of(viewer=known.lin, customer=known.mrs_zhou, kind="call")) == 1
        for nobody in (*_strangers(known), known.an, known.ji):
            assert interactions_of(viewer=nobody, customer=known.mrs_zhou) == []

    def test_the_latest_touch_reached_the_customer_within_the_window(self, known: Cast) -> None:
        def touch(kind: str, days: int, **more: str) -> object:
            at = NOW - timedelta(days=days)
            return operations.add_interaction(
                customer=known.mr_zhou, kind=kind, at=at, by=known.mei, shop=None, now=NOW, **more
            )

        touch("call", 40)
        last = touch("message", 10)
        touch("call", 5, result="no_answer")
        touch("visit", 1)
        asked_of = {"customer": known.mr_zhou, "before": NOW}
        assert latest_touch(viewer=SYSTEM, **asked_of) == last
        assert latest_touch(viewer=SYSTEM, **asked_of, within_days=7) is None
        for stranger in _strangers(known):
            assert latest_touch(viewer=stranger, **asked_of) is None


class TestSearch:
    def _found(self, viewer: StaffMember, text: str) -> list[str]:
        return [hit.name for hit in search(viewer=viewer, text=text)]

    @pytest.mark.parametrize(
        "text",
        [
            "周丽华", "周丽", "周", "丽华", "zhoulihua", "ZHOU LI", "lihua", "zlh", "zl", "z", "13800138000",
            "+86 138-0013-8000", "8000", "周 8000", "zhou8000", "ZK000001", "zk000001",
        ],
    )  # fmt: skip
    def test_finds_by_any_part_of_the_name_phone_tail_and_card(self, known: Cast, text: str) -> None:
        for viewer in (known.mei, known.lin, known.hua, known.zhu):
            assert "周丽华" in self._found(viewer, text), viewer

    @pytest.mark.parametrize(
        "text", ["", " ", "周丽桦", "王", "8001", "1380013", "周 8001", "%", "_", "'; DROP", "\x00"]
    )
    def test_finds_nothing_else(self, known: Cast, text: str) -> None:
        assert self._found(known.zhu, text) == []

    def test_strangers_find_nothing(self, known: Cast) -> None:
        for stranger in _strangers(known):
            for text in ("周丽华", "zlh", "13800138000", "8000", "ZK000001"):
                assert search(viewer=stranger, text=text) == []

    def test_who_sees_masks_finds_only_whole_values(self, known: Cast) -> None:
        for reader in (known.an, known.ji):
            for text in ("周丽", "zlh", "8000", "周 8000"):
                assert search(viewer=reader, text=text) == []
            for text in ("周丽华", "13800138000", "ZK000001"):
                assert self._found(reader, text) == ["周**"]

    def test_both_plans_find_the_same(self, known: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(60):
            operations.add_customer(draft=CustomerDraft(name=f"周{'甲乙丙丁戊己'[number % 6]}"), by=known.mei, now=NOW)
        plans = import_module("zhenke.customers.queries.search")
        for text in ("周", "z", "zhouj", "zj", "乙"):
            monkeypatch.setattr(plans, "FEW", 5_000)
            few = self._found(known.lin, text)
            monkeypatch.setattr(plans, "FEW", 0)
            many = self._found(known.lin, text)
            assert few == many and 0 < len(few) <= 20


def _take(monkeypatch: pytest.MonkeyPatch, plan: str, *steps: int) -> None:
    """Make small tests take the plan of small or of large houses."""
    if plan == "walk":
        monkeypatch.setattr(lists, "FEW", 0)
        monkeypatch.setattr(lists, "FEW_FILTERED", 0)
    if steps:
        monkeypatch.setattr(lists, "_STEPS", steps)


class TestCustomerPage:
    @pytest.fixture
    def crowd(self, known: Cast) -> Cast:
        """Twenty-five customers of two advisors and a cover, with equal names and moments among them."""
        for number in range(25):
            draft = CustomerDraft(
                name=f"李{'一二三四五'[number % 5]}", gender="fm"[number % 2], owner=(known.mei, known.tao)[number % 2]
            )
            operations.add_customer(draft=draft, by=known.lin, now=NOW + timedelta(minutes=number // 3))
        return known

    @pytest.mark.parametrize("order", list(Order))
    @pytest.mark.parametrize("plan", ["few", "walk"])
    def test_goes_on_without_gap_or_double(
        self, crowd: Cast, monkeypatch: pytest.MonkeyPatch, order: Order, plan: str
    ) -> None:
        _take(monkeypatch, plan, 4, 5)
        for viewer, count in ((crowd.zhu, 27), (crowd.lin, 27), (crowd.tao, 12), (crowd.hua, 27)):
            seen, after = [], ""
            while True:
                page = customer_page(viewer=viewer, filters=CustomerFilters(), order=order, after=after, size=4)
                seen += page.rows
                after = page.after
                if not after:
                    break
            assert len(seen) == len(set(seen)) == count
            keys = [(row.pinyin, row.pk) if order == Order.NAME else -row.pk for row in seen]
            assert order == Order.UPDATED or keys == sorted(keys)

    def test_a_walk_that_finds_nothing_stops_and_says_where_to_go_on(
        self, crowd: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _take(monkeypatch, "walk", 5)
        monkeypatch.setattr(lists, "LONGEST_WALK", 10)
        filters, after, rows, pages = CustomerFilters(region="深圳"), "", [], 0
        while pages == 0 or after:
            page = customer_page(viewer=crowd.lin, filters=filters, order=Order.NEWEST, after=after)
            rows, after, pages = rows + page.rows, page.after, pages + 1
        assert rows == [crowd.mrs_zhou] and pages == 3

    @pytest.mark.parametrize("plan", ["few", "walk"])
    def test_filters_narrow(self, crowd: Cast, monkeypatch: pytest.MonkeyPatch, plan: str) -> None:
        today = date(2026, 11, 22)
        zhou = [
            CustomerFilters(tag="VIP"),
            CustomerFilters(traits=(("metal", "gold"),)),
            CustomerFilters(traits=(("metal", ""),), gender="f"),
            CustomerFilters(age_bands=("35_44",), today=today),
            CustomerFilters(birthday_from=today, birthday_to=today + timedelta(days=14)),
            CustomerFilters(region="深圳", owner_id=crowd.mei.pk, shop_id=crowd.shop_a.pk),
        ]
        nobody = [
            CustomerFilters(tag="none"),
            CustomerFilters(kind="company"),
            CustomerFilters(traits=(("metal", "gold"),), gender="m"),
            CustomerFilters(age_bands=("18_24",), today=today),
            CustomerFilters(birthday_from=today, birthday_to=today + timedelta(days=3)),
            CustomerFilters(has_owner=False),
            CustomerFilters(tag="VIP", not_seen_since=NOW - timedelta(days=1)),
            CustomerFilters(created_since=NOW + timedelta(days=1)),
        ]
        _take(monkeypatch, plan)
        for filters in zhou:
            assert customer_page(viewer=crowd.lin, filters=filters).rows == [crowd.mrs_zhou], filters
            assert [row.pk for row in filtered(viewer=crowd.lin, filters=filters)] == [crowd.mrs_zhou.pk]
            for stranger in (crowd.qiao, crowd.other):
                assert customer_page(viewer=stranger, filters=filters).rows == []
        for filters in nobody:
            assert customer_page(viewer=crowd.lin, filters=filters).rows == [], filters

    def test_a_set_from_a_room_above_narrows_and_never_widens(self, crowd: Cast) -> None:
        both = Customer.objects.filter(pk__in=[crowd.mrs_zhou.pk, crowd.mr_zhou.pk]).values("pk")
        page = customer_page(viewer=crowd.mei, filters=CustomerFilters(), within=both)
        assert set(page.rows) == {crowd.mrs_zhou, crowd.mr_zhou}
        assert customer_page(viewer=crowd.tao, filters=CustomerFilters(), within=both).rows == []

    def test_keeps_its_budget_of_sql(self, crowd: Cast) -> None:
        for viewer in (crowd.zhu, crowd.lin, crowd.mei):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                page = customer_page(viewer=viewer, filters=CustomerFilters(gender="f"))
                assert [(row.shop.name, [each.tag.name for each in row.tags.all()]) for row in page.rows]
            assert len(asked) <= 5 if viewer == crowd.zhu else len(asked) <= 3

    def test_refuses_what_a_mask_hides_and_what_it_cannot_read(self, crowd: Cast) -> None:
        with pytest.raises(NotAllowed):
            customer_page(viewer=crowd.an, filters=CustomerFilters(), order=Order.NAME)
        birthdays = CustomerFilters(birthday_from=date(2026, 12, 1), birthday_to=date(2026, 12, 1))
        with pytest.raises(NotAllowed):
            customer_page(viewer=crowd.ji, filters=birthdays)
        with pytest.raises(FilterWrong):
            customer_page(viewer=crowd.lin, filters=CustomerFilters(age_bands=("old",), today=date(2026, 1, 1)))
        for after in ("x", "1~x", "~", "1~2026-11-22", "99999999999999999999~", "²~"):
            with pytest.raises(CursorWrong):
                customer_page(viewer=crowd.lin, filters=CustomerFilters(), after=after)

    def test_lunar_and_leap_birthdays_come_round(self, cast: Cast) -> None:
        operations.add_date(customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(1, 1, "lunar"), by=cast.mei, now=NOW)
        operations.add_date(customer=cast.mr_zhou, kind="birthday", day=DayOfYear(2, 29), by=cast.mei, now=NOW)

        def born_on(day: date) -> list[Customer]:
            filters = CustomerFilters(birthday_from=day, birthday_to=day)
            return customer_page(viewer=cast.mei, filters=filters).rows

        assert born_on(date(2027, 2, 6)) == [cast.mrs_zhou]
        assert born_on(date(2027, 2, 28)) == born_on(date(2028, 2, 29)) == [cast.mr_zhou]
        assert born_on(date(2028, 2, 28)) == []

    @pytest.mark.parametrize("rule", [YearRule(), YearRule(feb29="after", missing30="after")], ids=str)
    @pytest.mark.parametrize("day", [DayOfYear(2, 29), DayOfYear(2, 30, "lunar"), DayOfYear(12, 30, "lunar")], ids=str)
    def test_birthdays_that_a_year_lacks_are_found_on_the_day_that_the_shop_keeps(
        self, cast: Cast, day: DayOfYear, rule: YearRule
    ) -> None:
        operations.add_date(customer=cast.mr_zhou, kind="birthday", day=day, by=cast.mei, now=NOW)
        for come in occurrences(day, date(2026, 1, 1), date(2032, 12, 31), rule):
            for shift in (-1, 0, 1):
                on = come.on_date + timedelta(days=shift)
                filters = CustomerFilters(birthday_from=on, birthday_to=on, year_rule=rule)
                found = customer_page(viewer=cast.mei, filters=filters).rows
                assert (found == [cast.mr_zhou]) is (shift == 0), (come, shift)


class TestLikelySame:
    def test_tells_of_others_customers_only_who_cares_for_them(self, known: Cast) -> None:
        draft = CustomerDraft(name="周丽华", phones=("138 0013 8000", "rubbish"))
        [mine] = likely_same(viewer=known.mei, draft=draft)
        assert (mine.id, mine.name, mine.by) == (known.mrs_zhou.pk, "周丽华", "phone")
        [hers] = likely_same(viewer=known.qiao, draft=draft)
        assert (hers.id, hers.name, hers.shop_name, hers.owner_name) == (None, "", "水贝店", "梅雪")

    def test_of_another_house_and_by_a_name_alone_it_tells_nothing(self, known: Cast) -> None:
        assert likely_same(viewer=known.other, draft=CustomerDraft(card_number="ZK000001")) == []
        assert likely_same(viewer=known.qiao, draft=CustomerDraft(name="周丽华")) == []

    def test_the_same_name_with_the_same_four_digits_in_sight(self, known: Cast) -> None:
        [hint] = likely_same(viewer=known.lin, draft=CustomerDraft(name="周丽华", phones=("13900008000",)))
        assert (hint.id, hint.by) == (known.mrs_zhou.pk, "name")


class TestFacts:
    def test_give_their_columns_and_nothing_personal(self, known: Cast) -> None:
        for table in FACTS:
            with connection.cursor() as cursor:
                cursor.execute(table.sql)
                assert [column[0] for column in cursor.description] == [column.name for column in table.columns]
                rows = cursor.fetchall()
            assert rows and not any(word in str(rows) for word in ("周", "zhou", "8000", "bangles", "翠竹"))

    def test_say_birth_year_and_contact(self, known: Cast) -> None:
        with connection.cursor() as cursor:
            cursor.execute(FACTS[0].sql + " ORDER BY c.id")
            names = [column.name for column in FACTS[0].columns]
            first, second = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
        assert (first["birth_year"], first["has_phone"], first["has_birthday"]) == (1988, 1, 1)
        assert (second["birth_year"], second["has_phone"], second["has_birthday"]) == (None, 0, 0)
