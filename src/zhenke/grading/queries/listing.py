"""Lists of grades, the best first, page after page by key."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from zhenke.basics.marks import mark_of, number_mark
from zhenke.grading.models import Grade
from zhenke.grading.queries.grades import grades_within
from zhenke.staff.models import Viewer

LARGEST = 100


@dataclass(frozen=True)
class GradePage:
    """One page, and the mark of the next one, "" at the end."""

    rows: list[Grade]
    after: str


def grade_page(*, viewer: Viewer, letter: str = "", stage: str = "", after: str = "", size: int = 50) -> GradePage:
    """Return one page of the grades of one letter, or of the people at one stage who never bought.

    Shape:  at most `size` (100) grades with scheme and the customer's shop; the best score first; may be empty. One SQL
            query.
    Errors: MarkWrong.
    Sees:   as `grades_within`.
    """
    size = max(1, min(size, LARGEST))
    rows = grades_within(viewer=viewer).filter(letter=letter)
    if stage:
        rows = rows.filter(stage=stage)
    if after:
        score, key = number_mark(after)
        rows = rows.filter(Q(score__lt=score) | Q(score=score, pk__gt=key), score__lte=score)
    page = list(rows.select_related("scheme", "customer__shop").order_by("-score", "customer_id")[: size + 1])
    more = len(page) > size
    page = page[:size]
    return GradePage(page, mark_of(page[-1].score, page[-1].pk) if more else "")
