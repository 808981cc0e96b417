"""Every night: lots whose waiting is over may be spent, lots whose last day is over end; thousands in one batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from zhenke.membership.operations.accounts import hold_several
from zhenke.membership.operations.writing import Kind, OneOfMany, write_many
from zhenke.membership.queries.nights import (
    DueLot,
    House,
    LeftLot,
    houses,
    lots_to_activate,
    lots_to_expire,
    owed_on,
    still_left,
)
from zhenke.membership.rules.ledger import Cause, Place, activated_legs, expired_legs

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class NightMoves:
    """What one night moved: lots and points."""

    lots: int = 0
    points: int = 0


def activate_due(*, day: date, now: datetime, since: date | None = None) -> NightMoves:
    """Let every lot whose waiting is over by a day be spent; what its owner owes is paid first.

    Units:  `day` is the house's; `since` is the last night that did this, None to look at all that ever waited. What is
            earned since then cannot have an earlier day (`earn`), three days are looked back all the same.
    Writes: one entry for each lot, in batches that commit.
    Twice:  nothing more.
    """
    return _every(lots_to_activate, Kind.ACTIVATE, day=day, now=now, since=since)


def expire_due(*, day: date, now: datetime, since: date | None = None) -> NightMoves:
    """Let every lot whose last day is before a day end with what is left of it.

    Units:  as `activate_due`. Whether this day may be believed is asked before (`operations.clocks`).
    Writes: one entry for each lot that ends with something left, in batches that commit.
    Twice:  nothing more.
    """
    return _every(lots_to_expire, Kind.EXPIRE, day=day, now=now, since=since)


def _every(find: Callable[..., list[DueLot]], kind: str, *, day: date, now: datetime, since: date | None) -> NightMoves:
    lots = points = 0
    first = since - timedelta(days=3) if since else None
    for house in houses():
        after: tuple[date, int] | None = None
        while found := find(programme=house.programme, first=first, day=day, after=after, size=BATCH):
            after = (found[-1].on_date, found[-1].lot)
            done = _one_batch(found, house=house, kind=kind, day=day, now=now)
            lots, points = lots + done.lots, points + done.points
    return NightMoves(lots, points)


@transaction.atomic
def _one_batch(found: Sequence[DueLot], *, house: House, kind: str, day: date, now: datetime) -> NightMoves:
    """Write one batch: the lots were found without a lock, so what is left of them is asked again under it."""
    waits = kind == Kind.ACTIVATE
    place = Place.PENDING if waits else Place.MEMBER
    keys, programme = [one.lot for one in found], house.programme
    with connection.cursor() as cursor:
        held = {one.member for one in still_left(cursor, programme=programme, lots=keys, place=place)}
        hold_several(cursor, sorted(held))
        left = [one for one in still_left(cursor, programme=programme, lots=keys, place=place) if one.member in held]
        owed = owed_on(cursor, [one.debt for one in left]) if waits else {}
        moves = [_move(one, house=house, waits=waits, owed=owed) for one in left]
        if moves:
            write_many(cursor, kind=kind, programme=programme, movements=moves, on_date=day, now=now)
    return NightMoves(len(moves), sum(one.left for one in left))


def _move(one: LeftLot, *, house: House, waits: bool, owed: dict[int, int]) -> OneOfMany:
    if waits:
        legs = activated_legs(lot=one.lot, left=one.left, owed=owed.get(one.debt, 0))
        owed[one.debt] = owed.get(one.debt, 0) - sum(leg.points for leg in legs if leg.place == Place.DEBT)
    else:
        legs = expired_legs(lot=one.lot, left=one.left)
    keys = {
        Place.MEMBER: one.member,
        Place.PENDING: one.pending,
        Place.DEBT: one.debt,
        Place.EXPIRED: house.expired,
    }
    # What touched the lot last is part of the cause: a lot that got points back ends once more, each time once.
    cause = Cause("lot", f"{one.lot}:{one.member}:{one.last_entry}")
    return OneOfMany(cause, tuple((keys[leg.place], leg.lot, leg.points) for leg in legs))
