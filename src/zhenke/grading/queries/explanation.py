"""Why a customer has the grade she has: plain facts that sum up, no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhenke.customers.models import Customer
from zhenke.grading.models import Grade, GradeChange, GradeOverride, Scheme, Yardstick
from zhenke.grading.queries.grades import grade_for, grade_history, open_override
from zhenke.grading.queries.inputs import archive_of
from zhenke.grading.queries.schemes import last_yardstick, rules_of, yardstick_for
from zhenke.grading.rules import (
    DIMENSIONS,
    Contribution,
    Inputs,
    Lift,
    contributions_of,
    lifts_of,
    low_value_reasons,
    next_stage_needs,
    window_of,
)
from zhenke.staff.models import Viewer


@dataclass(frozen=True)
class Peers:
    """Where she stands among the buyers of the house, as counted by the last full regrade.

    Units: `same_letter` people with her computed letter, of `buyers`; `ahead` people with a better score.
    """

    buyers: int
    same_letter: int
    ahead: int


@dataclass(frozen=True)
class Explanation:
    """One grade, taken apart. `contributions` sum exactly to `score`; `absent` dimensions gave their weight away.

    `lift` is the cheapest single change that lifts her one letter, `lifts` one of each kind; `stage_needs` says the
    same of somebody who never bought. `low_reasons` says why a low value band is low.
    """

    grade: Grade
    inputs: Inputs
    contributions: tuple[Contribution, ...]
    absent: tuple[str, ...]
    scheme: Scheme
    as_of_date: date
    peers: Peers | None
    history: list[GradeChange]
    override: GradeOverride | None
    lift: Lift | None
    lifts: tuple[Lift, ...]
    stage_needs: tuple[str, ...]
    low_reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        """0–10000."""
        return self.grade.score


@dataclass(frozen=True)
class ShopRank:
    """Her place among the buyers of her shop: `rank` 1 is the best of `buyers`."""

    rank: int
    buyers: int


def explanation(*, viewer: Viewer, customer: Customer) -> Explanation | None:
    """Return why a customer has her grade.

    Shape:  None when she was never graded or is out of the viewer's sight. Nine SQL queries at most.
    Sees:   as `customers.queries.visible`.
    """
    grade = grade_for(viewer=viewer, customer=customer)
    if grade is None:
        return None
    scheme = rules_of(grade.scheme)
    measured = last_yardstick(grade.scheme)
    yardstick = yardstick_for(grade.scheme)
    # An unchanged row keeps its day; the last full regrade looked at it again and found it unchanged.
    as_of = max(grade.as_of_date, measured.as_of_date) if measured else grade.as_of_date
    inputs = _inputs(grade, customer, as_of)
    bands = {name: int(grade.bands[place]) for place, name in enumerate(DIMENSIONS)} if grade.bands else {}
    contributions = contributions_of(_values(grade, inputs), bands, scheme)[1] if bands else ()
    lifts = lifts_of(inputs=inputs, scheme=scheme, yardstick=yardstick)
    needs: tuple[str, ...] = ()
    if not grade.computed_letter:
        archive = archive_of(viewer=viewer, customer=customer, as_of=as_of, rules=scheme.stages)
        needs = next_stage_needs(archive=archive, rules=scheme.stages, as_of=as_of)
    return Explanation(
        grade=grade,
        inputs=inputs,
        contributions=contributions,
        absent=tuple(name for name, band in bands.items() if band == 0),
        scheme=grade.scheme,
        as_of_date=as_of,
        peers=_peers(grade, measured),
        history=grade_history(viewer=viewer, customer=customer),
        override=open_override(viewer=viewer, customer=customer),
        lift=lifts[0] if lifts else None,
        lifts=lifts,
        stage_needs=needs,
        low_reasons=low_value_reasons(
            inputs=inputs, yardstick=yardstick, first_day=window_of(as_of, scheme.window_months)[0]
        ),
    )


def shop_rank(*, viewer: Viewer, customer: Customer) -> ShopRank | None:
    """Return a buyer's place in her shop; counts the shop's grades, so ask for it only where it is shown.

    Shape:  None for prospects and for customers out of sight.
    Sees:   whoever may see the customer learns her place among all buyers of her shop, nothing of who they are.
    """
    grade = grade_for(viewer=viewer, customer=customer)
    if grade is None or not grade.computed_letter:
        return None
    rows = Grade.objects.filter(customer__shop=customer.shop_id).exclude(computed_letter="")
    better = rows.filter(score__gt=grade.score).count()
    tied = rows.filter(score=grade.score, amount_minor__gt=grade.amount_minor).count()
    return ShopRank(better + tied + 1, rows.count())


def _inputs(grade: Grade, customer: Customer, as_of: date) -> Inputs:
    """The inputs as they were kept; the margin comes back as its share, which is all that grading looks at."""
    last = grade.last_bought_date
    return Inputs(
        recency_days=None if last is None else (as_of - last).days,
        frequency=grade.frequency,
        amount_minor=grade.amount_minor,
        margin_minor=grade.margin_permille,
        cost_known_minor=0 if grade.margin_permille is None else 1000,
        engagement=grade.engagement,
        satisfaction=grade.satisfaction,
        referral=grade.referral,
        lifetime_minor=grade.lifetime_minor,
        lifetime_frequency=grade.lifetime_frequency,
        last_bought_date=last,
        cluster=customer.shop.path,
    )


def _values(grade: Grade, inputs: Inputs) -> dict[str, int | None]:
    return {
        "recency": inputs.recency_days,
        "frequency": grade.frequency,
        "amount": grade.amount_minor,
        "margin": grade.margin_permille,
        "engagement": grade.engagement,
        "satisfaction": grade.satisfaction,
        "referral": grade.referral,
    }


def _peers(grade: Grade, measured: Yardstick | None) -> Peers | None:
    if measured is None or not grade.computed_letter or not measured.figures:
        return None
    scores: list[list[int]] = measured.figures["scores"]
    return Peers(
        buyers=sum(people for _, people in scores),
        same_letter=measured.figures["letters"].get(grade.computed_letter, 0),
        ahead=sum(people for score, people in scores if score > grade.score),
    )
