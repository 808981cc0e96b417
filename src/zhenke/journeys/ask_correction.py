"""A member says on the member site that something of hers is wrong: the staff confirm it before it stands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.basics.days import DayOfYear, local_date
from zhenke.care.operations.asking import pass_on
from zhenke.care.rules import Question
from zhenke.customers.operations.claims import note_claims
from zhenke.customers.queries.members import Member
from zhenke.customers.rules.claims import DAY, Said, day_text
from zhenke.customers.rules.members import SAID_HERE

_WAITS_DAYS = 14


@transaction.atomic
def ask_correction(
    *, member: Member, name: str = "", birthday: DayOfYear | None = None, contact_kind: str = "", now: datetime
) -> int:
    """Keep what she says otherwise as claims, and give her advisor a task for each field; return how many are new.

    A new phone is not written down here: who holds a stolen one could make the archive theirs by it. The advisor calls
    the number on file.

    Writes: Claim (source "member"), tasks.
    Twice:  nothing on one day: the same word is one claim.
    """
    customer = member.customer
    today = local_date(now, customer.shop.time_zone)
    said = [Said("name", name, SAID_HERE, today)] if name and name != customer.name else []
    said += [Said(f"{DAY}birthday", day_text(birthday), SAID_HERE, today)] if birthday else []
    note_claims(customer_id=customer.pk, said=said, now=now)
    fields = [one.field.removeprefix(DAY) for one in said] + ([contact_kind] if contact_kind else [])
    return sum(
        pass_on(
            question=Question(customer.owner_id, customer.shop_id, field),
            customer_id=customer.pk,
            today=today,
            now=now,
            wait_days=_WAITS_DAYS,
        )
        for field in fields
    )
