"""The night, in order: each entry is one journey and answers with its figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from zhenke.basics.days import local_date
from zhenke.catalogue.operations.photos import drop_stray_piece_photos
from zhenke.customers.operations.members import drop_member_traces
from zhenke.customers.operations.note_photos import drop_stray_photos
from zhenke.doors.anchors import write_anchor
from zhenke.doors.forgetting import finish_erasures
from zhenke.doors.jobs.export import end_exports_of_the_day
from zhenke.doors.jobs.points import points_night
from zhenke.doors.jobs.retention import ask_before_erasing, keep_retention
from zhenke.doors.keys import reseal_everything
from zhenke.journeys.ask_missing_fields import ask_missing_fields
from zhenke.journeys.count_records import count_records
from zhenke.journeys.end_reservations import end_reservations
from zhenke.journeys.find_duplicates import find_duplicates
from zhenke.journeys.notify_members import notify_members
from zhenke.journeys.plan_care import plan_care
from zhenke.journeys.raise_vips import raise_vips
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.journeys.review_tiers import review_tiers
from zhenke.membership.operations.holding import release_ended
from zhenke.staff import SYSTEM
from zhenke.staff.operations import drop_old_replies


def _regrade(at: datetime) -> dict[str, int]:
    graded = regrade_customers(as_of=None, reason="night", now=at)
    return {"customers": graded.customers, "changed": graded.changed}


def _review_tiers(at: datetime) -> dict[str, int]:
    found = review_tiers(now=at)
    return {"members": found.members, "joined": found.joined, "rose": found.rose, "fell": found.fell}


def _end_reservations(at: datetime) -> dict[str, int]:
    ended = end_reservations(now=at)
    return {"redemptions": ended.redemptions, "points": ended.points}


def _release_holds(at: datetime) -> dict[str, int]:
    return {"holds": release_ended(by=SYSTEM, now=at)}


def _notify_members(at: datetime) -> dict[str, int]:
    told = notify_members(day=local_date(at, settings.TIME_ZONE), now=at)
    return {"ending": told.ending, "tiers": told.tiers, "earned": told.earned}


def _raise_vips(at: datetime) -> dict[str, int]:
    return {"raised": raise_vips(now=at)}


def _look_ahead(at: datetime) -> dict[str, int]:
    planned = plan_care(today=local_date(at, settings.TIME_ZONE), now=at)
    return {"occasions": planned.occasions, "tasks": planned.tasks, "escalated": planned.escalated}


def _ask(at: datetime) -> dict[str, int]:
    found = ask_missing_fields(today=local_date(at, settings.TIME_ZONE), now=at)
    return {"asked": found.asked, "answered": found.answered}


def _count(at: datetime) -> dict[str, int]:
    return {"people": count_records(today=local_date(at, settings.TIME_ZONE))}


def _tidy(at: datetime) -> dict[str, int]:
    return {"replies": drop_old_replies(now=at)}


def _tidy_photos(at: datetime) -> dict[str, int]:
    return {"photos": drop_stray_photos(now=at) + drop_stray_piece_photos(now=at)}


def _finish_erasures(at: datetime) -> dict[str, int]:
    return {"files": finish_erasures()}


def _tidy_members(at: datetime) -> dict[str, int]:
    return {"traces": drop_member_traces(now=at)}


def _find_duplicates(at: datetime) -> dict[str, int]:
    found = find_duplicates(now=at)
    return {"pairs": found.pairs, "new": found.new, "gone": found.gone}


def _reseal(at: datetime) -> dict[str, int]:
    return {"values": reseal_everything(clock=lambda: at)}


def _anchor(at: datetime) -> dict[str, int]:
    anchor = write_anchor(now=at)
    return {"position": anchor.position if anchor else 0}


NIGHT: dict[str, Callable[[datetime], dict[str, int]]] = {
    "anchor_trail": _anchor,  # first: it needs nothing of the others, and must not wait for one that fails
    "finish_erasures": _finish_erasures,  # nor must files of who was forgotten
    "end_exports": end_exports_of_the_day,  # so do files whose day is over
    "end_reservations": _end_reservations,
    "release_holds": _release_holds,  # before points end: what comes back ends with its lot
    "expire_points": points_night,
    "review_tiers": _review_tiers,
    "notify_members": _notify_members,
    "regrade_customers": _regrade,
    "raise_vips": _raise_vips,
    "plan_care": _look_ahead,
    "ask_missing_fields": _ask,
    "count_records": _count,
    "find_duplicates": _find_duplicates,
    "drop_old_replies": _tidy,
    "drop_stray_photos": _tidy_photos,
    "drop_member_traces": _tidy_members,
    "reseal": _reseal,
    "ask_before_erasing": ask_before_erasing,
    "keep_retention": keep_retention,
}
