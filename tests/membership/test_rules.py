"""The pure rules of the points ledger, as tables of cases."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.membership.rules.ledger import (
    Balance,
    BalanceTooLow,
    Held,
    Leg,
    Lot,
    Place,
    PointsWrong,
    activated_legs,
    closed_legs,
    earned_legs,
    end_of_lot,
    fold,
    given_back_legs,
    is_balanced,
    merged_legs,
    points_to_reverse,
    reversed_legs,
    spendable,
    spent_legs,
    unmerged_legs,
)

TODAY = date(2026, 11, 22)
LATER = date(2027, 5, 1)


def lot(key: int, left: int, ends: date = LATER) -> Lot:
    """Return a lot that may be spent."""
    return Lot(key, left, date(2026, 1, 1), ends)


class TestEndOfLot:
    @pytest.mark.parametrize(
        ("start", "months", "expected"),
        [
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2026, 11, 30), 1, date(2026, 12, 30)),
            (date(2026, 12, 31), 24, date(2028, 12, 31)),
            (date(2028, 2, 29), 12, date(2029, 2, 28)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2027, 11, 30), 3, date(2028, 2, 29)),
        ],
    )
    def test_is_the_same_day_or_the_months_last(self, start: date, months: int, expected: date) -> None:
        assert end_of_lot(start, months) == expected


class TestSpendable:
    def test_is_what_lives_less_what_is_owed(self) -> None:
        held = Held((lot(1, 80), lot(2, 20, date(2026, 11, 21))), owed=30)
        assert spendable(held, TODAY) == 50

    def test_is_never_below_nothing(self) -> None:
        assert spendable(Held((lot(1, 10),), owed=30), TODAY) == 0


class TestSpentLegs:
    def test_take_the_lot_that_ends_soonest_then_the_oldest(self) -> None:
        held = Held((lot(3, 50), lot(2, 50), lot(9, 50, TODAY)))
        legs = spent_legs(held=held, points=120, on_date=TODAY)
        assert [(leg.lot, leg.points) for leg in legs] == [(9, -50), (2, -50), (3, -20), (None, 120)]

    def test_refuse_more_than_there_is(self) -> None:
        with pytest.raises(BalanceTooLow):
            spent_legs(held=Held((lot(1, 10),)), points=11, on_date=TODAY)


class TestActivatedLegs:
    @pytest.mark.parametrize(("left", "owed", "pays", "rest"), [(100, 30, 30, 70), (100, 0, 0, 100), (30, 100, 30, 0)])
    def test_pay_what_is_owed_first(self, left: int, owed: int, pays: int, rest: int) -> None:
        legs = activated_legs(lot=1, left=left, owed=owed)
        assert fold([[Leg(Place.PENDING, left, 1)], legs]) == Balance(rest, 0, -pays)


class TestPointsToReverse:
    @pytest.mark.parametrize(
        ("earned", "already", "share", "expected"),
        [
            (101, 0, Fraction(1, 2), 51),
            (101, 51, Fraction(1), 50),
            (100, 0, Fraction(0), 0),
            (100, 100, Fraction(1), 0),
            (1, 0, Fraction(1, 3), 1),
            (100, 34, Fraction(1, 3), 0),
        ],
    )
    def test_leave_what_the_kept_part_has_earned(
        self, earned: int, already: int, share: Fraction, expected: int
    ) -> None:
        assert points_to_reverse(earned=earned, already=already, share_back=share) == expected

    def test_know_no_share_beyond_the_whole(self) -> None:
        with pytest.raises(PointsWrong):
            points_to_reverse(earned=1, already=0, share_back=Fraction(3, 2))


class TestReversedLegs:
    def test_take_own_lot_then_what_ended_then_others_then_owe(self) -> None:
        held = Held((lot(1, 20), lot(2, 10)), (lot(1, 5),))
        legs = reversed_legs(points=100, lot=1, held=held, ended=30, on_date=TODAY)
        assert [(leg.place, leg.lot, leg.points) for leg in legs] == [
            (Place.PENDING, 1, -5),
            (Place.MEMBER, 1, -20),
            (Place.EXPIRED, None, -30),
            (Place.MEMBER, 2, -10),
            (Place.DEBT, None, -35),
            (Place.PROGRAMME, None, 100),
        ]


lots = st.lists(st.builds(lot, st.integers(1, 20), st.integers(1, 500)), max_size=5, unique_by=lambda one: one.key)
places = st.builds(Held, lots.map(tuple), lots.map(tuple), st.integers(0, 300))


def balance_of(held: Held) -> Balance:
    """Return what is held as a balance."""
    return Balance(sum(one.left for one in held.member), sum(one.left for one in held.pending), held.owed)


class TestEveryMovement:
    @given(places, st.integers(1, 1_000), st.integers(0, 100))
    def test_adds_up_to_nothing_and_never_goes_below_it(self, held: Held, points: int, ended: int) -> None:
        movements = [
            earned_legs(points=points, lot=99, owed=held.owed, waits=False),
            earned_legs(points=points, lot=99, owed=held.owed, waits=True),
            reversed_legs(points=points, lot=1, held=held, ended=ended, on_date=TODAY),
            closed_legs(held),
        ]
        if points <= spendable(held, TODAY):
            movements.append(spent_legs(held=held, points=points, on_date=TODAY))
        if held.member:
            taken = list(held.member)
            movements.append(given_back_legs(taken=taken, points=taken[0].left, owed=held.owed))
        for legs in movements:
            after = balance_of(held).after(legs)
            assert is_balanced(legs)
            assert min(after.member, after.pending, after.owed) >= 0, legs

    @given(places, places)
    def test_of_a_merge_is_undone_exactly(self, loser: Held, winner: Held) -> None:
        # No lot is in two hands, and nobody owes who has something to spend.
        winner = Held(tuple(lot(one.key + 100, one.left) for one in winner.member), owed=winner.owed)
        loser = Held(tuple(lot(one.key + 200, one.left) for one in loser.member), loser.pending, loser.owed)
        winner, loser = (Held(one.member, one.pending, 0 if one.member else one.owed) for one in (winner, loser))
        legs = merged_legs(loser=loser, winner=winner)
        left = {one.key: one.left for one in winner.member}
        for leg in legs:
            if leg.place == Place.MEMBER and leg.side == 1 and leg.lot is not None:
                left[leg.lot] = left.get(leg.lot, 0) + leg.points
        merged = balance_of(winner).after(legs, side=1)
        held = Held(tuple(lot(key, points) for key, points in left.items() if points), loser.pending, merged.owed)
        back = unmerged_legs(merged=legs, winner=held)
        assert is_balanced(legs) and is_balanced(back)
        assert merged.after(back, side=1) == balance_of(winner)
        assert balance_of(loser).after(legs).after(back) == balance_of(loser)
