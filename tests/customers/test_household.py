"""Who belongs to whom: read from both ends, written once, and nothing of people out of sight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from tests.cast import NOW, Cast

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, CustomerLink
from zhenke.customers.operations import add_date, add_link, drop_link, restore_link
from zhenke.customers.queries import CustomerUnknown, household_of, link_for, partner_of, secret_until_of
from zhenke.customers.rules.household import (
    HOUSEHOLD,
    KINDS,
    LinkKindWrong,
    LinkToSelf,
    Pair,
    other_end,
    pair_of,
    place_of_kind,
)
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, Shop

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def link(cast: Cast, kind: str = "spouse") -> CustomerLink:
    return add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind=kind, by=cast.mei, now=NOW)


def somebody(cast: Cast, name: str, *, owner: object = None, shop: Shop | None = None) -> Customer:
    return Customer.objects.create(
        name=name, shop=shop or cast.shop_a, owner=owner or cast.mei, created_at=NOW, updated_at=NOW
    )


class TestKinds:
    def test_come_back_to_themselves_from_the_other_end(self) -> None:
        assert all(other_end(other_end(kind)) == kind for kind in KINDS)

    @pytest.mark.parametrize(
        ("kind", "back"), [("child", "parent"), ("spouse", "spouse"), ("company", "company_contact")]
    )
    def test_have_a_word_for_each_end(self, kind: str, back: str) -> None:
        assert other_end(kind) == back

    def test_put_the_household_first(self) -> None:
        assert max(map(place_of_kind, HOUSEHOLD)) < min(place_of_kind(kind) for kind in set(KINDS) - set(HOUSEHOLD))

    def test_refuse_what_is_no_link(self) -> None:
        with pytest.raises(LinkKindWrong):
            other_end("boss")


class TestPairOf:
    def test_is_the_same_from_both_ends(self) -> None:
        assert pair_of(customer=1, other=2, kind="child") == pair_of(customer=2, other=1, kind="parent")
        assert pair_of(customer=2, other=1, kind="parent") == Pair(1, 2, "child")

    def test_refuses_oneself(self) -> None:
        with pytest.raises(LinkToSelf):
            pair_of(customer=1, other=1, kind="friend")


class TestAddLink:
    def test_is_read_from_both_ends_with_the_right_word(self, cast: Cast) -> None:
        child = somebody(cast, "周小雨")
        link(cast)
        add_link(customer=cast.mrs_zhou, other=child, kind="child", by=cast.mei, now=NOW)
        hers = household_of(viewer=cast.mei, customer=cast.mrs_zhou)
        assert [(one.kind, one.other) for one in hers] == [("spouse", cast.mr_zhou), ("child", child)]
        assert [(one.kind, one.other) for one in household_of(viewer=cast.mei, customer=child)] == [
            ("parent", cast.mrs_zhou)
        ]

    def test_twice_is_one_link_from_either_end(self, cast: Cast) -> None:
        first = link(cast, "child")
        again = add_link(customer=cast.mr_zhou, other=cast.mrs_zhou, kind="parent", by=cast.mei, now=LATER)
        assert first == again
        assert CustomerLink.objects.count() == 1
        assert AuditEntry.objects.filter(action="link_added").count() == 1

    def test_with_another_kind_changes_the_word(self, cast: Cast) -> None:
        link(cast, "partner")
        link(cast, "spouse")
        assert [one.kind for one in household_of(viewer=cast.mei, customer=cast.mr_zhou)] == ["spouse"]
        assert CustomerLink.objects.count() == 1

    def test_leaves_keys_and_codes_in_the_trail(self, cast: Cast) -> None:
        made = link(cast)
        entry = AuditEntry.objects.get(action="link_added")
        assert (entry.subject_id, entry.facts) == (cast.mrs_zhou.pk, {"link": made.pk})

    def test_does_not_reach_somebody_out_of_sight(self, cast: Cast) -> None:
        theirs = somebody(cast, "何远", owner=cast.tao)
        for customer, other in ((cast.mrs_zhou, theirs), (theirs, cast.mrs_zhou)):
            with pytest.raises(CustomerUnknown):
                add_link(customer=customer, other=other, kind="friend", by=cast.mei, now=NOW)
        assert CustomerLink.objects.count() == 0

    def test_is_not_for_those_who_only_read(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", by=cast.ji, now=NOW)

    def test_keeps_both_customers_from_being_removed(self, cast: Cast) -> None:
        link(cast)
        with pytest.raises(ProtectedError):
            cast.mr_zhou.delete()


class TestDropLink:
    def test_takes_it_away_once_and_lets_it_come_back_once(self, cast: Cast) -> None:
        made = link(cast)
        dropped = [drop_link(customer=cast.mrs_zhou, link=made, by=cast.mei, now=LATER) for _ in range(2)]
        assert dropped == [True, False]
        assert household_of(viewer=cast.mei, customer=cast.mrs_zhou) == []
        assert partner_of(viewer=cast.mei, customer=cast.mrs_zhou) is None
        back = [restore_link(customer=cast.mrs_zhou, link=made, by=cast.mei, now=LATER) for _ in range(2)]
        assert back == [True, False]
        assert [one.id for one in household_of(viewer=cast.mei, customer=cast.mr_zhou)] == [made.pk]

    def test_once_dropped_can_be_made_anew(self, cast: Cast) -> None:
        drop_link(customer=cast.mrs_zhou, link=link(cast), by=cast.mei, now=LATER)
        link(cast, "friend")
        assert [one.kind for one in household_of(viewer=cast.mei, customer=cast.mrs_zhou)] == ["friend"]

    @pytest.mark.parametrize("act", [drop_link, restore_link])
    def test_is_not_for_those_who_only_read(self, cast: Cast, act) -> None:  # type: ignore[no-untyped-def]
        made = link(cast)
        with pytest.raises(NotAllowed):
            act(customer=cast.mrs_zhou, link=made, by=cast.an, now=NOW)


class TestHouseholdOf:
    def test_tells_of_a_person_out_of_sight_only_the_kind(self, cast: Cast) -> None:
        theirs = somebody(cast, "何远", owner=cast.tao)
        made = add_link(customer=cast.mrs_zhou, other=theirs, kind="friend", by=cast.lin, now=NOW)
        seen = household_of(viewer=cast.mei, customer=cast.mrs_zhou)
        assert [(one.id, one.kind, one.other) for one in seen] == [(made.pk, "friend", None)]

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        made = link(cast)
        for stranger in (cast.qiao, cast.tao, cast.other):
            assert household_of(viewer=stranger, customer=cast.mrs_zhou) == []
            assert partner_of(viewer=stranger, customer=cast.mrs_zhou) is None
            with pytest.raises(CustomerUnknown):
                link_for(viewer=stranger, customer=cast.mrs_zhou, id=made.pk)

    def test_takes_two_queries_however_many_belong_to_her(self, cast: Cast) -> None:
        for number in range(6):
            add_link(customer=cast.mrs_zhou, other=somebody(cast, f"亲{number}"), kind="relative", by=cast.mei, now=NOW)
        with CaptureQueriesContext(connection) as seen:
            assert len(household_of(viewer=cast.mei, customer=cast.mrs_zhou)) == 6
        assert len(seen) == 2


class TestPartnerOf:
    def test_is_the_spouse_in_sight(self, cast: Cast) -> None:
        link(cast)
        found = partner_of(viewer=cast.mei, customer=cast.mr_zhou)
        assert found is not None and (found.kind, found.other) == ("spouse", cast.mrs_zhou)

    def test_is_nobody_when_she_is_a_colleagues_customer(self, cast: Cast) -> None:
        link(cast)
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(owner=cast.tao)
        assert partner_of(viewer=cast.mei, customer=cast.mr_zhou) is None


class TestLinkFor:
    def test_does_not_find_somebody_elses_link(self, cast: Cast) -> None:
        made, other = link(cast), somebody(cast, "何念")
        assert link_for(viewer=cast.mei, customer=cast.mr_zhou, id=made.pk) == made
        with pytest.raises(CustomerUnknown):
            link_for(viewer=cast.mei, customer=other, id=made.pk)


class TestSecretUntilOf:
    BOUGHT = date(2026, 2, 10)

    def until(self, cast: Cast, viewer: object = SYSTEM) -> date:
        her = Customer.objects.select_related("shop").get(pk=cast.mrs_zhou.pk)
        return secret_until_of(viewer=viewer, recipient=her, bought=self.BOUGHT)  # type: ignore[arg-type]

    def test_is_her_next_day_within_ninety_days(self, cast: Cast) -> None:
        for kind, month in (("wedding", 4), ("birthday", 3), ("child_birthday", 2)):
            add_date(customer=cast.mrs_zhou, kind=kind, day=DayOfYear(month, 20), by=cast.mei, now=NOW)
        assert self.until(cast) == date(2026, 3, 20)

    def test_is_thirty_days_later_without_such_a_day(self, cast: Cast) -> None:
        add_date(customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(2, 10), by=cast.mei, now=NOW)
        assert self.until(cast) == date(2026, 3, 12)

    def test_keeps_29_february_as_the_shop_does(self, cast: Cast) -> None:
        add_date(customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(2, 29), by=cast.mei, now=NOW)
        assert self.until(cast) == date(2026, 2, 28)
        Shop.objects.filter(pk=cast.brand.pk).update(date_rules={"feb29": "after"})
        assert self.until(cast) == date(2026, 3, 1)

    def test_tells_a_stranger_nothing_of_her_days(self, cast: Cast) -> None:
        add_date(customer=cast.mrs_zhou, kind="birthday", day=DayOfYear(3, 20), by=cast.mei, now=NOW)
        assert self.until(cast, cast.qiao) == date(2026, 3, 12)
