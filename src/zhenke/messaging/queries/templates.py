"""Templates: the text in force of each, and its former versions. They speak of no person."""

from __future__ import annotations

from zhenke.basics.errors import NotFound
from zhenke.messaging.models import TemplateVersion
from zhenke.messaging.rules.templates import Wording


class TemplateUnknown(NotFound):
    """There is no such template, or not in this version. Facts: `key`."""

    code = "template_unknown"
    message = "There is no such template."


def templates_in_force() -> list[TemplateVersion]:
    """Return the text in force of each template, channel and language.

    Shape:  by key, channel and language; may be empty. One SQL query.
    Sees:   no viewer: texts of the house.
    """
    rows = TemplateVersion.objects.order_by("key", "channel", "language", "version").select_related("made_by")
    return list({(row.key, row.channel, row.language): row for row in rows}.values())


def template_in_force(*, key: str, channel: str, language: str) -> TemplateVersion | None:
    """Return the text in force, in another language of the house when there is none in this one; None without any.

    Sees:   no viewer: texts of the house.
    """
    rows = TemplateVersion.objects.filter(key=key, channel=channel).order_by("-version")
    found = list(rows)
    return next((row for row in found if row.language == language), found[0] if found else None)


def template_versions(*, key: str, channel: str, language: str) -> list[TemplateVersion]:
    """Return every version of one text, the newest first.

    Errors: TemplateUnknown if there is none.
    Sees:   no viewer: texts of the house.
    """
    rows = TemplateVersion.objects.filter(key=key, channel=channel, language=language)
    found = list(rows.order_by("-version").select_related("made_by"))
    if not found:
        raise TemplateUnknown(key=key)
    return found


def kind_of_template(*, key: str) -> str:
    """Return the kind of a template.

    Errors: TemplateUnknown.
    Sees:   no viewer: texts of the house.
    """
    kind = TemplateVersion.objects.filter(key=key).order_by("-id").values_list("kind", flat=True).first()
    if kind is None:
        raise TemplateUnknown(key=key)
    return kind


def wording_of(row: TemplateVersion) -> Wording:
    """Return a version as the rules need it."""
    return Wording(row.key, row.kind, row.channel, row.language, row.words, row.subject, row.provider_code)


def template_for(*, id: int) -> TemplateVersion:
    """Return one version.

    Errors: TemplateUnknown.
    Sees:   no viewer: texts of the house.
    """
    found = TemplateVersion.objects.filter(pk=id).first() if 0 < id < 2**63 else None
    if found is None:
        raise TemplateUnknown(key="")
    return found
