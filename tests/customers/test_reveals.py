"""Whole contacts are counted by person, day and importance, refused beyond the limit, and alarms are kept."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, ListTally, RevealQuota, RevealTally
from zhenke.customers.operations import add_contact, reveal_contact
from zhenke.customers.operations.reveals import count_listed, count_reveal, set_quotas
from zhenke.customers.queries.reveals import alarms_of_day, listed_on, quotas_of, reveals_of_day, used_by
from zhenke.customers.rules.reveals import (
    LISTED_A_DAY,
    STARTING,
    QuotaWrong,
    RevealsUsedUp,
    checked_quota,
    is_nearly_used,
    is_unusual,
    starting_quota,
)
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def shown(member: StaffMember) -> int:
    return sum(RevealTally.objects.filter(member=member).values_list("shown", flat=True))


def limit(cast: Cast, a_day: int, role: str = "advisor", importance: int = 1) -> None:
    set_quotas(quotas={(role, importance): a_day}, by=cast.zhu, now=NOW)


def phone(cast: Cast) -> int:
    return add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW).pk


class TestRules:
    def test_an_advisor_starts_with_thirty_and_less_the_more_is_at_stake(self) -> None:
        assert starting_quota(role="advisor", importance=1) == 30
        assert all(list(row) == sorted(row, reverse=True) for row in STARTING.values())
        assert starting_quota(role="marketing", importance=1) == 0

    @pytest.mark.parametrize(
        ("used", "quota", "told"), [(23, 30, False), (24, 30, True), (30, 30, True), (0, 0, False)]
    )
    def test_warns_at_80_percent(self, used: int, quota: int, told: bool) -> None:
        assert is_nearly_used(shown=used, quota=quota) is told

    @pytest.mark.parametrize(
        ("now", "before", "told"),
        [(10, [3, 3, 3, 3, 3], True), (9, [3, 3, 3, 3, 3], False), (99, [1, 1, 1, 1], False), (99, [], False)],
    )
    def test_three_times_ones_own_median_is_unusual(self, now: int, before: list[int], told: bool) -> None:
        assert is_unusual(shown=now, days_before=before) is told

    def test_a_limit_is_a_small_number_of_a_role_that_reveals(self) -> None:
        assert checked_quota(role="advisor", importance=3, a_day=0) == 0
        for role, importance, a_day in (
            ("marketing", 1, 1),
            ("advisor", 4, 1),
            ("advisor", 1, -1),
            ("owner", 1, 1_001),
        ):
            with pytest.raises(QuotaWrong):
                checked_quota(role=role, importance=importance, a_day=a_day)


class TestRevealWithinTheLimit:
    def test_counts_and_marks_each_look_and_refuses_the_next(self, cast: Cast) -> None:
        key = phone(cast)
        limit(cast, 2)
        for _ in range(2):
            assert reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW) == "+8613800138000"
        with pytest.raises(RevealsUsedUp) as refusal:
            reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW)
        assert refusal.value.facts == {"quota": 2}
        assert shown(cast.mei) == 2
        assert AuditEntry.objects.filter(action="contact.revealed").count() == 2
        # Another day, another person, the house itself.
        for viewer, at in ((cast.mei, NOW + timedelta(days=1)), (cast.lin, NOW), (SYSTEM, NOW)):
            assert reveal_contact(viewer=viewer, contact=key, reason="call", now=at)

    def test_the_day_is_the_local_day_of_the_shop(self, cast: Cast) -> None:
        key = phone(cast)
        limit(cast, 1)
        late = NOW.replace(hour=15, minute=59)  # 23:59 in Shanghai
        reveal_contact(viewer=cast.mei, contact=key, reason="call", now=late)
        with pytest.raises(RevealsUsedUp):
            reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW)
        assert reveal_contact(viewer=cast.mei, contact=key, reason="call", now=late + timedelta(minutes=1))

    def test_each_importance_has_its_own(self, cast: Cast) -> None:
        key = phone(cast)
        limit(cast, 1)
        limit(cast, 1, importance=2)
        reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW)
        Customer.objects.filter(pk=cast.mrs_zhou.pk).update(importance=2)
        reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW)
        with pytest.raises(RevealsUsedUp):
            reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW)

    def test_what_fails_afterwards_counts_nothing(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        key = phone(cast)

        def broken(**_: object) -> None:
            raise OSError

        monkeypatch.setattr("zhenke.customers.operations.contacts.record", broken)
        with pytest.raises(OSError):
            reveal_contact(viewer=cast.mei, contact=key, reason="call", now=NOW)
        assert shown(cast.mei) == 0
        assert not AuditEntry.objects.filter(action="contact.revealed").exists()


class TestCountReveal:
    def test_rings_once_when_the_limit_is_reached(self, cast: Cast) -> None:
        limit(cast, 2)
        for _ in range(2):
            assert alarms_of_day(viewer=cast.lin, on_date=TODAY) == []
            count_reveal(member=cast.mei, importance=1, now=NOW)
        line = AuditEntry.objects.get(action="reveals.alarm")
        assert line.facts == {"importance": 1, "shown": 2, "quota": 2, "why": "used_up"}
        for viewer, names in ((cast.lin, ["梅雪"]), (cast.zhu, ["梅雪"]), (cast.mei, []), (cast.other, [])):
            assert alarms_of_day(viewer=viewer, on_date=TODAY) == names

    def test_rings_when_it_is_far_more_than_usual(self, cast: Cast) -> None:
        for day in range(1, 6):
            RevealTally.objects.create(member=cast.mei, on_date=TODAY - timedelta(days=day), importance=1, shown=1)
        for number in range(1, 6):
            count_reveal(member=cast.mei, importance=1, now=NOW)
            assert bool(alarms_of_day(viewer=cast.lin, on_date=TODAY)) is (number > 3)
        assert AuditEntry.objects.get(action="reveals.alarm").facts["why"] == "unusual"


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_cannot_both_be_the_last(self, cast: Cast) -> None:
        limit(cast, 5)
        refused: list[RevealsUsedUp] = []
        start = Barrier(8)

        def look() -> None:
            start.wait()
            try:
                with transaction.atomic():
                    count_reveal(member=cast.mei, importance=1, now=NOW)
            except RevealsUsedUp as refusal:
                refused.append(refusal)
            finally:
                connection.close()

        threads = [Thread(target=look) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (shown(cast.mei), len(refused)) == (5, 3)


class TestCountListed:
    def test_rings_once_when_the_list_is_scraped(self, cast: Cast) -> None:
        for _ in range(LISTED_A_DAY // 40 - 1):
            count_listed(member=cast.mei, rows=40, now=NOW)
        assert alarms_of_day(viewer=cast.lin, on_date=TODAY) == []
        for _ in range(3):
            count_listed(member=cast.mei, rows=40, now=NOW)
        assert AuditEntry.objects.get(action="lists.alarm").subject_id == cast.mei.pk
        assert ListTally.objects.get().rows == LISTED_A_DAY + 80
        for viewer, names in ((cast.lin, ["梅雪"]), (cast.zhu, ["梅雪"]), (cast.mei, []), (cast.other, [])):
            assert alarms_of_day(viewer=viewer, on_date=TODAY) == names
            assert [row.member.name for row in listed_on(viewer=viewer, on_date=TODAY)] == names

    def test_a_day_is_a_day(self, cast: Cast) -> None:
        for day in range(3):
            count_listed(member=cast.mei, rows=LISTED_A_DAY // 2, now=NOW + timedelta(days=day))
        assert not ListTally.objects.filter(has_alarm=True).exists()


class TestSetQuotas:
    def test_keeps_what_is_changed_once(self, cast: Cast) -> None:
        wanted = {("advisor", 1): 30, ("advisor", 2): 4}
        found = [set_quotas(quotas=wanted, by=cast.zhu, now=NOW) for _ in range(2)]
        assert found == [1, 0]
        assert RevealQuota.objects.count() == 1
        assert quotas_of(brand_id=cast.brand.pk)["advisor", 2] == 4
        assert quotas_of(brand_id=cast.other_brand.pk)["advisor", 2] == 15

    def test_is_the_owners(self, cast: Cast) -> None:
        for by in (cast.lin, cast.hua, cast.mei, cast.ji):
            with pytest.raises(NotAllowed):
                set_quotas(quotas={("advisor", 1): 999}, by=by, now=NOW)


class TestRevealsOfDay:
    def test_is_for_those_who_lead_and_of_their_own_people(self, cast: Cast) -> None:
        for member, times in ((cast.mei, 2), (cast.qiao, 3)):
            for _ in range(times):
                count_reveal(member=member, importance=1, now=NOW)
        names = {
            viewer.name: [(day.member.name, day.shown) for day in reveals_of_day(viewer=viewer, on_date=TODAY)]
            for viewer in (cast.lin, cast.hua, cast.mei, cast.other, cast.ji)
        }
        assert names == {
            "林静": [("梅雪", 2)], "华岚": [("乔木", 3), ("梅雪", 2)], "梅雪": [], "别人": [], "季明": [],
        }  # fmt: skip
        [day] = reveals_of_day(viewer=cast.lin, on_date=TODAY)
        assert [(one.importance, one.shown, one.quota, one.left) for one in day.used] == [(1, 2, 30, 28)]
        assert used_by(member=cast.mei, importance=1, on_date=TODAY).shown == 2
