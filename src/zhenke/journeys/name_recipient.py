"""A gift is for somebody: the receipt knows it, and so do its pieces, until its day for nobody but the buyer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from zhenke.catalogue.operations import mean_lines_for
from zhenke.customers.models import Customer
from zhenke.sales.models import Sale
from zhenke.sales.operations import name_recipient as write_recipient
from zhenke.staff.models import Viewer


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
    """Say of bought lines of one receipt whom they are for, or (None) that they are for nobody; return how many.

    `sale` and `recipient` are those that the caller may see.

    Units:  `secret_until_date` is a day of the shop that sold; None is no secret.
    Errors: NotAllowed; BadSlip `recipient_buys`.
    Writes: lines of the receipt and the pieces made of them that are still the buyer's; one audit line.
    Twice:  0; nothing is written.
    """
    changed = write_recipient(
        sale=sale, line_ids=line_ids, recipient=recipient, secret_until_date=secret_until_date, by=by, now=now
    )
    if changed and sale.customer_id is not None:
        own = [line.pk for line in sale.lines.all() if line.pk in set(line_ids)]
        mean_lines_for(
            line_ids=own, customer_id=sale.customer_id, wearer=recipient, until_date=secret_until_date, now=now
        )
    return changed
