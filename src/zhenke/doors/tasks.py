"""Wiring: the worker looks here for what the clock starts and what waits on the queue."""

from zhenke.doors.jobs.clock import deliver as deliver
from zhenke.doors.jobs.clock import night as night
from zhenke.doors.jobs.export import export_task as export_task
from zhenke.doors.jobs.regrade import regrade_task as regrade_task
from zhenke.doors.jobs.reseal import reseal_task as reseal_task
from zhenke.doors.jobs.run_import import run_import_task as run_import_task
from zhenke.doors.jobs.tiers import review_task as review_task
from zhenke.doors.jobs.undo_import import undo_import_task as undo_import_task
