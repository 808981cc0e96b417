"""Which version of the programme's rules holds now, and the versions before."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from zhenke.basics.errors import NotFound
from zhenke.membership.models import ProgrammeRules
from zhenke.membership.rules.programme import Rules

MAIN = "main"
_NOW = """
SELECT own.id, programme.id, programme.currency, own.version
FROM membership_programmerules AS own JOIN membership_programme AS programme ON programme.id = own.programme_id
WHERE own.is_current AND programme.key = %s
"""
_MOST_REMEMBERED = 8
_read: dict[int, Rules] = {}
"""Rules that were read, by the key of their version: a version never changes."""


class NoProgrammeRules(NotFound):
    """No version of that number was ever published."""

    code = "no_programme_rules"
    message = "There is no version of the programme's rules with this number."


@dataclass(frozen=True, slots=True)
class RulesNow:
    """What holds now: the key and number of the version, its rules, and the programme it belongs to."""

    id: int
    programme_id: int
    currency: str
    version: int
    rules: Rules


def rules_now() -> RulesNow | None:
    """Return what holds now; None in a house that has no programme: then nobody earns and nobody has a tier.

    Shape:  one SQL query, for the keys; what belongs to them is read once.
    Sees:   everybody: rules say nothing of persons.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOW, [MAIN])
        found = cursor.fetchone()
    if found is None:
        return None
    key, programme, currency, version = found
    return RulesNow(key, programme, currency, version, rules_with_key(key))


def rules_with_key(key: int) -> Rules:
    """Return the rules of a version by its key; read once."""
    rules = _read.get(key)
    if rules is None:
        if len(_read) >= _MOST_REMEMBERED:
            _read.clear()
        rules = _read[key] = Rules.from_plain(ProgrammeRules.objects.get(pk=key).rules)
    return rules


def rules_versions(*, size: int = 50) -> list[ProgrammeRules]:
    """Return the newest versions with who published them.

    Shape:  one row per version, newest first; may be empty.
    Sees:   everybody.
    """
    rows = ProgrammeRules.objects.filter(programme__key=MAIN).select_related("published_by", "copied_from")
    return list(rows.order_by("-version")[:size])


def rules_version(version: int) -> ProgrammeRules:
    """Return one version.

    Errors: NoProgrammeRules.
    """
    found = ProgrammeRules.objects.filter(programme__key=MAIN, version=version).first()
    if found is None:
        raise NoProgrammeRules(version=version)
    return found
