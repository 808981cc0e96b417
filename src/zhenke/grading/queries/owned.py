"""Whose customers stand how, for the night."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zhenke.grading.models import Grade
from zhenke.staff.rules import SystemViewer

_BATCH = 2_000


class OwnedGrade(NamedTuple):
    """One graded customer who is somebody's."""

    owner: int
    customer: int
    shop: int
    letter: str


def owned_by_grade(*, viewer: SystemViewer) -> Iterator[OwnedGrade]:
    """Yield the graded customers of people who still work here, owner by owner, the best of each first.

    Shape:  one row per customer with a letter and an owner; one SQL query, read in parts.
    Sees:   everything: this is the night's question, which only the house asks.
    """
    rows = Grade.objects.exclude(letter="").filter(customer__owner__is_active=True)
    rows = rows.order_by("customer__owner_id", "letter", "-score", "customer_id")
    columns = rows.values_list("customer__owner_id", "customer_id", "customer__shop_id", "letter")
    yield from (OwnedGrade(*row) for row in columns.iterator(chunk_size=_BATCH))
