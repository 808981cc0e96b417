"""The question: which grade does everybody have? The rules of grading.rules, written once more as SQL from the scheme.

`grading.rules.grade_of` grades one customer; this grades all. A property test holds the two equal for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import Any

from zhenke.analytics.engines.duckdb import Engine
from zhenke.basics.facts import Column
from zhenke.grading.facts import GRADES, OVERRIDES
from zhenke.grading.rules import (
    DIMENSIONS,
    LETTERS,
    UNREACHABLE,
    ClusterBounds,
    Cut,
    Scheme,
    Yardstick,
    share_ranks,
)
from zhenke.grading.rules.rows import CHANGE_COLUMNS, GRADE_COLUMNS
from zhenke.grading.rules.yardstick import cuts_by_score

_VALUES = {
    "recency": "i.recency_days",
    "frequency": "i.frequency",
    "margin": "i.margin_permille",
    "engagement": "i.engagement",
    "satisfaction": "i.satisfaction",
    "referral": "i.referral",
}


def measure_bounds(engine: Engine, *, scheme: Scheme, silent: frozenset[str]) -> Yardstick:
    """Return the yardstick of the table `inputs`, still without its cuts.

    Grain:  bounds per cluster of shops that has enough buyers in the window, per brand, and for the whole house ("").
    """
    house = dict(_bounds(engine, "''", scheme))
    if not house:
        return Yardstick(silent=silent)
    [(brands,)] = engine.rows("SELECT count(DISTINCT split_part(cluster, '/', 1)) FROM clusters")
    # One brand is the whole house, whose bounds are found anyway.
    keys = ("split_part(k.cluster, '/', 1) || '/'", "k.cluster") if brands > 1 else ("k.cluster",)
    smaller = {name: bounds for key in keys for name, bounds in _bounds(engine, key, scheme)}
    enough = {name: bounds for name, bounds in smaller.items() if bounds.buyers >= scheme.cluster_minimum}
    return Yardstick(clusters=house | enough, silent=silent, buyers=house[""].buyers)


def _bounds(engine: Engine, key: str, scheme: Scheme) -> Iterator[tuple[str, ClusterBounds]]:
    """Yield the bounds of each group of shops.

    `quantile_disc` of a DECIMAL share takes the value at the exact rank ceil(share × people), in whole numbers: these
    are the values at `rules.quintile_rank` and `rules.first_outside_rank`. A test holds that.
    """
    outside = [f"{100 - share:03d}" for share in scheme.value_shares]
    shares = ", ".join(["0.20", "0.40", "0.60", "0.80", *(f"{one[0]}.{one[1:]}" for one in outside)])
    rows = engine.rows(
        f"""
        SELECT {key}, count(*), quantile_disc(amount_minor, [{shares}]), quantile_disc(frequency, [{shares}])
        FROM inputs i JOIN clusters k ON k.shop_id = i.shop_id WHERE frequency > 0 GROUP BY 1 ORDER BY 1
        """  # noqa: S608 (numbers and names of ours)
    )
    for name, buyers, (q1, q2, q3, q4, a1, a2), (*_, f1, f2) in rows:
        yield name, ClusterBounds(quintiles=(q1, q2, q3, q4), amount=(a1, a2), frequency=(f1, f2), buyers=buyers)


def score_everybody(engine: Engine, *, scheme: Scheme, yardstick: Yardstick) -> Yardstick:
    """Make the view `scored` and the table `scores`, and return the yardstick with the cuts of the scheme's pyramid.

    Grain:  `scored` one row per customer, with `score` empty for those who never bought; `scores` one per buyer.
    """
    rows = [
        (shop, *bounds.quintiles, *bounds.amount, *bounds.frequency)
        for shop, cluster in engine.rows("SELECT shop_id, cluster FROM clusters ORDER BY 1")
        for bounds in [yardstick.bounds_for(cluster)]
    ]
    names = ("q1", "q2", "q3", "q4", "a1", "a2", "f1", "f2")
    engine.give(
        "bounds", (Column("shop_id", "key", "", ""), *(Column(name, "integer", "", "") for name in names)), rows
    )
    engine.run(_scored(scheme, yardstick.silent))
    engine.run("CREATE OR REPLACE TABLE scores AS SELECT score, amount_minor FROM scored WHERE score IS NOT NULL")
    if scheme.pyramid.method == "score":
        return replace(yardstick, cuts=cuts_by_score(scheme))
    people = _people_by_score(engine)
    ranks = share_ranks(sum(people.values()), scheme.pyramid.shares)
    a, b, c, d = (_cut_at(engine, rank, people) for rank in ranks)
    return replace(yardstick, cuts=(a, b, c, d))


def _people_by_score(engine: Engine) -> dict[int, int]:
    """Return how many buyers have each score, the highest first."""
    return dict(engine.rows("SELECT score, count(*) FROM scores GROUP BY 1 ORDER BY 1 DESC"))


def _cut_at(engine: Engine, rank: int, people: dict[int, int]) -> Cut:
    """Return the (score, amount) pair of the person at that rank from the top."""
    if rank == 0:
        return UNREACHABLE
    score, last = next(
        (score, last) for score, last in zip(people, accumulate(people.values()), strict=True) if last >= rank
    )
    above = last - people[score]
    [(amount,)] = engine.rows(
        f"SELECT amount_minor FROM scores WHERE score = {score}"  # noqa: S608 (numbers)
        f" ORDER BY amount_minor DESC LIMIT 1 OFFSET {rank - above - 1}"
    )
    return Cut(score, amount)


def _scored(scheme: Scheme, silent: frozenset[str]) -> str:
    """A view, not a table: to work the bands out where they are wanted is cheaper than to keep and join them."""
    bands = {name: _band(name, scheme, silent) for name in DIMENSIONS}
    listed = ", ".join(f"CAST({sql} AS INTEGER) AS {name}_points" for name, sql in bands.items())
    weighted = " + ".join(
        f"greatest({name}_points - 1, 0) * {scheme.weights[name]}" for name in DIMENSIONS if scheme.weights[name]
    )
    present = " + ".join(
        f"CASE WHEN {name}_points > 0 THEN {scheme.weights[name]} ELSE 0 END"
        for name in DIMENSIONS
        if scheme.weights[name]
    )
    # Recency is known of every buyer, so that the number of seven digits begins with none that is 0.
    digits = " + ".join(f"{name}_points * {10**place}" for place, name in enumerate(reversed(DIMENSIONS)))
    active, at_risk, lapsed = scheme.lifecycle_days
    return f"""
        CREATE OR REPLACE VIEW scored AS
        SELECT customer_id, last_bought_date, frequency, amount_minor, lifetime_minor, lifetime_frequency, margin_minor,
          margin_permille, engagement, satisfaction, referral,
          CASE WHEN is_buyer THEN 2500 * ({weighted}) // ({present}) END AS score,
          CASE WHEN is_buyer THEN CAST({digits} AS VARCHAR) ELSE '' END AS bands,
          CASE WHEN NOT is_buyer THEN 'prospect' WHEN recency_days <= {active} THEN 'active'
            WHEN recency_days <= {at_risk} THEN 'at_risk'
            WHEN recency_days <= {lapsed} OR (is_bridal_only AND recency_days <= {scheme.bridal_grace_days})
            THEN 'lapsed' ELSE 'lost' END AS lifecycle,
          CASE WHEN NOT is_buyer THEN '' WHEN amount_minor > a1 THEN 'high' WHEN amount_minor > a2 THEN 'middle'
            ELSE 'low' END AS amount_band,
          CASE WHEN NOT is_buyer THEN '' WHEN frequency > f1 THEN 'high' WHEN frequency > f2 THEN 'middle'
            ELSE 'low' END AS frequency_band
        FROM (
          SELECT i.*, i.recency_days IS NOT NULL AS is_buyer, b.a1, b.a2, b.f1, b.f2, {listed}
          FROM inputs i JOIN bounds b ON b.shop_id = i.shop_id
        )
        """  # noqa: S608 (numbers and names of ours)


def _band(name: str, scheme: Scheme, silent: frozenset[str]) -> str:
    if name in silent:
        return "0"
    if name == "amount":
        return "1 + " + " + ".join(f"CAST(i.amount_minor > b.q{fifth} AS INTEGER)" for fifth in (1, 2, 3, 4))
    value, sign = _VALUES[name], "<=" if name == "recency" else ">="
    steps = " ".join(
        f"WHEN {value} {sign} {step} THEN {band}" for band, step in zip((5, 4, 3, 2), scheme.steps[name], strict=True)
    )
    return f"CASE WHEN {value} IS NULL THEN 0 {steps} ELSE 1 END"


def grade_everybody(engine: Engine, *, scheme: Scheme, yardstick: Yardstick, as_of: date) -> None:
    """Make the table `graded`: the new grade of everybody by the yardstick, with the open overrides laid on top.

    Grain:  one row per customer; buyers have a letter, the others a stage.
    """
    engine.take(OVERRIDES, ("customer_id", "letter"))
    letters = " ".join(
        f"WHEN score > {cut.score} OR (score = {cut.score} AND amount_minor >= {cut.amount_minor}) THEN '{letter}'"
        for letter, cut in zip("ABCD", yardstick.cuts, strict=True)
    )
    computed = f"CASE WHEN score IS NULL THEN '' {letters} ELSE 'E' END"
    engine.run(
        f"""
        CREATE OR REPLACE TABLE graded AS
        SELECT *, CASE WHEN computed_letter = '' THEN '' ELSE coalesce(held, computed_letter) END AS letter FROM (
          SELECT s.* EXCLUDE (score), coalesce(s.score, 0) AS score, {computed} AS computed_letter,
            CASE WHEN s.score IS NULL THEN {_stage(scheme, as_of)} ELSE '' END AS stage, o.letter AS held
          FROM scored s LEFT JOIN stage_facts f ON f.customer_id = s.customer_id
          LEFT JOIN open_overrides o ON o.customer_id = s.customer_id)
        """  # noqa: S608 (numbers and names of ours)
    )


def _stage(scheme: Scheme, as_of: date) -> str:
    rules = scheme.stages
    steady = f"coalesce(f.contacts, 0) >= {rules.steady_contacts}"
    near = f"f.intent_date - DATE '{as_of.isoformat()}' <= {rules.ready_days}"
    return f"""CASE
        WHEN f.has_intent AND f.intent_date IS NOT NULL AND {steady} AND (f.has_budget OR {near}) THEN 'A'
        WHEN f.has_intent AND f.intent_date IS NOT NULL THEN 'B'
        WHEN f.has_intent AND {steady} THEN 'C'
        WHEN f.contacts >= 1 AND (f.known_fields >= {rules.basic_fields} OR f.has_intent) THEN 'D' ELSE 'E' END"""


def counted_grades(engine: Engine) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many people of `graded` have each letter, and how many stand at each stage; zeros included."""
    rows = engine.rows("SELECT letter, stage, count(*) FROM graded GROUP BY 1, 2 ORDER BY 1, 2")
    return (
        {one: sum(people for letter, _, people in rows if letter == one) for one in LETTERS},
        {one: sum(people for _, stage, people in rows if stage == one) for one in LETTERS},
    )


def counted_scores(engine: Engine) -> dict[str, Any]:
    """Return how many buyers have each score and each computed letter, as plain values for the yardstick's figures."""
    return {
        "scores": [list(row) for row in _people_by_score(engine).items()],
        "letters": dict(
            engine.rows(
                "SELECT computed_letter, count(*) FROM graded WHERE computed_letter <> '' GROUP BY 1 ORDER BY 1"
            )
        ),
    }


def changed_grades(engine: Engine, *, scheme_id: int, size: int) -> tuple[int, Iterator[list[tuple[Any, ...]]]]:
    """Return how many grades differ from those that stand, and these as batches of rows in the order of CHANGE_COLUMNS.

    Grain:  one row per customer whose grade, inputs or scheme differ, or who has none yet; ordered by customer.
    """
    names = [name for name, _ in GRADE_COLUMNS]
    engine.take(GRADES, ("customer_id", "revision", "scheme_id", *names))
    differ = " OR ".join(f"n.{name} IS DISTINCT FROM o.{name}" for name in names)
    new = ", ".join(f"n.{name}" for name in names)
    engine.run(
        f"""
        CREATE OR REPLACE TABLE changes AS
        SELECT n.customer_id, o.revision AS old_revision, coalesce(o.letter, '') AS old_letter,
          coalesce(o.stage, '') AS old_stage, {new}
        FROM graded n LEFT JOIN current_grades o ON o.customer_id = n.customer_id
        WHERE o.customer_id IS NULL OR o.scheme_id <> {scheme_id} OR {differ}
        """  # noqa: S608 (numbers and names of ours)
    )
    [(count,)] = engine.rows("SELECT count(*) FROM changes")
    listed = ", ".join(
        "CAST(last_bought_date AS VARCHAR)" if name == "last_bought_date" else name for name, _ in CHANGE_COLUMNS
    )
    return count, engine.batches(f"SELECT {listed} FROM changes ORDER BY customer_id", size)  # noqa: S608
