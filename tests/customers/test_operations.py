"""What is written of a customer, what is refused, and what a repeat does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import BadInput, NotAllowed, NotFound
from zhenke.basics.phones import PhoneRefused
from zhenke.customers import operations
from zhenke.customers.models import (
    ContactPoint,
    Customer,
    CustomerDate,
    CustomerTag,
    CustomField,
    Interaction,
    SavedView,
    SearchTerm,
    Tag,
    Trait,
)
from zhenke.customers.operations.archive import CardTaken, CustomerEmpty, FieldWrong, SourceKeyTaken
from zhenke.customers.operations.contacts import ReasonMissing
from zhenke.customers.operations.dates import DateKindWrong
from zhenke.customers.operations.hand_over import CannotTakeOver
from zhenke.customers.operations.knowledge import TagWrong, TraitWrong
from zhenke.customers.operations.own_fields import FieldDefinitionWrong
from zhenke.customers.operations.recognise import BuyerUnknown, SeveralKnown
from zhenke.customers.operations.timeline import InteractionKeyTaken, InteractionWrong
from zhenke.customers.operations.views import ViewNameWrong
from zhenke.customers.queries import contacts_of, traits_of
from zhenke.customers.rules import BuyerSlip, CustomerDraft, DateDraft
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
WHOLE = CustomerDraft(
    name=" 单田芳 ",
    gender="f",
    card_number="ZK000777",
    source_key="till:777",
    phones=("138 0013 8000", "+8613800138000", "0755-88886666"),
    emails=("Shan@Example.com", "shan@example.com"),
    wechat_ids=("shan_tf",),
    addresses=("深圳市罗湖区翠竹路1号",),
    birthday=DayOfYear(5, 20, "lunar", year=1988),
    dates=(DateDraft("wedding", DayOfYear(2, 29)), DateDraft("child_birthday", DayOfYear(6, 1), "大宝")),
    traits={"metal": ("18k_white", "gold"), "ring_size": ["12"]},
    tags=("VIP", "喜欢翡翠"),
    region="深圳",
    source="walk_in",
    referrer_key="ZK000001",
)


def _actions() -> list[str]:
    return list(AuditEntry.objects.order_by("position").values_list("action", flat=True))


def _customers() -> list[tuple[object, ...]]:
    return list(Customer.objects.order_by("id").values_list())


class TestAddCustomer:
    def test_writes_all_that_the_draft_knows(self, cast: Cast) -> None:
        made = operations.add_customer(draft=WHOLE, by=cast.mei, now=NOW)
        row = Customer.objects.get(pk=made.pk)
        assert (row.name, row.pinyin, row.owner, row.shop) == ("单田芳", "shantianfang", cast.mei, cast.shop_a)
        assert row.referrer == cast.mrs_zhou
        assert set(row.confirmed) >= {"name", "gender", "card_number", "region"}
        assert row.confirmed["name"] == ["2026-11-22", str(cast.mei.id), "walk_in"]
        kinds = sorted(ContactPoint.objects.filter(customer=row).values_list("kind", "is_primary"))
        assert kinds == [("address", True), ("email", True), ("phone", False), ("phone", True), ("wechat", True)]
        days = {date.kind: (date.calendar, date.month, date.day, date.year) for date in row.dates.all()}
        assert days["birthday"] == ("lunar", 5, 20, 1988) and days["wedding"] == ("solar", 2, 29, None)
        assert sorted(row.tags.values_list("tag__name", flat=True)) == ["VIP", "喜欢翡翠"]
        terms = set(row.search_terms.values_list("term", flat=True))
        assert {"单田芳", "田芳", "shantianfang", "tianfang", "stf"} <= terms

    def test_seals_every_contact(self, cast: Cast) -> None:
        operations.add_customer(draft=WHOLE, by=cast.mei, now=NOW)
        kept = " ".join(str(row) for row in ContactPoint.objects.values_list())
        for secret in ("13800138000", "8000", "88886666", "xample", "shan_tf", "翠竹"):
            assert secret not in kept

    def test_twice_with_one_source_key_is_one_customer(self, cast: Cast) -> None:
        first = operations.add_customer(draft=WHOLE, by=cast.mei, now=NOW)
        before = _customers()
        assert operations.add_customer(draft=WHOLE, by=cast.mei, now=LATER) == first
        assert _customers() == before and ContactPoint.objects.count() == 5

    def test_refuses_a_card_that_somebody_has(self, cast: Cast) -> None:
        with pytest.raises(CardTaken):
            operations.add_customer(draft=CustomerDraft(name="新", card_number="ZK000001"), by=cast.mei, now=NOW)
        assert Customer.objects.count() == 2

    @pytest.mark.parametrize(
        ("draft", "error"),
        [
            (CustomerDraft(region="深圳"), CustomerEmpty),
            (CustomerDraft(name="周", gender="x"), FieldWrong),
            (CustomerDraft(name="周", kind="robot"), FieldWrong),
            (CustomerDraft(name="周" * 121), FieldWrong),
            (CustomerDraft(name="周", phones=("12",)), PhoneRefused),
            (CustomerDraft(name="周", emails=("nobody",)), BadInput),
            (CustomerDraft(name="周", dates=(DateDraft("Not A Code", DayOfYear(1, 1)),)), DateKindWrong),
            (CustomerDraft(name="周", traits={"metal": ("",)}), TraitWrong),
            (CustomerDraft(name="周", tags=(" ",)), TagWrong),
        ],
    )
    def test_refuses_what_does_not_fit_and_leaves_nothing(
        self, cast: Cast, draft: CustomerDraft, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            operations.add_customer(draft=draft, by=cast.mei, now=NOW)
        assert Customer.objects.count() == 2 and ContactPoint.objects.count() == SearchTerm.objects.count() == 0

    def test_only_people_of_the_floor_may(self, cast: Cast) -> None:
        for stranger in (cast.an, cast.ji):
            with pytest.raises(NotAllowed):
                operations.add_customer(draft=CustomerDraft(name="周"), by=stranger, now=NOW)

    def test_not_into_a_shop_or_to_a_person_out_of_sight(self, cast: Cast) -> None:
        for draft in (CustomerDraft(name="周", shop=cast.shop_b), CustomerDraft(name="周", owner=cast.qiao)):
            with pytest.raises(NotAllowed):
                operations.add_customer(draft=draft, by=cast.lin, now=NOW)

    def test_one_house_does_not_get_the_customer_of_another(self, cast: Cast) -> None:
        operations.add_customer(draft=WHOLE, by=cast.mei, now=NOW)
        with pytest.raises(SourceKeyTaken):
            operations.add_customer(draft=WHOLE, by=cast.other, now=NOW)

    def test_the_house_itself_names_the_shop(self, cast: Cast) -> None:
        with pytest.raises(FieldWrong):
            operations.add_customer(draft=CustomerDraft(name="周"), by=SYSTEM, now=NOW)
        made = operations.add_customer(draft=CustomerDraft(name="周", shop=cast.shop_b), by=SYSTEM, now=NOW)
        assert (made.shop, made.owner) == (cast.shop_b, None)


class TestChangeCustomer:
    def test_writes_values_words_and_who_confirmed(self, cast: Cast) -> None:
        row = operations.change_customer(
            customer=cast.mrs_zhou, changes={"name": "周丽桦", "region": "深圳"}, by=cast.mei, now=LATER
        )
        assert (row.name, row.pinyin, row.region, row.updated_at) == ("周丽桦", "zhoulihua", "深圳", LATER)
        assert row.confirmed["region"][0] == "2026-11-22" and "gender" not in row.confirmed
        assert SearchTerm.objects.filter(customer=row, term="丽桦").exists()
        assert AuditEntry.objects.get().facts == {"fields": ["name", "region"]}

    def test_twice_writes_nothing_more(self, cast: Cast) -> None:
        changes = {"name": "周丽桦"}
        operations.change_customer(customer=cast.mrs_zhou, changes=changes, by=cast.mei, now=NOW)
        before, terms = _customers(), set(SearchTerm.objects.values_list("id", flat=True))
        operations.change_customer(customer=cast.mrs_zhou, changes=changes, by=cast.mei, now=LATER)
        assert _customers() == before and set(SearchTerm.objects.values_list("id", flat=True)) == terms
        assert _actions() == ["customer.changed"]

    @pytest.mark.parametrize("field", ["owner", "owner_id", "shop_id", "id", "source_key", "confirmed", "created_at"])
    def test_offers_no_other_field(self, cast: Cast, field: str) -> None:
        with pytest.raises(FieldWrong):
            operations.change_customer(customer=cast.mrs_zhou, changes={field: "1"}, by=cast.mei, now=NOW)

    def test_refuses_a_taken_card_and_an_empty_archive(self, cast: Cast) -> None:
        with pytest.raises(CardTaken):
            operations.change_customer(
                customer=cast.mrs_zhou, changes={"card_number": "ZK000002"}, by=cast.mei, now=NOW
            )
        with pytest.raises(CustomerEmpty):
            operations.change_customer(
                customer=cast.mrs_zhou, changes={"name": "", "card_number": ""}, by=cast.mei, now=NOW
            )
        assert Customer.objects.get(pk=cast.mrs_zhou.pk).card_number == "ZK000001"


class TestAssign:
    def test_gives_to_an_advisor_and_a_cover(self, cast: Cast) -> None:
        row = operations.assign(customer=cast.mrs_zhou, owner=cast.tao, cover=cast.mei, by=cast.lin, now=NOW)
        assert (row.owner, row.cover) == (cast.tao, cast.mei)
        assert AuditEntry.objects.get().facts["from_owner"] == cast.mei.pk

    def test_twice_writes_nothing_more(self, cast: Cast) -> None:
        for _ in range(2):
            operations.assign(customer=cast.mrs_zhou, owner=cast.tao, by=cast.lin, now=NOW)
        assert _actions() == ["customer.assigned"]

    def test_an_advisor_may_not_and_a_manager_not_beyond_the_shop(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            operations.assign(customer=cast.mrs_zhou, owner=cast.tao, by=cast.mei, now=NOW)
        for people in ({"owner": cast.qiao}, {"owner": cast.tao, "shop": cast.shop_b}):
            with pytest.raises(NotAllowed):
                operations.assign(customer=cast.mrs_zhou, by=cast.lin, now=NOW, **people)


class TestContacts:
    def test_are_added_once_and_shown_masked(self, cast: Cast) -> None:
        for spelling in ("13800138000", "+86 138-0013-8000"):
            operations.add_contact(customer=cast.mrs_zhou, kind="phone", text=spelling, by=cast.mei, now=NOW)
        [shown] = contacts_of(viewer=cast.mei, customer=cast.mrs_zhou)
        assert (shown.masked, shown.is_primary, shown.may_reveal) == ("138****8000", True, True)
        assert _actions() == ["contact.added"]

    def test_the_next_becomes_primary_when_the_first_is_dropped(self, cast: Cast) -> None:
        first, second = (
            operations.add_contact(customer=cast.mrs_zhou, kind="phone", text=text, by=cast.mei, now=NOW)
            for text in ("13800138000", "13900139000")
        )
        assert not second.is_primary
        assert operations.drop_contact(contact=first, by=cast.mei, now=NOW)
        second.refresh_from_db()
        assert second.is_primary
        assert not operations.drop_contact(contact=first, by=cast.mei, now=NOW)
        assert _actions() == ["contact.added", "contact.added", "contact.dropped"]


class TestRevealContact:
    def _phone(self, cast: Cast, kind: str = "phone", text: str = "13800138000") -> int:
        return operations.add_contact(customer=cast.mrs_zhou, kind=kind, text=text, by=cast.mei, now=NOW).pk

    def test_shows_the_whole_and_leaves_a_mark_each_time(self, cast: Cast) -> None:
        key = self._phone(cast)
        for _ in range(2):
            shown = operations.reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW)
            assert shown == "+8613800138000"
        assert _actions() == ["contact.added", "contact.revealed", "contact.revealed"]
        last = AuditEntry.objects.latest("position")
        assert (last.actor, last.subject_id, last.facts["reason"]) == (cast.mei, cast.mrs_zhou.pk, "call")

    def test_strangers_find_nothing_and_readers_may_not(self, cast: Cast) -> None:
        key = self._phone(cast)
        for stranger in (cast.tao, cast.qiao, cast.other, cast.an):
            with pytest.raises(NotFound):
                operations.reveal_contact(viewer=stranger, contact=key, reason="call", now=NOW)
        with pytest.raises(NotAllowed):
            operations.reveal_contact(viewer=cast.ji, contact=key, reason="call", now=NOW)
        assert _actions() == ["contact.added"]

    def test_an_advisor_sees_of_an_address_only_the_district(self, cast: Cast) -> None:
        key = self._phone(cast, "address", "深圳市罗湖区翠竹路1号")
        with pytest.raises(NotAllowed):
            operations.reveal_contact(viewer=cast.mei, contact=key, reason="deliver", now=NOW)
        shown = operations.reveal_contact(viewer=cast.lin, contact=key, reason="deliver", now=NOW, proved_at=NOW)
        assert shown == "深圳市罗湖区翠竹路1号"

    @pytest.mark.parametrize("reason", ["", " ", "because I want to", "13800138000", "想看"])
    def test_asks_for_a_reason_code(self, cast: Cast, reason: str) -> None:
        with pytest.raises(ReasonMissing):
            operations.reveal_contact(viewer=cast.mei, contact=self._phone(cast), reason=reason, now=NOW)


class TestRecognise:
    def test_nobody_stays_nobody(self, cast: Cast) -> None:
        assert operations.recognise(buyer=BuyerSlip(), shop=cast.shop_a, by=cast.mei, now=NOW) is None

    def test_finds_by_every_key_in_the_whole_house(self, cast: Cast) -> None:
        made = operations.add_customer(draft=WHOLE, by=cast.mei, now=NOW)
        slips = [
            BuyerSlip(card_number="ZK000777"),
            BuyerSlip(source_key="till:777"),
            BuyerSlip(phone="86 13800138000"),
            BuyerSlip(phone="13800138000", draft=CustomerDraft(name="单田芳")),
        ]
        for slip in slips:
            assert operations.recognise(buyer=slip, shop=cast.shop_b, by=cast.qiao, now=NOW) == made
        assert Customer.objects.count() == 3

    def test_a_key_of_ours_must_be_in_sight(self, cast: Cast) -> None:
        slip = BuyerSlip(customer_id=cast.mrs_zhou.pk)
        assert operations.recognise(buyer=slip, shop=cast.shop_a, by=cast.mei, now=NOW) == cast.mrs_zhou
        for stranger in (cast.qiao, cast.tao, cast.other):
            with pytest.raises(BuyerUnknown):
                operations.recognise(buyer=slip, shop=stranger.shop, by=stranger, now=NOW)

    def test_twice_opens_one_archive(self, cast: Cast) -> None:
        slip = BuyerSlip(phone="13700137000")
        first, second = (operations.recognise(buyer=slip, shop=cast.shop_b, by=cast.qiao, now=NOW) for _ in range(2))
        assert first == second and first is not None
        assert (first.shop, first.owner, Customer.objects.count()) == (cast.shop_b, cast.qiao, 3)

    def test_a_shared_phone_with_another_name_is_another_person(self, cast: Cast) -> None:
        phone = "13800138000"
        for customer in (cast.mrs_zhou, cast.mr_zhou):
            operations.add_contact(customer=customer, kind="phone", text=phone, by=cast.mei, now=NOW)
        named = BuyerSlip(phone=phone, draft=CustomerDraft(name="周建国"))
        assert operations.recognise(buyer=named, shop=cast.shop_a, by=cast.mei, now=NOW) == cast.mr_zhou
        child = BuyerSlip(phone=phone, draft=CustomerDraft(name="周小宝"))
        made = operations.recognise(buyer=child, shop=cast.shop_a, by=cast.mei, now=NOW)
        assert made not in (cast.mrs_zhou, cast.mr_zhou)
        with pytest.raises(SeveralKnown):
            operations.recognise(buyer=BuyerSlip(phone=phone), shop=cast.shop_a, by=cast.mei, now=NOW)

    def test_another_house_is_another_world(self, cast: Cast) -> None:
        operations.add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW)
        made = operations.recognise(buyer=BuyerSlip(phone="13800138000"), shop=cast.other_brand, by=cast.other, now=NOW)
        assert made != cast.mrs_zhou
        with pytest.raises(CardTaken):
            operations.recognise(buyer=BuyerSlip(card_number="ZK000001"), shop=cast.other_brand, by=cast.other, now=NOW)


class TestDates:
    def test_one_of_a_kind_is_changed_not_doubled(self, cast: Cast) -> None:
        for day in (DayOfYear(5, 20), DayOfYear(5, 20), DayOfYear(5, 21, year=1990)):
            operations.add_date(customer=cast.mrs_zhou, kind="birthday", day=day, by=cast.mei, now=NOW)
        [row] = CustomerDate.objects.all()
        assert (row.month, row.day, row.year) == (5, 21, 1990)

    def test_a_removed_one_is_gone_once(self, cast: Cast) -> None:
        row = operations.add_date(customer=cast.mrs_zhou, kind="wedding", day=DayOfYear(2, 29), by=cast.mei, now=NOW)
        assert operations.remove_date(date=row, by=cast.mei)
        assert not operations.remove_date(date=row, by=cast.mei)

    def test_readers_may_not(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            operations.add_date(customer=cast.mrs_zhou, kind="wedding", day=DayOfYear(2, 28), by=cast.an, now=NOW)


class TestTraitsAndTags:
    def test_several_values_or_one(self, cast: Cast) -> None:
        for key, text in [
            ("metal", "gold"),
            ("metal", "pt950"),
            ("metal", "gold"),
            ("ring_size", "12"),
            ("ring_size", "13"),
        ]:
            operations.set_trait(customer=cast.mrs_zhou, key=key, text=text, by=cast.mei, now=NOW)
        known = traits_of(viewer=cast.mei, customer=cast.mrs_zhou)
        assert {key: [row.text for row in rows] for key, rows in known.items()} == {
            "metal": ["gold", "pt950"],
            "ring_size": ["13"],
        }

    def test_dropped_ones_are_gone_once(self, cast: Cast) -> None:
        operations.set_trait(customer=cast.mrs_zhou, key="metal", text="gold", by=cast.mei, now=NOW)
        assert operations.drop_trait(customer=cast.mrs_zhou, key="metal", by=cast.mei) == 1
        assert operations.drop_trait(customer=cast.mrs_zhou, key="metal", by=cast.mei) == 0

    def test_own_fields_are_checked_by_their_kind(self, cast: Cast) -> None:
        define = {"key": "hobby", "name_en": "Hobby", "name_zh": "爱好", "by": cast.zhu, "now": NOW}
        for _ in range(2):
            operations.save_custom_field(kind="choice", choices=["tea", "golf"], **define)
        assert CustomField.objects.count() == 1
        operations.set_trait(customer=cast.mrs_zhou, key="custom.hobby", text="tea", by=cast.mei, now=NOW)
        for key, text in [("custom.hobby", "chess"), ("custom.unknown", "x"), ("Bad Key", "x")]:
            with pytest.raises(TraitWrong):
                operations.set_trait(customer=cast.mrs_zhou, key=key, text=text, by=cast.mei, now=NOW)
        with pytest.raises(FieldDefinitionWrong):
            operations.save_custom_field(kind="choice", choices=["only"], **define)
        with pytest.raises(NotAllowed):
            operations.save_custom_field(kind="text", **{**define, "by": cast.lin})
        assert Trait.objects.count() == 1

    def test_a_tag_is_put_on_and_off_once(self, cast: Cast) -> None:
        for _ in range(2):
            operations.add_tag(customer=cast.mrs_zhou, name=" 喜欢  翡翠 ", by=cast.mei)
        assert CustomerTag.objects.count() == 1 and Tag.objects.get().name == "喜欢 翡翠"
        assert operations.drop_tag(customer=cast.mrs_zhou, name="喜欢 翡翠", by=cast.mei)
        assert not operations.drop_tag(customer=cast.mrs_zhou, name="喜欢 翡翠", by=cast.mei)


class TestAddInteraction:
    def _call(self, cast: Cast, customer: Customer, **more: object) -> Interaction:
        facts = {"kind": "call", "at": NOW, "result": "reached", "text": "wants a bangle", **more}
        return operations.add_interaction(customer=customer, by=cast.mei, shop=cast.shop_a, now=LATER, **facts)

    def test_writes_one_and_counts_as_news(self, cast: Cast) -> None:
        row = self._call(cast, cast.mrs_zhou)
        assert (row.by, row.kind, row.result) == (cast.mei, "call", "reached")
        assert Customer.objects.get(pk=cast.mrs_zhou.pk).updated_at == LATER

    def test_twice_with_one_key_is_one(self, cast: Cast) -> None:
        first, second = (self._call(cast, cast.mrs_zhou, source_key="call:1") for _ in range(2))
        assert first == second and Interaction.objects.count() == 1
        with pytest.raises(InteractionKeyTaken):
            self._call(cast, cast.mr_zhou, source_key="call:1")

    @pytest.mark.parametrize(
        "wrong",
        [{"kind": "sale"}, {"result": "Very Good"}, {"text": "x" * 4001}, {"at": NOW + timedelta(days=3)}],
    )
    def test_refuses_what_does_not_fit(self, cast: Cast, wrong: dict[str, object]) -> None:
        with pytest.raises(InteractionWrong):
            self._call(cast, cast.mrs_zhou, **wrong)

    def test_readers_may_not(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            operations.add_interaction(
                customer=cast.mrs_zhou, kind="note", at=NOW, by=cast.ji, shop=None, text="x", now=NOW
            )


class TestHandOver:
    def test_moves_all_and_covers_and_tells_once(self, cast: Cast) -> None:
        Customer.objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.tao, cover=cast.mei)
        third = operations.add_customer(
            draft=CustomerDraft(name="李", owner=cast.lin, cover=cast.mei), by=cast.lin, now=NOW
        )
        moved = operations.hand_over(from_advisor=cast.mei, to_advisor=cast.tao, by=cast.lin, now=LATER)
        assert moved == 3
        owners = dict(Customer.objects.values_list("pk", "owner_id"))
        assert owners == {cast.mrs_zhou.pk: cast.tao.pk, cast.mr_zhou.pk: cast.tao.pk, third.pk: cast.lin.pk}
        covers = dict(Customer.objects.values_list("pk", "cover_id"))
        assert covers == {cast.mrs_zhou.pk: None, cast.mr_zhou.pk: None, third.pk: cast.tao.pk}
        assert AuditEntry.objects.get().facts == {"to": cast.tao.pk, "customers": 3, "tasks": 0}

    def test_twice_moves_nothing_and_says_nothing(self, cast: Cast) -> None:
        operations.hand_over(from_advisor=cast.mei, to_advisor=cast.tao, by=cast.lin, now=NOW)
        before = _customers()
        assert operations.hand_over(from_advisor=cast.mei, to_advisor=cast.tao, by=cast.lin, now=LATER) == 0
        assert _customers() == before and _actions() == ["customers.handed_over"]

    def test_only_within_sight_and_to_somebody_who_serves(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            operations.hand_over(from_advisor=cast.mei, to_advisor=cast.tao, by=cast.mei, now=NOW)
        with pytest.raises(NotAllowed):
            operations.hand_over(from_advisor=cast.mei, to_advisor=cast.qiao, by=cast.lin, now=NOW)
        for taker in (cast.mei, cast.shu):
            with pytest.raises(CannotTakeOver):
                operations.hand_over(from_advisor=cast.mei, to_advisor=taker, by=cast.lin, now=NOW)
        assert Customer.objects.filter(owner=cast.mei).count() == 2


class TestViews:
    def test_the_same_name_is_the_same_list(self, cast: Cast) -> None:
        for filters in ({"grade": "A"}, {"grade": "A"}, {"grade": "B"}):
            operations.save_view(name=" My  best ", filters=filters, by=cast.mei, now=NOW)
        view = SavedView.objects.get()
        assert (view.name, view.filters) == ("My best", {"grade": "B"})
        with pytest.raises(ViewNameWrong):
            operations.save_view(name=" ", filters={}, by=cast.mei, now=NOW)

    def test_only_the_own_list_is_dropped_and_once(self, cast: Cast) -> None:
        view = operations.save_view(name="best", filters={}, by=cast.mei, now=NOW)
        assert not operations.drop_view(id=view.pk, by=cast.tao)
        assert operations.drop_view(id=view.pk, by=cast.mei)
        assert not operations.drop_view(id=view.pk, by=cast.mei)
