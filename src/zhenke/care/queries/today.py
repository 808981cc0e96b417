"""Today: the right few people for one advisor, why, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, Protocol

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import make_aware

from zhenke.basics.prepared import Prepared, PreparedEach, Several
from zhenke.care.models import Occasion, Task
from zhenke.care.rules import Urgency, Why, priority_of, urgency_of, usual_gap_days, worth_of
from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.customers.queries.notes import waiting_for
from zhenke.customers.queries.protection import unless_hidden
from zhenke.grading.models import Grade
from zhenke.sales.queries.last import LastPurchase, last_purchases
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import sight_key, within_scope

UPCOMING_DAYS = 7
OCCASION_FIRST_DAYS, OCCASION_LAST_DAYS = 0, 21
MOST_OCCASIONS = 12
MOST_UPCOMING = 8
MOST_READ = 400
_TOLD = ("occurrence_key", "customer_id", "step", "reason", "due_date", "times_missed", "plan__steps")
_SHOWN = ("name", "gender", "kind", "language", "card_number", "shop_id", "owner_id", "cover_id")


class Graded(Protocol):
    """What the day's list shows of a grade."""

    @property
    def letter(self) -> str: ...
    @property
    def stage(self) -> str: ...


class NearDay(NamedTuple):
    """A coming occasion, as far as a line of the list tells it."""

    customer_id: int
    kind: str
    on_date: date
    label: str


@dataclass(frozen=True)
class CareItem:
    """One person to care for: the task (none for a bare occasion), why, and what it weighs.

    `also` counts other open things for the same person that the same contact can settle.
    """

    customer: Customer
    grade: Graded | None
    task: Task | None
    why: Why
    worth: int
    urgency: Urgency
    priority: int
    also: int = 0


@dataclass(frozen=True)
class TodayList:
    """An advisor's day. `due` and `overdue` together never exceed what is left of the day's capacity.

    `may_be_named` is False when no note waits that names the advisor; else `mentions_for` is to be asked.
    """

    advisor: StaffMember
    day: date
    capacity: int
    done_today: int
    due: tuple[CareItem, ...]
    overdue: tuple[CareItem, ...]
    upcoming: tuple[CareItem, ...]
    occasions: tuple[CareItem, ...]
    waiting: int
    overdue_total: int
    escalated: tuple[CareItem, ...]
    may_be_named: bool = True


def today(*, viewer: Viewer, advisor: StaffMember, day: date) -> TodayList:
    """Return one advisor's list for a day.

    Shape:  one entry a person: her most pressing task, due or overdue, by priority (worth × urgency), then by day and
            key, capped at the capacity that is left; `waiting` counts those beyond it. Upcoming: the next 7 days.
            Occasions: the next 21 days, people whose occasion has no task in the list.
    Sees:   the advisor's own tasks, as far as the viewer may see them; a stranger gets an empty list.
    Budget: 6 SQL queries.
    """
    begins, ends = _whole_day(day)
    rows = _open_tasks(viewer, advisor, begins=begins, ends=ends, until=day + timedelta(days=UPCOMING_DAYS))
    done_today = rows[0].done_today or 0 if rows else _finished(viewer, advisor.pk, begins, ends).count()
    coming = _coming_occasions(viewer, advisor, day)
    listed = {task.customer_id for task in rows if task.assignee_id == advisor.pk}
    bare = [occasion for occasion in coming if occasion.customer_id not in listed][:MOST_OCCASIONS]
    grades = {one.customer_id: _Standing(one.letter, one.stage or "") for one in rows if one.letter is not None}
    facts = ListFacts(day, grades, {}, {occasion.customer_id: occasion for occasion in reversed(coming)})
    weighed = [facts.weighed(task) for task in rows]
    passed_on = _ordered(one for one in weighed if one.task.assignee_id != advisor.pk)
    own = [one for one in weighed if one.task.assignee_id == advisor.pk]
    now_due = _one_each(_ordered(one for one in own if one.task.due_date <= day))
    spoken = {one.task.customer_id for one in now_due}
    later = _one_each(one for one in own if one.task.customer_id not in spoken)[:MOST_UPCOMING]
    chosen = now_due[: max(0, advisor.capacity_a_day - done_today)]
    # The rest is read only of the few who are shown.
    shown = [one.task for one in (*passed_on, *later, *chosen)]
    known = {task.customer_id for task in shown}
    customers, theirs = _whole_customers({*known, *(occasion.customer_id for occasion in bare)})
    facts = replace(facts, grades=theirs, bought=last_purchases(viewer=viewer, customer_ids=known))
    tasks = _whole_tasks({task.pk for task in shown}, customers)
    return TodayList(
        advisor=advisor,
        day=day,
        capacity=advisor.capacity_a_day,
        done_today=done_today,
        due=tuple(facts.entry(one, tasks[one.task.pk]) for one in chosen if one.urgency.days_late == 0),
        overdue=tuple(facts.entry(one, tasks[one.task.pk]) for one in chosen if one.urgency.days_late > 0),
        upcoming=tuple(facts.entry(one, tasks[one.task.pk]) for one in later),
        occasions=tuple(facts.occasion_item(one, customers[one.customer_id]) for one in bare),
        waiting=len(now_due) - len(chosen),
        overdue_total=sum(one.urgency.days_late > 0 for one in now_due),
        escalated=tuple(facts.entry(one, tasks[one.task.pk]) for one in passed_on),
        may_be_named=bool(rows[0].is_named) if rows else True,
    )


def _whole_day(day: date) -> tuple[datetime, datetime]:
    """Return the first and the last moment of a local day; a range needs no date worked out of every row."""
    return make_aware(datetime.combine(day, time.min)), make_aware(datetime.combine(day, time.max))


class _Standing(NamedTuple):
    letter: str
    stage: str


class _OpenTask(NamedTuple):
    """An open task as far as it is weighed, with the customer's grade, and two things of the advisor herself.

    They are how many tasks the day has seen finished, and whether any note that names her waits to be seen.
    """

    pk: int
    customer_id: int
    assignee_id: int | None
    step: str
    due_date: date
    last_date: date
    done_today: int | None
    is_named: bool
    letter: str | None
    stage: str | None


def _grade_of(key: str) -> tuple[Subquery, Subquery]:
    """Return letter and stage of the customer whose key stands in the column `key`."""
    grade = Grade.objects.filter(customer=OuterRef(key))
    return Subquery(grade.values("letter")), Subquery(grade.values("stage"))


def _mine(viewer: Viewer, advisor: int) -> QuerySet[Task]:
    """Return the tasks of an advisor, given by key, that the viewer may see."""
    seen = within_scope(viewer, "shop", ("assignee", "escalated_to"))
    return Task.objects.filter(seen, unless_hidden(viewer, "customer"), Q(assignee=advisor) | Q(escalated_to=advisor))


def _finished(viewer: Viewer, advisor: int, begins: datetime, ends: datetime) -> QuerySet[Task]:
    done = _mine(viewer, advisor).filter(state=Task.State.DONE, done_by=advisor)
    return done.filter(done_at__gte=begins, done_at__lte=ends)


def _open_and_finished(viewer: Viewer) -> Prepared:
    """Open tasks; each also carries what is known of the advisor, so that it needs no query of its own."""

    def rows(advisor: int, begins: datetime, ends: datetime, until: date) -> QuerySet[Task, Any]:
        finished = _finished(viewer, advisor, begins, ends).order_by()
        count = finished.values("done_by").annotate(tasks=Count("pk")).values("tasks")
        still_open = _mine(viewer, advisor).filter(state=Task.State.OPEN, due_date__lte=until)
        named = Exists(waiting_for(member=advisor))
        told = (*_OpenTask._fields[:6], Subquery(count), named, *_grade_of("customer_id"))
        return still_open.order_by("due_date", "id").values_list(*told)[:MOST_READ]

    return Prepared(rows, advisor=int, begins=datetime, ends=datetime, until=date)


def _open_tasks(
    viewer: Viewer, advisor: StaffMember, *, begins: datetime, ends: datetime, until: date
) -> list[_OpenTask]:
    query = _tasks_in_sight.of(sight_key(viewer), lambda: _open_and_finished(viewer))
    found = query.rows(connection, advisor=advisor.pk, begins=begins, ends=ends, until=until)
    return [_OpenTask(*row) for row in found]


def _coming(viewer: Viewer) -> Prepared:
    def rows(advisor: int, first: date, last: date) -> QuerySet[Occasion, Any]:
        # A set of its own, so that a manager's look at one advisor does not go through the whole shop.
        hers = visible(viewer=viewer).filter(Q(owner=advisor) | Q(cover=advisor)).values("pk")
        found = Occasion.objects.filter(customer__in=hers, on_date__gte=first, on_date__lte=last)
        told = ("customer_id", "kind", "on_date", "customer_date__label")
        return found.order_by("on_date", "id").values_list(*told)[:MOST_READ]

    return Prepared(rows, advisor=int, first=date, last=date)


def _coming_occasions(viewer: Viewer, advisor: StaffMember, day: date) -> list[NearDay]:
    """Return the occasions of three weeks."""
    first, last = day + timedelta(days=OCCASION_FIRST_DAYS), day + timedelta(days=OCCASION_LAST_DAYS)
    query = _days_in_sight.of(sight_key(viewer), lambda: _coming(viewer))
    return [NearDay(*row) for row in query.rows(connection, advisor=advisor.pk, first=first, last=last)]


def _customers_shown(keys: list[int]) -> QuerySet[Customer]:
    letter, stage = _grade_of("pk")
    return Customer.objects.only(*_SHOWN).annotate(letter=letter, stage=stage).filter(pk__in=keys)


def _whole_customers(shown: Collection[int]) -> tuple[Mapping[int, Customer], Mapping[int, Graded]]:
    """Return the customers that are shown, with no more than a line shows of them, and their grades."""
    customers = {one.pk: one for one in _CUSTOMERS.rows(connection, keys=shown)}
    marks = ((key, one.letter, one.stage) for key, one in customers.items())
    return customers, {key: _Standing(letter, stage) for key, letter, stage in marks if letter is not None}


def _whole_tasks(shown: Collection[int], customers: Mapping[int, Customer]) -> dict[int, Task]:
    """Return the tasks that are shown, with plan and customer."""
    tasks = {task.pk: task for task in _TASKS.rows(connection, keys=shown)}
    for task in tasks.values():
        task.customer = customers[task.customer_id]
    return tasks


# Read at each look at Today: their text is made once, for each sight where it depends on who looks.
_tasks_in_sight, _days_in_sight = PreparedEach(), PreparedEach()
_CUSTOMERS = Prepared(_customers_shown, keys=Several())
_TASKS = Prepared(lambda keys: Task.objects.select_related("plan").only(*_TOLD).filter(pk__in=keys), keys=Several())


@dataclass(frozen=True)
class _Weighed:
    """One task and what it weighs, before it is known whether it will be shown."""

    task: Task | _OpenTask
    worth: int
    urgency: Urgency
    priority: int
    also: int = 0


def _one_each(tasks: Iterable[_Weighed]) -> list[_Weighed]:
    """Keep the first task of each person and count the others: one contact is enough for one person and day."""
    of_person: dict[int, list[_Weighed]] = {}
    for one in tasks:
        of_person.setdefault(one.task.customer_id, []).append(one)
    return [replace(several[0], also=len(several) - 1) for several in of_person.values()]


def _ordered(tasks: Iterable[_Weighed]) -> list[_Weighed]:
    return sorted(tasks, key=lambda one: (-one.priority, one.task.due_date, one.task.customer_id))


@dataclass(frozen=True)
class ListFacts:
    """What is known of the people on the list, read once for all of them."""

    day: date
    grades: Mapping[int, Graded]
    bought: dict[int, LastPurchase]
    occasions: Mapping[int, NearDay]

    def item(self, task: Task) -> CareItem:
        """Return the entry of one task."""
        return self.entry(self.weighed(task), task)

    def weighed(self, task: Task | _OpenTask) -> _Weighed:
        """Return what one task weighs."""
        urgency = urgency_of(due_date=task.due_date, last_date=task.last_date, today=self.day)
        worth = self._worth(self.grades.get(task.customer_id))
        return _Weighed(task, worth, urgency, priority_of(worth=worth, urgency=urgency, step=task.step))

    def entry(self, one: _Weighed, task: Task) -> CareItem:
        """Return the entry of a task that was weighed."""
        return CareItem(
            customer=task.customer,
            grade=self.grades.get(task.customer_id),
            task=task,
            why=self._why(task),
            worth=one.worth,
            urgency=one.urgency,
            priority=one.priority,
            also=one.also,
        )

    def occasion_item(self, occasion: NearDay, customer: Customer) -> CareItem:
        """Return the entry of an occasion that has no task."""
        grade = self.grades.get(occasion.customer_id)
        in_days = (occasion.on_date - self.day).days
        why = Why(step="occasion", occasion=occasion.kind, occasion_label=occasion.label, in_days=in_days)
        return CareItem(customer, grade, None, why, self._worth(grade), Urgency(0, in_days), 0)

    @staticmethod
    def _worth(grade: Graded | None) -> int:
        return worth_of(letter=grade.letter if grade else "", stage=grade.stage if grade else "")

    def _why(self, task: Task) -> Why:
        reason = task.reason
        last = self.bought.get(task.customer_id)
        occasion = self.occasions.get(task.customer_id)
        bought = date.fromisoformat(reason["bought"]) if reason.get("bought") else None
        on = date.fromisoformat(reason["on"]) if reason.get("on") else None
        named = str(reason.get("occasion") or reason.get("festival") or "")
        if named and on:
            in_days: int | None = (on - self.day).days
        elif occasion is not None:
            named, in_days = occasion.kind, (occasion.on_date - self.day).days
        else:
            in_days = None
        since = bought or (last.last_date if last else None)
        return Why(
            step=task.step,
            days=(self.day - since).days if since else None,
            piece=str(reason.get("piece") or (last.piece if last else "")),
            category=last.category if last else "",
            is_gift=bool(reason.get("is_gift", last.is_gift if last else False)),
            usual_gap_days=usual_gap_days(
                frequency=last.frequency if last else 0,
                first_date=last.first_date if last else None,
                last_date=last.last_date if last else None,
            ),
            amount_minor=last.amount_minor if last else None,
            occasion=named,
            occasion_label=str(reason.get("label") or (occasion.label if occasion and not on else "")),
            in_days=in_days,
            note=str(reason.get("note") or reason.get("field") or ""),
            missed=task.times_missed,
        )
