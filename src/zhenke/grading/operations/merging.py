"""One grade for two archives that became one, and two grades again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from zhenke.basics.bulk import delete_where, for_column, insert_rows
from zhenke.basics.merging import Image, LeftRow, Moved, Mover, Pointer, put_rows_back, whole_rows
from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.grading.models import Grade, GradeChange, GradeOverride
from zhenke.grading.operations.regrading import regrade
from zhenke.staff.rules import SYSTEM

# One line for each column of this room that holds the key of a customer.
POINTERS = (
    Pointer("grading_gradechange"),
    Pointer("grading_gradeoverride", own="only one override is open: the winner's; then the loser's moves as ended"),
    Pointer("grading_grade", own="the loser's grade is taken out, the winner's is computed again"),
)
_GRADES, _CHANGES, _OVERRIDES = (model._meta.db_table for model in (Grade, GradeChange, GradeOverride))
_KEY = "customer_id"


@transaction.atomic
def move_customer(*, loser: int, winner: Customer, as_of: date, now: datetime) -> Moved:
    """Give the winner the loser's history of grades, and a grade of her own for what she now is; return what moved.

    Called when every other room has moved its rows: the new grade counts them.

    Writes: Grade, GradeChange, GradeOverride.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        mover.follow(POINTERS, loser=loser, winner=winner.pk)
        mine = [key for (key,) in mover.rows(_OVERRIDES, ("id",), _KEY, [loser])]
        if GradeOverride.objects.filter(customer=winner, ended_at=None).exists():
            still_open = GradeOverride.objects.filter(pk__in=mine, ended_at=None).values_list("pk", flat=True)
            ended = for_column(now, vendor=mover.vendor)
            mover.change(_OVERRIDES, {key: {"ended_at": ended} for key in still_open})
        mover.change(_OVERRIDES, {key: {_KEY: winner.pk} for key in mine})
        mover.take_out(_GRADES, {loser: 0} if _grades(mover, loser) else {}, key=_KEY)
        before = _grades(mover, winner.pk)
        changes = set(GradeChange.objects.filter(customer=winner).values_list("pk", flat=True))
        regrade(customer=winner, as_of=as_of, reason="merge", now=now)
        made = set(GradeChange.objects.filter(customer=winner).values_list("pk", flat=True)) - changes
        mover.moved.note_created(_CHANGES, sorted(made))
        after = _grades(mover, winner.pk)
    mover.moved.twins["winner"] = {"key": winner.pk}
    mover.moved.before.setdefault("winner", {}).update({str(winner.pk): one for one in before})
    mover.moved.after.setdefault("winner", {}).update({str(winner.pk): one for one in after})
    return mover.moved


@transaction.atomic
def move_customer_back(*, moved: Moved, loser: int, as_of: date, now: datetime) -> list[LeftRow]:
    """Give both their own grades back; where something touched the winner's since, both are computed again.

    Writes: Grade, GradeChange, GradeOverride.
    Twice:  the caller asks once.
    """
    winner = moved.twins.pop("winner")["key"]
    before = list(moved.before.pop("winner", {}).values())
    after = list(moved.after.pop("winner", {}).values())
    with connection.cursor() as cursor:
        is_same = _plain_grades(cursor, winner) == after
        if not is_same:
            moved.created.pop(_CHANGES, None)
        left = put_rows_back(
            cursor, vendor=connection.vendor, moved=moved, keys={_GRADES: _KEY}, still=lambda table, image: True
        )
        if is_same:
            delete_where(cursor, vendor=connection.vendor, table=_GRADES, key=_KEY, values=[winner])
            for image in before:
                told = [tuple(image.values())]
                insert_rows(cursor, vendor=connection.vendor, table=_GRADES, columns=tuple(image), rows=told)
            return left
    for customer in visible(viewer=SYSTEM).filter(pk__in=[winner, loser]).order_by("pk"):
        regrade(customer=customer, as_of=as_of, reason="merge_undone", now=now)
    return left


def _grades(mover: Mover, customer: int) -> list[Image]:
    return whole_rows(mover.cursor, vendor=mover.vendor, table=_GRADES, key=_KEY, values=[customer])


def _plain_grades(cursor: object, customer: int) -> list[Image]:
    return whole_rows(cursor, vendor=connection.vendor, table=_GRADES, key=_KEY, values=[customer])
