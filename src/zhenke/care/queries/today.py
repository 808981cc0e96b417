"""Today: the right few people for one advisor, why, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Subquery

from zhenke.care.models import Occasion, Task
from zhenke.care.rules import Urgency, Why, priority_of, urgency_of, usual_gap_days, worth_of
from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.grading.models import Grade
from zhenke.sales.queries.last import LastPurchase, last_purchases
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import within_scope

UPCOMING_DAYS = 7
OCCASION_FIRST_DAYS, OCCASION_LAST_DAYS = 0, 21
MOST_OCCASIONS = 12
MOST_UPCOMING = 8
MOST_READ = 400
_SHOWN = ("name", "gender", "kind", "language", "card_number", "shop_id", "owner_id", "cover_id")


@dataclass(frozen=True)
class CareItem:
    """One person to care for: the task (none for a bare occasion), why, and what it weighs.

    `also` counts other open things for the same person that the same contact can settle.
    """

    customer: Customer
    grade: Grade | None
    task: Task | None
    why: Why
    worth: int
    urgency: Urgency
    priority: int
    also: int = 0


@dataclass(frozen=True)
class TodayList:
    """An advisor's day. `due` and `overdue` together never exceed what is left of the day's capacity."""

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


def today(*, viewer: Viewer, advisor: StaffMember, day: date) -> TodayList:
    """Return one advisor's list for a day.

    Shape:  one entry a person: her most pressing task, due or overdue, by priority (worth × urgency), then by day and
            key, capped at the capacity that is left; `waiting` counts those beyond it. Upcoming: the next 7 days.
            Occasions: the next 21 days, people whose occasion has no task in the list.
    Sees:   the advisor's own tasks, as far as the viewer may see them; a stranger gets an empty list.
    Budget: 6 SQL queries.
    """
    seen = within_scope(viewer, "shop", ("assignee", "escalated_to"))
    mine = Task.objects.filter(seen, Q(assignee=advisor) | Q(escalated_to=advisor))
    finished = mine.filter(state=Task.State.DONE, done_by=advisor, done_at__date=day)
    rows = _open_tasks(mine, finished, until=day + timedelta(days=UPCOMING_DAYS))
    done_today = rows[0].done_today or 0 if rows else finished.count()  # type: ignore[attr-defined]
    coming = _coming_occasions(viewer, advisor, day)
    listed = {task.customer_id for task in rows if task.assignee_id == advisor.id}
    bare = [occasion for occasion in coming if occasion.customer_id not in listed][:MOST_OCCASIONS]
    customers = {task.customer_id for task in rows} | {occasion.customer_id for occasion in bare}
    grades = {grade.customer_id: grade for grade in Grade.objects.filter(customer__in=customers)}
    facts = ListFacts(day, grades, {}, {occasion.customer_id: occasion for occasion in reversed(coming)})
    weighed = [facts.weighed(task) for task in rows]
    passed_on = _ordered(one for one in weighed if one.task.assignee_id != advisor.id)
    own = [one for one in weighed if one.task.assignee_id == advisor.id]
    now_due = _one_each(_ordered(one for one in own if one.task.due_date <= day))
    spoken = {one.task.customer_id for one in now_due}
    later = _one_each(one for one in own if one.task.customer_id not in spoken)[:MOST_UPCOMING]
    chosen = now_due[: max(0, advisor.capacity_a_day - done_today)]
    # The rest is read only of the few who are shown.
    shown = {one.task.customer_id for one in (*passed_on, *later, *chosen)}
    facts = replace(facts, bought=last_purchases(viewer=viewer, customer_ids=shown))
    return TodayList(
        advisor=advisor,
        day=day,
        capacity=advisor.capacity_a_day,
        done_today=done_today,
        due=tuple(facts.entry(one) for one in chosen if one.urgency.days_late == 0),
        overdue=tuple(facts.entry(one) for one in chosen if one.urgency.days_late > 0),
        upcoming=tuple(facts.entry(one) for one in later),
        occasions=tuple(facts.occasion_item(one) for one in bare),
        waiting=len(now_due) - len(chosen),
        overdue_total=sum(one.urgency.days_late > 0 for one in now_due),
        escalated=tuple(facts.entry(one) for one in passed_on),
    )


def _open_tasks(mine: QuerySet[Task], finished: QuerySet[Task], *, until: date) -> list[Task]:
    """Read open tasks with customer and plan; each also carries how many were finished on the day, so that it needs no
    query of its own. A plan is read once, however many tasks are of it."""
    count = finished.order_by().values("done_by").annotate(tasks=Count("pk")).values("tasks")
    rows = mine.filter(state=Task.State.OPEN, due_date__lte=until).annotate(done_today=Subquery(count))
    return list(rows.select_related("customer").prefetch_related("plan").order_by("due_date", "id")[:MOST_READ])


@dataclass(frozen=True)
class _Weighed:
    """One task and what it weighs, before it is known whether it will be shown."""

    task: Task
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


def _coming_occasions(viewer: Viewer, advisor: StaffMember, day: date) -> list[Occasion]:
    """Return the occasions of three weeks, each with no more of its customer than a line of the list shows."""
    first, last = day + timedelta(days=OCCASION_FIRST_DAYS), day + timedelta(days=OCCASION_LAST_DAYS)
    whose = visible(viewer=viewer).filter(Q(owner=advisor) | Q(cover=advisor))
    found = Occasion.objects.filter(customer__in=whose, on_date__range=(first, last))
    shown = found.select_related("customer", "customer_date").only(
        "kind", "on_date", "customer_date__label", *(f"customer__{name}" for name in _SHOWN)
    )
    return list(shown.order_by("on_date", "id")[:MOST_READ])


@dataclass(frozen=True)
class ListFacts:
    """What is known of the people on the list, read once for all of them."""

    day: date
    grades: dict[int, Grade]
    bought: dict[int, LastPurchase]
    occasions: dict[int, Occasion]

    def item(self, task: Task) -> CareItem:
        """Return the entry of one task."""
        return self.entry(self.weighed(task))

    def weighed(self, task: Task) -> _Weighed:
        """Return what one task weighs."""
        urgency = urgency_of(due_date=task.due_date, last_date=task.last_date, today=self.day)
        worth = self._worth(self.grades.get(task.customer_id))
        return _Weighed(task, worth, urgency, priority_of(worth=worth, urgency=urgency, step=task.step))

    def entry(self, one: _Weighed) -> CareItem:
        """Return the entry of a task that was weighed."""
        return CareItem(
            customer=one.task.customer,
            grade=self.grades.get(one.task.customer_id),
            task=one.task,
            why=self._why(one.task),
            worth=one.worth,
            urgency=one.urgency,
            priority=one.priority,
            also=one.also,
        )

    def occasion_item(self, occasion: Occasion) -> CareItem:
        """Return the entry of an occasion that has no task."""
        grade = self.grades.get(occasion.customer_id)
        in_days = (occasion.on_date - self.day).days
        why = Why(step="occasion", occasion=occasion.kind, occasion_label=occasion.customer_date.label, in_days=in_days)
        return CareItem(occasion.customer, grade, None, why, self._worth(grade), Urgency(0, in_days), 0)

    @staticmethod
    def _worth(grade: Grade | None) -> int:
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
            occasion_label=str(reason.get("label") or (occasion.customer_date.label if occasion and not on else "")),
            in_days=in_days,
            note=str(reason.get("note") or ""),
            missed=task.times_missed,
        )
