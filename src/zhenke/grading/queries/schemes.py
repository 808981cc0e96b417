"""Which scheme and which yardstick grade now, and the versions before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import connection

from zhenke.basics.errors import NotFound
from zhenke.grading.models import Scheme, Yardstick
from zhenke.grading.rules import Scheme as Rules
from zhenke.grading.rules import Yardstick as YardstickRules
from zhenke.grading.rules import starting_yardstick


class NoScheme(NotFound):
    """No scheme of that version was ever published."""

    code = "no_scheme"
    message = "There is no grading scheme of this version."


def current_scheme() -> Scheme:
    """Return the published version that grades now.

    Errors: NoScheme in a house that was never initialised.
    Sees:   everybody: a scheme says nothing of persons.
    """
    scheme = Scheme.objects.filter(is_current=True).first()
    if scheme is None:
        raise NoScheme
    return scheme


@dataclass(frozen=True)
class Measures:
    """What grades now: a version, its rules, and the yardstick that small regrades use with it."""

    scheme: Scheme
    rules: Rules
    yardstick: YardstickRules


_NOW = """
SELECT scheme.id, (SELECT own.id FROM grading_yardstick AS own WHERE own.scheme_id = scheme.id
  ORDER BY own.made_at DESC, own.id DESC LIMIT 1)
FROM grading_scheme AS scheme WHERE scheme.is_current
"""
_MOST_REMEMBERED = 4
_measures: dict[tuple[int, int], Measures] = {}
"""Measures that were read, by the keys of version and yardstick: neither ever changes, a new one has a new key."""


def current_measures() -> Measures | None:
    """Return what grades now; None in a house that was never initialised.

    Shape:  one SQL query, for the keys; what belongs to them is read once.
    Sees:   everybody: a scheme says nothing of persons.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        keys = cursor.fetchone()
    if keys is None:
        return None
    found = _measures.get(keys)
    if found is None:
        found = measures_of(Scheme.objects.get(pk=keys[0]))
        if keys[1] is not None:  # without a yardstick of its own, a version borrows what others measured
            if len(_measures) >= _MOST_REMEMBERED:
                _measures.clear()
            _measures[keys] = found
    return found


def measures_of(scheme: Scheme) -> Measures:
    """Return a version with its rules and the yardstick that small regrades use."""
    return Measures(scheme, rules_of(scheme), yardstick_for(scheme))


def scheme_of_version(version: int) -> Scheme:
    """Return one version.

    Errors: NoScheme.
    """
    scheme = Scheme.objects.filter(version=version).first()
    if scheme is None:
        raise NoScheme(version=version)
    return scheme


def scheme_versions(*, size: int = 50) -> list[Scheme]:
    """Return the newest versions with who published them.

    Shape:  one row per version, newest first; may be empty.
    """
    return list(Scheme.objects.select_related("published_by", "copied_from").order_by("-version")[:size])


def rules_of(scheme: Scheme) -> Rules:
    """Return the version's rules as the pure rules read them."""
    return Rules.from_plain(scheme.rules)


def last_yardstick(scheme: Scheme | None = None) -> Yardstick | None:
    """Return the yardstick of the newest full regrade, of one scheme or of any; None when there was none."""
    rows = Yardstick.objects.order_by("-made_at", "-id")
    return (rows if scheme is None else rows.filter(scheme=scheme)).first()


def yardstick_for(scheme: Scheme) -> YardstickRules:
    """Return the yardstick that small regrades use.

    That of the scheme's last full regrade. Between publishing and the first full regrade: the amount bounds of the last
    regrade under any scheme with the starting cuts. In a fresh house: the starting yardstick.
    """
    # The figures of the whole crowd are long, and one customer's grade needs none of them.
    own = Yardstick.objects.filter(scheme=scheme).defer("figures").order_by("-made_at", "-id").first()
    if own is not None:
        return YardstickRules.from_plain(own.rules)
    starting = starting_yardstick(rules_of(scheme))
    other = last_yardstick()
    if other is None:
        return starting
    known = YardstickRules.from_plain(other.rules)
    return replace(known, cuts=starting.cuts)
