"""First pages of a narrowed list, added up in this process and counted in steps: a look at a list is seldom a write.

Each further page is counted at once. First pages are where ordinary work is, and on SQLite a write waits for all
others; so their rows are kept here until there are `STEP` of them, and the same list twice in a day is the same people.
What a process holds when it ends is not counted: less than one step for each person.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from zhenke.customers.operations.reveals import count_listed
from zhenke.doors.pages.staff_request import Moment
from zhenke.staff.models import StaffMember

STEP = 200


@dataclass
class _Narrowed:
    """What one person narrowed on one day, as far as this process saw it."""

    lists: set[int] = field(default_factory=set)
    rows: int = 0


class _Days:
    """The day of each person, for as long as it lasts."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._people: dict[tuple[int, date], _Narrowed] = defaultdict(_Narrowed)

    def step(self, member_id: int, today: date, query: str, rows: int) -> int:
        """Add the rows of a list; return how many are to be counted now, 0 while there are too few."""
        with self._lock:
            if (member_id, today) not in self._people:
                for key in [key for key in self._people if key[0] == member_id]:
                    del self._people[key]
            narrowed, name = self._people[member_id, today], hash(query)
            if name in narrowed.lists:
                return 0
            narrowed.lists.add(name)
            narrowed.rows += rows
            if narrowed.rows < STEP:
                return 0
            counted, narrowed.rows = narrowed.rows, 0
            return counted


_days = _Days()


def note_narrowed(*, member: StaffMember, query: str, rows: int, moment: Moment) -> None:
    """Note the first page of a list that somebody narrowed; every `STEP` rows are counted with those of further pages.

    Writes: as `count_listed`, once a step.
    Twice:  the same list on the same day adds nothing.
    """
    counted = _days.step(member.pk, moment.today, query, rows)
    if counted:
        count_listed(member=member, rows=counted, now=moment.now)
