"""A merge was wrong: the two archives are two again, as they were, but for what somebody did since."""

from __future__ import annotations

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
from zhenke.basics.merging import Moved
from zhenke.customers.models import Merge
from zhenke.customers.operations.merging import claim_undo_of, record_undo, split_archives
from zhenke.grading.queries import house_zone
from zhenke.sales.operations import hold_key
from zhenke.staff.models import Viewer


@transaction.atomic
def undo_merge(*, merge: Merge, by: Viewer, now: datetime) -> Merge:
    """Take one merge back; return it with what was left in `kept`.

    Rows that are as the merge left them get their old values back, field by field. What something touched since stays
    as it is now and is listed: an edited field, a contact that was dropped. What is new since stays with the archive
    that was kept, but a return goes with its receipt.

    Errors: CustomerUnknown unless the archive is in sight; NotAllowed; UndoNewerFirst.
    Writes: every room that the merge wrote to; Merge.
    Twice:  the second time nothing.
    """
    claimed = claim_undo_of(merge=merge, by=by)
    if claimed is None:
        merge.refresh_from_db()
        return merge
    for key in sorted((claimed.winner_id, claimed.loser_key)):
        hold_key(f"customer:{key}")
    moved = {room: Moved.from_plain(images) for room, images in claimed.moved.items()}
    as_of = now.astimezone(house_zone()).date()
    left = split_archives(moved=moved["customers"], merged_at=claimed.at)
    left += catalogue.move_customer_back(moved=moved["catalogue"])
    # A merge of before there were messages has no images of them.
    left += messaging.move_customer_back(moved=moved.get("messaging", Moved()))
    left += sales.move_customer_back(moved=moved["sales"])
    left += membership.move_customer_back(
        moved=moved.get("membership", Moved()), loser=claimed.loser_key, on_date=as_of, by=by, now=now
    )
    # Merges of before there were tiers moved none.
    left += tiers.move_customer_back(moved=moved.get("tiers", Moved()), loser=claimed.loser_key, on=as_of, now=now)
    left += rewards.move_customer_back(moved=moved.get("rewards", Moved()))
    left += care.move_customer_back(moved=moved["care"])
    left += grading.move_customer_back(moved=moved["grading"], loser=claimed.loser_key, as_of=as_of, now=now)
    return record_undo(merge=claimed, left=left, by=by, now=now)
