"""Points given or taken by hand: a few by one person, more by two."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.customers.models import Customer
from zhenke.membership.operations import Adjusted, adjust, decide_adjustment
from zhenke.membership.queries.proposals import ProposalUnknown, proposals
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.programme import Earning
from zhenke.sales.operations import hold_key
from zhenke.staff.models import Viewer


@transaction.atomic
def adjust_points(*, customer: Customer, points: int, key: str, reason: str, by: Viewer, now: datetime) -> Adjusted:
    """Give (above nothing) or take points by hand, or propose it when it is more than one person may.

    Units:  signed whole points, which live as long as those that are earned; `key` is the asker's own, so that a
            repeat is no second time.
    Errors: those of `membership.operations.adjust`.
    Writes: one entry or a PointsProposal, one audit line.
    Twice:  what is there.
    """
    hold_key(f"customer:{customer.pk}")
    day, held = local_date(now, customer.shop.time_zone), rules_now()
    months = (held.rules.earning if held else Earning()).valid_months
    return adjust(customer=customer, points=points, key=key, reason=reason, months=months, on_date=day, by=by, now=now)


@transaction.atomic
def decide_points(*, proposal_id: int, agrees: bool, by: Viewer, now: datetime) -> Adjusted:
    """Agree to what somebody else proposed, which writes it, or refuse it.

    Errors: those of `membership.operations.decide_adjustment`.
    Writes: PointsProposal, one entry, one audit line.
    Twice:  the same decision again: what is there.
    """
    proposal = proposals(viewer=by).filter(pk=proposal_id).first()
    if proposal is None:
        raise ProposalUnknown
    hold_key(f"customer:{proposal.customer_id}")
    day = local_date(now, proposal.customer.shop.time_zone)
    return decide_adjustment(proposal_id=proposal_id, agrees=agrees, on_date=day, by=by, now=now)
