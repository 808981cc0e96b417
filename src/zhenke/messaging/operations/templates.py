"""Publishes texts of templates and goes back to former ones; every version stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.messaging.models import TemplateVersion
from zhenke.messaging.queries.templates import TemplateUnknown, wording_of
from zhenke.messaging.rules.templates import Wording, checked_wording
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


class TemplateMoved(RuleBroken):
    """Somebody published another version at the same moment."""

    code = "template_moved"
    message = "Somebody published another version meanwhile; look at it first."


@transaction.atomic
def load_templates(*, wordings: Iterable[Wording], by: Viewer, now: datetime) -> int:
    """Publish the starting texts of templates that have none yet; return how many were new.

    Errors: as `publish_template`.
    Writes: TemplateVersion.
    Twice:  writes nothing; never touches what the house wrote itself.
    """
    known = set(TemplateVersion.objects.values_list("key", "channel", "language"))
    new = [
        _version(checked_wording(one), 1, by, now)
        for one in wordings
        if (one.key, one.channel, one.language) not in known
    ]
    return len(TemplateVersion.objects.bulk_create(new))


@transaction.atomic
def publish_template(*, wording: Wording, by: Viewer, now: datetime, follows: int | None = None) -> TemplateVersion:
    """Make a text the version in force. `follows` is the version that the writer saw before; None asks nothing.

    The kind of a template never changes: what consent was asked for stands in it.

    Errors: NotAllowed; TemplateUnknown for a key that the house has no use for; TemplateWrong, TemplateFieldUnknown,
            OptOutMissing; TemplateMoved.
    Writes: TemplateVersion, one audit line.
    Twice:  the text that is in force already is returned, nothing is written.
    """
    if not by.may(May.EDIT_SETTINGS):
        raise NotAllowed(act=May.EDIT_SETTINGS.value)
    rows = TemplateVersion.objects.filter(key=wording.key)
    kind = rows.values_list("kind", flat=True).first()
    if kind is None:
        raise TemplateUnknown(key=wording.key)
    checked = checked_wording(
        Wording(
            wording.key, kind, wording.channel, wording.language, wording.words, wording.subject, wording.provider_code
        )
    )
    last = rows.filter(channel=checked.channel, language=checked.language).order_by("-version").first()
    if last is not None and wording_of(last) == checked:
        return last
    if last is not None and follows not in (None, last.version):
        raise TemplateMoved
    made = _version(checked, last.version + 1 if last else 1, by, now)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # two at once made the same version: the database took the first
        raise TemplateMoved from None
    record(
        action="template.published",
        by=by,
        now=now,
        subject_kind="template",
        subject_id=made.pk,
        key=made.key,
        channel=made.channel,
        language=made.language,
        version=made.version,
    )
    return made


def roll_back_template(*, version: TemplateVersion, by: Viewer, now: datetime) -> TemplateVersion:
    """Publish a former version once more.

    Errors: as `publish_template`; a former text that breaks a rule of today is refused like a new one.
    Writes: as `publish_template`.
    Twice:  going back to what is in force changes nothing.
    """
    return publish_template(wording=wording_of(version), by=by, now=now)


def _version(wording: Wording, version: int, by: Viewer, now: datetime) -> TemplateVersion:
    return TemplateVersion(
        key=wording.key,
        channel=wording.channel,
        language=wording.language,
        version=version,
        kind=wording.kind,
        subject=wording.subject,
        words=wording.words,
        provider_code=wording.provider_code,
        made_at=now,
        made_by_id=by.id,
    )
