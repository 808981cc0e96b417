"""Lists of tasks by due day, page after page by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhenke.basics.marks import day_mark, mark_of
from zhenke.care.models import Task
from zhenke.care.queries.tasks import visible_tasks
from zhenke.staff.models import Viewer

LARGEST = 100


@dataclass(frozen=True)
class TasksAsked:
    """What a list of tasks is narrowed to; every filter that is set must hold. `assignee` is a user name."""

    customer_id: int | None = None
    assignee: str = ""
    state: str = ""
    due_from: date | None = None
    due_by: date | None = None


@dataclass(frozen=True)
class TaskPage:
    """One page, and the mark of the next one, "" at the end."""

    rows: list[Task]
    after: str


def task_page(*, viewer: Viewer, asked: TasksAsked, after: str = "", size: int = 50) -> TaskPage:
    """Return one page of tasks with the person they are given to.

    Shape:  at most `size` (100) tasks, the earliest due day first; may be empty. One SQL query.
    Errors: MarkWrong.
    Sees:   as `visible_tasks`.
    """
    size = max(1, min(size, LARGEST))
    rows = visible_tasks(viewer=viewer).filter(_kept(asked))
    if after:
        day, key = day_mark(after)
        rows = rows.filter(Q(due_date__gt=day) | Q(due_date=day, pk__gt=key), due_date__gte=day)
    page = list(rows.select_related("assignee").order_by("due_date", "id")[: size + 1])
    more = len(page) > size
    page = page[:size]
    return TaskPage(page, mark_of(page[-1].due_date, page[-1].pk) if more else "")


def _kept(asked: TasksAsked) -> Q:
    kept = Q()
    if asked.customer_id is not None:
        kept &= Q(customer=asked.customer_id)
    if asked.assignee:
        kept &= Q(assignee__username=asked.assignee)
    if asked.state:
        kept &= Q(state=asked.state)
    if asked.due_from is not None:
        kept &= Q(due_date__gte=asked.due_from)
    if asked.due_by is not None:
        kept &= Q(due_date__lte=asked.due_by)
    return kept
