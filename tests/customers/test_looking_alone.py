"""A house in which nobody else could agree: who leads it waits, proves who it is, looks once; and it says alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import AloneWait, Customer, LookPermit
from zhenke.customers.operations import add_contact, reveal_contact
from zhenke.customers.operations.permits import agree_alone, ask_permit, decide_permit, set_alone_wait
from zhenke.customers.queries.permits import alone_wait, is_alone, seen_permits
from zhenke.customers.rules.permits import (
    ALONE_HOURS,
    LOOK_LASTS,
    WAITS,
    AloneTooSoon,
    AloneWaitWrong,
    NotAlone,
    PermitNotOpen,
    ProofMissing,
    SecondPersonMissing,
)
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember
from zhenke.staff.operations import add_staff
from zhenke.staff.rules import May, Role

pytestmark = pytest.mark.django_db
STREET = "深圳市罗湖区翠竹路1号"
DAY = NOW + timedelta(hours=ALONE_HOURS)


@pytest.fixture
def alone(cast: Cast) -> Cast:
    """Nobody of the brand is left who may agree, apart from its owner."""
    leads = [role.value for role in (Role.OWNER, Role.AREA_MANAGER, Role.SHOP_MANAGER)]
    brand = cast.zhu.shop.path.split("/", 1)[0]
    others = StaffMember.objects.filter(role__in=leads, shop__path__startswith=f"{brand}/").exclude(pk=cast.zhu.pk)
    others.update(is_active=False)
    return cast


@pytest.fixture
def street(cast: Cast) -> int:
    Customer.objects.filter(pk=cast.mrs_zhou.pk).update(importance=3, importance_reason="asked")
    cast.mrs_zhou.refresh_from_db()
    return int(add_contact(customer=cast.mrs_zhou, kind="address", text=STREET, by=SYSTEM, now=NOW).pk)


def ask(cast: Cast, street: int, *, by: StaffMember | None = None, now: datetime = NOW) -> LookPermit:
    return ask_permit(
        customer=cast.mrs_zhou, group="address", subject=street, reason="deliver", by=by or cast.zhu, now=now
    )


def look(cast: Cast, street: int, now: datetime) -> str:
    return reveal_contact(viewer=cast.zhu, contact=street, reason="deliver", now=now, proved_at=now)


class TestIsAlone:
    def test_is_who_leads_where_nobody_else_could_agree(self, alone: Cast) -> None:
        assert is_alone(member=alone.zhu)
        assert not is_alone(member=alone.mei)  # the owner can agree to hers
        assert is_alone(member=alone.other)  # the one person of another house

    def test_is_nobody_in_a_house_of_several(self, cast: Cast) -> None:
        found = StaffMember.objects.filter(is_active=True).exclude(shop=cast.other_brand).select_related("shop")
        assert [one.username for one in found if is_alone(member=one)] == []

    def test_counts_a_colleague_of_another_house_for_nothing(self, alone: Cast) -> None:
        add_staff(username="far", name="远", role=Role.OWNER, shop=alone.other_brand, password=None, by=SYSTEM, now=NOW)
        assert is_alone(member=alone.zhu)


class TestAgreeAlone:
    def test_lets_one_look_happen_after_the_wait(self, alone: Cast, street: int) -> None:
        permit = ask(alone, street)
        assert (permit.alone_from, permit.until) == (DAY, DAY + WAITS)
        assert ask(alone, street) == permit
        for at in (NOW, DAY - timedelta(seconds=1)):
            with pytest.raises(AloneTooSoon):
                agree_alone(permit=permit, by=alone.zhu, proved_at=at, now=at)
            with pytest.raises(SecondPersonMissing):
                look(alone, street, at)
        assert [one.may_look_alone for one in seen_permits(viewer=alone.zhu, now=DAY)] == [True]
        done = agree_alone(permit=permit, by=alone.zhu, proved_at=DAY, now=DAY)
        assert (done.state, done.until, done.decided_by, done.because) == (
            "agreed", DAY + LOOK_LASTS, alone.zhu, "alone",
        )  # fmt: skip
        assert look(alone, street, DAY) == STREET
        with pytest.raises(SecondPersonMissing):
            look(alone, street, DAY)
        lines = AuditEntry.objects.filter(action__startswith="permit.").order_by("position")
        assert [line.action for line in lines] == ["permit.asked", "permit.alone", "permit.looked_alone"]
        assert all(line.facts["alone"] and line.actor == alone.zhu for line in lines)

    def test_asks_for_a_proof_of_the_last_minutes(self, alone: Cast, street: int) -> None:
        permit = ask(alone, street)
        for proved_at in (None, DAY - timedelta(minutes=6), NOW):
            with pytest.raises(ProofMissing):
                agree_alone(permit=permit, by=alone.zhu, proved_at=proved_at, now=DAY)

    def test_twice_is_refused(self, alone: Cast, street: int) -> None:
        permit = ask(alone, street)
        agree_alone(permit=permit, by=alone.zhu, proved_at=DAY, now=DAY)
        with pytest.raises(PermitNotOpen):
            agree_alone(permit=permit, by=alone.zhu, proved_at=DAY, now=DAY)
        assert AuditEntry.objects.filter(action="permit.alone").count() == 1

    def test_is_for_who_asked_alone(self, alone: Cast, street: int) -> None:
        permit = ask(alone, street)
        alone.lin.refresh_from_db()
        for stranger, refusal in ((alone.mei, NotAllowed), (alone.lin, NotAllowed), (alone.other, PermitNotOpen)):
            with pytest.raises(refusal):
                agree_alone(permit=permit, by=stranger, proved_at=DAY, now=DAY)

    def test_is_over_a_day_after_the_wait(self, alone: Cast, street: int) -> None:
        permit = ask(alone, street)
        with pytest.raises(PermitNotOpen):
            agree_alone(permit=permit, by=alone.zhu, proved_at=DAY + WAITS, now=DAY + WAITS)

    def test_ends_once_somebody_else_could_agree(self, alone: Cast, street: int) -> None:
        permit = ask(alone, street)
        StaffMember.objects.filter(pk=alone.hua.pk).update(is_active=True)
        with pytest.raises(NotAlone):
            agree_alone(permit=permit, by=alone.zhu, proved_at=DAY, now=DAY)
        alone.hua.refresh_from_db()
        decide_permit(permit=permit, agree=True, because="known", by=alone.hua, now=DAY)
        assert look(alone, street, DAY) == STREET
        assert not AuditEntry.objects.filter(action="permit.looked_alone").exists()

    def test_is_nothing_for_a_house_of_several(self, cast: Cast, street: int) -> None:
        permit = ask(cast, street)
        assert (permit.alone_from, permit.until) == (None, NOW + WAITS)
        with pytest.raises(PermitNotOpen):
            agree_alone(permit=permit, by=cast.zhu, proved_at=DAY, now=NOW + WAITS - timedelta(seconds=1))


class TestSetAloneWait:
    def test_makes_versions_and_leaves_what_was_asked_before(self, alone: Cast, street: int) -> None:
        assert (alone_wait(member=alone.zhu).version, alone_wait(member=alone.zhu).hours) == (0, 24)
        permit = ask(alone, street)
        for _ in range(2):
            made = set_alone_wait(hours=12, by=alone.zhu, now=NOW)
        assert (made.version, AloneWait.objects.count()) == (1, 1)
        assert alone_wait(member=alone.mei).hours == 12
        assert alone_wait(member=alone.other).hours == ALONE_HOURS
        permit.refresh_from_db()
        assert permit.alone_from == DAY
        assert set_alone_wait(hours=168, by=alone.zhu, now=NOW).version == 2
        again = ask(alone, street, now=DAY + WAITS)
        assert again.alone_from == DAY + WAITS + timedelta(hours=168)
        assert AuditEntry.objects.filter(action="permit.wait_set").count() == 2

    def test_refuses_what_is_no_wait_and_who_sets_no_rules(self, cast: Cast) -> None:
        for hours in (0, 11, 169):
            with pytest.raises(AloneWaitWrong):
                set_alone_wait(hours=hours, by=cast.zhu, now=NOW)
        assert not cast.lin.may(May.EDIT_SETTINGS)
        with pytest.raises(NotAllowed):
            set_alone_wait(hours=24, by=cast.lin, now=NOW)
