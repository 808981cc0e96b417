"""What each movement of points writes: pure allocation over lots, and the fold that balances are read from.

A movement is a tuple of legs that add up to nothing. Hers are three places: what she may spend, what waits, what she
owes (nothing or below). The house's are two: where points come from and go back to, and what ended unspent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from zhenke.basics.errors import BadInput, NotFound, RuleBroken


class Place(StrEnum):
    """Where points lie; the words are those of `PointsAccount.Kind`."""

    MEMBER = "member"
    PENDING = "pending"
    DEBT = "debt"
    PROGRAMME = "programme"
    EXPIRED = "expired"


HERS = (Place.MEMBER, Place.PENDING, Place.DEBT)


class BalanceTooLow(RuleBroken):
    """She has not so many points to spend. Facts: `wanted`, `spendable`."""

    code = "balance_too_low"
    message = "There are {spendable} points to spend, not {wanted}."


class CauseReused(RuleBroken):
    """This cause has written something else before. Facts: `cause_kind`, `cause_id`."""

    code = "cause_reused"
    message = "This was written down before, with other points."


class PointsWrong(BadInput):
    """A number of points, days or months that means nothing here. Facts: `points`."""

    code = "points_wrong"
    message = "{points} is no number of points that can be moved here."


class MovementUnknown(NotFound):
    """There is no movement with this cause."""

    code = "movement_unknown"
    message = "There is no movement of points with this cause."


@dataclass(frozen=True, slots=True)
class Cause:
    """Why points moved: a kind ("sale_line", "return_line", "birthday" …) and the key of the thing, never words."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one lot in one place."""

    key: int
    left: int
    active_on_date: date
    expires_on_date: date

    def is_live(self, on_date: date) -> bool:
        """Return whether it may still be spent on a day: a lot lives until the end of its last day."""
        return on_date <= self.expires_on_date


@dataclass(frozen=True, slots=True)
class Held:
    """What a customer has: lots to spend, lots that wait, and what she owes (0 or more)."""

    member: tuple[Lot, ...] = ()
    pending: tuple[Lot, ...] = ()
    owed: int = 0

    def left_of(self, lot: int, place: Place) -> int:
        """Return what is left of one lot in one of her places."""
        return sum(one.left for one in (self.member if place == Place.MEMBER else self.pending) if one.key == lot)

    def live(self, on_date: date) -> list[Lot]:
        """Return the lots that may be spent on a day, in the order in which they are spent."""
        return in_spending_order(lot for lot in self.member if lot.is_live(on_date) and lot.left > 0)


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a movement; `side` tells two customers of one movement apart (a merge): 0 the first, 1 the second."""

    place: Place
    points: int
    lot: int | None = None
    side: int = 0


def in_spending_order(lots: Iterable[Lot]) -> list[Lot]:
    """Return lots as they are spent: the one that ends soonest first, of those the oldest.

    Source: docs/rules/points.md, "Ledger".
    """
    return sorted(lots, key=lambda lot: (lot.expires_on_date, lot.key))


def spendable(held: Held, on_date: date) -> int:
    """Return how many points may be spent on a day: what lives, less what is owed.

    Units:  whole points, >= 0.
    Example: lots of 80 and 20, the second ended yesterday, 30 owed -> 50
    """
    return max(0, sum(lot.left for lot in held.live(on_date)) - held.owed)


def is_balanced(legs: Iterable[Leg]) -> bool:
    """Return whether the legs of a movement add up to nothing."""
    return sum(leg.points for leg in legs) == 0


def _balanced(legs: Iterable[Leg], by: Place) -> tuple[Leg, ...]:
    """Return the legs, without empty ones, and the one that makes them add up to nothing."""
    kept = [leg for leg in legs if leg.points]
    rest = -sum(leg.points for leg in kept)
    return (*kept, Leg(by, rest)) if rest else tuple(kept)


def end_of_lot(active_from: date, months: int) -> date:
    """Return the last day of a lot that lives so many months: the same day of the month, or the month's last.

    Units:  `months` > 0.
    Example: 2026-08-31 and 6 months -> 2027-02-28
    """
    year, month = divmod(active_from.year * 12 + active_from.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(active_from.day, last))


def earned_legs(*, points: int, lot: int, owed: int, waits: bool) -> tuple[Leg, ...]:
    """Return what an earning writes: onto what waits, or at once onto what may be spent, debt first.

    Errors: PointsWrong below 1.
    """
    if points < 1:
        raise PointsWrong(points=points)
    if waits:
        return _balanced([Leg(Place.PENDING, points, lot)], Place.PROGRAMME)
    return _balanced(_settled(lot, points, owed), Place.PROGRAMME)


def activated_legs(*, lot: int, left: int, owed: int) -> tuple[Leg, ...]:
    """Return what it writes when a lot that waited may be spent: it pays what is owed first.

    Example: 100 waited, 30 owed -> 30 pay the debt, 70 may be spent
    """
    return (Leg(Place.PENDING, -left, lot), *(leg for leg in _settled(lot, left, owed) if leg.points))


def _settled(lot: int, points: int, owed: int) -> list[Leg]:
    pays = min(points, owed)
    return [Leg(Place.DEBT, pays), Leg(Place.MEMBER, points - pays, lot)]


def spent_legs(*, held: Held, points: int, on_date: date) -> tuple[Leg, ...]:
    """Return what spending writes: the lot that ends soonest first.

    Errors: PointsWrong below 1; BalanceTooLow.
    """
    if points < 1:
        raise PointsWrong(points=points)
    there = spendable(held, on_date)
    if points > there:
        raise BalanceTooLow(wanted=points, spendable=there)
    return _balanced(_taken(held.live(on_date), points), Place.PROGRAMME)


def _taken(lots: Sequence[Lot], points: int, place: Place = Place.MEMBER) -> Iterator[Leg]:
    for lot in lots:
        takes = min(lot.left, points)
        if takes > 0:
            points -= takes
            yield Leg(place, -takes, lot.key)


def given_back_legs(*, taken: Sequence[Lot], points: int, owed: int) -> tuple[Leg, ...]:
    """Return what it writes when spent points come back: onto the same lots with the same ends, debt paid first.

    `taken` is what the spending took of each lot and was not given back since. Of a part the lots that end last come
    back first, so that the kept part is what would have been spent alone.

    Errors: PointsWrong below 1 or above what was taken.
    """
    if not 0 < points <= sum(lot.left for lot in taken):
        raise PointsWrong(points=points)
    legs: list[Leg] = []
    for lot in reversed(in_spending_order(taken)):
        comes = min(lot.left, points)
        if comes <= 0:
            continue
        points -= comes
        pays = min(comes, owed)
        owed -= pays
        legs += [Leg(Place.DEBT, pays), Leg(Place.MEMBER, comes - pays, lot.key)]
    return _balanced(_summed(legs), Place.PROGRAMME)


def points_to_reverse(*, earned: int, already: int, share_back: Fraction) -> int:
    """Return how many points a return takes back, so that what stays is what the kept part alone has earned.

    `share_back` is how much of the line is back by now, this return included, so that parts never drift: when all of it
    is back, all of its points are.

    Units:  `earned` and `already` (taken back before) in points; `share_back` 0..1; result >= 0.
    Round:  what stays is rounded down, once.
    Errors: PointsWrong for a share outside 0..1.
    Example: 101 earned, half is back -> 50 stay, 51 are taken; then all is back -> 50 are taken
    """
    if not 0 <= share_back <= 1:
        raise PointsWrong(points=str(share_back))
    stay = int(earned * (1 - share_back))
    return max(0, earned - stay - already)


def reversed_legs(*, points: int, lot: int, held: Held, ended: int, on_date: date) -> tuple[Leg, ...]:
    """Return what it writes when an earning is taken back.

    First what is left of its own lot; then what of it ended unspent, which she never had; then her other lots, the one
    that ends soonest first; the rest she owes, and what she earns next pays it.

    Units:  `ended` is what of the own lot ended unspent and was not taken back since.
    """
    waits = Lot(lot, held.left_of(lot, Place.PENDING), on_date, on_date)
    own = Lot(lot, held.left_of(lot, Place.MEMBER), on_date, on_date)
    legs = [*_taken([waits], points, Place.PENDING)]
    legs += _taken([own], points + sum(leg.points for leg in legs))
    rest = points + sum(leg.points for leg in legs)
    gone = min(ended, rest)
    others = [one for one in held.live(on_date) if one.key != lot]
    legs += [Leg(Place.EXPIRED, -gone), *_taken(others, rest - gone)]
    legs.append(Leg(Place.DEBT, -(points + sum(leg.points for leg in legs))))
    return _balanced(legs, Place.PROGRAMME)


def expired_legs(*, lot: int, left: int) -> tuple[Leg, ...]:
    """Return what it writes when a lot ends with something left."""
    return (Leg(Place.MEMBER, -left, lot), Leg(Place.EXPIRED, left))


def merged_legs(*, loser: Held, winner: Held) -> tuple[Leg, ...]:
    """Return what it writes when side 0 becomes side 1: every lot with its end, and what is owed; debt is then paid.

    Shape:  empty when the loser has nothing.
    """
    legs = [
        leg
        for place, lots in ((Place.MEMBER, loser.member), (Place.PENDING, loser.pending))
        for lot in lots
        for leg in (Leg(place, -lot.left, lot.key), Leg(place, lot.left, lot.key, side=1))
    ]
    legs += [Leg(Place.DEBT, loser.owed), Leg(Place.DEBT, -loser.owed, side=1)]
    if not any(leg.points for leg in legs):
        return ()
    owed = loser.owed + winner.owed
    for lot in in_spending_order((*loser.member, *winner.member)):
        pays = min(lot.left, owed)
        owed -= pays
        legs += [Leg(Place.MEMBER, -pays, lot.key, side=1), Leg(Place.DEBT, pays, side=1)]
    return tuple(_summed(legs))


def unmerged_legs(*, merged: Sequence[Leg], winner: Held) -> tuple[Leg, ...]:
    """Return what it writes when a merge is undone: what is left of the loser's lots, and of her debt, goes back.

    `merged` are the legs of the merge. Where nothing happened since, both have exactly what they had. What was spent of
    a lot since stays spent; debt that was paid since stays paid.

    Shape:  side 0 is the loser, as in `merged`; empty when nothing goes back.
    """
    hers = {leg.lot for leg in merged if leg.side == 0 and leg.lot is not None}
    came = {(leg.place, leg.lot): -leg.points for leg in merged if leg.side == 0}
    got = {(leg.place, leg.lot): leg.points for leg in merged if leg.side == 1}
    # What the merge let pay a debt is owed again, and the lots that paid it have it back.
    paid = {lot: came.get((Place.MEMBER, lot), 0) - got.get((Place.MEMBER, lot), 0) for lot in _lots(merged)}
    member = {lot.key: lot.left for lot in winner.member}
    legs: list[Leg] = []
    for lot, points in paid.items():
        legs.append(Leg(Place.MEMBER, points, lot, side=1))
        member[lot] = member.get(lot, 0) + points
    again = sum(paid.values())
    legs.append(Leg(Place.DEBT, -again, side=1))
    for place, left in ((Place.MEMBER, member), (Place.PENDING, {lot.key: lot.left for lot in winner.pending})):
        for lot in sorted(hers & left.keys()):
            legs += [Leg(place, left[lot], lot), Leg(place, -left[lot], lot, side=1)]
    owes = min(max(0, -came.get((Place.DEBT, None), 0)), winner.owed + again)
    legs += [Leg(Place.DEBT, -owes), Leg(Place.DEBT, owes, side=1)]
    return tuple(_summed(legs))


def _lots(legs: Iterable[Leg]) -> list[int]:
    return sorted({leg.lot for leg in legs if leg.lot is not None})


def _summed(legs: Iterable[Leg]) -> Iterator[Leg]:
    """Yield one leg for each place, lot and side, without empty ones, in the order they came."""
    sums: dict[tuple[Place, int | None, int], Leg] = {}
    for leg in legs:
        key = (leg.place, leg.lot, leg.side)
        sums[key] = replace(sums[key], points=sums[key].points + leg.points) if key in sums else leg
    return (leg for leg in sums.values() if leg.points)


def closed_legs(held: Held) -> tuple[Leg, ...]:
    """Return what it writes when a customer is forgotten: what she has ends unspent, what she owes is let go.

    Shape:  empty when she has and owes nothing.
    """
    legs = [Leg(Place.MEMBER, -lot.left, lot.key) for lot in held.member]
    legs += [Leg(Place.PENDING, -lot.left, lot.key) for lot in held.pending]
    ended = -sum(leg.points for leg in legs)
    return _balanced([*legs, Leg(Place.EXPIRED, ended), Leg(Place.DEBT, held.owed)], Place.PROGRAMME)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a customer's places add up to: points that may be spent (ended or not yet), that wait, that are owed."""

    member: int = 0
    pending: int = 0
    owed: int = 0

    def after(self, legs: Iterable[Leg], *, side: int = 0) -> Balance:
        """Return the balance when the legs of a movement are added."""
        moved = dict.fromkeys(HERS, 0)
        for leg in legs:
            if leg.place in moved and leg.side == side:
                moved[leg.place] += leg.points
        return Balance(
            self.member + moved[Place.MEMBER], self.pending + moved[Place.PENDING], self.owed - moved[Place.DEBT]
        )


def fold(movements: Iterable[Iterable[Leg]], *, side: int = 0) -> Balance:
    """Return the balance that a history of movements leads to: the sum of its legs, nothing else."""
    balance = Balance()
    for legs in movements:
        balance = balance.after(legs, side=side)
    return balance
