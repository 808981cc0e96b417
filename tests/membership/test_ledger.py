"""The points ledger on a real database: earning, waiting, spending, giving back, taking back, ending."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import NOW, Cast
from zhenke.customers.models import Customer
from zhenke.customers.queries import CustomerUnknown
from zhenke.membership.models import PointsEntry, PointsLeg, PointsLot
from zhenke.membership.operations import (
    Movement,
    activate_due,
    cancel_spend,
    earn,
    expire_due,
    reverse_earned,
    spend,
)
from zhenke.membership.queries import PointsBalance, balance_of, lots_of, points_history
from zhenke.membership.rules import BalanceTooLow, Cause, CauseReused, MovementUnknown, PointsWrong
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def earned(customer: Customer, points: int, key: str, **other: Any) -> Movement:
    """Let a customer earn points that may be spent at once and live two years."""
    told: dict[str, Any] = {"pending_days": 0, "months": 24, "on_date": TODAY, "by": SYSTEM, "now": NOW} | other
    return earn(customer=customer, points=points, cause=Cause("sale_line", key), **told)


def spent(customer: Customer, points: int, key: str, on_date: date = TODAY) -> Movement:
    """Let a customer spend."""
    return spend(customer=customer, points=points, cause=Cause("sale", key), on_date=on_date, by=SYSTEM, now=NOW)


def back(key: str, cause: str, share: Fraction | int = 1, on_date: date = TODAY) -> Movement | None:
    """Take back what a line earned."""
    return reverse_earned(
        earned=Cause("sale_line", key),
        cause=Cause("return_line", cause),
        share_back=Fraction(share),
        on_date=on_date,
        by=SYSTEM,
        now=NOW,
    )


def called_off(key: str, cause: str, points: int | None = None, on_date: date = TODAY) -> Movement | None:
    """Give back what was spent."""
    return cancel_spend(
        spent=Cause("sale", key), cause=Cause("return", cause), points=points, on_date=on_date, by=SYSTEM, now=NOW
    )


def balance(customer: Customer, on_date: date = TODAY) -> tuple[int, int, int]:
    """Return what may be spent, what waits, what is owed."""
    found = balance_of(viewer=SYSTEM, customer=customer, on_date=on_date)
    return found.spendable, found.pending, found.owed


class TestEarn:
    def test_waits_and_then_may_be_spent(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 300, "1", pending_days=15)
        assert balance(cast.mrs_zhou) == (0, 300, 0)
        assert activate_due(day=TODAY + timedelta(days=14), now=NOW).lots == 0
        assert activate_due(day=TODAY + timedelta(days=15), now=NOW).points == 300
        assert balance(cast.mrs_zhou) == (300, 0, 0)
        assert activate_due(day=TODAY + timedelta(days=15), now=NOW).lots == 0

    def test_lives_until_the_same_day_of_the_month(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 300, "1", on_date=date(2026, 8, 31), months=6)
        found = balance_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=TODAY)
        assert (found.next_end, found.next_end_points) == (date(2027, 2, 28), 300)

    def test_gives_no_points_twice_for_one_cause(self, cast: Cast) -> None:
        first, again = earned(cast.mrs_zhou, 300, "1"), earned(cast.mrs_zhou, 999, "1")
        assert (first.is_new, again.is_new) == (True, False)
        assert (again.entry_id, again.member) == (first.entry_id, 300)
        assert balance(cast.mrs_zhou) == (300, 0, 0)

    def test_may_be_spent_at_once_when_its_waiting_is_long_over(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 300, "1", pending_days=15, on_date=TODAY - timedelta(days=40))
        assert balance(cast.mrs_zhou) == (300, 0, 0)

    @pytest.mark.parametrize("wrong", [{"points": 0}, {"points": -5}, {"pending_days": -1}, {"months": 0}])
    def test_refuses_what_means_nothing(self, cast: Cast, wrong: dict[str, int]) -> None:
        with pytest.raises(PointsWrong):
            earned(cast.mrs_zhou, wrong.pop("points", 5), "1", **wrong)
        assert not PointsEntry.objects.exists()


class TestSpend:
    def test_takes_the_lot_that_ends_soonest(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "late", months=24)
        earned(cast.mrs_zhou, 100, "soon", months=1)
        spent(cast.mrs_zhou, 120, "1")
        lots = lots_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=TODAY)
        assert [(lot.left, lot.expires_on_date) for lot in lots] == [(80, date(2028, 11, 22))]

    def test_refuses_more_than_there_is_and_writes_nothing(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        with pytest.raises(BalanceTooLow) as refused:
            spent(cast.mrs_zhou, 101, "1")
        assert refused.value.facts == {"wanted": 101, "spendable": 100}
        assert PointsEntry.objects.count() == 1

    def test_takes_nothing_twice_for_one_cause(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        first, again = spent(cast.mrs_zhou, 80, "1"), spent(cast.mrs_zhou, 80, "1")
        assert (again.entry_id, again.is_new, again.member) == (first.entry_id, False, -80)
        with pytest.raises(CauseReused):
            spent(cast.mrs_zhou, 10, "1")
        assert balance(cast.mrs_zhou) == (20, 0, 0)

    def test_does_not_take_what_has_ended_or_waits(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1)
        earned(cast.mrs_zhou, 100, "2", pending_days=15)
        with pytest.raises(BalanceTooLow):
            spent(cast.mrs_zhou, 1, "1", on_date=date(2026, 12, 23))
        assert spent(cast.mrs_zhou, 1, "1", on_date=date(2026, 12, 22)).member == -1


class TestCancelSpend:
    def test_gives_back_to_the_same_lots(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "soon", months=1)
        earned(cast.mrs_zhou, 100, "late")
        before = lots_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=TODAY)
        spent(cast.mrs_zhou, 150, "1")
        assert called_off("1", "1") is not None
        assert lots_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=TODAY) == before

    def test_gives_back_in_parts_and_never_more_than_was_spent(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "soon", months=1)
        earned(cast.mrs_zhou, 100, "late")
        spent(cast.mrs_zhou, 150, "1")
        called_off("1", "1", points=60)
        lots = lots_of(viewer=SYSTEM, customer=cast.mrs_zhou, on_date=TODAY)
        assert [lot.left for lot in lots] == [10, 100]
        with pytest.raises(PointsWrong):
            called_off("1", "2", points=91)
        called_off("1", "3")
        assert balance(cast.mrs_zhou) == (200, 0, 0)
        assert called_off("1", "4") is None

    def test_twice_is_once(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        spent(cast.mrs_zhou, 60, "1")
        first, again = called_off("1", "1", points=20), called_off("1", "1", points=20)
        assert first and again and (first.entry_id, again.is_new) == (again.entry_id, False)
        assert balance(cast.mrs_zhou) == (60, 0, 0)

    def test_lets_a_lot_that_has_ended_end_again(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "soon", months=1)
        spent(cast.mrs_zhou, 60, "1")
        expire_due(day=date(2026, 12, 23), now=NOW)
        called_off("1", "1", on_date=date(2027, 1, 5))
        assert balance(cast.mrs_zhou, date(2027, 1, 5)) == (0, 0, 0)
        assert [line.kind for line in points_history(viewer=SYSTEM, customer=cast.mrs_zhou, before=None, size=9)] == [
            "expire", "cancel", "expire", "spend", "earn",
        ]  # fmt: skip

    def test_pays_what_is_owed_first(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        spent(cast.mrs_zhou, 100, "1")
        back("1", "1")
        assert balance(cast.mrs_zhou) == (0, 0, 100)
        called_off("1", "1")
        assert balance(cast.mrs_zhou) == (0, 0, 0)

    def test_of_what_was_never_spent_is_unknown(self, cast: Cast) -> None:
        with pytest.raises(MovementUnknown):
            called_off("1", "1")


class TestReverseEarned:
    def test_takes_what_waits(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 300, "1", pending_days=15)
        back("1", "1", Fraction(1, 3))
        assert balance(cast.mrs_zhou) == (0, 200, 0)

    def test_takes_own_lot_then_others_and_the_rest_is_owed(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1)
        earned(cast.mrs_zhou, 50, "2")
        spent(cast.mrs_zhou, 80, "1")
        moved = back("1", "1")
        assert moved and (moved.member, moved.debt) == (-70, -30)
        assert balance(cast.mrs_zhou) == (0, 0, 30)

    def test_lets_the_next_earnings_pay_what_is_owed(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        spent(cast.mrs_zhou, 100, "1")
        back("1", "1")
        earned(cast.mrs_zhou, 60, "2", pending_days=15)
        earned(cast.mrs_zhou, 60, "3", pending_days=15)
        assert balance(cast.mrs_zhou) == (0, 120, 100)
        activate_due(day=TODAY + timedelta(days=15), now=NOW)
        assert balance(cast.mrs_zhou) == (20, 0, 0)

    def test_in_parts_comes_to_the_whole(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 101, "1")
        assert [back("1", str(number), Fraction(number, 3)) is not None for number in (1, 2, 3)] == [True] * 3
        assert balance(cast.mrs_zhou) == (0, 0, 0)

    def test_twice_is_once(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        first, again = back("1", "1", Fraction(1, 2)), back("1", "1", Fraction(1, 2))
        assert first and again and (first.entry_id, first.member) == (again.entry_id, again.member)
        assert balance(cast.mrs_zhou) == (50, 0, 0)

    def test_does_not_claim_what_ended_unspent(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1)
        earned(cast.mrs_zhou, 100, "2")
        spent(cast.mrs_zhou, 30, "1")
        expire_due(day=date(2026, 12, 23), now=NOW)
        moved = back("1", "1", on_date=date(2026, 12, 24))
        assert moved and (moved.member, moved.debt, moved.expired) == (-30, 0, -70)

    def test_of_what_was_never_earned_takes_nothing(self, cast: Cast) -> None:
        assert back("1", "1") is None


class TestExpireDue:
    def test_ends_a_lot_after_its_last_day_with_what_is_left(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1)
        spent(cast.mrs_zhou, 30, "1")
        assert expire_due(day=date(2026, 12, 22), now=NOW).lots == 0
        assert expire_due(day=date(2026, 12, 23), now=NOW).points == 70
        assert expire_due(day=date(2026, 12, 23), now=NOW).lots == 0
        assert balance(cast.mrs_zhou) == (0, 0, 0)

    def test_looks_only_as_far_back_as_the_last_night(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1)
        assert expire_due(day=date(2027, 3, 1), since=date(2027, 2, 28), now=NOW).lots == 0
        assert expire_due(day=date(2026, 12, 23), since=date(2026, 12, 22), now=NOW).lots == 1


class TestBalanceOf:
    def test_says_when_what_waits_may_be_spent(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 10, "1", pending_days=15)
        earned(cast.mrs_zhou, 20, "2", pending_days=15)
        earned(cast.mrs_zhou, 30, "3", pending_days=20)
        found = balance_of(viewer=cast.mei, customer=cast.mrs_zhou, on_date=TODAY)
        assert found.waiting == ((date(2026, 12, 7), 30), (date(2026, 12, 12), 30))

    def test_of_who_has_no_points_is_empty(self, cast: Cast) -> None:
        assert balance_of(viewer=cast.mei, customer=cast.mrs_zhou, on_date=TODAY) == PointsBalance()

    def test_shows_a_stranger_nothing(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 10, "1")
        for stranger in (cast.qiao, cast.other, cast.tao):
            for look in (balance_of, lots_of):
                with pytest.raises(CustomerUnknown):
                    look(viewer=stranger, customer=cast.mrs_zhou, on_date=TODAY)
            with pytest.raises(CustomerUnknown):
                points_history(viewer=stranger, customer=cast.mrs_zhou, before=None, size=5)


class TestPointsHistory:
    def test_goes_back_page_by_page(self, cast: Cast) -> None:
        for number in range(7):
            earned(cast.mrs_zhou, 10 + number, str(number))
        seen, before = [], None
        while page := points_history(viewer=cast.mei, customer=cast.mrs_zhou, before=before, size=3):
            seen += [line.points for line in page]
            before = page[-1].entry_id
        assert seen == [16, 15, 14, 13, 12, 11, 10]


class TestTheDatabase:
    @pytest.mark.parametrize("table", [PointsEntry, PointsLeg, PointsLot])
    def test_refuses_to_change_or_delete(self, cast: Cast, table: type) -> None:
        earned(cast.mrs_zhou, 100, "1")
        name = table._meta.db_table
        words = [f"UPDATE {name} SET id = id", f"DELETE FROM {name}"]
        if connection.vendor == "postgresql":
            words.append(f"TRUNCATE {name} CASCADE")
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        else:
            words.append(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}")
        for sql in words:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        assert table.objects.count() > 0
