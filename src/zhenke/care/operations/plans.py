"""Care plans and festivals as data: the starting set, and new versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from zhenke.basics.errors import NotAllowed
from zhenke.care.models import CarePlan, Festival
from zhenke.care.rules import PlanInvalid, steps_from_plain
from zhenke.staff import audit
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


@transaction.atomic
def load_default_plans(
    *, plans: Sequence[Mapping[str, Any]], festivals: Sequence[Mapping[str, Any]], by: Viewer, now: datetime
) -> int:
    """Write the starting plans and festivals that are not there yet; return how many were new.

    Writes: a first version of each unknown plan, each unknown festival; never touches what the shop changed.
    Twice:  writes nothing.
    Errors: PlanInvalid if a plan cannot be understood.
    """
    known = set(CarePlan.objects.values_list("code", flat=True))
    new = [plan for plan in plans if plan["code"] not in known]
    for plan in new:
        steps_from_plain(plan["steps"], where=plan["code"])
    CarePlan.objects.bulk_create(CarePlan(**plan, made_by_id=by.id, made_at=now) for plan in new)
    known_days = set(Festival.objects.values_list("code", flat=True))
    new_days = [Festival(**day) for day in festivals if day["code"] not in known_days]
    Festival.objects.bulk_create(new_days)
    return len(new) + len(new_days)


@transaction.atomic
def save_plan(
    *, plan: CarePlan, steps: Sequence[Mapping[str, object]], is_active: bool, by: Viewer, now: datetime
) -> CarePlan:
    """Put a new version of a plan in force; the old one stays for the tasks that it made.

    Writes: the new version, the old one switched off, an audit line.
    Twice:  the same steps and switch again change nothing and return the version in force.
    Errors: NotAllowed; PlanInvalid saying which step and why.
    """
    if not by.may(May.EDIT_SETTINGS):
        raise NotAllowed
    if plan.trigger not in CarePlan.Trigger.values:
        raise PlanInvalid(where=plan.code, reason=f"unknown trigger {plan.trigger!r}")
    steps_from_plain(steps, where=plan.code)
    current = CarePlan.objects.filter(code=plan.code).order_by("-version").first() or plan
    if list(current.steps) == list(steps) and current.is_active == is_active:
        return current
    CarePlan.objects.filter(code=plan.code, is_active=True).update(is_active=False)
    newer = CarePlan.objects.create(
        code=current.code,
        version=current.version + 1,
        name_en=current.name_en,
        name_zh=current.name_zh,
        trigger=current.trigger,
        condition=current.condition,
        steps=list(steps),
        is_active=is_active,
        made_by_id=by.id,
        made_at=now,
    )
    audit.record(
        action="care_plan_saved", by=by, now=now, subject_kind="care_plan", subject_id=newer.id, version=newer.version
    )
    return newer
