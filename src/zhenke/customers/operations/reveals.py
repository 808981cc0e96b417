"""Counts whole contacts that are shown, refuses beyond the limit of the day, and keeps the limits of the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum

from zhenke.basics.days import local_date
from zhenke.customers.models import ListTally, RevealQuota, RevealTally
from zhenke.customers.operations.permission import require
from zhenke.customers.queries.reveals import brand_key, quotas_of
from zhenke.customers.rules.reveals import LISTED_A_DAY, MEDIAN_DAYS, RevealsUsedUp, checked_quota, is_unusual
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember
from zhenke.staff.rules import May


def count_reveal(*, member: StaffMember, importance: int, now: datetime) -> None:
    """Count one whole contact that is about to be shown; the caller shows it and writes its mark in one transaction.

    Whoever counts holds the person's row of the day until the transaction ends, so that two at once cannot both be the
    last. When the limit is reached, or the day is more than three times the own median, an alarm is kept for those who
    lead.

    Errors: RevealsUsedUp.
    Writes: RevealTally; one audit line for an alarm.
    Twice:  counts again: each look is one.
    """
    today = local_date(now, member.shop.time_zone)
    quota = quotas_of(brand_id=brand_key(member)).get((member.role, importance), 0)
    tally, _ = RevealTally.objects.get_or_create(member_id=member.pk, on_date=today, importance=importance)
    if not RevealTally.objects.filter(pk=tally.pk, shown__lt=quota).update(shown=F("shown") + 1):
        raise RevealsUsedUp(quota=quota)
    tally.refresh_from_db()
    reached = tally.shown >= quota
    if tally.has_alarm or not (reached or _is_unusual(member, today)):
        return
    RevealTally.objects.filter(pk=tally.pk).update(has_alarm=True)
    record(
        action="reveals.alarm",
        by=member,
        now=now,
        subject_kind="staff",
        subject_id=member.pk,
        importance=importance,
        shown=tally.shown,
        quota=quota,
        why="used_up" if reached else "unusual",
    )


def _is_unusual(member: StaffMember, today: date) -> bool:
    """Return whether the day is far above one's own median; asked only until an alarm rings."""
    since = today - timedelta(days=MEDIAN_DAYS)
    rows = RevealTally.objects.filter(member_id=member.pk, on_date__gte=since, shown__gt=0)
    days = dict(rows.values_list("on_date").annotate(all_shown=Sum("shown")))
    return is_unusual(shown=days.pop(today, 0), days_before=list(days.values()))


@transaction.atomic
def count_listed(*, member: StaffMember, rows: int, now: datetime) -> None:
    """Count rows of further pages, and of narrowed first pages, of the list; tell those who lead when it is a scrape.

    The first page of all is not counted: it is where every day's work begins, and each count is a write.

    Writes: ListTally; one audit line a day at most, when the number is reached.
    Twice:  counts again: each page is one.
    """
    today = local_date(now, member.shop.time_zone)
    tally, _ = ListTally.objects.get_or_create(member_id=member.pk, on_date=today)
    ListTally.objects.filter(pk=tally.pk).update(rows=F("rows") + rows)
    crossed = ListTally.objects.filter(pk=tally.pk, rows__gte=LISTED_A_DAY, has_alarm=False)
    if not crossed.update(has_alarm=True):
        return
    record(action="lists.alarm", by=member, now=now, subject_kind="staff", subject_id=member.pk, rows=LISTED_A_DAY)


@transaction.atomic
def set_quotas(*, quotas: Mapping[tuple[str, int], int], by: StaffMember, now: datetime) -> int:
    """Set limits of the house, by role and importance; return how many changed.

    Errors: QuotaWrong; NotAllowed.
    Writes: RevealQuota; one audit line a change.
    Twice:  0, writes nothing.
    """
    require(by, May.EDIT_SETTINGS)
    brand = brand_key(by)
    known = quotas_of(brand_id=brand)
    wanted = {key: checked_quota(role=key[0], importance=key[1], a_day=a_day) for key, a_day in quotas.items()}
    changed = {key: a_day for key, a_day in wanted.items() if known[key] != a_day}
    for (role, importance), a_day in changed.items():
        RevealQuota.objects.update_or_create(
            brand_id=brand, role=role, importance=importance, defaults={"a_day": a_day}
        )
        record(
            action="reveals.quota_set",
            by=by,
            now=now,
            subject_kind="shop",
            subject_id=brand,
            role=role,
            importance=importance,
            a_day=a_day,
        )
    return len(changed)
