"""Grades: who stands where, and why."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Query, Router
from ninja.decorators import decorate_view
from pydantic import model_validator

from zhenke.basics.errors import NotFound
from zhenke.customers.queries import customer_for
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Mark, Money, Problem, Size, Told
from zhenke.grading.models import Grade, GradeChange
from zhenke.grading.queries import Explanation, explanation
from zhenke.grading.queries.listing import grade_page
from zhenke.grading.rules import Lift

router = Router(tags=["grades"])
Letter = Literal["A", "B", "C", "D", "E"]


class GradesAsked(Asked):
    """`letter` lists buyers, `stage` people who never bought; one of the two."""

    letter: Letter | None = None
    stage: Letter | None = None
    after: Mark
    size: Size

    @model_validator(mode="after")
    def _one(self) -> GradesAsked:
        if (self.letter is None) == (self.stage is None):
            raise ValueError("give letter or stage, and not both")
        return self


class GradeTold(Told):
    """One customer's grade; `letter` is empty for people who never bought, who have a `stage` instead."""

    customer_id: str
    letter: str
    computed_letter: str
    stage: str
    score: int
    lifecycle: str
    amount_band: str
    frequency_band: str
    frequency: int
    amount: Money
    lifetime_frequency: int
    lifetime_amount: Money
    last_bought_date: date | None
    as_of_date: date
    scheme: int


class GradesTold(Told):
    """One page."""

    rows: list[GradeTold]
    after: str


class ContributionTold(Told):
    """What one dimension gave, in points of the score."""

    dimension: str
    value: int | None
    band: int
    weight: int
    points: int
    possible: int


class LiftTold(Told):
    """One change that lifts her to `target`: count of contacts, purchases or people, an amount, or a level."""

    kind: str
    target: str
    score: int
    count: int
    amount: Money
    level: int
    within_days: int


class MoveTold(Told):
    """One move of the past."""

    on_date: date
    from_letter: str
    to_letter: str
    from_stage: str
    to_stage: str
    score: int
    reason: str
    scheme: int


class PeersTold(Told):
    """Where she stands among the buyers of the house."""

    buyers: int
    same_letter: int
    ahead: int


class OverrideTold(Told):
    """A letter set by hand, and its last day."""

    letter: str
    until_date: date


class GradeExplained(Told):
    """A grade taken apart: the contributions sum exactly to the score; absent dimensions gave their weight away."""

    grade: GradeTold
    contributions: list[ContributionTold]
    absent: list[str]
    peers: PeersTold | None
    lifts: list[LiftTold]
    stage_needs: list[str]
    low_reasons: list[str]
    override: OverrideTold | None
    history: list[MoveTold]


def grade_told(grade: Grade, currency: str) -> GradeTold:
    """Tell a grade that has its scheme at hand."""
    return GradeTold(
        customer_id=str(grade.customer_id),
        letter=grade.letter,
        computed_letter=grade.computed_letter,
        stage=grade.stage,
        score=grade.score,
        lifecycle=grade.lifecycle,
        amount_band=grade.amount_band,
        frequency_band=grade.frequency_band,
        frequency=grade.frequency,
        amount=Money(minor=grade.amount_minor, currency=currency),
        lifetime_frequency=grade.lifetime_frequency,
        lifetime_amount=Money(minor=grade.lifetime_minor, currency=currency),
        last_bought_date=grade.last_bought_date,
        as_of_date=grade.as_of_date,
        scheme=grade.scheme.version,
    )


def _lift(lift: Lift, currency: str) -> LiftTold:
    return LiftTold(
        kind=lift.kind,
        target=lift.target,
        score=lift.score,
        count=lift.count,
        amount=Money(minor=lift.amount_minor, currency=currency),
        level=lift.level,
        within_days=lift.within_days,
    )


def _move(change: GradeChange) -> MoveTold:
    return MoveTold(
        on_date=change.on_date,
        from_letter=change.from_letter,
        to_letter=change.to_letter,
        from_stage=change.from_stage,
        to_stage=change.to_stage,
        score=change.score,
        reason=change.reason,
        scheme=change.scheme.version,
    )


def _explained(found: Explanation, currency: str) -> GradeExplained:
    parts = [
        ContributionTold(
            dimension=part.dimension,
            value=part.value,
            band=part.band,
            weight=part.weight,
            points=part.points,
            possible=part.possible,
        )
        for part in found.contributions
    ]
    peers, held = found.peers, found.override
    return GradeExplained(
        grade=grade_told(found.grade, currency),
        contributions=parts,
        absent=list(found.absent),
        peers=PeersTold(buyers=peers.buyers, same_letter=peers.same_letter, ahead=peers.ahead) if peers else None,
        lifts=[_lift(lift, currency) for lift in found.lifts],
        stage_needs=list(found.stage_needs),
        low_reasons=list(found.low_reasons),
        override=OverrideTold(letter=held.letter, until_date=held.until_date) if held else None,
        history=[_move(change) for change in found.history],
    )


@router.get("", url_name="grades", response={200: GradesTold, REFUSALS: Problem}, summary="List grades")
def list_grades(request: TokenCall, asked: Query[GradesAsked]) -> GradesTold:
    """The grades of one letter or stage, the best score first."""
    page = grade_page(
        viewer=request.user, letter=asked.letter or "", stage=asked.stage or "", after=asked.after, size=asked.size
    )
    rows = [grade_told(grade, grade.customer.shop.currency) for grade in page.rows]
    return GradesTold(rows=rows, after=page.after)


@router.get("/{customer_id}", url_name="grade", response={200: GradeExplained, REFUSALS: Problem}, summary="Explain")
@decorate_view(theirs("customer_id", customer_for))
def explain_grade(request: TokenCall, customer_id: str) -> GradeExplained:
    """Why a customer has her grade, and what would lift her one letter; 404 if she was never graded."""
    found = explanation(viewer=request.user, customer=request.found)
    if found is None:
        raise NotFound
    return _explained(found, request.found.shop.currency)
