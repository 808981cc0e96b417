"""The night asks before it erases: members long silent, parents of children, and who has turned fourteen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from zhenke.care.operations.asking import ask_to_stay as write_questions
from zhenke.care.queries.asking import asked_to_stay
from zhenke.care.rules import Question
from zhenke.customers.queries.children import children_unguarded, of_age_now
from zhenke.customers.queries.retention import places_of
from zhenke.staff import SYSTEM


@dataclass(frozen=True)
class AskedToStay:
    """How many were asked this night, by the reason."""

    silent: int
    guardian: int
    of_age: int


def ask_to_stay(*, silent: Collection[int], wait_days: int, today: date, now: datetime) -> AskedToStay:
    """Give the advisors a small task for each customer on whose answer it hangs whether the archive is kept.

    `silent` are the members that `find_expired` found. A child of whom no guardian has spoken is asked for once, and
    so is somebody who is 14 now, for what the guardian allowed.

    Units:  the task waits `wait_days`.
    Writes: tasks.
    Twice:  on the same day writes nothing; children and those of age are asked once for ever.
    """
    unguarded = [key for key, is_no in children_unguarded(today=today).items() if not is_no]
    counts = {
        "silent": _ask("silent", silent, wait_days, today, now),
        "guardian": _ask("guardian", _never_asked("guardian", unguarded), wait_days, today, now),
        "of_age": _ask("of_age", _never_asked("of_age", of_age_now(today=today)), wait_days, today, now),
    }
    return AskedToStay(**counts)


def _never_asked(code: str, keys: Iterable[int]) -> list[int]:
    wanted = list(keys)
    asked = asked_to_stay(viewer=SYSTEM, code=code, customer_ids=wanted) if wanted else {}
    return [key for key in wanted if key not in asked]


def _ask(code: str, keys: Collection[int], wait_days: int, today: date, now: datetime) -> int:
    if not keys:
        return 0
    questions = {key: Question(owner, shop, code) for key, owner, shop in places_of(customer_ids=keys)}
    return write_questions(questions=questions, today=today, now=now, wait_days=wait_days)
