"""Publishes new rules of what is asked and when it is old, and goes back to former ones; every version stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.customers.models import FreshnessRules
from zhenke.customers.operations.permission import hand_of, require
from zhenke.customers.rules.freshness import plain_rules, rules_from_plain
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

MOST_A_DAY, MOST_AGAIN_DAYS = 20, 730


class AskingWrong(BadInput):
    """How many are asked a day, or when again, is out of reach. Facts: `field`."""

    code = "asking_wrong"
    message = "Ask 0 to 20 customers a day for each advisor, and the same one again after 1 to 730 days."


class NoFreshness(NotFound):
    """There is no such version. Facts: `version`."""

    code = "no_freshness"
    message = "There is no version {version} of these rules."


class FreshnessBusy(RuleBroken):
    """Somebody published a version at the same moment."""

    code = "freshness_busy"
    message = "Somebody changed these rules a moment ago; look at them again."


@transaction.atomic
def publish_freshness(
    *, fields: Sequence[Mapping[str, object]], a_day: int, again_days: int, by: Viewer, now: datetime
) -> FreshnessRules:
    """Make the rules a new version, which holds from now on; the night asks and counts by it.

    Errors: FreshnessInvalid; AskingWrong; FreshnessBusy; NotAllowed.
    Writes: FreshnessRules, one audit line.
    Twice:  the rules in force again publish nothing and return the version that is there.
    """
    require(by, May.EDIT_SETTINGS)
    plain = plain_rules(rules_from_plain(fields))
    if not 0 <= a_day <= MOST_A_DAY:
        raise AskingWrong(field="a_day")
    if not 1 <= again_days <= MOST_AGAIN_DAYS:
        raise AskingWrong(field="again_days")
    last = FreshnessRules.objects.order_by("-version").first()
    if last is not None:
        same = plain_rules(rules_from_plain(last.fields)) == plain
        if same and (last.a_day, last.again_days) == (a_day, again_days):
            return last
    try:
        with transaction.atomic():
            made = FreshnessRules.objects.create(
                version=last.version + 1 if last else 1,
                fields=plain,
                a_day=a_day,
                again_days=again_days,
                made_at=now,
                made_by_id=hand_of(by),
            )
    except IntegrityError:
        raise FreshnessBusy from None
    record(
        action="freshness.published",
        by=by,
        now=now,
        subject_kind="freshness_rules",
        subject_id=made.pk,
        version=made.version,
    )
    return made


def roll_back_freshness(*, version: int, by: Viewer, now: datetime) -> FreshnessRules:
    """Publish a former version once more.

    Errors: NoFreshness; as `publish_freshness`.
    Writes: as `publish_freshness`.
    Twice:  going back to what is in force changes nothing.
    """
    former = FreshnessRules.objects.filter(version=version).first()
    if former is None:
        raise NoFreshness(version=version)
    return publish_freshness(fields=former.fields, a_day=former.a_day, again_days=former.again_days, by=by, now=now)
