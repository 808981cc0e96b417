"""One look at what is specially protected: what it asks for, who may agree, once, in time, with the owner told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, CustomerTeam, LookPermit, RevealTally
from zhenke.customers.operations import add_contact, reveal_contact
from zhenke.customers.operations.permits import allow_look, ask_permit, decide_permit, end_permits
from zhenke.customers.queries.permits import (
    look_at,
    may_decide,
    permit_for,
    permits,
    seen_permits,
    waiting_permits,
)
from zhenke.customers.queries.watch import looks_at_protected
from zhenke.customers.rules.importance import NEEDS, Need, needs_of
from zhenke.customers.rules.permits import (
    LOOK_LASTS,
    PROOF_LASTS,
    WAITS,
    PermitNotNeeded,
    PermitNotOpen,
    PermitReasonWrong,
    PermitUnknown,
    ProofMissing,
    SecondPersonMissing,
    is_proof_fresh,
    needs_second_person,
)
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember

pytestmark = pytest.mark.django_db
STREET = "深圳市罗湖区翠竹路1号"
LATER = NOW + timedelta(minutes=1)


def make(customer: Customer, importance: int) -> Customer:
    Customer.objects.filter(pk=customer.pk).update(importance=importance, importance_reason="asked")
    customer.refresh_from_db()
    return customer


def address(cast: Cast, importance: int = 1) -> int:
    key = add_contact(customer=cast.mrs_zhou, kind="address", text=STREET, by=SYSTEM, now=NOW).pk
    make(cast.mrs_zhou, importance)
    return key


def look(member: StaffMember, key: int, *, proved: bool = True) -> str:
    return reveal_contact(viewer=member, contact=key, reason="deliver", now=LATER, proved_at=NOW if proved else None)


def ask(cast: Cast, member: StaffMember, key: int) -> LookPermit:
    return ask_permit(customer=cast.mrs_zhou, group="address", subject=key, reason="deliver", by=member, now=NOW)


def agree(permit: LookPermit, by: StaffMember) -> LookPermit:
    return decide_permit(permit=permit, agree=True, because="known", by=by, now=NOW)


class TestRules:
    @pytest.mark.parametrize(("minutes", "fresh"), [(0, True), (5, True), (5.01, False), (-1, False)])
    def test_a_proof_lasts_for_five_minutes(self, minutes: float, fresh: bool) -> None:
        assert is_proof_fresh(proved_at=NOW - timedelta(minutes=minutes), now=NOW) is fresh
        assert not is_proof_fresh(proved_at=None, now=NOW)

    def test_level_four_asks_for_a_proof_whoever_it_is(self) -> None:
        assert all(Need.SECOND_FACTOR in needs_of(level=4, importance=one) for one in (1, 2, 3))
        assert not any(Need.SECOND_FACTOR in needs_of(level=3, importance=one) for one in (1, 2, 3))

    @pytest.mark.parametrize(
        ("level", "importance", "is_named", "needed"),
        [
            (4, 1, False, False),
            (4, 2, True, False),
            (4, 2, False, True),
            (4, 3, True, True),
            (3, 3, True, False),
            (3, 2, False, False),
        ],
    )
    def test_a_second_person_is_needed_where_the_class_says_so(
        self, level: int, importance: int, is_named: bool, needed: bool
    ) -> None:
        needs = needs_of(level=level, importance=importance)
        assert needs_second_person(needs=needs, level=level, is_named=is_named) is needed


class TestRevealOfAnAddress:
    def test_of_an_ordinary_customer_asks_for_a_fresh_proof(self, cast: Cast) -> None:
        key = address(cast)
        with pytest.raises(ProofMissing):
            look(cast.lin, key, proved=False)
        with pytest.raises(ProofMissing):
            reveal_contact(
                viewer=cast.lin, contact=key, reason="deliver", now=NOW, proved_at=NOW - PROOF_LASTS - timedelta(1)
            )
        assert not RevealTally.objects.exists()
        assert not AuditEntry.objects.filter(action="contact.revealed").exists()
        assert look(cast.lin, key) == STREET
        assert RevealTally.objects.get().shown == 1

    def test_of_a_vip_asks_who_is_not_named_for_a_second_person(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        with pytest.raises(SecondPersonMissing):
            look(cast.lin, key)
        assert look(cast.zhu, key) == STREET  # the owner is named for everybody
        CustomerTeam.objects.create(customer=cast.mrs_zhou, member=cast.lin, part="service", from_date=NOW.date())
        assert look(cast.lin, key) == STREET

    def test_of_a_protected_customer_asks_everybody(self, cast: Cast) -> None:
        key = address(cast, importance=3)
        with pytest.raises(SecondPersonMissing):
            look(cast.zhu, key)
        permit = ask(cast, cast.zhu, key)
        agree(permit, cast.hua)
        assert look(cast.zhu, key) == STREET

    def test_a_phone_asks_for_neither(self, cast: Cast) -> None:
        key = add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW).pk
        make(cast.mrs_zhou, 3)
        assert reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW) == "+8613800138000"

    def test_the_house_itself_is_asked_for_nothing(self, cast: Cast) -> None:
        key = address(cast, importance=3)
        assert reveal_contact(viewer=SYSTEM, contact=key, reason="check", now=NOW) == STREET

    @pytest.mark.parametrize("need", ["SECOND_FACTOR", "SECOND_APPROVER"])
    def test_a_need_taken_out_is_found(self, cast: Cast, monkeypatch: pytest.MonkeyPatch, need: str) -> None:
        gone = {name: needs - {Need[need]} for name, needs in NEEDS.items()}
        monkeypatch.setattr("zhenke.customers.rules.importance.NEEDS", gone)
        key = address(cast, importance=3)
        if need == "SECOND_APPROVER":
            assert look(cast.zhu, key) == STREET
        else:
            agree(ask(cast, cast.zhu, key), cast.hua)
            assert look(cast.zhu, key, proved=False) == STREET


class TestOneLook:
    def test_uses_the_permit_up_and_tells_the_owner(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        permit = agree(ask(cast, cast.lin, key), cast.hua)
        assert look(cast.lin, key) == STREET
        permit.refresh_from_db()
        assert permit.state == "used"
        with pytest.raises(SecondPersonMissing):
            look(cast.lin, key)
        [told] = looks_at_protected(viewer=cast.zhu)
        assert (told.by, told.customer, told.place) == (cast.lin, cast.mrs_zhou, "whole")
        assert looks_at_protected(viewer=cast.other) == []
        assert AuditEntry.objects.filter(action="contact.revealed").count() == 1

    def test_is_over_after_a_quarter_of_an_hour(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        agree(ask(cast, cast.lin, key), cast.hua)
        late = NOW + LOOK_LASTS
        with pytest.raises(SecondPersonMissing):
            reveal_contact(viewer=cast.lin, contact=key, reason="deliver", now=late, proved_at=late)

    def test_is_for_who_asked_and_for_what_was_asked(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        other = add_contact(customer=cast.mrs_zhou, kind="address", text="上海市静安区2号", by=SYSTEM, now=NOW).pk
        agree(ask(cast, cast.lin, key), cast.hua)
        for member, asked in ((cast.hua, key), (cast.lin, other)):
            with pytest.raises(SecondPersonMissing):
                look(member, asked)

    def test_what_fails_leaves_the_permit_as_it_was(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        permit = agree(ask(cast, cast.lin, key), cast.hua)
        with pytest.raises(ProofMissing):
            look(cast.lin, key, proved=False)
        permit.refresh_from_db()
        assert permit.state == "agreed"


@pytest.mark.django_db(transaction=True)
class TestTwoLooksAtOnce:
    def test_use_one_permit_once(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        agree(ask(cast, cast.lin, key), cast.hua)
        told: list[str] = []
        start = Barrier(6)

        def try_it() -> None:
            start.wait()
            try:
                with transaction.atomic():
                    allow_look(
                        viewer=cast.lin, customer=cast.mrs_zhou, group="address", subject=key, proved_at=NOW, now=NOW
                    )
                told.append("shown")
            except SecondPersonMissing:
                told.append("refused")
            finally:
                connection.close()

        threads = [Thread(target=try_it) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(told) == ["refused"] * 5 + ["shown"]
        assert RevealTally.objects.get().shown == 1


class TestAskPermit:
    def test_twice_returns_the_one_that_is_open(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        first, second = (ask(cast, cast.lin, key) for _ in range(2))
        assert first == second
        assert (first.state, first.until) == ("waiting", NOW + WAITS)
        assert AuditEntry.objects.filter(action="permit.asked").count() == 1
        agree(first, cast.hua)
        assert ask(cast, cast.lin, key).state == "agreed"

    def test_begins_anew_when_the_time_is_over(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        first = ask(cast, cast.lin, key)
        late = NOW + WAITS
        again = ask_permit(
            customer=cast.mrs_zhou, group="address", subject=key, reason="deliver", by=cast.lin, now=late
        )
        first.refresh_from_db()
        assert (first.state, again.state) == ("over", "waiting")
        assert end_permits(now=late) == 0

    def test_is_for_who_needs_it(self, cast: Cast) -> None:
        key = address(cast)
        with pytest.raises(PermitNotNeeded):
            ask(cast, cast.lin, key)
        make(cast.mrs_zhou, 2)
        with pytest.raises(NotAllowed):
            ask(cast, cast.mei, key)  # an advisor is never shown an address whole
        with pytest.raises(PermitReasonWrong):
            ask_permit(customer=cast.mrs_zhou, group="address", subject=key, reason="她要", by=cast.lin, now=NOW)

    def test_the_database_keeps_one_open(self, cast: Cast) -> None:
        permit = ask(cast, cast.lin, address(cast, importance=2))
        permit.pk += 1
        with pytest.raises(IntegrityError), transaction.atomic():
            permit.save(force_insert=True)


class TestDecidePermit:
    @pytest.mark.parametrize(
        ("who", "may"),
        [("lin", False), ("mei", False), ("tao", False), ("qiao", False), ("hua", True), ("zhu", True), ("ji", False)],
    )
    def test_is_for_who_leads_elsewhere_in_the_house(self, cast: Cast, who: str, may: bool) -> None:
        permit = ask(cast, cast.lin, address(cast, importance=2))
        member = getattr(cast, who)
        assert may_decide(permit=permit, by=member, now=NOW) is may
        if not may:
            with pytest.raises(NotAllowed):
                agree(permit, member)
            assert not AuditEntry.objects.filter(action="permit.agreed").exists()
        else:
            assert agree(permit, member).until == NOW + LOOK_LASTS

    def test_a_no_has_its_reason_and_shows_nothing(self, cast: Cast) -> None:
        key = address(cast, importance=2)
        permit = ask(cast, cast.lin, key)
        for because in ("known", "", "她不要"):
            with pytest.raises(PermitReasonWrong):
                decide_permit(permit=permit, agree=False, because=because, by=cast.hua, now=NOW)
        decide_permit(permit=permit, agree=False, because="ask_advisor", by=cast.hua, now=NOW)
        with pytest.raises(SecondPersonMissing):
            look(cast.lin, key)
        line = AuditEntry.objects.get(action="permit.refused")
        assert (line.subject_id, line.facts["because"]) == (cast.mrs_zhou.pk, "ask_advisor")

    def test_twice_is_refused(self, cast: Cast) -> None:
        permit = ask(cast, cast.lin, address(cast, importance=2))
        agree(permit, cast.hua)
        for by in (cast.hua, cast.zhu):
            with pytest.raises(PermitNotOpen):
                agree(permit, by)
        assert AuditEntry.objects.filter(action="permit.agreed").count() == 1

    def test_after_a_day_is_refused(self, cast: Cast) -> None:
        permit = ask(cast, cast.lin, address(cast, importance=2))
        with pytest.raises(PermitNotOpen):
            decide_permit(permit=permit, agree=True, because="known", by=cast.hua, now=NOW + WAITS)


class TestPermits:
    def test_a_stranger_knows_of_none(self, cast: Cast) -> None:
        permit = ask(cast, cast.lin, address(cast, importance=2))
        for stranger in (cast.other, cast.qiao, cast.mei, cast.ji):
            assert not permits(viewer=stranger).exists()
            with pytest.raises(PermitUnknown):
                permit_for(viewer=stranger, id=permit.pk)
        assert permit_for(viewer=cast.hua, id=permit.pk) == permit

    def test_who_decides_learns_nothing_of_whom_she_does_not_see(self, cast: Cast) -> None:
        permit = ask(cast, cast.zhu, address(cast, importance=3))
        [told] = seen_permits(viewer=cast.hua, now=NOW)
        assert (told.permit, told.name, told.may_decide) == (permit, "", True)
        [mine] = seen_permits(viewer=cast.zhu, now=NOW)
        assert (mine.name, mine.may_decide) == (cast.mrs_zhou.name, False)

    def test_are_counted_for_who_may_decide(self, cast: Cast) -> None:
        ask(cast, cast.lin, address(cast, importance=2))
        found = [waiting_permits(viewer=one, now=NOW) for one in (cast.lin, cast.hua, cast.zhu, cast.mei, cast.other)]
        assert found == [0, 1, 1, 0, 0]
        assert waiting_permits(viewer=cast.zhu, now=NOW + WAITS) == 0

    def test_one_sheet_costs_two_queries(
        self, cast: Cast, django_assert_max_num_queries: Callable[[int], object]
    ) -> None:
        key = address(cast, importance=2)
        with django_assert_max_num_queries(2):  # type: ignore[attr-defined]
            look_at(viewer=cast.lin, customer=cast.mrs_zhou, group="address", subject=key, now=NOW)
