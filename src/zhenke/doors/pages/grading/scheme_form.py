"""The rules of grading as fields of a page, and what the page sends back as rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.doors.words.grades import DIMENSION_WORDS
from zhenke.grading.rules import DIMENSIONS, LETTERS, Scheme
from zhenke.grading.rules.scheme import CLUSTER_LEVELS, STEPPED, SchemeWrong

CLUSTER_WORDS: dict[str, Promise] = {
    "brand": gettext_lazy("all shops together"),
    "region": gettext_lazy("shops of a region"),
    "shop": gettext_lazy("each shop by itself"),
}
# What the thresholds of a dimension count, and which way is better.
STEP_WORDS: dict[str, tuple[Promise, Promise]] = {
    "recency": (gettext_lazy("Last purchase at most so many days ago"), gettext_lazy("days")),
    "frequency": (gettext_lazy("At least so many purchases"), gettext_lazy("purchases")),
    "margin": (gettext_lazy("Margin at least so much of what was paid"), gettext_lazy("%")),
    "engagement": (gettext_lazy("At least so many visits, calls or messages"), gettext_lazy("contacts")),
    "satisfaction": (gettext_lazy("Satisfaction at least, of 100"), gettext_lazy("points")),
    "referral": (gettext_lazy("At least so many friends brought"), gettext_lazy("friends")),
}
_SHARE_OF_ONE = {"margin": 10}  # kept in per mille, shown in per cent
_LIFECYCLE = ("active", "at_risk", "lapsed")


class VersionNoteForm(forms.Form):
    """What changes with a version, and why: refused when it is too long for the history, never cut."""

    note = forms.CharField(max_length=300, required=False)


@dataclass(frozen=True, slots=True)
class Weight:
    """One slider."""

    name: str
    word: str
    value: int


@dataclass(frozen=True, slots=True)
class Steps:
    """The four thresholds of one dimension, from five points down to two."""

    name: str
    word: str
    says: str
    unit: str
    values: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class SchemeFields:
    """A scheme as the page shows it."""

    weights: list[Weight]
    steps: list[Steps]
    method: str
    shares: list[tuple[str, int]]
    scores: list[tuple[str, int]]
    window_months: int
    cluster: str
    clusters: list[tuple[str, str]]
    lifecycle: list[tuple[str, int]]


def fields_of(scheme: Scheme) -> SchemeFields:
    """Return a scheme's fields."""
    return SchemeFields(
        weights=[Weight(name, str(DIMENSION_WORDS[name]), scheme.weights[name]) for name in DIMENSIONS],
        steps=[_steps(scheme, name) for name in STEPPED],
        method=scheme.pyramid.method,
        shares=list(zip(LETTERS, scheme.pyramid.shares, strict=True)),
        scores=[(letter, score // 100) for letter, score in zip(LETTERS, scheme.pyramid.scores, strict=False)],
        window_months=scheme.window_months,
        cluster=scheme.cluster,
        clusters=[(level, str(CLUSTER_WORDS[level])) for level in CLUSTER_LEVELS],
        lifecycle=list(zip(_LIFECYCLE, scheme.lifecycle_days, strict=True)),
    )


def _steps(scheme: Scheme, name: str) -> Steps:
    says, unit = STEP_WORDS[name]
    part = _SHARE_OF_ONE.get(name, 1)
    values = [(5 - place, f"{step / part:g}") for place, step in enumerate(scheme.steps[name])]
    return Steps(name, str(DIMENSION_WORDS[name]), str(says), str(unit), values)


def rules_from(given: Mapping[str, str], scheme: Scheme) -> dict[str, Any]:
    """Return the rules that a form describes; what it does not name stays as it is in the scheme.

    Numbers that are none stay texts, so that the scheme refuses them and says where.
    """
    plain: dict[str, Any] = scheme.to_plain()
    plain["weights"] = {name: _number(given, f"weight-{name}", scheme.weights[name]) for name in DIMENSIONS}
    plain["steps"] = {
        name: [
            _number(given, f"step-{name}-{5 - place}", step, parts=_SHARE_OF_ONE.get(name, 1))
            for place, step in enumerate(scheme.steps[name])
        ]
        for name in STEPPED
    }
    old = scheme.pyramid
    plain["pyramid"] = {
        "method": given.get("method", old.method),
        "shares": [_number(given, f"share-{one}", share) for one, share in zip(LETTERS, old.shares, strict=True)],
        "scores": [
            _number(given, f"score-{one}", score, parts=100) for one, score in zip(LETTERS, old.scores, strict=False)
        ],
    }
    plain["window_months"] = _number(given, "window_months", scheme.window_months)
    plain["cluster"] = given.get("cluster", scheme.cluster)
    plain["lifecycle_days"] = [
        _number(given, f"life-{name}", days) for name, days in zip(_LIFECYCLE, scheme.lifecycle_days, strict=True)
    ]
    return plain


def _number(given: Mapping[str, str], name: str, kept: int, *, parts: int = 1) -> object:
    text = given.get(name)
    if text is None:
        return kept
    try:
        number = Decimal(text.strip()) * parts
    except InvalidOperation:
        return text
    return int(number) if number.is_finite() and number == number.to_integral_value() else text


def wrong_words(refusal: SchemeWrong) -> str:
    """Return what is wrong with a scheme, in the reader's words."""
    where = str(refusal.facts.get("where", ""))
    part, _dot, name = where.partition(".")
    if part == "weights":
        return _("The weights must sum to 100, with some of it on how recent, how often or amount.")
    if part == "pyramid":
        if name.startswith("scores"):
            return _("The lowest scores must fall from A to D, each between 0 and 100.")
        return _("The five shares must be whole numbers that sum to 100.")
    if part == "steps":
        word = str(DIMENSION_WORDS.get(name.split(".")[0], name))
        if name.startswith("recency"):
            return _("%(dimension)s: the days must be whole numbers that rise from five points down.") % {
                "dimension": word
            }
        return _("%(dimension)s: the thresholds must be numbers that fall from five points down.") % {"dimension": word}
    if part == "lifecycle_days":
        return _("The days of the lifecycle must rise: active, at risk, lapsed.")
    if part == "window_months":
        return _("The window is 1 to 120 whole months.")
    return _("These rules cannot grade; look at the numbers once more.")
