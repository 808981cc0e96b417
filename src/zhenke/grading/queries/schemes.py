"""Which scheme and which yardstick grade now, and the versions before."""

from __future__ import annotations

from dataclasses import replace

from zhenke.basics.errors import NotFound
from zhenke.grading import rules
from zhenke.grading.models import Scheme, Yardstick


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


def rules_of(scheme: Scheme) -> rules.Scheme:
    """Return the version's rules as the pure rules read them."""
    return rules.Scheme.from_plain(scheme.rules)


def last_yardstick(scheme: Scheme | None = None) -> Yardstick | None:
    """Return the yardstick of the newest full regrade, of one scheme or of any; None when there was none."""
    rows = Yardstick.objects.order_by("-made_at", "-id")
    return (rows if scheme is None else rows.filter(scheme=scheme)).first()


def yardstick_for(scheme: Scheme) -> rules.Yardstick:
    """Return the yardstick that small regrades use.

    That of the scheme's last full regrade. Between publishing and the first full regrade: the amount bounds of the last
    regrade under any scheme with the starting cuts. In a fresh house: the starting yardstick.
    """
    # The figures of the whole crowd are long, and one customer's grade needs none of them.
    own = Yardstick.objects.filter(scheme=scheme).defer("figures").order_by("-made_at", "-id").first()
    if own is not None:
        return rules.Yardstick.from_plain(own.rules)
    starting = rules.starting_yardstick(rules_of(scheme))
    other = last_yardstick()
    if other is None:
        return starting
    known = rules.Yardstick.from_plain(other.rules)
    return replace(known, cuts=starting.cuts)
