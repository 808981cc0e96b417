"""The question of who is here twice, asked of Spark in local mode: the same settings and weights, the same pairs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench.linkage.engine import bare_engine
from bench.linkage.measure import fill

from zhenke.analytics.questions.duplicates import FoundPair, likely_pairs, settings_of, shop_model, take_people

pyspark = pytest.importorskip("pyspark", reason="Spark is not installed: ./check spark installs it")
pytestmark = [pytest.mark.spark, pytest.mark.one_database]
CROWD = 3_000
SEED = 77


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark on two threads of this machine, with the string distances that Splink brings for it."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 (there only where Spark is)
    from pyspark.sql.types import DoubleType  # noqa: PLC0415
    from splink.internals.spark.jar_location import similarity_jar_location  # noqa: PLC0415

    os.environ["PYSPARK_PYTHON"] = sys.executable
    home = tmp_path_factory.mktemp("spark")
    builder = SparkSession.builder.master("local[2]").appName("zhenke").config("spark.jars", similarity_jar_location())
    for name, value in {
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.default.parallelism": "4",
        "spark.sql.warehouse.dir": str(home / "warehouse"),
        "spark.local.dir": str(home),
    }.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setCheckpointDir(str(home / "checkpoints"))
    # The distance that Splink brings for Spark, under the name that the question calls it by.
    spark.udf.registerJavaFunction(
        "jaro_winkler_similarity", "uk.gov.moj.dash.linkage.JaroWinklerSimilarity", DoubleType()
    )
    yield spark
    spark.stop()


def pairs_of_spark(spark: Any, people: Path) -> list[FoundPair]:
    """Ask Spark what `likely_pairs` asks of the engine of the house, of the same people."""
    from splink import Linker, SparkAPI  # noqa: PLC0415

    model = shop_model()
    backend = SparkAPI(spark_session=spark, break_lineage_method="parquet", num_partitions_on_repartition=4)
    frame = spark.read.parquet(str(people))
    linker = Linker(backend.register(frame), settings_of(model, count=model.least), log_level="ERROR")
    for column in sorted({level.rare for trait in model.traits for level in trait.levels if level.rare}):
        frame.createOrReplaceTempView("people_for_rare")
        rare = spark.sql(
            f"SELECT {column}, count(*) / {model.least}.0D AS tf_{column} FROM people_for_rare"
            f" WHERE {column} IS NOT NULL GROUP BY {column}"
        )
        linker.table_management.register_term_frequency_lookup(backend.register(rare), column)
    rows = linker.inference.predict(threshold_match_probability=model.threshold).as_spark_dataframe().collect()
    codes = {trait.code: [level.code for level in reversed(trait.levels)] for trait in model.traits}
    return [
        FoundPair(
            *sorted((row["unique_id_l"], row["unique_id_r"])),
            probability=float(row["match_probability"]),
            evidence=tuple(
                names[row[f"gamma_{code}"]] for code, names in codes.items() if (row[f"gamma_{code}"] or 0) > 0
            ),
        )
        for row in rows
    ]


class TestLikelyPairsOnSpark:
    def test_are_the_pairs_of_the_house_with_the_same_evidence(self, session: Any, tmp_path: Path) -> None:
        with bare_engine() as engine:
            take_people(engine, iter(fill(engine, CROWD, seed=SEED)))
            engine.run(f"COPY people TO '{tmp_path / 'people.parquet'}' (FORMAT parquet)")
            ours = [pair for part in likely_pairs(engine, model=shop_model()) for pair in part]
        theirs = pairs_of_spark(session, tmp_path / "people.parquet")
        assert len(ours) > CROWD // 50
        told = {(pair.first, pair.second): pair for pair in theirs}
        assert {(pair.first, pair.second) for pair in ours} == told.keys()
        for pair in ours:
            other = told[pair.first, pair.second]
            assert other.evidence == pair.evidence
            assert other.probability == pytest.approx(pair.probability, abs=1e-9)
