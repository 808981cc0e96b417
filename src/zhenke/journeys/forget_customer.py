"""A customer asks to be forgotten: every room lets go of her, and no old copy of the database brings her back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

import zhenke.care.operations.erasing as care
import zhenke.catalogue.operations.erasing as catalogue
import zhenke.grading.operations.erasing as grading
import zhenke.membership.operations.erasing as membership
import zhenke.membership.operations.erasing_rewards as rewards
import zhenke.membership.operations.erasing_tiers as tiers
import zhenke.messaging.operations.erasing as messaging
import zhenke.sales.operations.erasing as sales
from zhenke.basics.days import local_date
from zhenke.catalogue.queries.access_pack import piece_keys_of
from zhenke.customers.models import LegalHold
from zhenke.customers.operations.erasing import claim_to_erase, erase_archive, record_erasure
from zhenke.customers.operations.erasure_list import note_erased
from zhenke.customers.operations.file_erasures import note_file_erasure
from zhenke.customers.operations.holds import lock_away
from zhenke.customers.queries.erasure import keys_of_archive, keys_of_happenings
from zhenke.sales.operations import hold_key
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer
from zhenke.staff.operations.replies import drop_replies_about


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased: the key that is no more, and how many rows of each kind; or `kept_by`, the hold that kept it."""

    key: int
    counts: dict[str, int]
    kept_by: LegalHold | None = None


@transaction.atomic
def forget_customer(*, customer_id: int, by: Viewer, now: datetime, is_again: bool = False) -> Forgotten:
    """Erase one customer in every room, for ever, and say how much that was.

    0. What the law holds is not erased: it is locked away, and the night erases it when the hold is over. Who was
    forgotten before and came back with an old copy (`is_again`) is erased whatever the copy holds.

    1. Follow-ups, coming days and messages. 2. The grade, tier and rights. 3. Points: they end, the figures stay.
    4. Pieces, with photos and links. 5. Receipts: the figures stay, nobody is behind them. 6. Answers kept for
    programs. 7. The archive, and what imports and merges remember. 8. One audit line of keys and counts. 9. The list
    outside the database, from which `zhenke forget --reapply` works. Before, it is noted, sealed, by which words files
    that people handed in tell of her, until the doors have taken them away.

    Errors: CustomerUnknown unless in sight; NotAllowed. Nothing is erased then.
    Writes: every room that points at a customer; the list.
    Twice:  CustomerUnknown: there is nobody any more.
    """
    hold_key(f"customer:{customer_id}")  # a sale of hers waits, and then finds nobody
    customer = claim_to_erase(customer_id=customer_id, by=by)
    kept_by = None if is_again else lock_away(customer=customer, by=by, now=now)
    if kept_by is not None:
        return Forgotten(customer_id, {}, kept_by)
    keys, day = keys_of_archive(customer=customer), local_date(now, customer.shop.time_zone)
    note_file_erasure(customer=customer, now=now)
    named = [*keys, *keys_of_happenings(customer=customer), *piece_keys_of(viewer=SYSTEM, customer=customer)]
    counts = {
        **care.erase_customer(customer_id=customer_id),
        **grading.erase_customer(customer_id=customer_id),
        **tiers.erase_customer(customer_id=customer_id),
        **rewards.erase_customer(customer_id=customer_id, now=now),
        **membership.erase_customer(customer_id=customer_id, on_date=day, by=by, now=now),
        **messaging.erase_customer(customer_id=customer_id),
        **catalogue.erase_customer(customer_id=customer_id),
        **sales.erase_customer(customer_id=customer_id),
        "replies": drop_replies_about(keys=named),
        **erase_archive(customer=customer, keys=keys),
    }
    record_erasure(customer_id=customer_id, counts=counts, by=by, now=now)
    note_erased(keys=keys, on_date=day)
    return Forgotten(customer_id, counts)
