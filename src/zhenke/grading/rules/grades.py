"""One customer's grade from her inputs, the scheme and the yardstick: whole numbers only, the same in SQL and here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhenke.grading.rules.scheme import DIMENSIONS, LETTERS, Scheme
from zhenke.grading.rules.yardstick import Yardstick

DEFAULT_SCHEME = Scheme()
BAND_UNIT = 2500
"""Points of one band step at full weight: (5 − 1) × 2500 = 10000, the highest score."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known of one customer on one day.

    Units: `recency_days` since the last purchase, None when she never bought; `frequency` purchases and `amount_minor`
           paid net of returns, both in the scheme's window; `margin_minor` on the part whose cost is known
           (`cost_known_minor`), None when none is; `engagement` contacts in the engagement window; `satisfaction`
           0–100; `referral` people brought; `lifetime_*` ever; `cluster` the shop's path, whole or cut.
    """

    recency_days: int | None = None
    frequency: int = 0
    amount_minor: int = 0
    margin_minor: int | None = None
    cost_known_minor: int = 0
    engagement: int | None = None
    satisfaction: int | None = None
    referral: int | None = None
    lifetime_minor: int = 0
    lifetime_frequency: int = 0
    last_bought_date: date | None = None
    is_bridal_only: bool = False
    cluster: str = ""

    @property
    def margin_permille(self) -> int | None:
        """Margin per mille of what was paid where the cost is known; 0 for a loss, None when unknown."""
        if self.margin_minor is None or self.cost_known_minor <= 0:
            return None
        return max(self.margin_minor, 0) * 1000 // self.cost_known_minor


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one dimension gave: `value` in its unit, `band` 1–5 (0 = absent), `points` of the score, of `possible`."""

    dimension: str
    value: int | None
    band: int
    weight: int
    points: int
    possible: int


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade and how it came about; contributions sum exactly to the score."""

    letter: str
    score: int
    bands: str
    contributions: tuple[Contribution, ...]
    absent: tuple[str, ...]
    lifecycle: str
    amount_band: str
    frequency_band: str


def grade_of(*, inputs: Inputs, scheme: Scheme, yardstick: Yardstick) -> Graded:
    """Return the grade of one customer; of somebody who never bought an empty one (lifecycle `prospect`).

    Units:  score 0–10000. Each dimension present gives (band − 1) / 4 of its weight; weights of absent dimensions are
            shared among the others in proportion.
    Round:  the score down, once; contributions by largest remainder, so that they sum to it.
    Source: rules of the trade, "Grading".
    """
    if inputs.recency_days is None:
        return Graded("", 0, "", (), (), "prospect", "", "")
    values = values_of(inputs, yardstick)
    bands = {name: _band_of(name, value, inputs, scheme, yardstick) for name, value in values.items()}
    score, contributions = contributions_of(values, bands, scheme)
    bounds = yardstick.bounds_for(inputs.cluster)
    return Graded(
        letter=letter_for(score, inputs.amount_minor, yardstick),
        score=score,
        bands="".join(str(bands[name]) for name in DIMENSIONS),
        contributions=contributions,
        absent=tuple(name for name in DIMENSIONS if bands[name] == 0),
        lifecycle=lifecycle_of(recency_days=inputs.recency_days, is_bridal_only=inputs.is_bridal_only, scheme=scheme),
        amount_band=value_band(inputs.amount_minor, bounds.amount),
        frequency_band=value_band(inputs.frequency, bounds.frequency),
    )


def values_of(inputs: Inputs, yardstick: Yardstick) -> dict[str, int | None]:
    """Return the value of each dimension; None when it is absent for her or silent in the whole house."""
    values = {
        "recency": inputs.recency_days,
        "frequency": inputs.frequency,
        "amount": inputs.amount_minor,
        "margin": inputs.margin_permille,
        "engagement": inputs.engagement,
        "satisfaction": inputs.satisfaction,
        "referral": inputs.referral,
    }
    return {name: None if name in yardstick.silent else values[name] for name in DIMENSIONS}


def letter_for(score: int, amount_minor: int, yardstick: Yardstick) -> str:
    """Return the letter of a score; people with one score are told apart by what they paid."""
    for letter, cut in zip(LETTERS, yardstick.cuts, strict=False):
        if (score, amount_minor) >= cut:
            return letter
    return LETTERS[-1]


def lifecycle_of(*, recency_days: int | None, is_bridal_only: bool, scheme: Scheme) -> str:
    """Return prospect, active, at_risk, lapsed or lost.

    Source: rules of the trade, "Lifecycle": a one-time bridal buyer is not lost before the end of the bridal grace.
    """
    if recency_days is None:
        return "prospect"
    for name, days in zip(("active", "at_risk", "lapsed"), scheme.lifecycle_days, strict=True):
        if recency_days <= days:
            return name
    return "lapsed" if is_bridal_only and recency_days <= scheme.bridal_grace_days else "lost"


def value_band(value: int, bounds: tuple[int, int]) -> str:
    """Return high, middle or low: more than the first bound, more than the second, the rest."""
    high, middle = bounds
    if value > high:
        return "high"
    return "middle" if value > middle else "low"


def band_by_steps(name: str, value: int, scheme: Scheme) -> int:
    """Return band points 5–1 of a dimension that has thresholds."""
    for points, step in zip((5, 4, 3, 2), scheme.steps[name], strict=True):
        if value <= step if name == "recency" else value >= step:
            return points
    return 1


def _band_of(name: str, value: int | None, inputs: Inputs, scheme: Scheme, yardstick: Yardstick) -> int:
    if value is None:
        return 0
    if name == "amount":
        return yardstick.bounds_for(inputs.cluster).quintile_of(value)
    return band_by_steps(name, value, scheme)


def score_of(bands: dict[str, int], scheme: Scheme) -> int:
    """Return the score 0–10000 of band points; 0 marks an absent dimension."""
    present = [name for name in DIMENSIONS if bands[name]]
    total = sum(scheme.weights[name] for name in present)
    return BAND_UNIT * sum((bands[name] - 1) * scheme.weights[name] for name in present) // total if total else 0


def contributions_of(
    values: dict[str, int | None], bands: dict[str, int], scheme: Scheme
) -> tuple[int, tuple[Contribution, ...]]:
    """Return the score of band points, and what each dimension gave to it; the points sum exactly to the score."""
    present = [name for name in DIMENSIONS if bands[name]]
    total = sum(scheme.weights[name] for name in present)
    score = score_of(bands, scheme)
    points = _shared_out({name: BAND_UNIT * (bands[name] - 1) * scheme.weights[name] for name in present}, total, score)
    possible = {name: -(-10_000 * scheme.weights[name] // total) for name in present} if total else {}
    rows = tuple(
        Contribution(name, values[name], bands[name], scheme.weights[name], points.get(name, 0), possible.get(name, 0))
        for name in DIMENSIONS
    )
    return score, rows


def _shared_out(parts: dict[str, int], divisor: int, whole: int) -> dict[str, int]:
    """Divide each part; what rounding down lost goes to the largest remainders, so that all sum to `whole`."""
    if not divisor:
        return dict.fromkeys(parts, 0)
    shares = {name: part // divisor for name, part in parts.items()}
    by_remainder = sorted(parts, key=lambda name: (-(parts[name] % divisor), DIMENSIONS.index(name)))
    for name in by_remainder[: whole - sum(shares.values())]:
        shares[name] += 1
    return shares
