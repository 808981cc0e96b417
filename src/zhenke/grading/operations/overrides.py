"""A grade set by hand: with a reason and an end, and in the audit trail."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhenke.basics.errors import BadInput, NotAllowed, NotFound
from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.grading.models import Grade, GradeOverride
from zhenke.grading.operations.regrading import note_move
from zhenke.grading.rules import LETTERS
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.rules import May

LONGEST_DAYS = 366


class OverrideWrong(BadInput):
    """The override cannot be: `problem` is letter, reason, until_past, until_too_far or never_bought."""

    code = "override_wrong"
    message = "A grade cannot be set by hand like this: {problem}."


@transaction.atomic
def override(
    *, customer: Customer, letter: str, reason: str, until_date: date, by: StaffMember, now: datetime, today: date
) -> GradeOverride:
    """Set a buyer's letter by hand until a day; the computed letter goes on being computed beside it.

    Errors: OverrideWrong; NotFound when she is out of sight or was never graded; NotAllowed.
    Writes: GradeOverride (an open one before it is ended), Grade.letter, GradeChange, audit entry (without the reason's
            words, which stand in the override).
    Twice:  the same letter until the same day for the same reason returns the override that holds.
    """
    _check(letter, reason, until_date, today)
    grade = _locked(customer, by)
    if not grade.computed_letter:
        raise OverrideWrong(problem="never_bought")
    holding = GradeOverride.objects.select_for_update().filter(customer=customer, ended_at=None).first()
    if holding and (holding.letter, holding.reason, holding.until_date) == (letter, reason.strip(), until_date):
        return holding
    if holding:
        GradeOverride.objects.filter(pk=holding.pk).update(ended_at=now)
    made = GradeOverride.objects.create(
        customer=customer, letter=letter, reason=reason.strip(), until_date=until_date, by=by, made_at=now
    )
    _set_letter(grade, letter, on_date=today, reason="override")
    record(
        action="grading.override",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=customer.pk,
        letter=letter,
        computed=grade.computed_letter,
        until=until_date,
    )
    return made


@transaction.atomic
def end_override(*, customer: Customer, by: StaffMember, now: datetime, today: date) -> Grade:
    """End the override that holds for a customer; her letter is the computed one again.

    Errors: NotFound when she is out of sight or was never graded; NotAllowed.
    Writes: GradeOverride.ended_at, Grade.letter, GradeChange, audit entry.
    Twice:  the second time nothing.
    """
    grade = _locked(customer, by)
    if GradeOverride.objects.filter(customer=customer, ended_at=None).update(ended_at=now):
        _set_letter(grade, grade.computed_letter, on_date=today, reason="override_ended")
        record(
            action="grading.end_override",
            by=by,
            now=now,
            subject_kind="customer",
            subject_id=customer.pk,
            letter=grade.computed_letter,
        )
    return grade


@transaction.atomic
def end_expired_overrides(*, today: date, now: datetime) -> int:
    """End every override whose last day is over, and return how many.

    Writes: GradeOverride.ended_at, Grade.letter, GradeChange.
    Twice:  the second time nothing.
    """
    expired = list(GradeOverride.objects.select_for_update().filter(ended_at=None, until_date__lt=today))
    GradeOverride.objects.filter(pk__in=[one.pk for one in expired]).update(ended_at=now)
    for one in expired:
        grade = Grade.objects.select_for_update().filter(customer=one.customer_id).first()
        if grade is not None:
            _set_letter(grade, grade.computed_letter, on_date=today, reason="override_ended")
    return len(expired)


def _check(letter: str, reason: str, until_date: date, today: date) -> None:
    problems = {
        "letter": letter not in LETTERS,
        "reason": not 0 < len(reason.strip()) <= 300,
        "until_past": until_date < today,
        "until_too_far": (until_date - today).days > LONGEST_DAYS,
    }
    for problem, is_there in problems.items():
        if is_there:
            raise OverrideWrong(problem=problem)


def _locked(customer: Customer, by: Viewer) -> Grade:
    if not visible(viewer=by).filter(pk=customer.pk).exists():
        raise NotFound(kind="customer")
    if not by.may(May.OVERRIDE_GRADE):
        raise NotAllowed(act=May.OVERRIDE_GRADE.value)
    grade = Grade.objects.select_for_update().select_related("scheme").filter(customer=customer).first()
    if grade is None:
        raise NotFound(kind="grade")
    return grade


def _set_letter(grade: Grade, letter: str, *, on_date: date, reason: str) -> None:
    before = (grade.letter, grade.stage)
    grade.letter, grade.revision = letter, new_id()
    grade.save(update_fields=["letter", "revision"])
    note_move(grade=grade, before=before, on_date=on_date, reason=reason, scheme=grade.scheme)
