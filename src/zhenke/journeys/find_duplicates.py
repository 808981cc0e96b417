"""Everybody is compared with everybody: which archives may be one person, for people to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from zhenke.analytics.engines.duckdb import open_engine
from zhenke.analytics.questions.duplicates import likely_pairs, shop_model, take_people
from zhenke.customers.operations.duplicates import PairDraft, drop_stale_pairs, keep_pairs
from zhenke.customers.queries.linkage import linkage_batches
from zhenke.staff import SYSTEM

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class FoundDuplicates:
    """How many were compared, how many pairs are likely, how many of them are new; `gone` are no longer alike."""

    people: int
    pairs: int
    new: int
    gone: int
    seconds: float


def find_duplicates(*, now: datetime, progress: Progress | None = None) -> FoundDuplicates:
    """Find the pairs of archives that are likely one person, and keep those that nobody has decided yet.

    1. The archive hands over everybody, in memory. 2. The engine compares those who share something. 3. Pairs are kept,
    in batches of their own; what is no longer alike is dropped from the list. `progress` hears a step and a count.

    Writes: DuplicatePair.
    Twice:  finds the same and nothing new; pairs that were decided stay decided.
    """
    began = perf_counter()
    tell = progress or (lambda step, count: None)
    pairs = new = 0
    with open_engine() as engine:
        people = take_people(engine, linkage_batches(viewer=SYSTEM))
        tell("compared", people)
        for part in likely_pairs(engine, model=shop_model()) if people > 1 else ():
            drafts = [PairDraft(one.first, one.second, round(one.probability * 1000), one.evidence) for one in part]
            new += keep_pairs(pairs=drafts, now=now)
            pairs += len(drafts)
            tell("pairs", pairs)
    gone = drop_stale_pairs(now=now)
    return FoundDuplicates(people, pairs, new, gone, perf_counter() - began)
