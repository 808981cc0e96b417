"""How far the nights have come, and whether the clock may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhenke.membership.models import PointsNight
from zhenke.membership.operations.accounts import open_programme
from zhenke.membership.rules.clocks import Tick, may_end
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer


@dataclass(frozen=True, slots=True)
class NightAhead:
    """What a night may do: `since` is the last one that was done, None before the first."""

    since: date | None
    may_end: bool


@transaction.atomic
def begin_night(*, tick: Tick) -> NightAhead:
    """Return what the night of this moment may do; a day that the clock cannot be believed in waits for a word.

    Writes: PointsNight.
    Twice:  the same answer.
    """
    row = _row(tick.at)
    if row is None:
        return NightAhead(None, may_end=False)
    last = Tick(row.on_date, row.at, row.boot, row.up_seconds)
    may = may_end(last=last, now=tick, confirmed=row.confirmed_date)
    held = None if may else tick.day
    if row.held_date != held:
        row.held_date = held
        row.save(update_fields=["held_date"])
    return NightAhead(row.on_date, may_end=may)


@transaction.atomic
def finish_night(*, tick: Tick) -> None:
    """Note that a night is done: the next one goes on from its day.

    Writes: PointsNight.
    Twice:  the same; an earlier day than the last is not noted.
    """
    programme = open_programme(now=tick.at)
    row = _row(tick.at)
    if row is None:
        row = PointsNight(programme=programme)
    elif tick.day < row.on_date:
        return
    row.on_date, row.at, row.boot, row.up_seconds = tick.day, tick.at, tick.boot, tick.up_seconds
    row.held_date = None
    row.save()


@transaction.atomic
def confirm_day(*, day: date, by: Viewer, now: datetime) -> bool:
    """Say that points may end until a day, whatever the clock did; return whether a night waited for that.

    Writes: PointsNight, one audit line.
    Twice:  False, nothing more is written.
    """
    row = _row(now)
    if row is None or (row.confirmed_date is not None and row.confirmed_date >= day):
        return False
    waited = row.held_date is not None and row.held_date <= day
    row.confirmed_date = day
    row.save(update_fields=["confirmed_date"])
    record(action="points.day_confirmed", by=by, now=now, day=day)
    return waited


def _row(now: datetime) -> PointsNight | None:
    return PointsNight.objects.select_for_update().filter(programme=open_programme(now=now)).first()
