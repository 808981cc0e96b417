"""How well a linkage finds who is one person, against the truth; and the training of its weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa

from bench.linkage.people import crowd, records
from zhenke.analytics.engines.duckdb import Engine
from zhenke.analytics.questions.duplicates import Model, linker_of
from zhenke.customers.rules.linkage import RECORD_COLUMNS

_ARROW = {"BIGINT": pa.int64(), "VARCHAR": pa.string()}
_BATCH = 50_000


def fill(engine: Engine, size: int, *, seed: int) -> list[Any]:
    """Make the table `truth` (unique_id, person) in the engine and return the people as Arrow batches."""
    names = [name for name, _ in RECORD_COLUMNS]
    types = [_ARROW[kind] for _, kind in RECORD_COLUMNS]
    rows = list(records(crowd(size, seed=seed)))
    batches = []
    engine.run("CREATE OR REPLACE TABLE truth (unique_id BIGINT, person BIGINT)")
    for start in range(0, len(rows), _BATCH):
        columns = list(zip(*rows[start : start + _BATCH], strict=True))
        arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=False)]
        batches.append(pa.table(arrays, names=names))
        engine.duck.register("incoming", pa.table([arrays[0], pa.array(columns[-1], pa.int64())], ["a", "b"]))
        engine.run("INSERT INTO truth SELECT * FROM incoming")
        engine.duck.unregister("incoming")
    return batches


def true_pairs(engine: Engine) -> None:
    """Make the table `same_people` (first, second): every two archives of one person."""
    engine.run(
        "CREATE OR REPLACE TABLE same_people AS SELECT a.unique_id AS first, b.unique_id AS second FROM truth a"
        " JOIN truth b ON a.person = b.person AND a.unique_id < b.unique_id"
    )


def precision_recall(engine: Engine, found: str) -> tuple[float, float]:
    """Return how many of the pairs of table `found` (first, second) are true, and how many true ones it holds."""
    [(hits, claimed, there)] = engine.rows(
        f"SELECT (SELECT count(*) FROM {found} JOIN same_people USING (first, second)),"
        f" (SELECT count(*) FROM {found}), (SELECT count(*) FROM same_people)"
    )
    return (hits / claimed if claimed else 1.0, hits / there if there else 1.0)


def trained(engine: Engine, model: Model, *, most_pairs: float = 2e7, never: tuple[str, ...] = ()) -> Model:
    """Return the model with the weights that the labelled table `people` (with its column `person`) gives.

    Levels named in `never` are kept from ever being outweighed: people who look so are two, whatever else agrees.
    """
    bare = replace(model, weights={})
    linker = linker_of(engine, bare, ("people",), keeps=("person",))
    linker.training.estimate_u_using_random_sampling(max_pairs=most_pairs)
    linker.training.estimate_m_from_label_column("person")
    weights = weights_of(linker)
    for code in never:
        for levels in weights.values():
            if code in levels:
                levels[code][0] = 1e-12
    return replace(model, weights=weights)


def weights_of(linker: Any) -> dict[str, dict[str, list[float]]]:
    """Return m and u of every level that a trained linker knows."""
    weights: dict[str, dict[str, list[float]]] = {}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        own = weights.setdefault(comparison["output_column_name"], {})
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                m, u = level.get("m_probability") or 1e-7, level.get("u_probability") or 1e-7
                own[level["label_for_charts"]] = [m, u]
    return weights
