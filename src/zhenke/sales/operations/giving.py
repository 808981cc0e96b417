"""Write whom pieces are a gift for, when that is said after the sale."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.rules import BadSlip
from zhenke.staff import audit
from zhenke.staff.queries import Viewer
from zhenke.staff.rules import May


@transaction.atomic
def name_recipient(
    *,
    sale: Sale,
    line_ids: Collection[int],
    recipient: Customer | None,
    secret_until_date: date | None,
    by: Viewer,
    now: datetime,
) -> int:
    """Say of bought lines of one receipt whom they are for, or (None) that they are for nobody in particular.

    `sale` and `recipient` are those that the caller may see.

    Units:  `secret_until_date` is a day of the shop that sold; None is no secret.
    Errors: NotAllowed; BadSlip `recipient_buys`.
    Writes: SaleLine; one audit line that names the receipt, never the recipient. Returns how many lines changed.
    Twice:  0; nothing is written.
    """
    if not by.may(May.RECORD_SALES):
        raise NotAllowed
    if recipient is not None and recipient.pk == sale.customer_id:
        raise BadSlip("recipient_buys")
    wanted = (recipient.pk if recipient else None, secret_until_date if recipient else None)
    lines = SaleLine.objects.filter(sale_id=sale.pk, pk__in=line_ids, returned_line=None)
    changed = [line for line in lines if (line.gift_for_id, line.secret_until_date) != wanted]
    for line in changed:
        line.gift_for_id, line.secret_until_date = wanted
        line.is_gift = line.is_gift or recipient is not None
        line.save(update_fields=["gift_for", "secret_until_date", "is_gift"])
    if changed:
        audit.record(action="gift_named", by=by, now=now, subject_kind="sale", subject_id=sale.pk, lines=len(changed))
    return len(changed)
