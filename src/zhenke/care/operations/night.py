"""What the night prepares, set-based: occasions that come round, tasks that fall due, tasks that were missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q

from zhenke.basics.days import DayOfYear, YearRule, occurrences
from zhenke.care.models import CarePlan, Festival, Occasion, Task
from zhenke.care.rules import ASK_STEP, ESCALATE_AFTER_MISSES, SECOND_CHANCE_DAYS, STAY_STEP, Step, steps_from_plain
from zhenke.customers.models import CustomerDate
from zhenke.grading.models import Grade
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.rules import Role

Row = TypeVar("Row")
BATCH = 2_000
HORIZON_DAYS = 45
TASK_HORIZON_DAYS = 10
GIVE_UP_AFTER_MISSES = 6
_WHOM = ("customer_id", "customer__owner_id", "customer__shop_id", "letter", "stage")


def expand_occasions(*, today: date, days: int = HORIZON_DAYS) -> int:
    """Write the coming-round of every customer's date in the next `days` days; return how many are new.

    Each brand's own rules for 29 February, a missing 三十 and leap months hold (`Shop.date_rules` of the root); where
    the rule or the day changed, an occasion that is still to come moves to its new day.

    Writes: one Occasion per date and solar or lunar year.
    Twice:  writes nothing.
    """
    last = today + timedelta(days=days)
    new = 0
    for brand in Shop.objects.filter(parent=None):
        rule = YearRule(**brand.date_rules)
        dates = CustomerDate.objects.filter(customer__shop__path__startswith=brand.path).order_by()
        for calendar, month, day, is_leap in dates.values_list("calendar", "month", "day", "is_leap_month").distinct():
            for come in occurrences(DayOfYear(month, day, calendar, is_leap), today, last, rule):
                matching = dates.filter(
                    Q(year=None) | Q(year__lte=come.on_date.year),
                    calendar=calendar,
                    month=month,
                    day=day,
                    is_leap_month=is_leap,
                )
                new += _write_occasions(matching.values_list("id", "customer_id", "kind"), come.year_key, come.on_date)
    return new


def _write_occasions(rows: Iterable[tuple[int, int, str]], year_key: str, on_date: date) -> int:
    new = 0
    for part in _parts(rows):
        keys = [key for key, _, _ in part]
        there = Occasion.objects.filter(customer_date__in=keys, year_key=year_key)
        known = dict(there.values_list("customer_date_id", "on_date"))
        if any(day != on_date for day in known.values()):
            there.exclude(on_date=on_date).update(on_date=on_date)
        fresh = [
            Occasion(customer_date_id=key, customer_id=customer, kind=kind, year_key=year_key, on_date=on_date)
            for key, customer, kind in part
            if key not in known
        ]
        Occasion.objects.bulk_create(fresh, ignore_conflicts=True)
        new += len(fresh)
    return new


def plan_tasks(*, today: date, now: datetime) -> int:
    """Write the tasks that fall due in the next days from dates, festivals and time since the last purchase.

    A step whose day has passed but which may still wait falls due today: nobody is late with what was just planned.

    Writes: tasks, in batches of their own, each with the facts of its why-line.
    Twice:  writes nothing: `occurrence_key` names the customer, the step and the occasion or purchase.
    """
    new = 0
    for plan in CarePlan.objects.filter(is_active=True).order_by("code"):
        for step in steps_from_plain(plan.steps, where=plan.code):
            if plan.trigger == CarePlan.Trigger.SINCE:
                tasks = _since_tasks(plan, step, today, now)
            elif plan.trigger == CarePlan.Trigger.DATE:
                tasks = _date_tasks(plan, step, today, now)
            elif plan.trigger == CarePlan.Trigger.FESTIVAL:
                tasks = _festival_tasks(plan, step, today, now)
            else:
                continue
            new += sum(write_tasks(part, today) for part in _parts(tasks))
    return new


def write_tasks(tasks: list[Task], today: date) -> int:
    """Write those of the tasks that are not there yet, due today at the earliest; return how many.

    Twice:  the same `occurrence_key` is written once.
    """
    known = set(
        Task.objects.filter(occurrence_key__in=[task.occurrence_key for task in tasks]).values_list(
            "occurrence_key", flat=True
        )
    )
    fresh = [task for task in tasks if task.occurrence_key not in known]
    for task in fresh:
        task.due_date = max(task.due_date, today)
    Task.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _task(
    plan: CarePlan, step: Step, whom: tuple[int, int | None, int], key: str, due: date, now: datetime, **reason: object
) -> Task:
    customer, owner, shop = whom
    return Task(
        occurrence_key=key,
        customer_id=customer,
        assignee_id=owner,
        shop_id=shop,
        plan=plan,
        step=step.code,
        reason=reason,
        due_date=due,
        last_date=due + timedelta(days=step.window_days),
        created_at=now,
    )


def _since_tasks(plan: CarePlan, step: Step, today: date, now: datetime) -> Iterator[Task]:
    for offset in step.offsets():
        first = today - timedelta(days=offset + step.window_days)
        last = today + timedelta(days=TASK_HORIZON_DAYS - offset)
        rows = Grade.objects.filter(last_bought_date__range=(first, last)).values_list(
            *_WHOM, "last_bought_date", "frequency"
        )
        for customer, owner, shop, letter, _, bought, frequency in rows.iterator(chunk_size=BATCH):
            if not step.fits(letter):
                continue
            key = f"since:{customer}:{bought}:{step.code}:{offset}"
            due = bought + timedelta(days=offset)
            reason = {"days": offset, "bought": bought.isoformat(), "frequency": frequency}
            yield _task(plan, step, (customer, owner, shop), key, due, now, **reason)


def _date_tasks(plan: CarePlan, step: Step, today: date, now: datetime) -> Iterator[Task]:
    kinds = plan.condition.get("date_kinds") or []
    first = today - timedelta(days=step.offset_days + step.window_days)
    last = today + timedelta(days=TASK_HORIZON_DAYS - step.offset_days)
    occasions = Occasion.objects.filter(kind__in=kinds, on_date__range=(max(first, today), last)).values_list(
        "id", "customer_id", "customer__owner_id", "customer__shop_id", "kind", "on_date", "customer_date__label"
    )
    for part in _parts(occasions.iterator(chunk_size=BATCH)):
        grades = {
            customer: letter or stage
            for customer, letter, stage in Grade.objects.filter(customer__in={row[1] for row in part}).values_list(
                "customer_id", "letter", "stage"
            )
        }
        for key, customer, owner, shop, kind, on_date, label in part:
            if not step.fits(grades.get(customer, "")):
                continue
            due = on_date + timedelta(days=step.offset_days)
            task_key = f"occasion:{key}:{step.code}:{step.offset_days}"
            reason = {"occasion": kind, "label": label, "on": on_date.isoformat()}
            task = _task(plan, step, (customer, owner, shop), task_key, due, now, **reason)
            task.occasion_id = key
            yield task


def _festival_tasks(plan: CarePlan, step: Step, today: date, now: datetime) -> Iterator[Task]:
    first = today - timedelta(days=step.offset_days + step.window_days)
    last = today + timedelta(days=TASK_HORIZON_DAYS - step.offset_days)
    for festival in Festival.objects.filter(is_active=True).order_by("code"):
        day = DayOfYear(festival.month, festival.day, festival.calendar)
        for come in occurrences(day, max(first, today), last, YearRule()):
            rows = Grade.objects.filter(letter__in=step.grades or "ABCDE").values_list(*_WHOM)
            for customer, owner, shop, _, _ in rows.iterator(chunk_size=BATCH):
                key = f"festival:{festival.code}:{come.year_key}:{customer}:{step.offset_days}"
                due = come.on_date + timedelta(days=step.offset_days)
                reason = {"festival": festival.code, "on": come.on_date.isoformat()}
                yield _task(plan, step, (customer, owner, shop), key, due, now, **reason)


@transaction.atomic
def escalate_missed(*, today: date, now: datetime) -> int:
    """Count missed tasks, show those missed twice to the shop manager, and let go what has lost its sense.

    A task whose occasion or festival has passed, or that only asks something, is cancelled as "missed"; others get
    two more days, at the second miss
    they also stand on the shop manager's list, and after six misses they are cancelled as "missed".

    Writes: counts, new last days, `escalated_to`; returns how many tasks went to a manager.
    Twice:  on the same day writes nothing more.
    """
    missed = Task.objects.filter(state=Task.State.OPEN, last_date__lt=today)
    dated = Q(plan__trigger__in=[CarePlan.Trigger.DATE, CarePlan.Trigger.FESTIVAL])
    hopeless = missed.filter(dated | Q(step__in=[ASK_STEP, STAY_STEP]) | Q(times_missed__gte=GIVE_UP_AFTER_MISSES - 1))
    Task.objects.filter(pk__in=list(hopeless.values_list("pk", flat=True))).update(
        state=Task.State.CANCELLED, result="missed", times_missed=F("times_missed") + 1, done_at=now
    )
    missed.update(times_missed=F("times_missed") + 1, last_date=today + timedelta(days=SECOND_CHANCE_DAYS))
    twice = Task.objects.filter(
        state=Task.State.OPEN, times_missed__gte=ESCALATE_AFTER_MISSES, escalated_at__isnull=True
    )
    escalated = 0
    leaders = StaffMember.objects.filter(role=Role.SHOP_MANAGER, is_active=True).order_by("id")
    managers = {shop: leader for leader, shop in leaders.values_list("id", "shop_id")}
    for shop in set(twice.order_by().values_list("shop_id", flat=True)) & managers.keys():
        escalated += twice.filter(shop_id=shop).update(escalated_at=now, escalated_to_id=managers[shop])
    return escalated


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part
