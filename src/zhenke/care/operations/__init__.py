"""Writes of the care room, by topic."""

from zhenke.care.operations.after import plan_after_sale, plan_welcome
from zhenke.care.operations.inspecting import (
    cancel_inspections,
    move_inspection,
    plan_inspections,
    reopen_inspection,
    settle_inspection,
)
from zhenke.care.operations.night import escalate_missed, expand_occasions, plan_tasks
from zhenke.care.operations.plans import load_default_plans, save_plan
from zhenke.care.operations.tasks import (
    FinishedTask,
    add_task,
    cancel_tasks_of,
    finish,
    move_tasks,
    reassign,
    snooze,
    undo_finish,
)

__all__ = [
    "FinishedTask",
    "add_task",
    "cancel_inspections",
    "cancel_tasks_of",
    "escalate_missed",
    "expand_occasions",
    "finish",
    "load_default_plans",
    "move_inspection",
    "move_tasks",
    "plan_after_sale",
    "plan_inspections",
    "plan_tasks",
    "plan_welcome",
    "reassign",
    "reopen_inspection",
    "save_plan",
    "settle_inspection",
    "snooze",
    "undo_finish",
]
