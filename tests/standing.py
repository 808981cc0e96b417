"""A world that stands for a whole module: made once, in a transaction around its tests, each of which is undone inside.

pytest-django's own fixture opens a savepoint for each test when a transaction is open already, so what a test writes is
gone after it, and what the module made is not made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def standing(django_db_blocker: Any) -> Iterator[None]:
    """Keep a transaction open that is undone at the end; journeys may be durable inside."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), block:
        yield
        transaction.set_rollback(True)
