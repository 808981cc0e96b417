"""Grades as they stand: of one customer, of a handful, and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from zhenke.customers.models import Customer
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.crowds import crowd, rounded_minor
from zhenke.customers.rules.sight import sight_of
from zhenke.grading.models import Grade, GradeChange, GradeOverride
from zhenke.grading.rules import LETTERS
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import below, shops_within, within_scope
from zhenke.staff.rules import SYSTEM, Scope, SystemViewer

LIFECYCLES = ("prospect", "active", "at_risk", "lapsed", "lost")


@dataclass(frozen=True)
class PyramidCounts:
    """How many buyers have each letter and how many prospects stand at each stage."""

    grades: dict[str, int]
    prospects: dict[str, int]

    @property
    def buyers(self) -> int:
        """Everybody with a letter."""
        return sum(self.grades.values())


def sees_whole_house(viewer: Viewer) -> bool:
    """Return whether nothing is hidden from the viewer: the house itself, or brand roles where there is one brand."""
    if isinstance(viewer, SystemViewer):
        return True
    if not viewer.is_active or viewer.scope != Scope.BRAND:
        return False
    return shops_within(viewer=SYSTEM).filter(parent=None).count() == 1


def grades_within(*, viewer: Viewer) -> QuerySet[Grade]:
    """Return the grades of the customers that the viewer may see.

    Shape:  one row per graded customer, no order; may be empty.
    Sees:   as `customers.queries.visible`.
    """
    return Grade.objects.filter(grade_scope(viewer))


def grade_scope(viewer: Viewer) -> Q:
    """Return the filter on grades; for viewers of the whole house no filter, so that counting needs no join."""
    if sees_whole_house(viewer):
        return unless_hidden(viewer, "customer")
    return _in_sight(viewer)


def _in_sight(viewer: Viewer) -> Q:
    seen = within_scope(viewer, "customer__shop", ("customer__owner", "customer__cover"))
    return seen & unless_hidden(viewer, "customer")


def grade_for(*, viewer: Viewer, customer: Customer) -> Grade | None:
    """Return the grade of one customer with its scheme.

    Shape:  None when she was never graded, or is not within the viewer's sight.
    Sees:   as `customers.queries.visible`.
    """
    return grades_within(viewer=viewer).filter(customer=customer).select_related("scheme").first()


def grades_of(*, viewer: Viewer, customers: Iterable[Customer | int]) -> dict[int, Grade]:
    """Return the grades of some customers by their key; who has none, or is out of sight, is missing.

    Sees:   as `customers.queries.visible`.
    """
    keys = [one if isinstance(one, int) else one.pk for one in customers]
    return {grade.pk: grade for grade in grades_within(viewer=viewer).filter(customer__in=keys)}


def pyramid(*, viewer: Viewer) -> PyramidCounts:
    """Return how many customers have each letter and each prospect stage.

    Shape:  all five letters of both, zeros included.
    Sees:   counts what the viewer may see.
    """
    rows = grades_within(viewer=viewer).order_by()
    letters = dict(rows.exclude(letter="").values_list("letter").annotate(people=Count("*")))
    stages = dict(rows.filter(letter="").values_list("stage").annotate(people=Count("*")))
    return PyramidCounts(
        {letter: _told(viewer, letters.get(letter, 0)) for letter in LETTERS},
        {letter: _told(viewer, stages.get(letter, 0)) for letter in LETTERS},
    )


def _told(viewer: Viewer, people: int) -> int:
    """Return a count as the viewer may see it: who may see only crowds learns nothing of fewer than ten."""
    return crowd(people) if sight_of(viewer.role).only_crowds else people


def lifecycle_counts(*, viewer: Viewer) -> dict[str, int]:
    """Return how many customers stand at each point of the lifecycle.

    Shape:  all of LIFECYCLES, zeros included.
    Sees:   counts what the viewer may see.
    """
    rows = grades_within(viewer=viewer).order_by().values_list("lifecycle").annotate(people=Count("*"))
    found = dict(rows)
    return {name: _told(viewer, found.get(name, 0)) for name in LIFECYCLES}


@dataclass(frozen=True)
class Standing:
    """Customers of one letter (empty: prospects) at one point of the lifecycle, and what they paid in the window."""

    letter: str
    lifecycle: str
    people: int
    amount_minor: int


def standings(*, viewer: Viewer, shop: Shop | None = None) -> list[Standing]:
    """Return how many customers stand where, and what they paid; for the board, in one SQL query.

    Shape:  one row per letter and lifecycle that anybody has, by both. `shop` narrows to the customers of a node.
    Sees:   counts what the viewer may see; who may see only crowds gets no row of fewer than ten people.
    """
    rows = grades_within(viewer=viewer).order_by()
    if shop is not None:
        rows = rows.filter(below(shop.path, "customer__shop__path"))
    only_crowds = sight_of(viewer.role).only_crowds
    counted = rows.values_list("letter", "lifecycle").annotate(people=Count("*"), amount=Sum("amount_minor"))
    return [
        Standing(letter, life, people, rounded_minor(int(amount)) if only_crowds else int(amount))
        for letter, life, people, amount in counted.order_by("letter", "lifecycle")
        if not only_crowds or crowd(people)
    ]


def value_band_counts(*, viewer: Viewer) -> dict[tuple[str, str], int]:
    """Return how many buyers stand in each (amount band, frequency band).

    Sees:   counts what the viewer may see.
    """
    rows = grades_within(viewer=viewer).exclude(letter="").order_by().values_list("amount_band", "frequency_band")
    counted = rows.annotate(people=Count("*"))
    return {(amount, frequency): _told(viewer, people) for amount, frequency, people in counted}


def grade_history(*, viewer: Viewer, customer: Customer, size: int = 20) -> list[GradeChange]:
    """Return the moves of one customer.

    Shape:  newest first, at most `size`; empty when she is out of sight.
    Sees:   as `customers.queries.visible`.
    """
    rows = GradeChange.objects.filter(_in_sight(viewer), customer=customer).select_related("scheme")
    return list(rows.order_by("-id")[:size])


def open_override(*, viewer: Viewer, customer: Customer) -> GradeOverride | None:
    """Return the override that holds for a customer, with who set it; None when there is none or she is out of sight.

    Sees:   as `customers.queries.visible`.
    """
    return (
        GradeOverride.objects.filter(_in_sight(viewer), customer=customer, ended_at=None).select_related("by").first()
    )
