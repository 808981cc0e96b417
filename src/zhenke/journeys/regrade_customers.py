"""Everybody is graded again: the night's work, and what follows an import or a new scheme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from time import perf_counter

from zhenke.analytics.engines.duckdb import Engine, open_engine
from zhenke.analytics.questions import grades, grading_inputs
from zhenke.grading.operations import end_expired_overrides, ensure_first_scheme, write_grades
from zhenke.grading.queries import house_zone, rules_of
from zhenke.grading.rules import Scheme, Yardstick, cluster_of
from zhenke.staff.queries import shops_within
from zhenke.staff.rules import SYSTEM

QUIET_DAYS = 90
BATCH_ROWS = 50_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RegradedCustomers:
    """What a full regrade found. `as_of_reason`: given, today, or newest_sale (imported history that ended before)."""

    customers: int
    grades: dict[str, int]
    prospects: dict[str, int]
    scheme: int
    changed: int
    moved: int
    overtaken: int
    as_of: date
    as_of_reason: str
    seconds: dict[str, float]


def regrade_customers(
    *, as_of: date | None = None, reason: str, now: datetime, progress: Progress | None = None
) -> RegradedCustomers:
    """Grade every customer by the current scheme, make a new yardstick, and write what changed with its history.

    1. Overrides that have run out end. 2. Facts are read into the engine in column batches. 3. The engine computes
    inputs, bounds, scores, cuts and letters of everybody. 4. Only rows that differ are written, batch by batch.

    The day is `as_of`, else today in the house's zone; when the newest purchase is older than 90 days it is that
    purchase's day, so that imported history makes a meaningful pyramid.
    Writes: Yardstick, Grade, GradeChange; ends overrides. Not one transaction: each batch commits.
    Twice:  the second time changes nothing. Stopped half-way, it goes on where it was.
    """
    marks = [("", perf_counter())]
    scheme = ensure_first_scheme(now)
    rules = rules_of(scheme)
    today = now.astimezone(house_zone()).date()
    end_expired_overrides(today=today, now=now)
    with open_engine() as engine:
        newest = grading_inputs.take_facts(engine, rules)
        day, why = _day(as_of, today, newest)
        marks.append(("extract", perf_counter()))
        yardstick = _compute(engine, rules, day, marks)
        marks.append(("compute", perf_counter()))
        total, batches = grades.changed_grades(engine, scheme_id=scheme.pk, size=BATCH_ROWS)
        marks.append(("compare", perf_counter()))
        letters, stages = grades.counted_grades(engine)
        written = write_grades(
            batches=batches,
            scheme=scheme,
            yardstick=yardstick,
            figures=grades.counted_scores(engine),
            as_of=day,
            reason=reason,
            now=now,
            progress=(lambda rows: progress(rows, total)) if progress else None,
        )
        marks.append(("write", perf_counter()))
    return RegradedCustomers(
        customers=sum(letters.values()) + sum(stages.values()),
        grades=letters,
        prospects=stages,
        scheme=scheme.version,
        changed=written.changed,
        moved=written.moved,
        overtaken=written.overtaken,
        as_of=day,
        as_of_reason=why,
        seconds=_seconds(marks),
    )


def _day(given: date | None, today: date, newest: date | None) -> tuple[date, str]:
    if given is not None:
        return given, "given"
    if newest is not None and newest < today - timedelta(days=QUIET_DAYS):
        return newest, "newest_sale"
    return today, "today"


def _compute(engine: Engine, rules: Scheme, as_of: date, marks: list[tuple[str, float]]) -> Yardstick:
    clusters = {shop.pk: cluster_of(shop.path, rules.cluster) for shop in shops_within(viewer=SYSTEM)}
    silent = grading_inputs.ask_inputs(engine, scheme=rules, as_of=as_of, zone=house_zone(), clusters=clusters)
    marks.append(("compute", perf_counter()))
    # Only now is it known who never bought; reading their archives is extracting too.
    grading_inputs.take_archives(engine, scheme=rules)
    marks.append(("extract", perf_counter()))
    grading_inputs.ask_stage_facts(engine, rules=rules.stages, as_of=as_of)
    yardstick = grades.measure_bounds(engine, scheme=rules, silent=silent)
    yardstick = grades.score_everybody(engine, scheme=rules, yardstick=yardstick)
    grades.grade_everybody(engine, scheme=rules, yardstick=yardstick, as_of=as_of)
    return yardstick


def _seconds(marks: list[tuple[str, float]]) -> dict[str, float]:
    """How long each part took in all, from moments of a stop watch; the name of a mark is the part that ended there."""
    seconds: dict[str, float] = {}
    for (_, before), (name, at) in pairwise(marks):
        seconds[name] = round(seconds.get(name, 0) + at - before, 3)
    return seconds
