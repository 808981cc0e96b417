"""A day of a customer was wrong: it goes, with the occasions made of it and the follow-ups that still wait for them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.care.operations.forgetting import forget_dates
from zhenke.customers.models import CustomerDate
from zhenke.customers.operations import remove_date
from zhenke.staff.models import Viewer


@transaction.atomic
def forget_date(*, date: CustomerDate, by: Viewer, now: datetime) -> bool:
    """Take one day away; return whether it was there.

    Writes: open follow-ups of its occasions cancelled as "date_removed" (closed ones stay in the history), its
            occasions and the day itself deleted.
    Twice:  False, nothing more.
    Errors: NotAllowed.
    """
    forget_dates(date_ids=[date.pk], now=now)
    return remove_date(date=date, by=by)
