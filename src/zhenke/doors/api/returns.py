"""Returns: pieces of one sale come back; with new pieces on the same receipt it is an exchange."""

from __future__ import annotations

from typing import Annotated

from ninja import Router, Status
from pydantic import Field, model_validator

from zhenke.basics.clock import now
from zhenke.doors.api.access import TokenCall, key_of
from zhenke.doors.api.grades import GradeTold, grade_told
from zhenke.doors.api.sales import (
    BuyerTold,
    Count,
    LineAsked,
    SaleTold,
    buyer_told,
    currency_of,
    is_in_sight,
    line_slips,
    receipt_told,
)
from zhenke.doors.api.shapes import REFUSALS, Asked, Key, Moment, Money, Problem, Told, minor, one_currency
from zhenke.doors.api.tasks import TaskTold, tasks_told
from zhenke.journeys.record_return import RecordedReturn, record_return
from zhenke.sales.rules import ReturnLine, ReturnSlip
from zhenke.staff.models import Viewer

router = Router(tags=["returns"])


class LineBack(Asked):
    """What comes back of one bought line; without `quantity` all that is left, without `amount` its share."""

    line_key: Annotated[str, Field(min_length=1, max_length=60)]
    quantity: Count | None = None
    amount: Money | None = None


class ReturnAsked(Asked):
    """Pieces of one sale that come back; the sale is named by its id or by its own key."""

    source_key: Annotated[str, Field(min_length=1, max_length=160)]
    returned_at: Moment
    sale_id: Key | None = None
    sale_source_key: Annotated[str, Field(min_length=1, max_length=160)] | None = None
    lines: Annotated[list[LineBack], Field(min_length=1, max_length=1_000)]
    new_lines: Annotated[list[LineAsked], Field(max_length=1_000)] = Field(default_factory=list)
    shop: Annotated[str, Field(max_length=40)] = ""
    advisor: Annotated[str, Field(max_length=60)] = ""
    number: Annotated[str, Field(max_length=60)] = ""
    note: Annotated[str, Field(max_length=300)] = ""

    @model_validator(mode="after")
    def _one(self) -> ReturnAsked:
        if (self.sale_id is None) == (self.sale_source_key is None):
            raise ValueError("give sale_id or sale_source_key, and not both")
        return self


class ReturnRecorded(Told):
    """The receipt of the return and what it caused; `cancelled_tasks` were called off because all pieces are back."""

    receipt: SaleTold
    is_new: bool
    sale_id: str
    customer: BuyerTold | None
    grade: GradeTold | None
    tasks: list[TaskTold]
    cancelled_tasks: int


def _slip(body: ReturnAsked) -> ReturnSlip:
    one_currency([*(line.amount for line in body.lines), *(line.amount for line in body.new_lines)])
    currency_of(body.new_lines)
    return ReturnSlip(
        source_key=body.source_key,
        sold_at=body.returned_at,
        sale=key_of(body.sale_id) if body.sale_id is not None else str(body.sale_source_key),
        lines=tuple(ReturnLine(line.line_key, line.quantity, minor(line.amount)) for line in body.lines),
        new_lines=line_slips(body.new_lines),
        shop=body.shop,
        advisor=body.advisor,
        number=body.number,
        note=body.note,
        may_add_styles=True,
    )


def _told(viewer: Viewer, recorded: RecordedReturn) -> ReturnRecorded:
    customer, grade = recorded.customer, recorded.grade
    known = is_in_sight(viewer, customer)
    return ReturnRecorded(
        receipt=receipt_told(viewer, recorded.sale, customer),
        is_new=recorded.is_new,
        sale_id=str(recorded.bought.pk),
        customer=buyer_told(viewer, customer) if customer and known else None,
        grade=grade_told(grade, recorded.sale.currency) if grade and known else None,
        tasks=tasks_told(viewer, recorded.tasks, [recorded.sale.advisor]) if known else [],
        cancelled_tasks=recorded.cancelled,
    )


@router.post(
    "",
    url_name="returns",
    response={200: ReturnRecorded, 201: ReturnRecorded, REFUSALS: Problem},
    summary="Record a return or an exchange",
)
def create_return(request: TokenCall, body: ReturnAsked) -> Status:
    """Take pieces back: 201, or 200 for a receipt that is known."""
    recorded = record_return(slip=_slip(body), by=request.user, now=now())
    return Status(201 if recorded.is_new else 200, _told(request.user, recorded))
