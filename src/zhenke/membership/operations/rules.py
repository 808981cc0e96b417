"""Publishing the programme's rules, and going back: every version stays, going back makes a new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from zhenke.basics.errors import NotAllowed
from zhenke.membership.models import ProgrammeRules
from zhenke.membership.operations.accounts import MAIN, open_programme
from zhenke.membership.queries.rules import rules_version
from zhenke.membership.rules.programme import Rules
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.rules import May


@transaction.atomic
def load_first_rules(*, rules: Mapping[str, Any], currency: str = "CNY", now: datetime) -> ProgrammeRules:
    """Return the rules in force; in a house that has none, publish version 1 with the given ones.

    Errors: ProgrammeWrong when the rules are none (a fault of our defaults).
    Writes: Programme, its accounts and ProgrammeRules, once.
    Twice:  the second time nothing.
    """
    current = ProgrammeRules.objects.filter(programme__key=MAIN, is_current=True).first()
    if current is not None:
        return current
    plain = Rules.from_plain(rules).to_plain()
    first, _ = ProgrammeRules.objects.get_or_create(
        programme=open_programme(now=now, currency=currency),
        version=1,
        defaults={"rules": plain, "published_at": now, "is_current": True},
    )
    return first


@transaction.atomic
def publish_rules(*, rules: object, note: str = "", by: Viewer, now: datetime) -> ProgrammeRules:
    """Make the rules a new version that holds from now on. Nobody's tier moves here: `review_tiers` does it next.

    What was earned before stays as it was earned.

    Errors: ProgrammeWrong; NotAllowed.
    Writes: ProgrammeRules (new version, current), the version before is no longer current; audit entry.
    Twice:  the same rules as the current ones publish nothing and return the current version.
    """
    return _published(Rules.from_plain(rules), note=note, by=by, now=now, copied_from=None)


@transaction.atomic
def roll_back_rules(*, version: int, note: str = "", by: Viewer, now: datetime) -> ProgrammeRules:
    """Publish a copy of an older version.

    Errors: NoProgrammeRules; NotAllowed.
    Writes: as `publish_rules`.
    Twice:  going back to what is already current changes nothing.
    """
    old = rules_version(version)
    return _published(Rules.from_plain(old.rules), note=note, by=by, now=now, copied_from=old)


def _published(
    rules: Rules, *, note: str, by: Viewer, now: datetime, copied_from: ProgrammeRules | None
) -> ProgrammeRules:
    if not by.may(May.PUBLISH_PROGRAMME):
        raise NotAllowed(act=May.PUBLISH_PROGRAMME.value)
    programme = open_programme(now=now)
    current = ProgrammeRules.objects.select_for_update().filter(programme=programme, is_current=True).first()
    if current is not None and Rules.from_plain(current.rules) == rules:
        return current
    ProgrammeRules.objects.filter(programme=programme, is_current=True).update(is_current=False)
    newest = ProgrammeRules.objects.filter(programme=programme).aggregate(newest=Max("version"))["newest"] or 0
    made = ProgrammeRules.objects.create(
        programme=programme,
        version=newest + 1,
        rules=rules.to_plain(),
        note=note,
        published_at=now,
        published_by=by if isinstance(by, StaffMember) else None,
        is_current=True,
        copied_from=copied_from,
    )
    record(
        action="programme.roll_back" if copied_from else "programme.publish",
        by=by,
        now=now,
        subject_kind="programme_rules",
        subject_id=made.pk,
        version=made.version,
        copied_from=copied_from.version if copied_from else None,
    )
    return made
