"""Somebody new is met: an archive is opened, her stage is told, and the first follow-ups are planned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.care.models import Task
from zhenke.care.operations import plan_welcome
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_customer, give_consent
from zhenke.customers.rules import CustomerDraft
from zhenke.grading.models import Grade
from zhenke.grading.operations import regrade
from zhenke.grading.queries import house_zone
from zhenke.staff.models import Viewer

NOTHING_ALLOWED: Mapping[str, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Welcomed:
    """The new customer, the stage as a grade without letter, and the first follow-ups."""

    customer: Customer
    grade: Grade
    tasks: list[Task]


# Not durable: an API call keeps its answer for repeats in the same transaction as its effect.
@transaction.atomic
def welcome_customer(
    *, draft: CustomerDraft, by: Viewer, now: datetime, allowed: Mapping[str, Collection[str]] = NOTHING_ALLOWED
) -> Welcomed:
    """Open an archive, say how near to a purchase she is, and plan the first follow-ups.

    `allowed` names, by purpose, the channels to which she said yes at the counter.

    Errors: those of `customers.operations.add_customer` and `give_consent`; then nothing is written.
    Writes: one customer, her grade, one task per step of the welcome plans, one ConsentEntry per yes; somebody who
            bought already gets no task.
    Twice:  with the same `source_key` the same customer, grade and tasks; nothing is written.
    """
    customer = add_customer(draft=draft, by=by, now=now)
    for purpose, channels in (allowed if customer.created_at == now else NOTHING_ALLOWED).items():
        give_consent(customer=customer, purpose=purpose, channels=channels, proof="spoken", by=by, now=now)
    as_of = now.astimezone(house_zone()).date()
    grade = regrade(customer=customer, as_of=as_of, reason="welcome", now=now)
    if grade.letter:
        return Welcomed(customer, grade, [])
    today = local_date(now, customer.shop.time_zone)
    return Welcomed(customer, grade, plan_welcome(customer=customer, today=today, now=now))
