"""Service teams, the hotline, and what the owner reads of protected people."""

from __future__ import annotations

from datetime import date

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, CustomerTeam
from zhenke.customers.operations.importance import note_look
from zhenke.customers.operations.team import TeamPartWrong, join_team, leave_team, set_hotline
from zhenke.customers.queries import CustomerUnknown
from zhenke.customers.queries.watch import looks_at_protected, protected_customers, team_of
from zhenke.staff.models import AuditEntry, StaffMember

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def join(cast: Cast, member: StaffMember, part: str = "stylist", by: StaffMember | None = None) -> CustomerTeam:
    return join_team(customer=cast.mrs_zhou, member=member, part=part, from_date=DAY, by=by or cast.lin, now=NOW)


class TestJoinTeam:
    def test_stands_once_and_changes_its_part(self, cast: Cast) -> None:
        first = join(cast, cast.tao)
        assert join(cast, cast.tao).pk == first.pk
        assert AuditEntry.objects.filter(action="customer.team_joined").count() == 1
        assert join(cast, cast.tao, "service").pk == first.pk
        assert CustomerTeam.objects.get().part == "service"
        assert AuditEntry.objects.filter(action="customer.team_joined").count() == 2

    def test_is_refused_for_wrong_parts_people_and_writers(self, cast: Cast) -> None:
        with pytest.raises(TeamPartWrong):
            join(cast, cast.tao, "friend")
        StaffMember.objects.filter(pk=cast.shu.pk).update(is_active=False)
        for member in (cast.qiao, cast.an, cast.other, cast.shu):
            with pytest.raises(NotAllowed):
                join(cast, member)
        with pytest.raises(NotAllowed):
            join(cast, cast.tao, by=cast.mei)
        with pytest.raises(CustomerUnknown):
            join(cast, cast.tao, by=cast.other)
        assert not CustomerTeam.objects.exists()


class TestLeaveTeam:
    def test_takes_somebody_out_once(self, cast: Cast) -> None:
        join(cast, cast.tao)
        found = [leave_team(customer=cast.mrs_zhou, member_id=cast.tao.pk, by=cast.lin, now=NOW) for _ in range(2)]
        assert found == [True, False]
        assert AuditEntry.objects.filter(action="customer.team_left").count() == 1


class TestSetHotline:
    def test_is_given_once(self, cast: Cast) -> None:
        found = [set_hotline(customer=cast.mrs_zhou, is_on=True, by=cast.lin, now=NOW) for _ in range(2)]
        assert found == [True, False]
        assert Customer.objects.get(pk=cast.mrs_zhou.pk).has_hotline
        assert AuditEntry.objects.filter(action="customer.hotline_set").count() == 1

    def test_is_not_for_the_shop_floor(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            set_hotline(customer=cast.mrs_zhou, is_on=True, by=cast.mei, now=NOW)


class TestTeamOf:
    def test_is_nothing_to_strangers(self, cast: Cast) -> None:
        join(cast, cast.tao)
        assert [row.member.name for row in team_of(viewer=cast.mei, customer=cast.mrs_zhou)] == ["陶然"]
        assert team_of(viewer=cast.qiao, customer=cast.mrs_zhou) == []


class TestProtectedPeople:
    def test_and_looks_at_them_are_read_by_the_named_alone(self, cast: Cast) -> None:
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(importance=3, importance_at=NOW)
        cast.mrs_zhou.refresh_from_db()
        note_look(customer=cast.mrs_zhou, place="profile", by=cast.mei, now=NOW)
        assert list(protected_customers(viewer=cast.zhu)) == [cast.mrs_zhou]
        assert [look.by.name for look in looks_at_protected(viewer=cast.zhu)] == ["梅雪"]
        for viewer in (cast.lin, cast.ji, cast.other, cast.tao):
            assert not protected_customers(viewer=viewer)
            assert looks_at_protected(viewer=viewer) == []
