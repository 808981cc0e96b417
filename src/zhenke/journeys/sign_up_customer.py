"""A customer writes herself down by a link: an archive is opened, what she allows is kept as she ticked it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.care.operations import plan_welcome
from zhenke.customers.models import Customer, SignUpLink
from zhenke.customers.operations import add_customer, give_consent
from zhenke.customers.operations.sign_up import count_sign_up
from zhenke.customers.rules import CustomerDraft
from zhenke.customers.rules.consent import GuardianMissing, is_child
from zhenke.grading.operations import regrade
from zhenke.grading.queries import house_zone


@transaction.atomic
def sign_up_customer(
    *, link: SignUpLink, draft: CustomerDraft, allowed: Mapping[str, tuple[str, ...]], now: datetime
) -> Customer:
    """Open the archive of somebody who writes herself down; `allowed` names the channels by purpose.

    It is always an archive of its own: whether the phone is known here is told to nobody outside, and nobody changes a
    known archive by typing its phone. The night finds the pair, and people decide.

    Errors: GuardianMissing for somebody under 14, of whom nothing is kept; those of `add_customer`.
    Writes: one customer, her grade, the welcome follow-ups, one ConsentEntry per yes with the text in force, the link's
            counter.
    Twice:  with the same `source_key` the customer that is there; nothing is written.
    """
    today, day = local_date(now, link.shop.time_zone), draft.birthday
    if day is not None and is_child(birthdays=[(day.calendar, day.year, day.month, day.day)], today=today):
        raise GuardianMissing
    customer = add_customer(draft=draft, by=link.advisor, now=now)
    if customer.created_at != now:
        return customer
    as_of = now.astimezone(house_zone()).date()
    regrade(customer=customer, as_of=as_of, reason="welcome", now=now)
    plan_welcome(customer=customer, today=today, now=now)
    for purpose, channels in allowed.items():
        give_consent(
            customer=customer,
            purpose=purpose,
            channels=channels,
            proof="screen",
            proof_note=f"sign_up:{link.pk}",
            by=link.advisor,
            now=now,
        )
    count_sign_up(link=link)
    return customer
