"""Judging everybody's tier again, asked for when other rules of the programme are in force."""

from __future__ import annotations

from django_tasks import task

from zhenke.basics.clock import now
from zhenke.journeys.review_tiers import review_tiers


def ask_for_review() -> None:
    """Put a review of all tiers on the queue; one too many finds nothing to do."""
    review_task.enqueue()


@task()
def review_task() -> dict[str, int]:
    """Look at every tier that other rules judged; answer how many that were and how many moved."""
    found = review_tiers(reason="rules", now=now())
    return {"members": found.members, "rose": found.rose, "fell": found.fell}
