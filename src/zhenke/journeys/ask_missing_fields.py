"""The night asks what the shop should know: one small task per customer, few per advisor, the best customers first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice

from zhenke.care.operations.asking import ask, close_questions
from zhenke.care.queries.asking import asked_lately, asked_today, open_questions
from zhenke.care.rules import Question
from zhenke.customers.queries.freshness import asking, gaps_of
from zhenke.grading.queries import grades_of
from zhenke.grading.queries.owned import OwnedGrade, owned_by_grade
from zhenke.staff import SYSTEM

PART = 100
LOOKED_AT = 300
"""Customers of one advisor that a night looks at: the best of them; a gap of somebody else can wait."""


@dataclass(frozen=True)
class AskedFields:
    """What one night wrote."""

    asked: int
    answered: int


def ask_missing_fields(*, today: date, now: datetime) -> AskedFields:
    """Give each advisor a few small tasks: ask this customer for her ring size.

    Customers with an open follow-up are left alone, and so are those asked after not long ago.

    Writes: tasks, advisor by advisor; questions that were answered meanwhile are closed.
    Twice:  on the same day writes nothing more.
    """
    answered = _close_answered(today, now)
    a_day, again_days = asking()
    if not a_day:
        return AskedFields(0, answered)
    given, asked = asked_today(viewer=SYSTEM, today=today), 0
    for owner, rows in groupby(owned_by_grade(viewer=SYSTEM), key=lambda row: row.owner):
        places = a_day - given.get(owner, 0)
        if places > 0:
            questions = _questions(islice(rows, LOOKED_AT), places, now - timedelta(days=again_days), today)
            asked += ask(questions=questions, today=today, now=now) if questions else 0
    return AskedFields(asked, answered)


def _questions(rows: Iterator[OwnedGrade], places: int, since: datetime, today: date) -> dict[int, Question]:
    questions: dict[int, Question] = {}
    while len(questions) < places and (part := list(islice(rows, PART))):
        busy = asked_lately(viewer=SYSTEM, customer_ids=[row.customer for row in part], since=since)
        free = {row.customer: row for row in part if row.customer not in busy}
        gaps = gaps_of(viewer=SYSTEM, letters={key: row.letter for key, row in free.items()}, today=today)
        for key, row in free.items():
            if key in gaps and len(questions) < places:
                questions[key] = Question(row.owner, row.shop, gaps[key])
    return questions


def _close_answered(today: date, now: datetime) -> int:
    waiting, closed = list(open_questions(viewer=SYSTEM).items()), 0
    for start in range(0, len(waiting), PART):
        part = waiting[start : start + PART]
        grades = grades_of(viewer=SYSTEM, customers=[customer for _, (customer, _) in part])
        letters = {customer: grades[customer].letter if customer in grades else "" for _, (customer, _) in part}
        gaps = gaps_of(viewer=SYSTEM, letters=letters, today=today)
        known = [task for task, (customer, field) in part if gaps.get(customer) != field]
        closed += close_questions(task_ids=known, now=now) if known else 0
    return closed
