"""Queries whose SQL is made once, and rows written as they are, on the real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast, gather

from zhenke.basics.prepared import Prepared, PreparedEach, Several, insert_objects, update_object
from zhenke.catalogue.models import Style
from zhenke.customers.models import Customer, Interaction

BY_NUMBERS = Prepared(
    lambda one, other: Style.objects.filter(style_no__in=[one, other]).order_by("style_no"), one=str, other=str
)
TOUCHES = Prepared(
    lambda customer, since, before: Interaction.objects.filter(customer=customer, at__gte=since, at__lt=before),
    customer=int,
    since=datetime,
    before=datetime,
)
WITH_SHOP = Prepared(lambda key: Customer.objects.select_related("shop", "cover").filter(pk=key), key=int)


def _style(number: str) -> Style:
    return Style(style_no=number, name=f"Ring {number}", category="ring", created_at=NOW)


@pytest.mark.django_db
class TestPrepared:
    def test_finds_what_the_query_finds_with_other_values_each_time(self) -> None:
        Style.objects.bulk_create([_style("R1"), _style("R2"), _style("R3")])
        for pair in (("R1", "R2"), ("R3", "R2"), ("R9", "R1"), ("%s", "'")):
            wanted = Style.objects.filter(style_no__in=pair).order_by("style_no")
            found = BY_NUMBERS.rows(connection, one=pair[0], other=pair[1])
            assert [vars(one) | {"_state": 0} for one in found] == [vars(one) | {"_state": 0} for one in wanted]

    def test_reads_moments_and_plain_values_as_the_orm_does(self, cast: Cast) -> None:
        facts = {"satisfaction": 80, "label": "大"}
        row = Interaction.objects.create(customer=cast.mrs_zhou, kind="call", at=NOW, by=cast.mei, facts=facts)
        found = TOUCHES.first(connection, customer=cast.mrs_zhou.pk, since=NOW, before=NOW + timedelta(seconds=1))
        assert (found.pk, found.at, found.facts, found._state.adding) == (row.pk, NOW, facts, False)
        assert TOUCHES.first(connection, customer=cast.mrs_zhou.pk, since=NOW - timedelta(1), before=NOW) is None

    def test_brings_related_rows_along(self, cast: Cast) -> None:
        with CaptureQueriesContext(connection) as caught:
            found = WITH_SHOP.first(connection, key=cast.mrs_zhou.pk)
            assert (found.shop.name, found.cover) == (cast.shop_a.name, cast.mrs_zhou.cover)
        assert len(caught) == 1
        assert WITH_SHOP.first(connection, key=1) is None

    def test_gives_tuples_of_a_values_list(self, cast: Cast) -> None:
        listed = Prepared(lambda key: Customer.objects.filter(pk=key).values_list("name", "first_met_date"), key=int)
        assert listed.rows(connection, key=cast.mrs_zhou.pk) == [(cast.mrs_zhou.name, cast.mrs_zhou.first_met_date)]

    def test_brings_what_was_annotated(self, cast: Cast) -> None:
        counted = Prepared(lambda key: Customer.objects.filter(pk=key).annotate(dates_kept=Count("dates")), key=int)
        found = counted.first(connection, key=cast.mrs_zhou.pk)
        assert (found, found.dates_kept) == (cast.mrs_zhou, cast.mrs_zhou.dates.count())

    @pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
    def test_finds_every_key_of_a_place_of_several_once(self, count: int) -> None:
        of_keys = Prepared(lambda keys: Style.objects.filter(pk__in=keys).values_list("pk"), keys=Several(3))
        styles = Style.objects.bulk_create([_style(f"S{number}") for number in range(8)])
        wanted = [style.pk for style in styles[:count]]
        with CaptureQueriesContext(connection) as caught:
            assert sorted(key for (key,) in of_keys.rows(connection, keys=wanted)) == sorted(wanted)
        assert len(caught) == (count + 2) // 3

    def test_refuses_a_query_that_has_no_place_for_a_value(self) -> None:
        changed_on_its_way = Prepared(lambda text: Style.objects.filter(name__contains=text), text=str)
        with pytest.raises(ValueError, match="no place for"):
            changed_on_its_way.rows(connection, text="x")


@pytest.mark.django_db(transaction=True)
class TestPreparedInThreads:
    def test_uses_each_threads_own_connection(self) -> None:
        cast = gather()

        def ask(_: int) -> str:
            try:
                return str(WITH_SHOP.first(connection, key=cast.mrs_zhou.pk).name)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(ask, range(12))) == {cast.mrs_zhou.name}


@pytest.mark.django_db
class TestInsertObjects:
    def test_writes_what_saving_would_write(self, cast: Cast) -> None:
        row = Interaction(customer=cast.mrs_zhou, kind="call", at=NOW, by=cast.mei, facts={"a": [1, "二"]})
        assert insert_objects(connection, [row]) == 1
        kept = Interaction.objects.get(pk=row.pk)
        assert vars(kept) | {"_state": 0} == {key: vars(row)[key] for key in vars(kept)} | {"_state": 0}
        assert not row._state.adding

    def test_writes_many_in_a_few_statements(self) -> None:
        with CaptureQueriesContext(connection) as caught:
            assert insert_objects(connection, [_style(f"R{number}") for number in range(250)]) == 250
        assert (len(caught), Style.objects.count()) == (3, 250)

    def test_leaves_out_what_is_taken(self) -> None:
        insert_objects(connection, [_style("R1")])
        assert insert_objects(connection, [_style("R1"), _style("R2")], unless_taken="style_no") == 1
        assert insert_objects(connection, [_style("R1")], unless_taken="style_no") == 0

    def test_refuses_what_is_taken_elsewhere(self) -> None:
        insert_objects(connection, [_style("R1")])
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_objects(connection, [_style("R1")])


@pytest.mark.django_db
class TestUpdateObject:
    def test_writes_every_column_of_the_one(self) -> None:
        style, other = _style("R1"), _style("R2")
        insert_objects(connection, [style, other])
        style.name = "Halo"
        assert update_object(connection, style) == 1
        assert sorted(Style.objects.values_list("name", flat=True)) == ["Halo", "Ring R2"]

    def test_says_when_it_is_gone(self) -> None:
        assert update_object(connection, _style("R1")) == 0


class TestPreparedEach:
    def test_makes_the_query_of_a_key_once(self) -> None:
        each = PreparedEach()
        first = each.of(("mei", 1), lambda: Prepared(lambda key: Style.objects.filter(pk=key), key=int))
        assert each.of(("mei", 1), lambda: Prepared(lambda key: Style.objects.filter(pk=key), key=int)) is first
        assert each.of(("mei", 2), lambda: Prepared(lambda key: Style.objects.filter(pk=key), key=int)) is not first
