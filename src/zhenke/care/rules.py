"""Pure rules of care: which step a customer is due, how much a task matters today, and when the next one should be.

Source: ../shared/rules.md "Follow-up cadence" as data in doors/defaults; nothing here holds the shop's own numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from zhenke.basics.errors import BadInput, RuleBroken

LONGEST_OFFSET_DAYS = 3660
ESCALATE_AFTER_MISSES = 2
SECOND_CHANCE_DAYS = 2
ASK_STEP = "ask_field"
"""The step of a small task: one thing to ask for when she is next spoken to."""
STAY_STEP = "ask_to_stay"
"""The step of a small task on which it hangs whether an archive is kept: she is asked, and says yes or no."""
MEMBER_STEP = "member_asks"
"""The step of what a customer asked for on the member site; its note is the code of what."""
DATED_STEPS = {"birthday", "birthday_greeting", "wedding", "festival", "occasion"}
"""Steps whose day tells a day of the customer's own life."""


class PlanInvalid(BadInput):
    """A care plan cannot be understood."""

    code = "care_plan_invalid"
    message = "{where}: {reason}"


class NextDateMissing(BadInput):
    """Every closed follow-up names the day of the next one."""

    code = "next_date_missing"
    message = "Say when to be in touch next; the day must be after today ({today})."


class TaskClosed(RuleBroken):
    """The task was finished or cancelled already."""

    code = "task_closed"
    message = "This task is closed already."


class Result(StrEnum):
    """How a follow-up ended; `Result` values are kept, their words live in doors."""

    REACHED = "reached"
    MESSAGE_SENT = "message_sent"
    VISIT_BOOKED = "visit_booked"
    VISITED = "visited"
    BOUGHT = "bought"
    NO_ANSWER = "no_answer"
    LATER = "later"
    NOT_INTERESTED = "not_interested"
    WRONG_NUMBER = "wrong_number"


def contact_key(task_id: int, done_at: datetime) -> str:
    """Return the key of the contact that a finished task writes down; done again is another one."""
    return f"task:{task_id}:{done_at.timestamp():.0f}"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask a customer for: whose she is, in which shop, and the field (customers/rules/freshness.py)."""

    owner: int | None
    shop: int
    field: str


@dataclass(frozen=True, slots=True)
class DuePiece:
    """A piece that is to be looked at, as plain values: the room of pieces stands below and hands it over."""

    piece_id: int
    customer_id: int
    owner_id: int | None
    """The advisor whose customer the piece's owner is."""
    shop_id: int
    name: str
    due_date: date


def inspection_key(piece_id: int, due_date: date) -> str:
    """Return the key of the follow-up for one piece and the day it is due."""
    return f"inspection:{piece_id}:{due_date.isoformat()}"


# Days until the next contact that the form proposes; the advisor decides.
NEXT_AFTER_DAYS: dict[Result, int] = {
    Result.REACHED: 60,
    Result.MESSAGE_SENT: 14,
    Result.VISIT_BOOKED: 7,
    Result.VISITED: 30,
    Result.BOUGHT: 7,
    Result.NO_ANSWER: 2,
    Result.LATER: 14,
    Result.NOT_INTERESTED: 180,
    Result.WRONG_NUMBER: 30,
}

_WORTH_OF_GRADE = {"A": 100, "B": 70, "C": 45, "D": 28, "E": 18}
_WORTH_OF_STAGE = {"A": 80, "B": 60, "C": 40, "D": 20, "E": 10}
_WORTH_UNKNOWN = 15
_WEIGHT_OF_STEP = {
    "wear_check": 120,
    "thanks": 110,
    "call_back": 120,
    "birthday": 110,
    "wedding": 110,
    "win_back": 90,
    "ask_field": 50,
    "ask_to_stay": 60,
    "member_asks": 120,
}


@dataclass(frozen=True)
class Step:
    """One step of a plan: when (days from the trigger), how long it may wait, for which grades, and what to say."""

    code: str
    offset_days: int
    window_days: int = 3
    grades: tuple[str, ...] = ()
    every_days: int | None = None
    until_days: int | None = None
    script_en: str = ""
    script_zh: str = ""

    def fits(self, grade: str) -> bool:
        """Return whether a customer of this grade (or prospect stage) gets the step; no list means everybody."""
        return not self.grades or grade in self.grades

    def offsets(self) -> tuple[int, ...]:
        """Return all days from the trigger on which this step falls, repeats included."""
        if not self.every_days:
            return (self.offset_days,)
        return tuple(range(self.offset_days, (self.until_days or self.offset_days) + 1, self.every_days))


def steps_from_plain(plain: Sequence[Mapping[str, object]], *, where: str) -> tuple[Step, ...]:
    """Return the steps of a plan read from plain values.

    Errors: PlanInvalid saying which step and why.
    """
    steps = []
    for number, values in enumerate(plain, start=1):
        spot = f"{where}, step {number}"
        unknown = set(values) - set(Step.__dataclass_fields__)
        if unknown:
            raise PlanInvalid(where=spot, reason=f"unknown word {sorted(unknown)[0]!r}")
        code, offset, window = values.get("code"), values.get("offset_days"), values.get("window_days", 3)
        if not isinstance(code, str) or not code.replace("_", "").isalnum() or len(code) > 40:
            raise PlanInvalid(where=spot, reason="a step needs a code of letters, digits and _")
        if not isinstance(offset, int) or abs(offset) > LONGEST_OFFSET_DAYS:
            raise PlanInvalid(where=spot, reason=f"offset_days must be a whole number up to {LONGEST_OFFSET_DAYS}")
        if not isinstance(window, int) or not 0 <= window <= 60:
            raise PlanInvalid(where=spot, reason="window_days must be a whole number from 0 to 60")
        steps.append(Step(**{**values, "grades": tuple(values.get("grades") or ())}))  # type: ignore[arg-type]
    if not steps:
        raise PlanInvalid(where=where, reason="a plan needs at least one step")
    return tuple(steps)


@dataclass(frozen=True)
class Urgency:
    """How pressing a task is on one day."""

    days_late: int
    days_left: int

    @property
    def points(self) -> int:
        """0–100: full from the last day on, falling by ten for each day that is still left, rising while late."""
        if self.days_late > 0:
            return min(100, 80 + 5 * self.days_late)
        return max(10, 100 - 10 * self.days_left)


def urgency_of(*, due_date: date, last_date: date, today: date) -> Urgency:
    """Return how pressing a task is today.

    Units:  whole days.
    """
    return Urgency(days_late=max(0, (today - due_date).days), days_left=max(0, (last_date - today).days))


def worth_of(*, letter: str, stage: str) -> int:
    """Return what a customer's grade (or a prospect's stage) weighs in the order of the day, 10–100."""
    return _WORTH_OF_GRADE.get(letter) or _WORTH_OF_STAGE.get(stage) or _WORTH_UNKNOWN


def priority_of(*, worth: int, urgency: Urgency, step: str) -> int:
    """Return the place of a task in the day's order: worth × urgency, weighed by the kind of step.

    Units:  plain points; larger comes first.
    """
    return worth * urgency.points * _WEIGHT_OF_STEP.get(step, 100) // 100


def next_date_for(*, result: Result, today: date) -> date:
    """Return the day that is proposed for the next contact."""
    return today + timedelta(days=NEXT_AFTER_DAYS[result])


@dataclass(frozen=True)
class Why:
    """The facts of a why-line; the sentence is made at the door in the reader's language.

    `step` says which sentence; `days` counts from the trigger; `piece` is what was bought; `usual_gap_days` how often
    she used to come; `occasion` and `in_days` name the next date of hers that comes up.
    """

    step: str
    days: int | None = None
    piece: str = ""
    category: str = ""
    is_gift: bool = False
    usual_gap_days: int | None = None
    amount_minor: int | None = None
    occasion: str = ""
    occasion_label: str = ""
    in_days: int | None = None
    note: str = ""
    missed: int = 0


def usual_gap_days(*, frequency: int, first_date: date | None, last_date: date | None) -> int | None:
    """Return how many days usually lay between two visits, or None when there were fewer than three purchases."""
    if frequency < 3 or first_date is None or last_date is None or last_date <= first_date:
        return None
    return round((last_date - first_date).days / (frequency - 1))
