"""The small regrade: one customer, after a sale, a return or a new fact about her."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Subquery

from zhenke.basics.ids import new_id
from zhenke.basics.prepared import Prepared, insert_objects, update_object
from zhenke.customers.models import Customer
from zhenke.grading.models import Grade, GradeChange, GradeOverride, Scheme
from zhenke.grading.operations.schemes import ensure_first_scheme
from zhenke.grading.queries import archive_of, current_measures, inputs_of, measures_of
from zhenke.grading.rules import Inputs, grade_of, stage_of
from zhenke.grading.rules import Scheme as Rules
from zhenke.grading.rules.rows import GRADE_COLUMNS
from zhenke.grading.rules.yardstick import Yardstick
from zhenke.staff.rules import SYSTEM


def _standing(customer: int) -> QuerySet[Grade]:
    holding = GradeOverride.objects.filter(customer=customer, ended_at=None)
    return (
        Grade.objects.select_for_update(of=("self",))
        .filter(customer=customer)
        .annotate(held_letter=Subquery(holding.values("letter")), held_until=Subquery(holding.values("until_date")))
    )


_STANDING = Prepared(_standing, customer=int)
"""A grade with the letter that somebody set by hand and its last day; whoever has no grade has no such letter."""


@transaction.atomic(savepoint=False)
def regrade(*, customer: Customer, as_of: date, reason: str, now: datetime, inputs: Inputs | None = None) -> Grade:
    """Grade one customer again by the current scheme and the yardstick of its last full regrade.

    `inputs` are gathered here when they are not given. Reasons: sale, return, welcome, contact, merge, merge_undone.
    Writes: Grade when anything but the day differs; GradeChange when letter or stage moves; an override that has run
            out is ended.
    Twice:  the second time nothing.
    """
    measures = current_measures() or measures_of(ensure_first_scheme(now))
    scheme = measures.scheme
    if inputs is None:
        inputs = inputs_of(viewer=SYSTEM, customer=customer, as_of=as_of, scheme=measures.rules)
    values = _values(customer, inputs, measures.rules, measures.yardstick, as_of)
    grade: Grade | None = _STANDING.first(connection, customer=customer.pk)
    held = _held_letter(grade, as_of, now)
    values["letter"] = held if held and values["computed_letter"] else values["computed_letter"]
    before = ("", "") if grade is None else (grade.letter, grade.stage)
    if grade is not None and grade.scheme_id == scheme.pk and all(getattr(grade, k) == v for k, v in values.items()):
        return grade
    is_first, grade = grade is None, grade or Grade(customer=customer)
    for name, value in values.items():
        setattr(grade, name, value)
    grade.scheme, grade.as_of_date, grade.revision = scheme, as_of, new_id()
    if is_first:
        insert_objects(connection, [grade])
    else:
        update_object(connection, grade)
    note_move(grade=grade, before=before, on_date=as_of, reason=reason, scheme=scheme)
    return grade


def _values(customer: Customer, inputs: Inputs, rules: Rules, yardstick: Yardstick, as_of: date) -> dict[str, object]:
    graded = grade_of(inputs=inputs, scheme=rules, yardstick=yardstick)
    stage = ""
    if not graded.letter:
        archive = archive_of(viewer=SYSTEM, customer=customer, as_of=as_of, rules=rules.stages)
        stage = stage_of(archive=archive, rules=rules.stages, as_of=as_of)
    values: dict[str, object] = {
        "computed_letter": graded.letter,
        "stage": stage,
        "margin_permille": inputs.margin_permille,
    }
    for name in ("score", "lifecycle", "amount_band", "frequency_band", "bands"):
        values[name] = getattr(graded, name)
    for name, _ in GRADE_COLUMNS:
        if name not in values and name != "letter":
            values[name] = None if name in yardstick.silent else getattr(inputs, name)
    return values


def _held_letter(grade: Any, today: date, now: datetime) -> str:
    if grade is None or grade.held_letter is None:
        return ""
    if grade.held_until >= today:
        return str(grade.held_letter)
    GradeOverride.objects.filter(customer=grade.pk, ended_at=None).update(ended_at=now)
    return ""


def note_move(*, grade: Grade, before: tuple[str, str], on_date: date, reason: str, scheme: Scheme) -> None:
    """Write down that a customer moved, if she did.

    Writes: GradeChange.
    """
    if before != (grade.letter, grade.stage):
        change = GradeChange(
            customer_id=grade.customer_id,
            on_date=on_date,
            from_letter=before[0],
            to_letter=grade.letter,
            from_stage=before[1],
            to_stage=grade.stage,
            score=grade.score,
            reason=reason,
            scheme=scheme,
        )
        insert_objects(connection, [change])


@transaction.atomic
def forget_grades(*, customer_ids: Collection[int]) -> int:
    """Remove grades, their history and overrides of customers whose archive is about to be removed; return how many.

    Writes: Grade, GradeChange, GradeOverride are deleted.
    Twice:  the second time nothing.
    """
    GradeChange.objects.filter(customer__in=customer_ids).delete()
    GradeOverride.objects.filter(customer__in=customer_ids).delete()
    return Grade.objects.filter(customer__in=customer_ids).delete()[0]
