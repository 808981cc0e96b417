"""Pieces come back, or are exchanged: the books, the grade and the follow-ups learn of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import NotAllowed
from zhenke.care.models import Task
from zhenke.care.operations import cancel_inspections, cancel_tasks_of, plan_after_sale
from zhenke.care.queries import tasks_of
from zhenke.catalogue.operations import keep_sold, load_styles, take_back_sold
from zhenke.customers.models import Customer
from zhenke.grading.models import Grade
from zhenke.grading.operations import regrade
from zhenke.grading.queries import grade_for, house_zone
from zhenke.membership.operations.awarding import answer_receipt
from zhenke.membership.operations.coupons import return_coupons
from zhenke.membership.operations.holding import give_back_for_return
from zhenke.sales.models import Sale
from zhenke.sales.operations import AddedSale, add_return, hold_key
from zhenke.sales.queries import bought_lines_of, bought_sale, counter_of, is_wholly_back, pieces_back, pieces_sold
from zhenke.sales.rules import ReturnSlip, style_drafts
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


@dataclass(frozen=True)
class RecordedReturn:
    """A return or exchange and what it caused; `bought` is the sale that the pieces came from, `tasks` are new care."""

    sale: Sale
    is_new: bool
    bought: Sale
    customer: Customer | None
    grade: Grade | None
    tasks: list[Task]
    cancelled: int
    """Follow-ups of the sale that were called off because every piece of it is back."""
    points_back: int = 0
    """Points that had paid a part of the sale and came back with these pieces."""


@transaction.atomic
def record_return(*, slip: ReturnSlip, by: Viewer, now: datetime) -> RecordedReturn:
    """Take pieces back, with new pieces exchange them; grade the buyer again, call off care for what is gone.

    Errors: NotAllowed; NotFound for the sale; the refusals of `sales.operations.add_return`.
    Writes: one receipt with its lines, maybe bare styles, an audit line; her pieces taken back and new ones; her
            points, tier and grade; its coupons; follow-ups called off or planned.
    Twice:  the same slip, also at the same moment: the same receipt and grade, nothing is written.
    """
    if not by.may(May.RECORD_SALES):
        raise NotAllowed
    shop, advisor = counter_of(viewer=by, shop=slip.shop, advisor=slip.advisor)
    bought = bought_sale(viewer=by, sale=slip.sale, shop=shop)
    hold_key(slip.source_key)
    customer = bought.customer
    if customer is not None:
        hold_key(f"customer:{customer.pk}")
    drafts = style_drafts(slip.new_lines, currency=shop.currency) if slip.may_add_styles else []
    added = add_return(
        slip=slip,
        sale=bought,
        shop=shop,
        advisor=advisor,
        by=by,
        now=now,
        styles=load_styles(drafts=drafts, now=now) if drafts else None,
    )
    if customer is None:
        return RecordedReturn(added.sale, added.is_new, bought, None, None, [], 0)
    if not added.is_new:
        tasks = [task for task in tasks_of(viewer=SYSTEM, customer=customer, size=100) if task.sale_id == added.sale.pk]
        grade = grade_for(viewer=SYSTEM, customer=customer)
        return RecordedReturn(added.sale, False, bought, customer, grade, tasks, 0)
    counts = pieces_back(lines=added.lines)
    back = take_back_sold(counts=counts, customer_id=customer.pk, on_date=added.sale.sold_date, by=by, now=now)
    cancel_inspections(pieces=back, now=now)
    keep_sold(sold=pieces_sold(sale=added.sale, lines=added.lines), now=now)
    return _answered(added, bought=bought, customer=customer, by=by, now=now)


def _answered(added: AddedSale, *, bought: Sale, customer: Customer, by: Viewer, now: datetime) -> RecordedReturn:
    sale = added.sale
    as_of = max(now.astimezone(house_zone()).date(), sale.sold_date)
    answer_receipt(sale=sale, lines=added.lines, customer=customer, on=as_of, by=by, now=now)
    lines = bought_lines_of(sale=bought)
    points = give_back_for_return(bought=bought, returned=sale, lines=lines, by=by, now=now)
    grade = regrade(customer=customer, as_of=as_of, reason="return", now=now)
    cancelled = 0
    if is_wholly_back(viewer=SYSTEM, sale=bought):
        return_coupons(sale=bought, by=by, now=now)
        cancelled = cancel_tasks_of(sale_ids=[bought.pk], result="returned", now=now)
    tasks: list[Task] = []
    if sale.kind == Sale.Kind.EXCHANGE:
        tasks = plan_after_sale(
            sale=sale,
            customer=customer,
            letter=grade.letter,
            piece=added.piece,
            today=local_date(now, sale.shop.time_zone),
            now=now,
        )
    return RecordedReturn(sale, True, bought, customer, grade, tasks, cancelled, points)
