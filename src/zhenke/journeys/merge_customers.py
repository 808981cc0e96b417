"""Two archives are one person: everything of the one goes to the other, nothing is lost, and it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

import zhenke.care.operations.merging as care
import zhenke.catalogue.operations.merging as catalogue
import zhenke.grading.operations.merging as grading
import zhenke.membership.operations.merging as membership
import zhenke.membership.operations.merging_rewards as rewards
import zhenke.membership.operations.merging_tiers as tiers
import zhenke.messaging.operations.merging as messaging
import zhenke.sales.operations.merging as sales
from zhenke.customers.models import Merge
from zhenke.customers.operations.merging import claim_two, merge_archives, record_merge
from zhenke.customers.queries.merges import merge_of_loser, standing_key
from zhenke.grading.queries import house_zone
from zhenke.sales.operations import hold_key
from zhenke.staff.models import Viewer


@transaction.atomic
def merge_customers(*, winner: int, loser: int, choices: Mapping[str, str], by: Viewer, now: datetime) -> Merge:
    """Merge the archive `loser` into the archive `winner`; return the merge, which `undo_merge` takes back.

    Each room moves its own rows by its own rules (`POINTERS` of its merging module) and says what it moved. `choices`
    names the fields whose value is not the winner's (customers/rules/merging.py).

    1. The archives, with contacts, days, traits, tags, timeline. 2. Pieces. 3. Receipts. 4. Points, by entries. 5. The
    tier, the better of both, rights, rewards. 6. Follow-ups, doubles closed. 7. The grade, computed again for all of
    it. 8. The images of all that, and one line of the audit trail.

    Errors: CustomerUnknown unless both are in sight; NotAllowed; SameArchive; ChoiceWrong. Nothing moved then.
    Writes: every room that points at a customer; Merge. The loser's row is gone; its key answers with the winner's.
    Twice:  the same two again: the merge that is there, nothing is written.
    """
    for key in sorted((winner, loser)):
        hold_key(f"customer:{key}")  # a sale of either waits until it is clear whose it is
    done = merge_of_loser(viewer=by, loser_key=loser)
    if done is not None and done.winner_id == standing_key(winner):
        return done
    stays, goes = claim_two(winner=winner, loser=loser, by=by)
    archives = merge_archives(winner=stays, loser=goes, choices=choices, now=now)
    dates = archives.twins.get("customers_customerdate", {})
    as_of = now.astimezone(house_zone()).date()
    moved = {
        "customers": archives,
        "catalogue": catalogue.move_customer(loser=loser, winner=winner),
        "messaging": messaging.move_customer(loser=loser, winner=winner),
        "sales": sales.move_customer(loser=loser, winner=winner),
        "membership": membership.move_customer(loser=loser, winner=winner, on_date=as_of, by=by, now=now),
        "tiers": tiers.move_customer(loser=loser, winner=winner, on=as_of, now=now),
        "rewards": rewards.move_customer(loser=loser, winner=winner),
        "care": care.move_customer(loser=loser, winner=stays, dates=dates, now=now),
        "grading": grading.move_customer(loser=loser, winner=stays, as_of=as_of, now=now),
    }
    return record_merge(winner=stays, loser_key=loser, moved=moved, by=by, now=now)
