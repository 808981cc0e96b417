"""Somebody under 14: nothing is kept without the guardian, whose yes is written down with its proof."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zhenke.basics.days import DayOfYear, local_date
from zhenke.customers.models import Customer
from zhenke.customers.operations.consent import give_consent
from zhenke.customers.operations.household import add_link
from zhenke.customers.queries.archive import customer_for
from zhenke.customers.queries.children import has_guardian, is_child_born_on
from zhenke.customers.queries.consent import is_child_of
from zhenke.customers.rules.consent import ChildWithoutGuardian
from zhenke.customers.rules.drafts import GuardianWord
from zhenke.staff.models import Shop, Viewer

PURPOSE = "under_14"


def refuse_unguarded(
    *,
    days: Iterable[DayOfYear],
    shop: Shop,
    word: GuardianWord | None,
    now: datetime,
    customer: Customer | None = None,
) -> None:
    """Do nothing unless these birthdays tell of somebody under 14 of whom no guardian has agreed that she is kept.

    Errors: ChildWithoutGuardian.
    """
    if not is_child_born_on(days=days, today=local_date(now, shop.time_zone)) or word is not None:
        return
    if customer is None or not has_guardian(customer=customer.pk):
        raise ChildWithoutGuardian


def write_guardian(*, customer: Customer, word: GuardianWord, by: Viewer, now: datetime) -> None:
    """Write down that the guardian agreed, and who that is; of somebody who is 14 or older nothing.

    Errors: those of `give_consent` and `add_link`.
    Writes: one ConsentEntry of the purpose "under_14"; one CustomerLink, unless the two are linked as family already.
    Twice:  writes nothing.
    """
    if not is_child_of(customer=customer, today=local_date(now, customer.shop.time_zone)):
        return
    give_consent(
        customer=customer,
        purpose=PURPOSE,
        proof=word.proof,
        proof_note=word.proof_note,
        giver="guardian",
        by=by,
        now=now,
    )
    if word.guardian is not None:
        guardian = customer_for(viewer=by, id=word.guardian.pk)
        add_link(customer=customer, other=guardian, kind="guardian", by=by, now=now)
