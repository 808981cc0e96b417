"""Publishes contact rules and goes back to former ones; every version stays."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from zhenke.basics.errors import NotAllowed, NotFound, RuleBroken
from zhenke.messaging.models import ContactRulesVersion
from zhenke.messaging.queries.contact_rules import rules_of
from zhenke.messaging.rules.contact_rules import ContactRules, checked_rules
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


class ContactRulesMoved(RuleBroken):
    """Somebody published another version at the same moment."""

    code = "contact_rules_moved"
    message = "Somebody changed these rules a moment ago; look at them again."


class NoContactRules(NotFound):
    """There is no such version. Facts: `version`."""

    code = "no_contact_rules"
    message = "There is no version {version} of these rules."


@transaction.atomic
def load_contact_rules(*, rules: ContactRules, by: Viewer, now: datetime) -> bool:
    """Put the starting rules in force if there are none; return whether they were new.

    Errors: ContactRulesWrong.
    Writes: ContactRulesVersion.
    Twice:  writes nothing.
    """
    if ContactRulesVersion.objects.exists():
        return False
    _version(checked_rules(rules), 1, by, now).save(force_insert=True)
    return True


@transaction.atomic
def publish_contact_rules(*, rules: ContactRules, by: Viewer, now: datetime) -> ContactRulesVersion:
    """Make the rules a new version, which the gate asks from now on.

    Errors: NotAllowed; ContactRulesWrong; ContactRulesMoved.
    Writes: ContactRulesVersion, one audit line.
    Twice:  the rules in force again publish nothing and return the version that is there.
    """
    if not by.may(May.EDIT_SETTINGS):
        raise NotAllowed(act=May.EDIT_SETTINGS.value)
    checked = checked_rules(rules)
    last = ContactRulesVersion.objects.order_by("-version").first()
    if last is not None and rules_of(last) == checked:
        return last
    made = _version(checked, last.version + 1 if last else 1, by, now)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise ContactRulesMoved from None
    record(
        action="contact_rules.published",
        by=by,
        now=now,
        subject_kind="contact_rules",
        subject_id=made.pk,
        version=made.version,
    )
    return made


def roll_back_contact_rules(*, version: int, by: Viewer, now: datetime) -> ContactRulesVersion:
    """Publish a former version once more.

    Errors: NoContactRules; as `publish_contact_rules`.
    Writes: as `publish_contact_rules`.
    Twice:  going back to what is in force changes nothing.
    """
    former = ContactRulesVersion.objects.filter(version=version).first()
    if former is None:
        raise NoContactRules(version=version)
    return publish_contact_rules(rules=rules_of(former), by=by, now=now)


def _version(rules: ContactRules, version: int, by: Viewer, now: datetime) -> ContactRulesVersion:
    return ContactRulesVersion(
        version=version,
        hours={channel: list(hours) for channel, hours in rules.hours.items()},
        marketing_a_month=rules.marketing_a_month,
        sms_a_month=rules.sms_a_month,
        care_a_week=rules.care_a_week,
        made_at=now,
        made_by_id=by.id,
    )
