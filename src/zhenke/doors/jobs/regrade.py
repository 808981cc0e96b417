"""Grading everybody again, asked for by a person or by what just arrived; how far it is can be asked at any time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.cache import cache
from django_tasks import task

from zhenke.basics.clock import now
from zhenke.journeys.regrade_customers import regrade_customers

_KEY = "regrade"
_KEPT_SECONDS = 24 * 3600
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


@dataclass(frozen=True)
class RegradeState:
    """How far the last regrade is; `part` of `whole` rows written, `changed` customers in the end."""

    state: str
    at: datetime
    part: int = 0
    whole: int = 0
    customers: int = 0
    changed: int = 0
    moved: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is still to come or at work."""
        return self.state in (WAITING, RUNNING)


def regrade_state() -> RegradeState | None:
    """Return how far the last regrade is; None when none was asked for in the last day."""
    kept = cache.get(_KEY)
    return RegradeState(**kept) if kept else None


def ask_for_regrade(*, reason: str) -> RegradeState:
    """Put a regrade on the queue, unless one waits there already."""
    kept = regrade_state()
    if kept is not None and kept.state == WAITING:
        return kept
    asked = _note(RegradeState(WAITING, now()))
    regrade_task.enqueue(reason)
    return asked


@task()
def regrade_task(reason: str) -> dict[str, int]:
    """Grade everybody; answer how many there are and how many changed."""
    at = now()
    _note(RegradeState(RUNNING, at))

    def note_part(part: int, whole: int) -> None:
        _note(RegradeState(RUNNING, at, part, whole))

    try:
        graded = regrade_customers(reason=reason, now=at, progress=note_part)
    except Exception:
        _note(RegradeState(FAILED, now()))
        raise
    _note(RegradeState(DONE, now(), customers=graded.customers, changed=graded.changed, moved=graded.moved))
    return {"customers": graded.customers, "changed": graded.changed}


def _note(state: RegradeState) -> RegradeState:
    cache.set(_KEY, asdict(state), _KEPT_SECONDS)
    return state
