"""Writes the days that come back: birthday, wedding, a child's full month."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer, CustomerDate
from zhenke.customers.operations.children import refuse_unguarded, write_guardian
from zhenke.customers.operations.claims import note_overruled_day
from zhenke.customers.operations.permission import require
from zhenke.customers.rules.codes import is_code
from zhenke.customers.rules.drafts import CustomerDraft, DateDraft, GuardianWord
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


class DateKindWrong(BadInput):
    """The kind of a date is a short code: birthday, wedding, child_birthday …"""

    code = "date_kind_wrong"
    message = "This is not a kind of date."


class DateInUse(RuleBroken):
    """Something above was made of this date: change its day instead."""

    code = "date_in_use"
    message = "This date is on somebody's list already; change its day instead of removing it."


@transaction.atomic
def add_date(
    *,
    customer: Customer,
    kind: str,
    day: DayOfYear,
    by: Viewer,
    now: datetime,
    label: str = "",
    source: str = "",
    guardian_word: GuardianWord | None = None,
) -> CustomerDate:
    """Write one day that comes back; `label` tells several of one kind apart (which child).

    Errors: DateKindWrong; NotAllowed; ChildWithoutGuardian for a birthday under 14, unless a guardian agreed or
            `guardian_word` says so now. That the day exists is checked by DayOfYear itself.
    Writes: CustomerDate; a Claim of the day that another source had given; with a `guardian_word` the guardian's yes
            and link.
    Twice:  the same kind and label again changes the day that is there.
    """
    require(by, May.EDIT_CUSTOMERS)
    row = _row(customer.pk, DateDraft(kind, day, label, source), now)
    if row.kind == "birthday":
        refuse_unguarded(days=[day], shop=customer.shop, word=guardian_word, now=now, customer=customer)
    kept = _kept(row, customer, day=day, by=by, now=now)
    if row.kind == "birthday" and guardian_word is not None:
        write_guardian(customer=customer, word=guardian_word, by=by, now=now)
    return kept


def _kept(row: CustomerDate, customer: Customer, *, day: DayOfYear, by: Viewer, now: datetime) -> CustomerDate:
    known = CustomerDate.objects.filter(customer_id=customer.pk, kind=row.kind, label=row.label).first()
    if known is None:
        row.save(force_insert=True)
        return row
    fields = ("calendar", "month", "day", "is_leap_month", "year", "source")
    if any(getattr(known, field) != getattr(row, field) for field in fields[:-1]):
        # The archive at hand may be older than the mark of who confirmed the day.
        marks = Customer.objects.select_for_update(of=("self",)).select_related("shop").get(pk=customer.pk)
        note_overruled_day(known=known, archive=marks, day=day, by=by, now=now)
    if any(getattr(known, field) != getattr(row, field) for field in fields):
        for field in fields:
            setattr(known, field, getattr(row, field))
        known.save(update_fields=fields)
    return known


@transaction.atomic
def remove_date(*, date: CustomerDate, by: Viewer) -> bool:
    """Take one day away; return whether it was there.

    Errors: NotAllowed; RuleBroken (`date_in_use`) if a year's occasion still stands (the journey `forget_date`
            removes both).
    Writes: deletes one CustomerDate.
    Twice:  False.
    """
    require(by, May.EDIT_CUSTOMERS)
    try:
        return CustomerDate.objects.filter(pk=date.pk).delete()[0] > 0
    except ProtectedError:
        raise DateInUse from None


@transaction.atomic
def write_dates(customer: Customer, draft: CustomerDraft, now: datetime) -> None:
    """Write the dates of a new customer's draft; of two with one kind and label the first counts."""
    drafts = list(draft.dates)
    if draft.birthday is not None:
        drafts.insert(0, DateDraft("birthday", draft.birthday, source=draft.source))
    rows = [_row(customer.pk, each, now) for each in drafts]
    CustomerDate.objects.bulk_create({(row.kind, row.label): row for row in reversed(rows)}.values())


def _row(customer_id: int, draft: DateDraft, now: datetime) -> CustomerDate:
    if not is_code(draft.kind, longest=24):
        raise DateKindWrong
    day = draft.day
    return CustomerDate(
        id=new_id(),
        customer_id=customer_id,
        kind=draft.kind,
        label=draft.label.strip()[:60],
        calendar=str(day.calendar),
        month=day.month,
        day=day.day,
        is_leap_month=day.is_leap_month,
        year=day.year,
        source=draft.source[:24],
        created_at=now,
    )
