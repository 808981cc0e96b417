"""Stories of two archives that are one person, and of the way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import NOW, Cast
from tests.journeys.importing import counts, differences, picture, take_in, write_csv

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.care.models import CarePlan, Occasion, Task
from zhenke.care.operations import expand_occasions, load_default_plans, plan_tasks
from zhenke.customers.models import ContactPoint, Customer, DuplicatePair, FormerKey, Merge
from zhenke.customers.operations import (
    add_contact,
    add_customer,
    add_date,
    add_interaction,
    add_tag,
    change_customer,
    recognise,
    set_trait,
)
from zhenke.customers.operations.archive import CardTaken
from zhenke.customers.operations.duplicates import PairDraft, keep_pairs
from zhenke.customers.operations.merging import SameArchive, UndoNewerFirst
from zhenke.customers.queries import customer_for, interactions_of, search
from zhenke.customers.queries.archive import CustomerMerged, CustomerUnknown
from zhenke.customers.rules.drafts import BuyerSlip, CustomerDraft
from zhenke.customers.rules.merging import ChoiceWrong
from zhenke.doors.defaults.care_plans import CARE_PLANS, FESTIVAL_DAYS
from zhenke.grading.models import Grade, GradeOverride
from zhenke.grading.operations import regrade
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.record_sale import record_sale
from zhenke.journeys.undo_merge import undo_merge
from zhenke.sales.models import Sale
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

LATER = NOW + timedelta(days=1)
TODAY = date(2026, 11, 22)


def second(cast: Cast, **known: object) -> Customer:
    """Open a second archive of Mrs Zhou, as another advisor wrote it."""
    return Customer.objects.create(
        **{
            "name": "周莉华",
            "pinyin": "zhoulihua",
            "shop": cast.shop_a,
            "owner": cast.mei,
            "card_number": "ZK000009",
            "source_key": "pos:9",
            "created_at": NOW,
            "updated_at": NOW,
            **known,
        }
    )


def merged(cast: Cast, loser: Customer, **choices: str) -> Merge:
    """Merge a second archive into Mrs Zhou's."""
    return merge_customers(winner=cast.mrs_zhou.pk, loser=loser.pk, choices=choices, by=cast.mei, now=NOW)


def sale(cast: Cast, customer: Customer, key: str) -> Sale:
    """Record a sale of one thing."""
    slip = SaleSlip(
        source_key=key,
        sold_at=NOW - timedelta(days=3),
        lines=(LineSlip(description="项链", amount_minor=500_000),),
        buyer=BuyerSlip(customer_id=customer.pk),
    )
    return record_sale(slip=slip, by=cast.mei, now=NOW).sale


@pytest.mark.django_db
class TestMergeCustomers:
    def test_moves_purchases_timeline_and_follow_ups(self, cast: Cast) -> None:
        load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
        loser = second(cast)
        receipts = {sale(cast, cast.mrs_zhou, "a").pk, sale(cast, loser, "b").pk}
        add_interaction(customer=loser, kind="visit", at=NOW, by=cast.mei, shop=cast.shop_a, text="试戴", now=NOW)
        tasks = set(Task.objects.values_list("pk", flat=True))
        merged(cast, loser)
        assert set(Sale.objects.filter(customer=cast.mrs_zhou).values_list("pk", flat=True)) == receipts
        assert [one.text for one in interactions_of(viewer=cast.mei, customer=cast.mrs_zhou)] == ["试戴"]
        assert set(Task.objects.filter(customer=cast.mrs_zhou).values_list("pk", flat=True)) == tasks
        assert not Customer.objects.filter(pk=loser.pk).exists()

    def test_grades_her_for_all_she_bought(self, cast: Cast) -> None:
        loser = second(cast)
        sale(cast, cast.mrs_zhou, "a")
        sale(cast, loser, "b")
        merged(cast, loser)
        grade = Grade.objects.get(customer=cast.mrs_zhou)
        assert (grade.lifetime_frequency, grade.lifetime_minor) == (2, 1_000_000)
        assert Grade.objects.count() == 1

    def test_keeps_one_of_two_contacts_tags_and_traits_that_are_alike(self, cast: Cast) -> None:
        loser = second(cast)
        for one in (cast.mrs_zhou, loser):
            add_contact(customer=one, kind="phone", text="13800138001", by=cast.mei, now=NOW)
            add_tag(customer=one, name="老客", by=cast.mei)
            set_trait(customer=one, key="metal", text="18k_white", by=cast.mei, now=NOW)
        add_contact(customer=loser, kind="phone", text="13900139001", by=cast.mei, now=NOW)
        merged(cast, loser)
        assert list(cast.mrs_zhou.contact_points.order_by("id").values_list("is_primary", flat=True)) == [True, False]
        assert (cast.mrs_zhou.tags.count(), cast.mrs_zhou.traits.count()) == (1, 1)

    def test_closes_the_second_of_two_follow_ups_for_the_same(self, cast: Cast) -> None:
        load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
        loser = second(cast)
        day = TODAY + timedelta(days=8)
        for one in (cast.mrs_zhou, loser):
            add_date(customer=one, kind="birthday", day=DayOfYear(day.month, day.day), by=cast.mei, now=NOW)
            regrade(customer=one, as_of=TODAY, reason="sale", now=NOW)
        sale(cast, cast.mrs_zhou, "a")
        sale(cast, loser, "b")
        expand_occasions(today=TODAY)
        plan_tasks(today=TODAY, now=NOW)
        doubles = Task.objects.filter(plan__trigger=CarePlan.Trigger.DATE)
        assert doubles.count() == 2
        merged(cast, loser)
        still_open = doubles.filter(state="open")
        assert still_open.count() == doubles.filter(result="merged").count() == doubles.count() / 2
        assert Occasion.objects.count() == 1

    def test_takes_the_values_that_were_chosen(self, cast: Cast) -> None:
        loser = second(cast, region="深圳 罗湖区", notes="爱喝龙井", caution="镍过敏", gender="f")
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(notes="记得寄卡", region="深圳")
        merged(cast, loser, name="loser", card_number="loser", region="loser")
        row = Customer.objects.get(pk=cast.mrs_zhou.pk)
        assert (row.name, row.card_number, row.region) == ("周莉华", "ZK000009", "深圳 罗湖区")
        assert (row.notes, row.caution) == ("记得寄卡\n爱喝龙井", "镍过敏")
        assert [hit.id for hit in search(viewer=cast.mei, text="周莉")] == [row.pk]
        assert search(viewer=cast.mei, text="丽华") == []

    def test_of_two_birthdays_the_chosen_one_stays(self, cast: Cast) -> None:
        loser = second(cast)
        add_date(customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(5, 6), by=cast.mei, now=NOW)
        add_date(customer=loser, kind="birthday", day=DayOfYear(6, 5, year=1988), by=cast.mei, now=NOW)
        merged(cast, loser, **{"date:birthday:": "loser"})
        [day] = cast.mrs_zhou.dates.all()
        assert (day.month, day.day, day.year) == (6, 5, 1988)

    def test_is_found_by_its_old_card_and_key_everywhere(self, cast: Cast, tmp_path: object) -> None:
        loser = second(cast)
        add_contact(customer=loser, kind="phone", text="13900139001", by=cast.mei, now=NOW)
        merged(cast, loser)
        assert [hit.id for hit in search(viewer=cast.mei, text="ZK000009")] == [cast.mrs_zhou.pk]
        assert [hit.id for hit in search(viewer=cast.mei, text="13900139001")] == [cast.mrs_zhou.pk]
        for slip in (
            BuyerSlip(card_number="ZK000009"),
            BuyerSlip(source_key="pos:9"),
            BuyerSlip(phone="13900139001"),
            BuyerSlip(customer_id=loser.pk),
        ):
            found = recognise(buyer=slip, shop=cast.shop_a, by=cast.mei, now=NOW)
            assert found == cast.mrs_zhou
        with pytest.raises(CardTaken):
            change_customer(customer=cast.mr_zhou, changes={"card_number": "ZK000009"}, by=cast.mei, now=NOW)
        path = write_csv(tmp_path / "people.csv", ("会员卡号", "姓名", "城市"), [["ZK000009", "周丽华", "广州"]])  # type: ignore[operator]
        run = take_in(path, subject="customers", shop=cast.shop_a, by=SYSTEM)
        assert counts(run)[0] == 0
        assert Customer.objects.get(pk=cast.mrs_zhou.pk).region == "广州"

    def test_answers_for_its_old_key_to_those_who_see_it(self, cast: Cast) -> None:
        loser = second(cast)
        merged(cast, loser)
        with pytest.raises(CustomerMerged) as moved:
            customer_for(viewer=cast.mei, id=loser.pk)
        assert moved.value.facts == {"merged_into": cast.mrs_zhou.pk}
        with pytest.raises(CustomerUnknown) as hidden:
            customer_for(viewer=cast.qiao, id=loser.pk)
        assert type(hidden.value) is CustomerUnknown

    def test_gives_her_pairs_on_and_remembers_who_is_not_the_same(self, cast: Cast) -> None:
        loser = second(cast)
        first, other = sorted((loser.pk, cast.mr_zhou.pk))
        keep_pairs(pairs=[PairDraft(first, other, 900, ("phone",))], now=NOW)
        DuplicatePair.objects.update(state="not_same")
        merged(cast, loser)
        [pair] = DuplicatePair.objects.all()
        assert {pair.first_id, pair.second_id} == {cast.mrs_zhou.pk, cast.mr_zhou.pk} and pair.state == "not_same"

    def test_leaves_one_line_in_the_trail_without_names(self, cast: Cast) -> None:
        loser = second(cast)
        merge = merged(cast, loser)
        entry = AuditEntry.objects.get(action="customer.merged")
        assert (entry.subject_id, entry.facts["loser"], entry.facts["merge"]) == (cast.mrs_zhou.pk, loser.pk, merge.pk)

    def test_twice_is_once(self, cast: Cast) -> None:
        loser = second(cast)
        first = merged(cast, loser)
        before = picture()
        assert merged(cast, loser) == first
        assert differences(before, picture()) == []

    def test_is_refused_where_one_is_not_in_sight(self, cast: Cast) -> None:
        loser = second(cast, owner=cast.tao)
        before = picture()
        with pytest.raises(CustomerUnknown):
            merged(cast, loser)
        with pytest.raises(NotAllowed):
            merge_customers(winner=cast.mrs_zhou.pk, loser=loser.pk, choices={}, by=cast.ji, now=NOW)
        with pytest.raises(SameArchive):
            merged(cast, cast.mrs_zhou)
        assert differences(before, picture()) == []

    def test_refuses_a_choice_that_is_none(self, cast: Cast) -> None:
        loser = second(cast)
        for wrong in ({"name": "both"}, {"password": "loser"}, {"name": "mine"}):
            with pytest.raises(ChoiceWrong):
                merged(cast, loser, **wrong)


@pytest.mark.django_db
class TestUndoMerge:
    def test_restores_everything_field_for_field(self, cast: Cast) -> None:
        load_default_plans(plans=CARE_PLANS, festivals=FESTIVAL_DAYS, by=SYSTEM, now=NOW)
        loser = second(cast, referrer=cast.mrs_zhou, confirmed={"name": ["2026-01-02", "", "walk_in"]})
        for one in (cast.mrs_zhou, loser):
            sale(cast, one, f"s{one.pk}")
            add_contact(customer=one, kind="phone", text="13800138001", by=cast.mei, now=NOW)
            add_date(customer=one, kind="birthday", day=DayOfYear(12, 4), by=cast.mei, now=NOW)
            GradeOverride.objects.create(
                customer=one, letter="A", reason="朋友", until_date=date(2027, 1, 1), by=cast.lin, made_at=NOW
            )
        expand_occasions(today=TODAY)
        plan_tasks(today=TODAY, now=NOW)
        before = picture()
        merge = merged(cast, loser, name="loser", card_number="loser")
        undone = undo_merge(merge=merge, by=cast.mei, now=LATER)
        assert undone.kept == [] and undone.moved == {}
        before.pop("customers_merge")
        assert differences(before, picture()) == []

    def test_keeps_and_lists_what_was_changed_since(self, cast: Cast) -> None:
        loser = second(cast)
        phone = add_contact(customer=loser, kind="phone", text="13900139001", by=cast.mei, now=NOW)
        merge = merged(cast, loser, name="loser")
        change_customer(customer=cast.mrs_zhou, changes={"name": "周丽桦"}, by=cast.mei, now=LATER)
        ContactPoint.objects.filter(pk=phone.pk).delete()
        new = sale(cast, cast.mrs_zhou, "new")
        undone = undo_merge(merge=merge, by=cast.mei, now=LATER)
        assert ["customers_customer", cast.mrs_zhou.pk, "edited"] in undone.kept
        assert ["customers_contactpoint", phone.pk, "gone"] in undone.kept
        assert Customer.objects.get(pk=cast.mrs_zhou.pk).name == "周丽桦"
        assert Customer.objects.get(pk=loser.pk).name == "周莉华"
        assert Sale.objects.get(pk=new.pk).customer == cast.mrs_zhou
        assert [hit.id for hit in search(viewer=cast.mei, text="周丽桦")] == [cast.mrs_zhou.pk]
        assert Grade.objects.get(customer=cast.mrs_zhou).lifetime_frequency == 1

    def test_a_return_since_goes_with_its_receipt(self, cast: Cast) -> None:
        loser = second(cast)
        receipt = sale(cast, loser, "b")
        merge = merged(cast, loser)
        back = Sale.objects.create(
            source_key="r", kind="return", customer=cast.mrs_zhou, shop=cast.shop_a, returns=receipt,
            sold_at=NOW, sold_date=TODAY, amount_minor=-500_000, created_at=NOW,
        )  # fmt: skip
        undo_merge(merge=merge, by=cast.mei, now=LATER)
        assert Sale.objects.get(pk=back.pk).customer_id == loser.pk

    def test_of_a_chain_the_newest_goes_first(self, cast: Cast) -> None:
        loser = second(cast)
        first = merged(cast, loser)
        second_merge = merge_customers(winner=cast.mr_zhou.pk, loser=cast.mrs_zhou.pk, choices={}, by=cast.mei, now=NOW)
        with pytest.raises(CustomerMerged) as moved:
            customer_for(viewer=cast.mei, id=loser.pk)
        assert moved.value.facts == {"merged_into": cast.mr_zhou.pk}
        with pytest.raises(UndoNewerFirst):
            undo_merge(merge=first, by=cast.mei, now=LATER)
        undo_merge(merge=second_merge, by=cast.mei, now=LATER)
        undo_merge(merge=first, by=cast.mei, now=LATER)
        assert FormerKey.objects.count() == 0
        assert customer_for(viewer=cast.mei, id=loser.pk).card_number == "ZK000009"

    def test_twice_is_once(self, cast: Cast) -> None:
        merge = merged(cast, second(cast))
        undo_merge(merge=merge, by=cast.mei, now=LATER)
        before = picture()
        undo_merge(merge=merge, by=cast.mei, now=LATER)
        assert differences(before, picture()) == []

    def test_is_hidden_from_those_who_do_not_see_her(self, cast: Cast) -> None:
        merge = merged(cast, second(cast))
        for stranger in (cast.qiao, cast.tao, cast.other):
            with pytest.raises(CustomerUnknown):
                undo_merge(merge=merge, by=stranger, now=LATER)


def test_a_draft_with_a_former_card_is_refused(cast: Cast) -> None:
    merged(cast, second(cast))
    with pytest.raises(CardTaken):
        add_customer(draft=CustomerDraft(name="别人", card_number="ZK000009"), by=cast.mei, now=NOW)
