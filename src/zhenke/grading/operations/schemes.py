"""Publishing a scheme, and going back to an older one: every version stays, going back makes a new one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from zhenke.basics.errors import NotAllowed
from zhenke.grading.models import Scheme
from zhenke.grading.queries import scheme_of_version
from zhenke.grading.rules import DEFAULT_SCHEME
from zhenke.grading.rules import Scheme as Rules
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.rules import May


def ensure_first_scheme(now: datetime) -> Scheme:
    """Return the current scheme; in a house that has none, publish version 1 with the trade's defaults.

    Writes: Scheme, once.
    Twice:  the second time nothing.
    """
    current = Scheme.objects.filter(is_current=True).first()
    if current is not None:
        return current
    with transaction.atomic():
        scheme, _ = Scheme.objects.get_or_create(
            version=1, defaults={"rules": DEFAULT_SCHEME.to_plain(), "published_at": now, "is_current": True}
        )
        return scheme


@transaction.atomic
def publish(*, rules: object, note: str = "", by: Viewer, now: datetime) -> Scheme:
    """Make the rules a new version that grades from now on. Nobody is regraded here: `regrade_customers` does it next.

    Errors: SchemeWrong when the rules cannot grade; NotAllowed.
    Writes: Scheme (new version, current), the version before is no longer current; audit entry.
    Twice:  the same rules as the current ones publish nothing and return the current version.
    """
    return _published(Rules.from_plain(rules), note=note, by=by, now=now, copied_from=None)


@transaction.atomic
def roll_back(*, version: int, note: str = "", by: Viewer, now: datetime) -> Scheme:
    """Publish a copy of an older version.

    Errors: NoScheme; NotAllowed.
    Writes: as `publish`.
    Twice:  going back to what is already current changes nothing.
    """
    old = scheme_of_version(version)
    return _published(Rules.from_plain(old.rules), note=note, by=by, now=now, copied_from=old)


def _published(rules: Rules, *, note: str, by: Viewer, now: datetime, copied_from: Scheme | None) -> Scheme:
    if not by.may(May.PUBLISH_GRADING):
        raise NotAllowed(act=May.PUBLISH_GRADING.value)
    current = Scheme.objects.select_for_update().filter(is_current=True).first()
    if current is not None and Rules.from_plain(current.rules) == rules:
        return current
    Scheme.objects.filter(is_current=True).update(is_current=False)
    newest = Scheme.objects.aggregate(newest=Max("version"))["newest"] or 0
    scheme = Scheme.objects.create(
        version=newest + 1,
        rules=rules.to_plain(),
        note=note,
        published_at=now,
        published_by=by if isinstance(by, StaffMember) else None,
        is_current=True,
        copied_from=copied_from,
    )
    record(
        action="grading.roll_back" if copied_from else "grading.publish",
        by=by,
        now=now,
        subject_kind="grading_scheme",
        subject_id=scheme.pk,
        version=scheme.version,
        copied_from=copied_from.version if copied_from else None,
    )
    return scheme
