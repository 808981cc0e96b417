"""A member asks on the member site to be forgotten: the staff get it on their list, with its last day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.care.operations.asking import pass_on
from zhenke.care.rules import Question
from zhenke.customers.models import ErasureRequest
from zhenke.customers.operations.members import ask_erasure
from zhenke.customers.queries.members import Member


@transaction.atomic
def ask_to_be_forgotten(*, member: Member, now: datetime) -> ErasureRequest:
    """Keep the request, and give her advisor a task that must not wait longer than 15 working days.

    A person looks at it before anything is erased: a phone can be in the wrong hands.

    Errors: DeviceTooNew; CodeNeeded.
    Writes: ErasureRequest, a task, one audit line.
    Twice:  the open request; no second task on one day.
    """
    asked = ask_erasure(member=member, now=now)
    customer = member.customer
    today = local_date(now, customer.shop.time_zone)
    question = Question(customer.owner_id, customer.shop_id, "forget")
    wait_days = max(0, (asked.due_date - today).days)
    pass_on(question=question, customer_id=customer.pk, today=today, now=now, wait_days=wait_days)
    return asked
