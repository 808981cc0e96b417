"""Who looked at a customer, changed her, or handed something of hers on."""

from __future__ import annotations

from collections.abc import Collection

from zhenke.customers.models import Customer
from zhenke.customers.queries.archive import visible
from zhenke.customers.queries.erasure import keys_of_archive
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.models import Viewer
from zhenke.staff.queries import SeenEntry, entries_about


def looks_at(
    *, viewer: Viewer, customer: Customer, pieces: Collection[int] = (), before: int | None = None, size: int = 50
) -> list[SeenEntry]:
    """Return what the trail says about a customer, about archives that were merged into hers, and about her `pieces`.

    Shape:  at most `size` lines, newest first, `before` a position; may be empty.
    Sees:   as `visible`, of these the roles to whom the table of sight shows looks: owner, managers, auditor.
    Budget: 3 SQL queries.
    """
    if sight_of(viewer.role).of("looks") != Shown.FULL or not visible(viewer=viewer).filter(pk=customer.pk).exists():
        return []
    subjects = {"customer": keys_of_archive(customer=customer), "piece": pieces}
    return entries_about(viewer=viewer, subjects=subjects, before=before, size=size)
