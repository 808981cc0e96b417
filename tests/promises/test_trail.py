"""P20: a hundred edits of the audit trail by hand, each by itself, and each is found; untouched it is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from django.db.models import F

from tests.cast import NOW, Cast
from zhenke.staff.audit import audit_head, broken_anchors, broken_links, record
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
SEED, LINES, EDITS = 20261130, 150, 100
FAR = 1_000_000


def _change(rng: Random, positions: list[int]) -> None:
    """Change one column of one line."""
    one = AuditEntry.objects.filter(position=rng.choice(positions))
    one.update(
        **rng.choice(
            [
                {"facts": {"rows": 1}},
                {"action": "customer.added"},
                {"actor_id": None},
                {"at": F("at") + timedelta(seconds=1)},
                {"subject_id": 7},
                {"subject_kind": "piece"},
                {"previous_hash": "0" * 64},
            ]
        )
    )


def _delete(rng: Random, positions: list[int]) -> None:
    """Delete a line in the middle."""
    AuditEntry.objects.filter(position=rng.choice(positions[:-1])).delete()


def _reorder(rng: Random, positions: list[int]) -> None:
    """Let two lines change their places."""
    first, second = rng.sample(positions, 2)
    for source, to in ((first, FAR), (second, first), (FAR, second)):
        AuditEntry.objects.filter(position=source).update(position=to)


def _cut(rng: Random, positions: list[int]) -> None:
    """Cut the tail off; only what lies outside of the database knows of it."""
    AuditEntry.objects.filter(position__gt=rng.choice(positions[:-1])).delete()


WAYS: tuple[Callable[[Random, list[int]], None], ...] = (_change, _delete, _reorder, _cut)


class TestTrail:
    def test_a_hundred_edits_are_found(self, cast: Cast) -> None:
        for number in range(LINES):
            record(
                action="contact.revealed", by=cast.mei, now=NOW, subject_kind="customer", subject_id=number, rows=number
            )
        rng, anchor = Random(SEED), audit_head()
        assert anchor is not None
        positions = sorted(AuditEntry.objects.values_list("position", flat=True))
        assert broken_links(anchor=anchor) == []
        found = {way.__name__: 0 for way in WAYS}
        for number in range(EDITS):
            way = WAYS[number % len(WAYS)]
            with transaction.atomic():
                way(rng, positions)
                found[way.__name__] += bool(broken_links(anchor=anchor) or broken_anchors(anchors=[anchor]))
                transaction.set_rollback(True)
        assert found == {way.__name__: EDITS // len(WAYS) for way in WAYS}
        assert broken_links(anchor=anchor) == []
