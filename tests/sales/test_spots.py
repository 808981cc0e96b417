"""Hashes remembered in little room say what a set and a dict would say."""

from __future__ import annotations

import random

from zhenke.sales.rules.spots import NumberedSpots, Spots

LEAST, MOST = -(1 << 63), (1 << 63) - 1
CROWD = [7 + (number << 16) for number in range(50)]  # all of one row


class TestSpots:
    def test_holds_what_was_added_and_nothing_else(self) -> None:
        random.seed(1)
        drawn = {random.randint(LEAST, MOST) for _ in range(20_000)} | {LEAST, MOST, 0, *CROWD}
        there = sorted(drawn)[::2]
        spots = Spots()
        spots.add_new(there)
        assert {one for one in drawn if one in spots} == set(there)
        assert spots.has_any([there[0]])
        assert not spots.has_any(drawn - set(there))


class TestNumberedSpots:
    def test_keeps_the_first_number_that_was_told(self) -> None:
        spots = NumberedSpots()
        spots.learn((one, 0) for one in CROWD)
        spots.learn((one, place) for place, one in enumerate(CROWD, start=1))
        spots.learn((one, 99) for one in CROWD)
        assert [spots.number(one) for one in CROWD] == list(range(1, len(CROWD) + 1))
        assert len(spots) == len(CROWD)

    def test_has_no_number_for_what_is_not_there(self) -> None:
        spots = NumberedSpots()
        spots.learn([(LEAST, MOST)])
        assert (spots.number(LEAST), spots.number(MOST), len(spots)) == (MOST, 0, 1)
        assert spots.has_any([5, LEAST])
        assert not spots.has_any([5, MOST])
