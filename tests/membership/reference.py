"""A one-thread model of the points: plain dictionaries, written anew from docs/rules/points.md and not from our code.

It knows no database. Movements are told to it in the order of the ledger; it answers with what each changed for whom,
or with "too low". Lots are called by the keys the ledger gave them, because of two that end on one day the older is
spent first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

Change = dict[tuple[str, str], int]  # (whose account, place) -> points


class TooLow(Exception):
    """There is not so much to spend."""


@dataclass
class Earning:
    """What one line earned."""

    lot: int
    points: int
    whose: str
    reversed: int = 0
    ended: int = 0


@dataclass
class Spending:
    """What one spending took of which lot."""

    whose: str
    taken: dict[int, int]
    back: int = 0


@dataclass
class Joined:
    """What a merge did, so that it can be undone."""

    loser: str
    winner: str
    lots: set[int]
    owed: int
    paid: dict[int, int] = field(default_factory=dict)


class Reference:
    """Everybody's lots and debts."""

    def __init__(self) -> None:
        self.member: dict[str, dict[int, int]] = defaultdict(dict)
        self.pending: dict[str, dict[int, int]] = defaultdict(dict)
        self.owed: dict[str, int] = defaultdict(int)
        self.ends: dict[int, date] = {}
        self.earnings: dict[str, Earning] = {}
        self.of_lot: dict[int, Earning] = {}
        self.spendings: dict[str, Spending] = {}
        self.stands_for: dict[str, str] = {}

    def who(self, whose: str) -> str:
        """Return who stands for somebody today."""
        while whose in self.stands_for:
            whose = self.stands_for[whose]
        return whose

    def picture(self) -> dict[tuple[str, str, int], int]:
        """Return what everybody has and owes, by person, place and lot (0: none), without nothings."""
        found = {
            (whose, place, lot): left
            for place, people in (("member", self.member), ("pending", self.pending))
            for whose, lots in people.items()
            for lot, left in lots.items()
            if left
        }
        return found | {(whose, "debt", 0): -owed for whose, owed in self.owed.items() if owed}

    def spendable(self, whose: str, day: date) -> int:
        """Return what somebody may spend on a day."""
        live = sum(left for lot, left in self.member[whose].items() if self.ends[lot] >= day)
        return max(0, live - self.owed[whose])

    def sums(self, people: Iterable[str]) -> Change:
        """Return what some people have and owe, by person and place."""
        found: Change = {}
        for whose in people:
            found[whose, "member"] = sum(self.member[whose].values())
            found[whose, "pending"] = sum(self.pending[whose].values())
            found[whose, "debt"] = -self.owed[whose]
        return found

    # Movements.

    def earn(self, whose: str, points: int, cause: str, *, lot: int, ends: date, waits: bool) -> None:
        """Points come."""
        self.ends[lot] = ends
        self.earnings[cause] = self.of_lot[lot] = Earning(lot, points, whose)
        if waits:
            self.pending[whose][lot] = points
        else:
            self._arrive(whose, lot, points)

    def _arrive(self, whose: str, lot: int, points: int) -> None:
        pays = min(points, self.owed[whose])
        self.owed[whose] -= pays
        self.member[whose][lot] = self.member[whose].get(lot, 0) + points - pays

    def activate(self, whose: str, lot: int) -> None:
        """What waited may be spent."""
        self._arrive(whose, lot, self.pending[whose].pop(lot))

    def expire(self, whose: str, lot: int) -> None:
        """What is left of a lot ends."""
        left = self.member[whose].pop(lot)
        if lot in self.of_lot:
            self.of_lot[lot].ended += left

    def _in_order(self, whose: str, day: date, *, without: int = 0) -> Iterator[int]:
        live = [lot for lot, left in self.member[whose].items() if left and self.ends[lot] >= day and lot != without]
        yield from sorted(live, key=lambda lot: (self.ends[lot], lot))

    def _take(self, whose: str, points: int, day: date, *, without: int = 0) -> dict[int, int]:
        taken: dict[int, int] = {}
        for lot in self._in_order(whose, day, without=without):
            if points == 0:
                break
            taken[lot] = min(points, self.member[whose][lot])
            self.member[whose][lot] -= taken[lot]
            points -= taken[lot]
        return taken

    def spend(self, whose: str, points: int, cause: str, day: date) -> None:
        """Points go."""
        if points > self.spendable(whose, day):
            raise TooLow
        self.spendings[cause] = Spending(whose, self._take(whose, points, day))

    def take_by_hand(self, whose: str, points: int, day: date) -> None:
        """Points are taken by hand."""
        if points > self.spendable(whose, day):
            raise TooLow
        self._take(whose, points, day)

    def left_to_cancel(self, cause: str) -> int:
        """Return what of a spending may still come back."""
        spending = self.spendings[cause]
        return sum(spending.taken.values()) - spending.back

    def cancel(self, cause: str, points: int, day: date) -> int:
        """Spent points come back, of the lots that end last first; return what of them ended at once."""
        spending = self.spendings[cause]
        whose, skip = self.who(spending.whose), spending.back
        spending.back += points
        for lot in sorted(spending.taken, key=lambda lot: (self.ends[lot], lot), reverse=True):
            passed = min(skip, spending.taken[lot])
            skip -= passed
            comes = min(points, spending.taken[lot] - passed)
            points -= comes
            if comes:
                self._arrive(whose, lot, comes)
        return sum(self.member[whose].get(lot, 0) for lot in spending.taken if self.ends[lot] < day)

    def end_again(self, cause: str, day: date) -> None:
        """What came back to lots that had ended ends once more."""
        whose = self.who(self.spendings[cause].whose)
        for lot in self.spendings[cause].taken:
            if self.ends[lot] < day and self.member[whose].get(lot):
                self.expire(whose, lot)

    def to_reverse(self, cause: str, share: Fraction) -> int:
        """Return what a return takes back."""
        earning = self.earnings[cause]
        return earning.points - int(earning.points * (1 - share)) - earning.reversed

    def reverse(self, cause: str, share: Fraction, day: date) -> None:
        """What a line earned is taken back."""
        earning = self.earnings[cause]
        whose, rest = self.who(earning.whose), self.to_reverse(cause, share)
        earning.reversed += rest
        for places in (self.pending[whose], self.member[whose]):
            takes = min(rest, places.get(earning.lot, 0))
            if takes:
                places[earning.lot] -= takes
            rest -= takes
        gone = min(rest, earning.ended)
        earning.ended -= gone
        rest -= gone
        rest -= sum(self._take(whose, rest, day, without=earning.lot).values())
        self.owed[whose] += rest

    def merge(self, loser: str, winner: str) -> Joined:
        """One of two."""
        there = {lot for people in (self.member, self.pending) for lot, left in people[loser].items() if left}
        joined = Joined(loser, winner, there, self.owed[loser])
        for people in (self.member, self.pending):
            for lot, left in people[loser].items():
                people[winner][lot] = people[winner].get(lot, 0) + left
            people[loser] = {}
        self.owed[winner] += self.owed[loser]
        self.owed[loser] = 0
        for lot in sorted(self.member[winner], key=lambda lot: (self.ends[lot], lot)):
            pays = min(self.member[winner][lot], self.owed[winner])
            if pays and (joined.lots or joined.owed):
                self.member[winner][lot] -= pays
                self.owed[winner] -= pays
                joined.paid[lot] = pays
        self.stands_for[loser] = winner
        return joined

    def unmerge(self, joined: Joined) -> None:
        """Two of one."""
        loser, winner = joined.loser, joined.winner
        del self.stands_for[loser]
        if not joined.lots and not joined.owed:
            return
        for lot, paid in joined.paid.items():
            self.member[winner][lot] = self.member[winner].get(lot, 0) + paid
            self.owed[winner] += paid
        for people in (self.member, self.pending):
            for lot in joined.lots:
                left = people[winner].pop(lot, 0)
                if left:
                    people[loser][lot] = left
        owes = min(joined.owed, self.owed[winner])
        self.owed[winner] -= owes
        self.owed[loser] += owes
