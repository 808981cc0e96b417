"""Reads of the care room, by topic."""

from zhenke.care.queries.tasks import (
    FollowUpFigures,
    care_plans,
    festivals,
    follow_up_figures,
    occasions_of,
    open_task_customers,
    task_for,
    tasks_of,
    visible_tasks,
)
from zhenke.care.queries.today import CareItem, Graded, TodayList, today
from zhenke.care.queries.traces import TRACES
from zhenke.care.queries.waiting import NextStep, due_counts, next_step, next_steps, unassigned

__all__ = [
    "TRACES",
    "CareItem",
    "FollowUpFigures",
    "Graded",
    "NextStep",
    "TodayList",
    "care_plans",
    "due_counts",
    "festivals",
    "follow_up_figures",
    "next_step",
    "next_steps",
    "occasions_of",
    "open_task_customers",
    "task_for",
    "tasks_of",
    "today",
    "unassigned",
    "visible_tasks",
]
