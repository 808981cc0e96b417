"""Follow-ups: what is planned for whom, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal, cast

from ninja import Query, Router, Status
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.care.models import Task
from zhenke.care.operations import add_task, reassign, snooze
from zhenke.care.queries import task_for
from zhenke.care.queries.listing import TasksAsked, task_page
from zhenke.care.rules import Result
from zhenke.customers.queries import customer_for
from zhenke.customers.rules.notes import SENSITIVE, level_of_words
from zhenke.doors.api.access import TokenCall, key_of, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Key, Mark, Person, Problem, Size, Told, key, person
from zhenke.journeys.finish_task import finish_task
from zhenke.sales.rules import BadSlip
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import staff_within

router = Router(tags=["tasks"])


class TaskFilters(Asked):
    """Every filter that is given must hold; `assignee` is a user name."""

    customer_id: Key | None = None
    assignee: Annotated[str, Field(max_length=60)] = ""
    state: Literal["open", "done", "cancelled"] | None = None
    due_from: date | None = None
    due_by: date | None = None
    after: Mark
    size: Size


class TaskDrafted(Asked):
    """A task by hand: for whom, by whom, until when, and what is to be done."""

    customer_id: Key
    assignee: Annotated[str, Field(min_length=1, max_length=60)]
    due_date: date
    note: Annotated[str, Field(min_length=1, max_length=300)]


class TaskFinished(Asked):
    """What came of it; every closed follow-up names the day of the next one."""

    result: Result
    note: Annotated[str, Field(max_length=500)] = ""
    next_date: date


class TaskSnoozed(Asked):
    """Another day."""

    until: date


class TaskReassigned(Asked):
    """Another person, by user name."""

    assignee: Annotated[str, Field(min_length=1, max_length=60)]


class TaskTold(Told):
    """One task; `reason` holds the plain facts of why it is there."""

    id: str
    customer_id: str
    sale_id: str | None
    assignee: Person | None
    step: str
    state: str
    reason: dict[str, str | int | bool | None]
    due_date: date
    last_date: date
    snoozed_from_date: date | None
    result: str
    result_note: str
    next_date: date | None
    done_at: datetime | None
    times_missed: int
    created_at: datetime


class TasksTold(Told):
    """One page."""

    rows: list[TaskTold]
    after: str


class FinishedTold(Told):
    """The closed task and the one that follows."""

    task: TaskTold
    next_task: TaskTold | None


def task_told(task: Task, assignee: StaffMember | None) -> TaskTold:
    """Tell a task."""
    return TaskTold(
        id=str(task.pk),
        customer_id=str(task.customer_id),
        sale_id=key(task.sale_id),
        assignee=person(assignee),
        step=task.step,
        state=task.state,
        reason=task.reason,
        due_date=task.due_date,
        last_date=task.last_date,
        snoozed_from_date=task.snoozed_from_date,
        result=task.result,
        result_note="" if level_of_words(task.result_note) >= SENSITIVE else task.result_note,  # programs see none such
        next_date=task.next_date,
        done_at=task.done_at,
        times_missed=task.times_missed,
        created_at=task.created_at,
    )


def tasks_told(viewer: Viewer, tasks: Iterable[Task], at_hand: Iterable[StaffMember | None] = ()) -> list[TaskTold]:
    """Tell tasks that were just made, with their people in one query; those at hand are not asked for."""
    found = list(tasks)
    people = {one.pk: one for one in at_hand if one is not None}
    keys = {task.assignee_id for task in found if task.assignee_id} - set(people)
    people |= {one.pk: one for one in staff_within(viewer=viewer).filter(pk__in=keys)} if keys else {}
    return [task_told(task, people.get(task.assignee_id or 0)) for task in found]


def colleague(viewer: Viewer, username: str) -> StaffMember | None:
    """Return the person of that user name, None for no name. Errors: BadSlip `advisor_unknown` if out of sight."""
    if not username:
        return None
    found = staff_within(viewer=viewer).filter(username=username).first()
    if found is None:
        raise BadSlip("advisor_unknown", advisor=username)
    return found


@router.get("", url_name="tasks", response={200: TasksTold, REFUSALS: Problem}, summary="List tasks")
def list_tasks(request: TokenCall, filters: Query[TaskFilters]) -> TasksTold:
    """Tasks by due day, the earliest first: of one person, of one customer, or all in sight."""
    asked = TasksAsked(
        customer_id=key_of(filters.customer_id) if filters.customer_id else None,
        assignee=filters.assignee,
        state=filters.state or "",
        due_from=filters.due_from,
        due_by=filters.due_by,
    )
    page = task_page(viewer=request.user, asked=asked, after=filters.after, size=filters.size)
    return TasksTold(rows=[task_told(task, task.assignee) for task in page.rows], after=page.after)


@router.post("", url_name="tasks", response={201: TaskTold, REFUSALS: Problem}, summary="Write a task")
def create_task(request: TokenCall, body: TaskDrafted) -> Status:
    """A task by hand for one customer."""
    at = now()
    customer = customer_for(viewer=request.user, id=key_of(body.customer_id))
    assignee = cast(StaffMember, colleague(request.user, body.assignee))
    task = add_task(
        customer=customer,
        assignee=assignee,
        due_date=body.due_date,
        note=body.note,
        key=request.headers["Idempotency-Key"],
        by=request.user,
        today=local_date(at, customer.shop.time_zone),
        now=at,
    )
    return Status(201, task_told(task, assignee))


@router.get("/{task_id}", url_name="task", response={200: TaskTold, REFUSALS: Problem}, summary="One task")
@decorate_view(theirs("task_id", task_for))
def get_task(request: TokenCall, task_id: str) -> TaskTold:
    """One task."""
    return task_told(request.found, request.found.assignee)


@router.post("/{task_id}/finish", url_name="task-finish", response={200: FinishedTold, REFUSALS: Problem})
@decorate_view(theirs("task_id", task_for))
def finish_one_task(request: TokenCall, task_id: str, body: TaskFinished) -> FinishedTold:
    """Close a follow-up with its result, write it into the timeline, and set the next one."""
    at = now()
    done = finish_task(
        task=request.found,
        result=body.result,
        note=body.note,
        next_date=body.next_date,
        by=request.user,
        today=local_date(at, request.found.shop.time_zone),
        now=at,
    )
    told = tasks_told(request.user, [one for one in (done.task, done.next_task) if one is not None])
    return FinishedTold(task=told[0], next_task=told[1] if len(told) > 1 else None)


@router.post("/{task_id}/snooze", url_name="task-snooze", response={200: TaskTold, REFUSALS: Problem})
@decorate_view(theirs("task_id", task_for))
def snooze_task(request: TokenCall, task_id: str, body: TaskSnoozed) -> TaskTold:
    """Put a task off to another day."""
    today = local_date(now(), request.found.shop.time_zone)
    [told] = tasks_told(request.user, [snooze(task=request.found, until=body.until, by=request.user, today=today)])
    return told


@router.post("/{task_id}/reassign", url_name="task-reassign", response={200: TaskTold, REFUSALS: Problem})
@decorate_view(theirs("task_id", task_for))
def reassign_task(request: TokenCall, task_id: str, body: TaskReassigned) -> TaskTold:
    """Give an open task to another person."""
    to = cast(StaffMember, colleague(request.user, body.assignee))
    return task_told(reassign(task=request.found, to=to, by=request.user, now=now()), to)
