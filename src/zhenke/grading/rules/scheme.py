"""A scheme: how the shop grades, as plain values that a settings page can edit and a version can keep."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal, Self, cast

from zhenke.basics.errors import BadInput

DIMENSIONS = ("recency", "frequency", "amount", "margin", "engagement", "satisfaction", "referral")
LETTERS = ("A", "B", "C", "D", "E")
ALWAYS_KNOWN = ("recency", "frequency", "amount")
STEPPED = ("recency", "frequency", "margin", "engagement", "satisfaction", "referral")

CLUSTER_LEVELS = ("brand", "region", "shop")
ClusterLevel = Literal["brand", "region", "shop"]
PyramidMethod = Literal["share", "score"]
Four = tuple[int, int, int, int]


class SchemeWrong(BadInput):
    """A scheme that cannot grade: `where` names the field, `problem` what is wrong with it."""

    code = "scheme_wrong"
    message = "The grading scheme is wrong at {where}: {problem}."


def _wrong(where: str, problem: str) -> SchemeWrong:
    return SchemeWrong(where=where, problem=problem)


@dataclass(frozen=True, slots=True)
class Pyramid:
    """How scores become letters: by share of the buyers, or by fixed scores.

    Units: shares in whole per cent from A to E, summing to 100; scores 0–10000, the lowest score of A, B, C, D.
    """

    method: PyramidMethod = "share"
    shares: tuple[int, int, int, int, int] = (5, 15, 30, 30, 20)
    scores: Four = (7500, 5500, 3500, 2000)


@dataclass(frozen=True, slots=True)
class StageRules:
    """When somebody who never bought moves from E (a name) to A (ready); keys are keys of traits."""

    basic_fields: int = 2
    steady_contacts: int = 2
    ready_days: int = 45
    intent_keys: tuple[str, ...] = ("intent", "wish", "motive")
    intent_date_keys: tuple[str, ...] = ("intent_date",)
    budget_keys: tuple[str, ...] = ("budget", "budget_band")


@dataclass(frozen=True, slots=True)
class Scheme:
    """Everything that turns what a customer did into a letter.

    Units:  weights in whole per cent, summing to 100; `steps` are the four thresholds of band points 5, 4, 3, 2
            (recency: at most so many days; frequency: at least so many purchases; margin: at least so many per mille
            of the paid amount; engagement: contacts; satisfaction 0–100; referral: people brought); lifecycle in days.
    Source: rules of the trade, "Grading".
    """

    weights: dict[str, int] = field(
        default_factory=lambda: {
            "recency": 20,
            "frequency": 15,
            "amount": 30,
            "margin": 10,
            "engagement": 10,
            "satisfaction": 5,
            "referral": 10,
        }
    )
    steps: dict[str, Four] = field(
        default_factory=lambda: {
            "recency": (90, 180, 365, 730),
            "frequency": (6, 4, 3, 2),
            "margin": (450, 350, 250, 150),
            "engagement": (12, 6, 3, 1),
            "satisfaction": (90, 80, 70, 60),
            "referral": (4, 3, 2, 1),
        }
    )
    window_months: int = 36
    engagement_months: int = 12
    cluster: ClusterLevel = "region"
    cluster_minimum: int = 200
    pyramid: Pyramid = Pyramid()
    lifecycle_days: tuple[int, int, int] = (365, 730, 1095)
    bridal_grace_days: int = 548
    bridal_categories: tuple[str, ...] = (
        "wedding_ring",
        "engagement_ring",
        "wedding_set",
        "bridal",
        "对戒",
        "婚戒",
        "订婚戒指",
        "结婚对戒",
        "婚嫁",
        "三金",
    )
    value_shares: tuple[int, int] = (20, 60)
    stages: StageRules = StageRules()

    def to_plain(self) -> dict[str, object]:
        """Return the scheme as values that JSON can hold; `from_plain` takes it back unchanged."""
        plain: dict[str, object] = {one.name: getattr(self, one.name) for one in fields(self)}
        plain["weights"] = dict(self.weights)
        plain["steps"] = {name: list(four) for name, four in self.steps.items()}
        plain["pyramid"] = _listed(self.pyramid)
        plain["stages"] = _listed(self.stages)
        for name in ("lifecycle_days", "bridal_categories", "value_shares"):
            plain[name] = list(cast("tuple[object, ...]", plain[name]))
        return plain

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Return the scheme that the plain values describe; what is left out takes its default.

        Errors: SchemeWrong naming the first field that is unknown, of the wrong kind, or out of bounds.
        """
        given = _mapping(plain, "scheme", {one.name for one in fields(cls)})
        scheme = cls()
        weights = _whole_numbers(given.get("weights", scheme.weights), "weights", DIMENSIONS, 0, 100)
        steps = dict(scheme.steps)
        for name, four in _mapping(given.get("steps", {}), "steps", set(STEPPED)).items():
            steps[name] = cast("Four", _numbers(four, f"steps.{name}", 4, 0, 1_000_000))
        read = cls(
            weights={name: weights.get(name, 0) for name in DIMENSIONS},
            steps=steps,
            window_months=_number(given.get("window_months", 36), "window_months", 1, 120),
            engagement_months=_number(given.get("engagement_months", 12), "engagement_months", 1, 60),
            cluster=cast("ClusterLevel", _choice(given.get("cluster", "region"), "cluster", CLUSTER_LEVELS)),
            cluster_minimum=_number(given.get("cluster_minimum", 200), "cluster_minimum", 1, 1_000_000),
            pyramid=_pyramid(given.get("pyramid", {})),
            lifecycle_days=cast(
                "tuple[int, int, int]",
                _numbers(given.get("lifecycle_days", scheme.lifecycle_days), "lifecycle_days", 3, 1, 20_000),
            ),
            bridal_grace_days=_number(given.get("bridal_grace_days", 548), "bridal_grace_days", 0, 20_000),
            bridal_categories=_texts(given.get("bridal_categories", scheme.bridal_categories), "bridal_categories"),
            value_shares=cast(
                "tuple[int, int]", _numbers(given.get("value_shares", (20, 60)), "value_shares", 2, 1, 99)
            ),
            stages=_stage_rules(given.get("stages", {})),
        )
        _check(read)
        return read


def _check(scheme: Scheme) -> None:
    """Refuse what is well formed field by field and makes no sense together."""
    total = sum(scheme.weights.values())
    if total != 100:
        raise _wrong("weights", f"they sum to {total}, not to 100")
    if not any(scheme.weights[name] for name in ALWAYS_KNOWN):
        raise _wrong("weights", "recency, frequency or amount needs a weight, the other inputs may be absent")
    for name, four in scheme.steps.items():
        rising = name == "recency"
        if list(four) != sorted(set(four), reverse=not rising):
            direction = "rise" if rising else "fall"
            raise _wrong(f"steps.{name}", f"thresholds must {direction} from the best band on")
    if scheme.steps["satisfaction"][0] > 100:
        raise _wrong("steps.satisfaction", "satisfaction ends at 100")
    if list(scheme.lifecycle_days) != sorted(set(scheme.lifecycle_days)):
        raise _wrong("lifecycle_days", "days must rise: active, at risk, lapsed")
    if scheme.value_shares[0] >= scheme.value_shares[1]:
        raise _wrong("value_shares", "the share of high must be below the share of high and middle together")


def _pyramid(value: object) -> Pyramid:
    default = Pyramid()
    given = _mapping(value, "pyramid", {"method", "shares", "scores"})
    shares = _numbers(given.get("shares", default.shares), "pyramid.shares", 5, 0, 100)
    scores = _numbers(given.get("scores", default.scores), "pyramid.scores", 4, 0, 10_000)
    if sum(shares) != 100:
        raise _wrong("pyramid.shares", f"they sum to {sum(shares)}, not to 100")
    if list(scores) != sorted(set(scores), reverse=True):
        raise _wrong("pyramid.scores", "scores must fall from A on")
    method = _choice(given.get("method", default.method), "pyramid.method", ("share", "score"))
    return Pyramid(cast("PyramidMethod", method), cast("tuple[int, int, int, int, int]", shares), cast("Four", scores))


def _stage_rules(value: object) -> StageRules:
    default = StageRules()
    given = _mapping(value, "stages", {one.name for one in fields(StageRules)})
    return StageRules(
        basic_fields=_number(given.get("basic_fields", default.basic_fields), "stages.basic_fields", 1, 6),
        steady_contacts=_number(given.get("steady_contacts", default.steady_contacts), "stages.steady_contacts", 1, 99),
        ready_days=_number(given.get("ready_days", default.ready_days), "stages.ready_days", 1, 730),
        intent_keys=_texts(given.get("intent_keys", default.intent_keys), "stages.intent_keys"),
        intent_date_keys=_texts(given.get("intent_date_keys", default.intent_date_keys), "stages.intent_date_keys"),
        budget_keys=_texts(given.get("budget_keys", default.budget_keys), "stages.budget_keys"),
    )


def _listed(part: Pyramid | StageRules) -> dict[str, object]:
    plain = {one.name: getattr(part, one.name) for one in fields(part)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def _mapping(value: object, where: str, known: set[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _wrong(where, "a set of named values is needed")
    unknown = sorted(str(name) for name in value if name not in known)
    if unknown:
        raise _wrong(f"{where}.{unknown[0]}", "no such field; known are " + ", ".join(sorted(known)))
    return value


def _whole_numbers(value: object, where: str, known: tuple[str, ...], low: int, high: int) -> dict[str, int]:
    given = _mapping(value, where, set(known))
    return {name: _number(one, f"{where}.{name}", low, high) for name, one in given.items()}


def _number(value: object, where: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(where, "a whole number is needed")
    if not low <= value <= high:
        raise _wrong(where, f"{value} is not between {low} and {high}")
    return value


def _numbers(value: object, where: str, count: int, low: int, high: int) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or len(value) != count:
        raise _wrong(where, f"{count} whole numbers are needed")
    return tuple(_number(one, f"{where}.{position}", low, high) for position, one in enumerate(value, 1))


def _choice(value: object, where: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise _wrong(where, "one of " + ", ".join(known) + " is needed")
    return str(value)


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) and 0 < len(one) <= 60 for one in value):
        raise _wrong(where, "a list of short words is needed")
    return tuple(value)
