"""A sale arrives: it is written down once, and every room answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import NotAllowed
from zhenke.care.models import Task
from zhenke.care.operations import plan_after_sale
from zhenke.care.queries import tasks_of
from zhenke.catalogue.operations import keep_sold, load_styles
from zhenke.customers.models import Customer
from zhenke.customers.operations import recognise
from zhenke.customers.queries import latest_touch
from zhenke.customers.queries.meant import is_meant
from zhenke.customers.rules.drafts import BuyerSlip
from zhenke.grading.models import Grade
from zhenke.grading.operations import regrade
from zhenke.grading.queries import grade_for, house_zone
from zhenke.membership.operations.awarding import Awarded, answer_receipt, sold_lines
from zhenke.membership.operations.coupon_sale import less_coupon, use_with_sale
from zhenke.membership.operations.holding import SpentPoints, spend_at_sale
from zhenke.membership.queries.holds import sale_spend
from zhenke.membership.rules import BalanceTooLow
from zhenke.sales.models import Sale
from zhenke.sales.operations import AddedSale, add_sale, hold_key
from zhenke.sales.queries import counter_of, is_key_used, pieces_sold, sale_with_key
from zhenke.sales.rules import SaleKeyReused, SaleSlip, style_drafts
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, StaffMember, Viewer
from zhenke.staff.rules import May

PROMPT_DAYS = 30
NOTHING_SPENT, NOTHING_EARNED = SpentPoints(), Awarded()


@dataclass(frozen=True)
class RecordedSale:
    """A sale and what it caused; `is_new` is False when the receipt was known. Without a buyer nothing else follows."""

    sale: Sale
    is_new: bool
    customer: Customer | None
    grade: Grade | None
    tasks: list[Task]
    spent: SpentPoints = NOTHING_SPENT
    awarded: Awarded = NOTHING_EARNED


# Not durable: a till's call keeps its answer for repeats in the same transaction as its effect.
@transaction.atomic
def record_sale(*, slip: SaleSlip, by: Viewer, now: datetime) -> RecordedSale:
    """Write down one sale: know the buyer, keep the receipt, use her coupon, move points, grade again, plan the care.

    Errors: NotAllowed; BadSlip and the other refusals of `sales.operations.add_sale`; those of `recognise`,
            `less_coupon` and `spend_at_sale`. A refusal leaves nothing behind.
    Writes: maybe a customer and bare styles; one sale with its lines; her pieces, points, tier, grade, follow-ups.
    Twice:  the same receipt, also at the same moment: the same sale, grade and tasks, nothing is written.
    """
    if not by.may(May.RECORD_SALES):
        raise NotAllowed
    shop, advisor = counter_of(viewer=by, shop=slip.shop, advisor=slip.advisor)
    hold_key(slip.source_key)
    slip = less_coupon(slip=slip, shop=shop, by=by)
    if is_key_used(slip.source_key):
        return _known(slip=slip, shop=shop, advisor=advisor, by=by, now=now)
    buyer, prompt = recognise(buyer=slip.buyer or BuyerSlip(), shop=shop, by=by, now=now), None
    if buyer is not None:
        hold_key(f"customer:{buyer.pk}")  # two sales of one buyer: the later one's grade counts the earlier one
        prompt = latest_touch(viewer=SYSTEM, customer=buyer, before=slip.sold_at, within_days=PROMPT_DAYS)
    drafts = style_drafts(slip.lines, currency=shop.currency)
    added = add_sale(
        slip=slip,
        customer=buyer,
        shop=shop,
        advisor=advisor,
        prompted_by=prompt,
        by=by,
        now=now,
        styles=load_styles(drafts=drafts, now=now) if slip.may_add_styles else None,
    )
    if buyer is None and slip.spend_points:
        raise BalanceTooLow(wanted=slip.spend_points, spendable=0)
    if buyer is None:
        return RecordedSale(added.sale, added.is_new, None, None, [])
    return _answered(added, slip=slip, buyer=buyer, by=by, now=now)


def _answered(added: AddedSale, *, slip: SaleSlip, buyer: Customer, by: Viewer, now: datetime) -> RecordedSale:
    sale, lines = added.sale, added.lines
    keep_sold(sold=pieces_sold(sale=sale, lines=lines), now=now)
    # A shop east of the house may sell on a day that has not come at the house yet.
    as_of = max(now.astimezone(house_zone()).date(), sale.sold_date)
    use_with_sale(sale=sale, slip=slip, by=by, now=now)
    spent = spend_at_sale(sale=sale, lines=sold_lines(lines), customer=buyer, points=slip.spend_points, by=by, now=now)
    less = spent.worth_minor
    awarded = answer_receipt(sale=sale, lines=lines, customer=buyer, on=as_of, by=by, now=now, less_minor=less)
    grade = regrade(customer=buyer, as_of=as_of, reason="sale", now=now)
    letter, today = grade.letter, local_date(now, sale.shop.time_zone)
    tasks = plan_after_sale(sale=sale, customer=buyer, letter=letter, piece=added.piece, today=today, now=now)
    return RecordedSale(sale, added.is_new, buyer, grade, tasks, spent, awarded)


def _known(*, slip: SaleSlip, shop: Shop, advisor: StaffMember | None, by: Viewer, now: datetime) -> RecordedSale:
    earlier = sale_with_key(viewer=SYSTEM, source_key=slip.source_key)
    customer = earlier.customer if earlier else None
    if not is_meant(buyer=slip.buyer or BuyerSlip(), customer=customer):
        raise SaleKeyReused(source_key=slip.source_key, differences="customer")
    sale = add_sale(slip=slip, customer=customer, shop=shop, advisor=advisor, by=by, now=now).sale  # writes nothing
    spent = sale_spend(sale=sale)
    if slip.spend_points != (spent.points if spent else 0):
        raise SaleKeyReused(source_key=slip.source_key, differences="points")
    if customer is None:
        return RecordedSale(sale, False, None, None, [])
    tasks = [one for one in tasks_of(viewer=SYSTEM, customer=customer, size=100) if one.sale_id == sale.pk]
    return RecordedSale(sale, False, customer, grade_for(viewer=SYSTEM, customer=customer), tasks)
