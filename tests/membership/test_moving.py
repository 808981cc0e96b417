"""Points when archives merge, part again, or are forgotten; points by hand; checks, verification, clocks, liability."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import connection

from tests.cast import NOW, Cast
from tests.membership.test_ledger import TODAY, back, balance, called_off, earned, spent
from zhenke.basics.errors import NotAllowed
from zhenke.basics.merging import Moved
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_contact
from zhenke.customers.operations.household import add_link
from zhenke.customers.queries import CustomerUnknown
from zhenke.membership.models import PointsEntry, PointsLeg, PointsLot, PointsProposal
from zhenke.membership.operations import Adjusted, activate_due, adjust, check_balances, decide_adjustment, expire_due
from zhenke.membership.operations.clocks import begin_night, confirm_day, finish_night
from zhenke.membership.operations.erasing import erase_customer
from zhenke.membership.operations.merging import move_customer, move_customer_back
from zhenke.membership.queries import lots_of, points_history
from zhenke.membership.queries.liability import ENOUGH_LOTS, liability
from zhenke.membership.queries.proposals import ProposalUnknown, proposals
from zhenke.membership.queries.verifying import QUESTIONS, verify_ledger
from zhenke.membership.rules import BalanceTooLow, CauseReused, PointsWrong
from zhenke.membership.rules.adjusting import AlreadyDecided, OwnRecord, PointsReasonUnknown, SecondPersonNeeded
from zhenke.membership.rules.clocks import Tick
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry, StaffMember, Viewer

pytestmark = pytest.mark.django_db


def merged(winner: Customer, loser: Customer) -> Moved:
    """Let the points of one go to another, as a merge does."""
    return move_customer(loser=loser.pk, winner=winner.pk, on_date=TODAY, by=SYSTEM, now=NOW)


def parted(moved: Moved, loser: Customer) -> None:
    """Let them go back."""
    kept = Moved.from_plain(moved.to_plain())
    assert move_customer_back(moved=kept, loser=loser.pk, on_date=TODAY, by=SYSTEM, now=NOW) == []


def whole() -> bool:
    """Return whether the ledger is whole."""
    return list(verify_ledger()) == []


class TestMoveCustomer:
    def test_moves_lots_with_their_ends_and_lets_debts_be_paid(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        spent(cast.mrs_zhou, 100, "1")
        back("1", "1")
        earned(cast.mr_zhou, 70, "2", months=1)
        earned(cast.mr_zhou, 50, "3", pending_days=15)
        merged(cast.mrs_zhou, cast.mr_zhou)
        assert balance(cast.mrs_zhou) == (0, 50, 30)
        assert balance(cast.mr_zhou) == (0, 0, 0)
        assert whole()

    def test_moves_nothing_twice(self, cast: Cast) -> None:
        earned(cast.mr_zhou, 70, "1")
        merged(cast.mrs_zhou, cast.mr_zhou)
        assert merged(cast.mrs_zhou, cast.mr_zhou).counts() == {}
        assert balance(cast.mrs_zhou) == (70, 0, 0)

    def test_lets_what_came_before_be_taken_back_and_given_back(self, cast: Cast) -> None:
        earned(cast.mr_zhou, 70, "1")
        spent(cast.mr_zhou, 30, "1")
        merged(cast.mrs_zhou, cast.mr_zhou)
        called_off("1", "1")
        assert balance(cast.mrs_zhou) == (70, 0, 0)
        back("1", "1")
        assert balance(cast.mrs_zhou) == (0, 0, 0)

    def test_tells_the_history_of_both(self, cast: Cast) -> None:
        earned(cast.mr_zhou, 70, "1")
        earned(cast.mrs_zhou, 30, "2")
        merged(cast.mrs_zhou, cast.mr_zhou)
        lines = points_history(viewer=cast.mei, customer=cast.mrs_zhou, before=None, size=9)
        assert [(line.kind, line.points) for line in lines] == [("merge", 0), ("earn", 30), ("earn", 70)]


class TestMoveCustomerBack:
    def test_is_exact_when_nothing_happened_since(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        spent(cast.mrs_zhou, 100, "1")
        back("1", "1")
        earned(cast.mr_zhou, 70, "2", months=1)
        earned(cast.mr_zhou, 50, "3", pending_days=15)
        lots = lots_of(viewer=SYSTEM, customer=cast.mr_zhou, on_date=TODAY)
        parted(merged(cast.mrs_zhou, cast.mr_zhou), cast.mr_zhou)
        assert (balance(cast.mrs_zhou), balance(cast.mr_zhou)) == ((0, 0, 100), (70, 50, 0))
        assert lots_of(viewer=SYSTEM, customer=cast.mr_zhou, on_date=TODAY) == lots
        assert whole()

    def test_leaves_spent_what_was_spent_since(self, cast: Cast) -> None:
        earned(cast.mr_zhou, 70, "1", months=1)
        moved = merged(cast.mrs_zhou, cast.mr_zhou)
        spent(cast.mrs_zhou, 50, "1")
        earned(cast.mrs_zhou, 5, "2")
        parted(moved, cast.mr_zhou)
        assert (balance(cast.mrs_zhou), balance(cast.mr_zhou)) == ((5, 0, 0), (20, 0, 0))
        assert whole()

    def test_gives_back_what_waited_and_may_be_spent_since(self, cast: Cast) -> None:
        earned(cast.mr_zhou, 70, "1", pending_days=15)
        moved = merged(cast.mrs_zhou, cast.mr_zhou)
        activate_due(day=TODAY + timedelta(days=15), now=NOW)
        parted(moved, cast.mr_zhou)
        assert (balance(cast.mrs_zhou), balance(cast.mr_zhou)) == ((0, 0, 0), (70, 0, 0))


class TestEraseCustomer:
    def test_ends_what_she_has_and_lets_go_what_she_owes(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 70, "1")
        earned(cast.mrs_zhou, 50, "2", pending_days=15)
        earned(cast.mr_zhou, 40, "3")
        spent(cast.mr_zhou, 40, "3")
        back("3", "3")
        for customer in (cast.mrs_zhou, cast.mr_zhou):
            done = erase_customer(customer_id=customer.pk, on_date=TODAY, by=SYSTEM, now=NOW)
            assert done == {"points_accounts": 3}
            assert balance(customer) == (0, 0, 0)
            assert erase_customer(customer_id=customer.pk, on_date=TODAY, by=SYSTEM, now=NOW) == {"points_accounts": 0}
        assert not PointsLeg.objects.filter(account__customer__in=[cast.mrs_zhou, cast.mr_zhou]).exists()
        assert whole()

    def test_lets_a_later_return_find_nobody(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 70, "1")
        spent(cast.mrs_zhou, 20, "1")
        erase_customer(customer_id=cast.mrs_zhou.pk, on_date=TODAY, by=SYSTEM, now=NOW)
        assert back("1", "1") is None
        assert called_off("1", "1") is None
        assert whole()


def by_hand(cast: Cast, points: int, *, by: Viewer, key: str = "k", reason: str = "goodwill") -> Adjusted:
    """Give or take points by hand."""
    return adjust(
        customer=cast.mrs_zhou, points=points, key=key, reason=reason, months=12, on_date=TODAY, by=by, now=NOW
    )


def decided(proposal: PointsProposal | None, *, by: Viewer, agrees: bool = True) -> Adjusted:
    """Agree or refuse."""
    assert proposal is not None
    return decide_adjustment(proposal_id=proposal.pk, agrees=agrees, on_date=TODAY, by=by, now=NOW)


class TestAdjust:
    def test_gives_and_takes_a_few_at_once(self, cast: Cast) -> None:
        by_hand(cast, 100, by=cast.lin)
        by_hand(cast, -30, by=cast.lin, key="l")
        assert balance(cast.mrs_zhou) == (70, 0, 0)
        with pytest.raises(BalanceTooLow):
            by_hand(cast, -71, by=cast.lin, key="m")
        assert AuditEntry.objects.filter(action="points.adjusted").count() == 2

    def test_twice_is_once(self, cast: Cast) -> None:
        first, again = by_hand(cast, 100, by=cast.lin), by_hand(cast, 100, by=cast.lin)
        assert first.movement and again.movement and first.movement.entry_id == again.movement.entry_id
        with pytest.raises(CauseReused):
            by_hand(cast, 200, by=cast.lin)

    def test_needs_a_second_person_from_the_limit_on(self, cast: Cast) -> None:
        asked = by_hand(cast, 500, by=cast.lin)
        assert asked.movement is None and balance(cast.mrs_zhou) == (0, 0, 0)
        again = by_hand(cast, 500, by=cast.lin)
        assert again.proposal and asked.proposal and again.proposal.pk == asked.proposal.pk
        with pytest.raises(SecondPersonNeeded):
            decided(asked.proposal, by=cast.lin)
        done = decided(asked.proposal, by=cast.hua)
        assert done.movement and balance(cast.mrs_zhou) == (500, 0, 0)
        entry = PointsEntry.objects.get(pk=done.movement.entry_id)
        assert (entry.by_id, entry.approved_by_id) == (cast.lin.pk, cast.hua.pk)
        twice = decided(asked.proposal, by=cast.hua)
        assert twice.movement and twice.movement.entry_id == entry.pk
        with pytest.raises(AlreadyDecided):
            decided(asked.proposal, by=cast.hua, agrees=False)

    def test_may_be_refused(self, cast: Cast) -> None:
        asked = by_hand(cast, -500, by=cast.lin)
        assert decided(asked.proposal, by=cast.hua, agrees=False).movement is None
        assert balance(cast.mrs_zhou) == (0, 0, 0)

    def test_is_for_who_leads_and_whom_she_sees(self, cast: Cast) -> None:
        for who in (cast.mei, cast.shu, cast.ji, cast.an):
            with pytest.raises(NotAllowed):
                by_hand(cast, 10, by=who)
        with pytest.raises(CustomerUnknown):
            by_hand(cast, 10, by=cast.other)
        asked = by_hand(cast, 500, by=cast.lin)
        with pytest.raises(ProposalUnknown):
            decided(asked.proposal, by=cast.other)
        assert not proposals(viewer=cast.other).exists() and proposals(viewer=cast.hua, is_open=True).count() == 1

    def test_refuses_what_means_nothing(self, cast: Cast) -> None:
        with pytest.raises(PointsWrong):
            by_hand(cast, 0, by=cast.lin)
        with pytest.raises(PointsReasonUnknown):
            by_hand(cast, 10, by=cast.lin, reason="因为她好")

    @pytest.mark.parametrize("how", ["name", "email", "link", "phone"])
    def test_is_never_on_ones_own_archive_or_of_somebody_close(self, cast: Cast, how: str) -> None:
        own = cast.mr_zhou
        if how == "name":
            cast.lin.name = cast.mrs_zhou.name
        else:
            cast.lin.email = "Lin@example.com"
            kept = cast.mrs_zhou if how == "email" else own
            add_contact(customer=kept, kind="email", text="lin@example.com", by=SYSTEM, now=NOW)
        if how == "link":
            add_link(customer=own, other=cast.mrs_zhou, kind="spouse", by=SYSTEM, now=NOW)
        if how == "phone":
            for customer in (own, cast.mrs_zhou):
                add_contact(customer=customer, kind="phone", text="13800138000", by=SYSTEM, now=NOW)
        StaffMember.objects.filter(pk=cast.lin.pk).update(name=cast.lin.name, email=cast.lin.email)
        with pytest.raises(OwnRecord):
            by_hand(cast, 10, by=cast.lin)
        by_hand(cast, 10, by=cast.hua)


class TestCheckBalances:
    def test_writes_what_moved_once_a_day(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        assert check_balances(day=TODAY, now=NOW) == 3
        assert check_balances(day=TODAY, now=NOW) == 0
        spent(cast.mrs_zhou, 40, "1")
        assert check_balances(day=TODAY + timedelta(days=1), now=NOW) == 3
        found = PointsEntry.objects.filter(kind="check").order_by("pk").values_list("cause_kind", "checked_points")
        assert list(found) == [
            ("account", 100),
            ("house", -100),
            ("house", 0),
            ("account", 60),
            ("house", -60),
            ("house", 0),
        ]
        assert whole()


class TestVerifyLedger:
    @pytest.fixture
    def unguarded(self, cast: Cast) -> None:
        """A ledger with something in it, from which somebody took the triggers."""
        earned(cast.mrs_zhou, 100, "1")
        earned(cast.mrs_zhou, 50, "2", pending_days=15)
        spent(cast.mrs_zhou, 80, "1")
        back("1", "1")
        check_balances(day=TODAY, now=NOW)
        assert whole()
        with connection.cursor() as cursor:
            for table in ("entry", "leg", "lot"):
                for act in ("update", "delete"):
                    name = f"membership_points{table}_no_{act}"
                    on = f" ON membership_points{table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER {name}{on}")

    @pytest.mark.parametrize(
        ("code", "sql"),
        [
            ("entry_not_balanced", "UPDATE membership_pointsleg SET points = points + 1 WHERE id = {leg}"),
            ("entry_without_legs", "DELETE FROM membership_pointsleg WHERE entry_id = {entry}"),
            ("leg_without_lot", "UPDATE membership_pointsleg SET lot_id = NULL WHERE lot_id IS NOT NULL"),
            (
                "account_below_nothing",
                "UPDATE membership_pointsleg SET points = points - 1000 WHERE lot_id IS NOT NULL",
            ),
            ("debt_above_nothing", "UPDATE membership_pointsleg SET points = 900 WHERE account_id = {debt}"),
            ("points_of_nobody", "UPDATE membership_pointsaccount SET customer_id = NULL WHERE kind = 'pending'"),
            ("lot_below_nothing", "UPDATE membership_pointsleg SET points = -1000 WHERE lot_id IS NOT NULL"),
            ("lot_above_what_it_had", "UPDATE membership_pointslot SET points = 1"),
            ("lot_orphaned", "UPDATE membership_pointsentry SET kind = 'spend', cause_id = 'x' WHERE id = {entry}"),
            ("check_differs", "UPDATE membership_pointsentry SET checked_points = 7 WHERE kind = 'check'"),
            ("guard_missing", "SELECT 1"),
        ],
    )
    def test_finds_a_planted_fault(self, unguarded: None, code: str, sql: str) -> None:
        told = {
            "leg": PointsLeg.objects.order_by("pk").values_list("pk", flat=True).first(),
            "entry": PointsEntry.objects.filter(kind="earn").values_list("pk", flat=True).first(),
            "debt": PointsLeg.objects.filter(account__kind="debt").values_list("account", flat=True).first(),
        }
        with connection.cursor() as cursor:
            cursor.execute(sql.format(**told))
        assert code in {fault.code for fault in verify_ledger()}

    def test_knows_more_than_is_planted_here_only_what_the_database_refuses_itself(self) -> None:
        planted = {mark.args[1][n][0] for mark in self.test_finds_a_planted_fault.pytestmark for n in range(11)}  # type: ignore[attr-defined]
        assert QUESTIONS.keys() - planted == {"leg_orphaned", "cause_used_twice"}


class TestClocks:
    FIRST = Tick(TODAY, NOW, "boot", 1_000)

    def tick(self, hours: float, really: float | None = None, boot: str = "boot") -> Tick:
        """Return the moment when the wall clock says so many hours have passed, and the machine so many."""
        at = NOW + timedelta(hours=hours)
        up = 1_000 + int((hours if really is None else really) * 3_600)
        return Tick(TODAY + timedelta(days=round(hours / 24)), at, boot, up)

    def test_the_first_night_only_notes_its_day(self) -> None:
        assert begin_night(tick=self.FIRST).may_end is False
        finish_night(tick=self.FIRST)
        assert begin_night(tick=self.FIRST) == replace(begin_night(tick=self.FIRST), since=TODAY, may_end=True)

    @pytest.mark.parametrize(
        ("hours", "really", "boot", "may"),
        [
            (24, 24, "boot", True),
            (72, 72, "boot", True),  # a night was left out, the machine ran
            (24, 18, "boot", False),  # the clock was put forward by six hours
            (24, 22.5, "boot", True),
            (24 * 400, 24, "boot", False),
            (24, 0, "other", True),  # it was off; the next day is believed
            (48, 0, "other", False),
            (24 * 400, 0, "other", False),
            (-24, 1, "boot", True),  # back: nothing that ends then has not ended
        ],
    )
    def test_a_clock_that_jumped_ahead_waits_for_a_word(
        self, hours: float, really: float, boot: str, may: bool
    ) -> None:
        finish_night(tick=self.FIRST)
        assert begin_night(tick=self.tick(hours, really, boot)).may_end is may

    def test_a_word_lets_the_night_go_on(self) -> None:
        finish_night(tick=self.FIRST)
        late = self.tick(24 * 400, 24)
        assert begin_night(tick=late).may_end is False
        assert confirm_day(day=late.day, by=SYSTEM, now=NOW) is True
        assert confirm_day(day=late.day, by=SYSTEM, now=NOW) is False
        assert begin_night(tick=late).may_end is True


class TestLiability:
    def test_is_told_by_the_month_of_its_end(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1)
        earned(cast.mrs_zhou, 50, "2", months=2)
        earned(cast.mr_zhou, 30, "3", months=1, pending_days=15)
        found = liability(on_date=TODAY)
        told = [(row.month, row.spendable, row.pending, row.breakage_points) for row in found.months]
        assert told == [(date(2026, 12, 1), 100, 0, None), (date(2027, 1, 1), 50, 30, None)]
        assert found.breakage[0].share_permille is None

    def test_expects_of_what_is_owed_the_share_that_ended_unspent(self, cast: Cast) -> None:
        for number in range(ENOUGH_LOTS):
            earned(cast.mr_zhou, 10, str(number), months=1, on_date=date(2026, 6, 1))
        spent(cast.mr_zhou, 1_500, "1", on_date=date(2026, 6, 2))
        expire_due(day=TODAY, now=datetime(2026, 11, 22, tzinfo=UTC))
        earned(cast.mrs_zhou, 999, "owed")
        found = liability(on_date=TODAY)
        assert (found.breakage[0].lots, found.breakage[0].points, found.breakage[0].ended_unspent) == (200, 2_000, 500)
        assert found.breakage[0].share_permille == 250
        assert found.months[0].breakage_points == 249
        assert PointsLot.objects.count() == ENOUGH_LOTS + 1 and Fraction(249, 999) < Fraction(1, 4)
