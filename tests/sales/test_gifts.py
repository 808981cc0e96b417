"""Gifts: whom they are for, until when that is a secret, and what the recipient's archive may know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.basics.days import local_date
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer
from zhenke.customers.rules.surprise import is_still_secret
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.operations import add_return, add_sale, name_recipient
from zhenke.sales.queries import bought_sale, gifts_to, keepers_of_secrets, recipients_of
from zhenke.sales.queries.gifts import secret_lines
from zhenke.sales.queries.known import buyers_with_receipts
from zhenke.sales.rules import BadSlip, LineSlip, ReturnLine, ReturnSlip, SaleKeyReused, SaleSlip
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
TODAY = local_date(NOW, "Asia/Shanghai")
UNTIL = TODAY + timedelta(days=5)
RING = LineSlip(description="Ring", amount_minor=8_800_00)
SLIP = SaleSlip(source_key="till:g", sold_at=NOW - timedelta(hours=1), lines=(RING, replace(RING, description="Box")))


def sell(cast: Cast, slip: SaleSlip | None = None, **more: object) -> Sale:
    given = {"gift_for": cast.mrs_zhou.pk, "secret_until_date": UNTIL, **more}
    slip = slip or replace(SLIP, **given)  # type: ignore[arg-type]
    return add_sale(slip=slip, customer=cast.mr_zhou, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW).sale


def lines(sale: Sale) -> list[tuple[int | None, date | None, bool]]:
    rows = SaleLine.objects.filter(sale=sale).order_by("line_key")
    return [(row.gift_for_id, row.secret_until_date, row.is_gift) for row in rows]


class TestRecordedGift:
    def test_names_the_recipient_on_every_line(self, cast: Cast) -> None:
        sale = sell(cast)
        assert sale.is_gift
        assert lines(sale) == [(cast.mrs_zhou.pk, UNTIL, True)] * 2

    def test_may_be_one_line_only(self, cast: Cast) -> None:
        slip = replace(SLIP, lines=(replace(RING, gift_for=cast.mrs_zhou.pk), RING))
        sale = sell(cast, slip)
        assert not sale.is_gift
        assert lines(sale) == [(cast.mrs_zhou.pk, TODAY + timedelta(days=30), True), (None, None, False)]

    def test_of_nobody_keeps_no_day(self, cast: Cast) -> None:
        assert lines(sell(cast, gift_for=None)) == [(None, None, False)] * 2

    def test_is_refused_for_the_buyer_and_for_somebody_out_of_sight(self, cast: Cast) -> None:
        theirs = Customer.objects.create(name="何远", shop=cast.shop_b, owner=cast.qiao, created_at=NOW, updated_at=NOW)
        for key, code in (
            (cast.mr_zhou.pk, "recipient_buys"),
            (theirs.pk, "recipient_unknown"),
            (1, "recipient_unknown"),
        ):
            with pytest.raises(BadSlip) as refused:
                sell(cast, gift_for=key)
            assert refused.value.code == code
        assert Sale.objects.count() == 0

    def test_twice_stays_for_whom_it_is(self, cast: Cast) -> None:
        sale = sell(cast)
        name_recipient(sale=sale, line_ids=_keys(sale), recipient=None, secret_until_date=None, by=cast.mei, now=NOW)
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(owner=cast.tao)  # out of sight by now
        assert sell(cast) == sale
        assert lines(sale) == [(None, None, True)] * 2

    def test_named_since_is_the_same_receipt_for_the_till(self, cast: Cast) -> None:
        plain = {"gift_for": None, "secret_until_date": None}
        sale = sell(cast, **plain)
        name_recipient(
            sale=sale, line_ids=_keys(sale), recipient=cast.mrs_zhou, secret_until_date=UNTIL, by=cast.mei, now=NOW
        )
        assert sell(cast, **plain) == sale
        with pytest.raises(SaleKeyReused):
            sell(cast, **plain, note="other")

    def test_can_be_the_new_piece_of_an_exchange(self, cast: Cast) -> None:
        sale = sell(cast, gift_for=None)
        slip = ReturnSlip(
            source_key="till:x",
            sold_at=NOW,
            sale=sale.pk,
            lines=(ReturnLine("1"),),
            new_lines=(replace(RING, line_key="n1", gift_for=cast.mrs_zhou.pk, secret_until_date=UNTIL),),
        )
        bought = bought_sale(viewer=cast.mei, sale=sale.pk, shop=cast.shop_a)
        for _ in range(2):
            made = add_return(slip=slip, sale=bought, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW).sale
            assert sorted(lines(made), key=str) == [(cast.mrs_zhou.pk, UNTIL, True), (None, None, False)]


def _keys(sale: Sale) -> list[int]:
    return list(sale.lines.values_list("pk", flat=True))


class TestNameRecipient:
    def test_is_written_once_and_names_nobody_in_the_trail(self, cast: Cast) -> None:
        sale = sell(cast, gift_for=None)
        given = {"line_ids": _keys(sale)[:1], "recipient": cast.mrs_zhou, "secret_until_date": UNTIL}
        assert [name_recipient(sale=sale, **given, by=cast.mei, now=NOW) for _ in range(2)] == [1, 0]
        assert sorted(lines(sale), key=str) == [(cast.mrs_zhou.pk, UNTIL, True), (None, None, False)]
        entry = AuditEntry.objects.get(action="gift_named")
        assert (entry.subject_kind, entry.subject_id, entry.facts) == ("sale", sale.pk, {"lines": 1})

    def test_is_refused_for_the_buyer_and_to_those_who_do_not_sell(self, cast: Cast) -> None:
        sale = sell(cast, gift_for=None)
        given = {"sale": sale, "line_ids": _keys(sale), "secret_until_date": None, "now": NOW}
        with pytest.raises(BadSlip):
            name_recipient(recipient=cast.mr_zhou, by=cast.mei, **given)
        with pytest.raises(NotAllowed):
            name_recipient(recipient=cast.mrs_zhou, by=cast.ji, **given)

    def test_touches_no_line_of_another_receipt(self, cast: Cast) -> None:
        sale, other = sell(cast, gift_for=None), sell(cast, gift_for=None, source_key="till:other")
        given = {"recipient": cast.mrs_zhou, "secret_until_date": UNTIL, "by": cast.mei, "now": NOW}
        assert name_recipient(sale=sale, line_ids=_keys(other), **given) == 0


class TestGiftsTo:
    def test_begin_on_their_day_in_the_shop_that_sold(self, cast: Cast) -> None:
        sell(cast)
        midnight = datetime.combine(UNTIL, datetime.min.time(), UTC) - timedelta(hours=8)  # in Shanghai
        assert gifts_to(viewer=cast.mei, customer=cast.mrs_zhou, now=midnight - timedelta(seconds=1)) == []
        gifts = gifts_to(viewer=cast.mei, customer=cast.mrs_zhou, now=midnight)
        assert {gift.line.description for gift in gifts} == {"Ring", "Box"}
        assert {(gift.at, gift.giver, gift.may_open) for gift in gifts} == {(midnight, cast.mr_zhou, True)}

    def test_say_the_same_as_the_rule_on_every_day(self, cast: Cast) -> None:
        sell(cast)
        for days in range(-1, 9):
            now = NOW + timedelta(days=days)
            secret = is_still_secret(secret_until_date=UNTIL, today=local_date(now, "Asia/Shanghai"))
            assert (gifts_to(viewer=SYSTEM, customer=cast.mrs_zhou, now=now) == []) is secret

    def test_leave_out_what_came_back(self, cast: Cast) -> None:
        sale = sell(cast, secret_until_date=TODAY)
        slip = ReturnSlip(source_key="till:back", sold_at=NOW, sale=sale.pk, lines=(ReturnLine("1"),))
        bought = bought_sale(viewer=cast.mei, sale=sale.pk, shop=cast.shop_a)
        add_return(slip=slip, sale=bought, shop=cast.shop_a, advisor=cast.mei, by=cast.mei, now=NOW)
        assert [one.line.description for one in gifts_to(viewer=SYSTEM, customer=cast.mrs_zhou, now=NOW)] == ["Box"]

    def test_name_no_giver_and_open_no_receipt_out_of_sight(self, cast: Cast) -> None:
        sell(cast, secret_until_date=TODAY)
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(owner=cast.tao)
        gifts = gifts_to(viewer=cast.tao, customer=cast.mrs_zhou, now=NOW)
        assert [(gift.giver, gift.may_open) for gift in gifts] == [(None, False)] * 2

    def test_show_a_stranger_nothing(self, cast: Cast) -> None:
        sale = sell(cast, secret_until_date=TODAY)
        assert gifts_to(viewer=cast.qiao, customer=cast.mrs_zhou, now=NOW) == []
        assert gifts_to(viewer=cast.mei, customer=cast.mr_zhou, now=NOW) == []
        assert recipients_of(viewer=cast.qiao, sale=sale) == {}
        assert recipients_of(viewer=cast.mei, sale=sale) == {cast.mrs_zhou.pk: cast.mrs_zhou}

    def test_cost_one_query_where_nothing_was_given_and_three_where_something_was(self, cast: Cast) -> None:
        sell(cast, secret_until_date=TODAY)
        for customer, queries in ((cast.mr_zhou, 1), (cast.mrs_zhou, 3)):
            with CaptureQueriesContext(connection) as seen:
                gifts_to(viewer=cast.mei, customer=customer, now=NOW)
            assert len(seen) == queries


class TestKeepersOfSecrets:
    def test_are_those_who_bought_what_is_still_hidden(self, cast: Cast) -> None:
        sale, both = sell(cast), [cast.mr_zhou.pk, cast.mrs_zhou.pk]
        assert keepers_of_secrets(customer_ids=both, now=NOW) == {cast.mr_zhou.pk}
        assert keepers_of_secrets(customer_ids=both, now=NOW + timedelta(days=6)) == set()
        assert secret_lines(sale=sale, now=NOW) == set(_keys(sale))
        assert secret_lines(sale=sale, now=NOW + timedelta(days=6)) == set()


class TestBuyersWithReceipts:
    def test_counts_who_was_given_something(self, cast: Cast) -> None:
        assert buyers_with_receipts(customer_ids=[cast.mrs_zhou.pk, cast.mr_zhou.pk]) == set()
        sell(cast)
        both = {cast.mrs_zhou.pk, cast.mr_zhou.pk}
        assert buyers_with_receipts(customer_ids=both) == both
