"""The full regrade: stories on the real database; the small regrade and plain pandas must agree with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.cast import NOW, Cast, gather

from zhenke.basics.ids import new_id
from zhenke.catalogue.models import Style
from zhenke.customers.models import ContactPoint, Customer, Interaction, Trait
from zhenke.grading.models import Grade, GradeChange, GradeOverride, Yardstick
from zhenke.grading.operations import ensure_first_scheme, publish, regrade
from zhenke.grading.rules import DEFAULT_SCHEME
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff.models import Shop
from zhenke.staff.rules import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 22)


@pytest.fixture
def house(transactional_db: None) -> Iterator[Cast]:
    """The cast, committed, because the engine reads by a connection of its own."""
    yield gather()


def sold(
    customer: Customer,
    shop: Shop,
    day: date,
    amount_minor: int,
    cost_minor: int | None = None,
    style: Style | None = None,
) -> Sale:
    """Write one receipt of one line."""
    key = new_id()
    sale = Sale.objects.create(
        id=key,
        source_key=f"t{key}",
        customer=customer,
        shop=shop,
        sold_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
        sold_date=day,
        amount_minor=amount_minor,
        cost_minor=cost_minor,
        line_count=1,
        created_at=NOW,
    )
    SaleLine.objects.create(sale=sale, line_key="1", style=style, amount_minor=amount_minor, cost_minor=cost_minor)
    return sale


def brought_back(sale: Sale, day: date) -> Sale:
    """Write the return of a whole receipt of one line."""
    [line] = sale.lines.all()
    key = new_id()
    back = Sale.objects.create(
        id=key,
        source_key=f"t{key}",
        kind=Sale.Kind.RETURN,
        customer=sale.customer,
        shop=sale.shop,
        sold_at=datetime(day.year, day.month, day.day, 5, tzinfo=UTC),
        sold_date=day,
        amount_minor=-line.amount_minor,
        cost_minor=None if line.cost_minor is None else -line.cost_minor,
        line_count=1,
        returns=sale,
        created_at=NOW,
    )
    SaleLine.objects.create(
        sale=back,
        line_key="1",
        quantity=-1,
        amount_minor=-line.amount_minor,
        cost_minor=back.cost_minor,
        returned_line=line,
    )
    return back


def met(customer: Customer, day: date, kind: str = "visit", **facts: object) -> None:
    """Write one interaction."""
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    Interaction.objects.create(customer=customer, kind=kind, at=at, facts=facts)


def everybody() -> dict[int, dict[str, Any]]:
    """Every grade as plain values, without the key of its last write."""
    rows = Grade.objects.order_by().values()
    return {row["customer_id"]: {name: row[name] for name in row if name != "revision"} for row in rows}


class TestRegradeCustomers:
    def test_grades_buyers_and_stages_the_rest(self, house: Cast) -> None:
        sold(house.mrs_zhou, house.shop_a, TODAY - timedelta(days=10), 500_000, 300_000)
        found = regrade_customers(reason="night", now=NOW)
        assert (found.customers, sum(found.grades.values()), sum(found.prospects.values())) == (2, 1, 1)
        assert (found.as_of, found.as_of_reason, found.scheme, found.changed) == (TODAY, "today", 1, 2)
        grade = Grade.objects.get(customer=house.mrs_zhou)
        assert (grade.letter, grade.computed_letter, grade.stage, grade.lifecycle) == ("C", "C", "", "active")
        assert (grade.frequency, grade.amount_minor, grade.margin_minor, grade.margin_permille) == (
            1,
            500_000,
            200_000,
            400,
        )
        assert grade.last_bought_date == TODAY - timedelta(days=10)
        assert grade.bands == "5114000"
        assert Grade.objects.get(customer=house.mr_zhou).stage == "E"

    def test_changes_nothing_the_second_time(self, house: Cast) -> None:
        sold(house.mrs_zhou, house.shop_a, TODAY - timedelta(days=10), 500_000)
        regrade_customers(reason="night", now=NOW)
        before = everybody(), GradeChange.objects.count()
        again = regrade_customers(reason="night", now=NOW + timedelta(hours=1))
        assert (again.changed, again.moved) == (0, 0)
        assert (everybody(), GradeChange.objects.count()) == before

    def test_writes_nothing_for_a_day_that_passed_without_consequence(self, house: Cast) -> None:
        sold(house.mrs_zhou, house.shop_a, TODAY - timedelta(days=10), 500_000)
        regrade_customers(reason="night", now=NOW)
        assert regrade_customers(reason="night", now=NOW + timedelta(days=1)).changed == 0

    def test_keeps_the_history_of_moves_with_their_reason(self, house: Cast) -> None:
        regrade_customers(reason="night", now=NOW)
        sold(house.mrs_zhou, house.shop_a, TODAY, 500_000)
        found = regrade_customers(reason="import", now=NOW)
        assert (found.changed, found.moved) == (1, 1)
        moves = GradeChange.objects.filter(customer=house.mrs_zhou).order_by("id")
        assert [(m.from_letter, m.to_letter, m.from_stage, m.to_stage, m.reason) for m in moves] == [
            ("", "", "", "E", "night"),
            ("", "C", "E", "", "import"),
        ]

    def test_takes_the_day_of_the_newest_sale_when_history_ended_long_ago(self, house: Cast) -> None:
        last = TODAY - timedelta(days=200)
        sold(house.mrs_zhou, house.shop_a, last, 500_000)
        found = regrade_customers(reason="import", now=NOW)
        assert (found.as_of, found.as_of_reason) == (last, "newest_sale")
        assert Grade.objects.get(customer=house.mrs_zhou).bands[0] == "5"
        given = regrade_customers(as_of=TODAY, reason="import", now=NOW)
        assert (given.as_of, given.as_of_reason) == (TODAY, "given")
        assert Grade.objects.get(customer=house.mrs_zhou).bands[0] == "3"

    def test_leaves_an_override_and_moves_the_computed_letter_beside_it(self, house: Cast) -> None:
        sold(house.mrs_zhou, house.shop_a, TODAY - timedelta(days=10), 500_000)
        regrade_customers(reason="night", now=NOW)
        held = GradeOverride.objects.create(
            customer=house.mrs_zhou, letter="A", reason="x", until_date=TODAY, by=house.lin, made_at=NOW
        )
        regrade_customers(reason="night", now=NOW)
        grade = Grade.objects.get(customer=house.mrs_zhou)
        assert (grade.letter, grade.computed_letter) == ("A", "C")
        regrade_customers(reason="night", now=NOW + timedelta(days=1))
        grade.refresh_from_db()
        held.refresh_from_db()
        assert (grade.letter, held.ended_at) == ("C", NOW + timedelta(days=1))
        assert GradeChange.objects.order_by("-id").first().reason == "override_ended"  # type: ignore[union-attr]

    def test_regrades_everybody_under_a_new_scheme(self, house: Cast) -> None:
        sold(house.mrs_zhou, house.shop_a, TODAY - timedelta(days=10), 500_000)
        regrade_customers(reason="night", now=NOW)
        rules = DEFAULT_SCHEME.to_plain() | {"pyramid": {"method": "score", "scores": [100, 50, 20, 10]}}
        scheme = publish(rules=rules, by=SYSTEM, now=NOW)
        found = regrade_customers(reason="scheme", now=NOW)
        assert (found.scheme, found.grades["A"], found.changed) == (2, 1, 2)
        assert Grade.objects.get(customer=house.mrs_zhou).scheme == scheme


class TestStoppedHalfWay:
    def test_keeps_what_was_written_and_goes_on_there(self, house: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        sold(house.mrs_zhou, house.shop_a, TODAY - timedelta(days=10), 500_000)
        monkeypatch.setattr("zhenke.journeys.regrade_customers.BATCH_ROWS", 1)

        def stop(_rows: int, _total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            regrade_customers(reason="night", now=NOW, progress=stop)
        assert Grade.objects.count() == 1
        seen: list[tuple[int, int]] = []
        found = regrade_customers(reason="night", now=NOW, progress=lambda rows, total: seen.append((rows, total)))
        assert (found.changed, Grade.objects.count(), GradeChange.objects.count(), seen) == (1, 2, 2, [(1, 1)])


class TestBothRegrades:
    """The property on which grading stands: one by one and all at once give the same."""

    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking takes minutes here
    )
    @given(story=st.data())
    def test_give_the_same_grade_to_everybody(self, house: Cast, story: st.DataObject) -> None:
        with transaction.atomic():
            _empty()
        ensure_first_scheme(NOW)
        rules = _any_rules(story)
        publish(rules=rules, by=SYSTEM, now=NOW)
        with transaction.atomic():
            people = _any_people(story, house)
        as_of = TODAY - timedelta(days=story.draw(st.sampled_from([0, 0, 30, 400])))
        regrade_customers(as_of=as_of, reason="night", now=NOW)
        before, moves = everybody(), GradeChange.objects.count()
        assert set(before) == set(Customer.objects.values_list("pk", flat=True))
        with transaction.atomic():
            for person in people:
                regrade(customer=person, as_of=as_of, reason="sale", now=NOW)
        after = everybody()
        for person in people:
            assert after[person.pk] == before[person.pk]
        assert GradeChange.objects.count() == moves


def _empty() -> None:
    for model in (GradeChange, GradeOverride, Grade, Yardstick, Interaction, Trait, ContactPoint):
        model.objects.all().delete()
    SaleLine.objects.filter(returned_line__isnull=False).delete()
    SaleLine.objects.all().delete()
    Sale.objects.filter(returns__isnull=False).delete()
    Sale.objects.all().delete()
    Customer.objects.update(referrer=None)
    Customer.objects.exclude(name__startswith="周").delete()


def _any_rules(story: st.DataObject) -> dict[str, object]:
    rules = DEFAULT_SCHEME.to_plain()
    rules["cluster"] = story.draw(st.sampled_from(["brand", "region", "shop"]))
    rules["cluster_minimum"] = story.draw(st.sampled_from([1, 3, 200]))
    rules["window_months"] = story.draw(st.sampled_from([1, 12, 36]))
    rules["lifecycle_days"] = story.draw(st.sampled_from([[365, 730, 1095], [10, 20, 30]]))
    method = story.draw(st.sampled_from(["share", "score"]))
    rules["pyramid"] = {"method": method}
    return rules


def _any_people(story: st.DataObject, house: Cast) -> list[Customer]:
    ring, _ = Style.objects.get_or_create(style_no="R1", defaults={"category": "wedding_ring", "created_at": NOW})
    people: list[Customer] = []
    days = st.integers(0, 1500).map(lambda back: TODAY - timedelta(days=back))
    for number in range(story.draw(st.integers(1, 25))):
        person = Customer.objects.create(
            name=f"客{number}",
            shop=story.draw(st.sampled_from([house.shop_a, house.shop_b, house.other_brand])),
            gender=story.draw(st.sampled_from(["", "f"])),
            region=story.draw(st.sampled_from(["", "深圳"])),
            referrer=story.draw(st.sampled_from([None, *people])),
            created_at=NOW,
            updated_at=NOW,
        )
        people.append(person)
        for _ in range(story.draw(st.integers(0, 4))):
            amount = story.draw(st.sampled_from([0, 100_00, 100_00, 250_00, 999_99]))
            cost = story.draw(st.sampled_from([None, 0, 60_00, 300_00]))
            style = story.draw(st.sampled_from([None, ring]))
            day = story.draw(days)
            sale = sold(person, person.shop, day, amount, cost, style)
            if story.draw(st.integers(0, 3)) == 0:
                brought_back(sale, day + timedelta(days=story.draw(st.integers(0, 60))))
        for _ in range(story.draw(st.integers(0, 3))):
            said = story.draw(st.sampled_from([{}, {"satisfaction": 85}, {"satisfaction": 101}, {"satisfaction": "x"}]))
            met(person, story.draw(days), story.draw(st.sampled_from(["visit", "call", "note"])), **said)
        for key, text in story.draw(
            st.lists(
                st.sampled_from(
                    [
                        ("intent", "ring"),
                        ("intent_date", "2026-12-20"),
                        ("intent_date", "2026-99-20"),
                        ("intent_date", "soon"),
                        ("budget", "20k"),
                    ]
                ),
                unique=True,
            )
        ):
            Trait.objects.create(customer=person, key=key, text=text, confirmed_at=NOW)
    return people
