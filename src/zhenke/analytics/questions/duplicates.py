"""The question: which archives are one person? By probabilistic linkage (Fellegi and Sunter), with Splink.

Levels and blocks are written here in SQL that DuckDB and Spark both understand, so that the question runs unchanged on
either (Spark is told `jaro_winkler_similarity`, which it has under another name); the weights of the levels were
trained beforehand and stand beside, in duplicates.json, with a note of what on. Nothing is trained here.

Heavy to import: only the journey of the night and the bench import this, never a web request.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from splink import DuckDBAPI, Linker

from zhenke.analytics.engines.duckdb import Engine
from zhenke.customers.rules.linkage import CROWD, RECORD_COLUMNS

_WEIGHTS = Path(__file__).with_suffix(".json")
_NEVER = 1e-12


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which two values agree: SQL over `…_l` and `…_r`; `rare` is a column whose rare values say more."""

    code: str
    sql: str
    rare: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """What is compared: its levels from the surest to the weakest; `unknown` tells when one side does not say."""

    code: str
    unknown: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that a linkage needs: what is compared, which pairs are looked at, weights, share of doubles."""

    traits: tuple[Trait, ...]
    blocks: tuple[str, ...]
    weights: Mapping[str, Mapping[str, Sequence[float]]]
    second_share: float
    threshold: float
    least: int = 0
    link_type: str = "dedupe_only"
    key: str = "unique_id"


@dataclass(frozen=True, slots=True)
class FoundPair:
    """Two archives that may be one person: how likely, and the code of each trait that speaks for it."""

    first: int
    second: int
    probability: float
    evidence: tuple[str, ...]


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _near(column: str, most: int = 1) -> str:
    return f"levenshtein({column}_l, {column}_r) <= {most}"


_BEGINS_OR_ENDS = "(given_{0} LIKE given_{1} || '%' OR given_{0} LIKE '%' || given_{1})"
NAME = Trait(
    "name",
    "spoken_l IS NULL OR spoken_r IS NULL",
    (
        Level("name", _same("name"), rare="name"),
        Level("pinyin", _same("spoken"), rare="spoken"),
        Level("pinyin_turned", "spoken_l = turned_r"),
        Level("surname_title", f"{_same('family')} AND (given_l IS NULL OR given_r IS NULL)"),
        Level(
            "name_shorter",
            f"{_same('family')} AND ((length(name_l) = length(name_r) + 1 AND {_BEGINS_OR_ENDS.format('l', 'r')})"
            f" OR (length(name_r) = length(name_l) + 1 AND {_BEGINS_OR_ENDS.format('r', 'l')}))",
        ),
        Level(
            "name_near",
            f"({_same('family')} AND {_near('given')}) OR jaro_winkler_similarity(spoken_l, spoken_r) >= 0.95",
        ),
        Level("name_other", "TRUE"),
    ),
)
PHONE = Trait(
    "phone",
    "phone_l IS NULL OR phone_r IS NULL",
    (
        Level("phone", _same("phone"), rare="phone"),
        Level("phone_second", "phone_l = second_phone_r OR second_phone_l = phone_r"),
        Level("phone_turned", f"{_near('phone', 2)} AND digits_l = digits_r"),
        Level("phone_typo", _near("phone")),
        Level("phone_tail", _same("tail")),
        Level("phone_other", "TRUE"),
    ),
)
BIRTHDAY = Trait(
    "birthday",
    "said_l IS NULL OR said_r IS NULL",
    (
        Level("birthday", _same("born")),
        Level("birthday_calendar", f"{_same('said')} AND {_same('birth_year')}"),
        Level("birthday_turned", "said_l = said_turned_r AND birth_year_l = birth_year_r"),
        Level("birthday_day", f"{_same('said')} AND (birth_year_l IS NULL OR birth_year_r IS NULL)"),
        Level("birthday_year_off", f"{_same('said')} AND abs(birth_year_l - birth_year_r) <= 10"),
        Level("birthday_typo", f"birth_year_l = birth_year_r AND {_near('said')}"),
        Level("birthday_other", "TRUE"),
    ),
)
WECHAT = Trait(
    "wechat", "wechat_l IS NULL OR wechat_r IS NULL", (Level("wechat", _same("wechat")), Level("wechat_other", "TRUE"))
)
EMAIL = Trait(
    "email", "email_l IS NULL OR email_r IS NULL", (Level("email", _same("email")), Level("email_other", "TRUE"))
)
GENDER = Trait(
    "gender", "gender_l IS NULL OR gender_r IS NULL", (Level("gender", _same("gender")), Level("gender_other", "TRUE"))
)
TRAITS = (NAME, PHONE, BIRTHDAY, WECHAT, EMAIL, GENDER)
BLOCKS = (
    "l.phone = r.phone",
    "l.phone = r.second_phone",
    "l.second_phone = r.phone",
    "l.phone8 = r.phone8",
    "l.tail = r.tail AND l.family = r.family",
    "l.head = r.head AND l.spoken = r.spoken",
    "l.digits = r.digits AND l.spoken = r.spoken",
    "l.wechat = r.wechat",
    "l.email = r.email",
    "l.name = r.name AND l.said = r.said",
    "l.spoken = r.spoken AND l.said = r.said",
    "l.spoken = r.spoken AND l.said = r.said_turned",
    "l.spoken = r.spoken AND l.born = r.born",
    "l.spoken = r.turned AND l.said = r.said",
    "l.family = r.family AND l.born = r.born",
)


@cache
def shop_model() -> Model:
    """Return the model of a shop's customers, with the weights that stand in duplicates.json."""
    kept = json.loads(_WEIGHTS.read_text(encoding="utf-8"))
    return Model(TRAITS, BLOCKS, kept["weights"], kept["second_share"], kept["threshold"], kept["least"])


def take_people(engine: Engine, batches: Iterator[Any]) -> int:
    """Read the people to be compared from Arrow batches that the archive hands over; return how many.

    Shape: table `people` in the engine's memory, with the columns that levels and blocks speak of. A phone, WeChat id
           or e-mail that more than `CROWD` archives have is the shop's own or a placeholder, and says nothing.
    """
    engine.run("SET temp_directory = ''")  # names and phones must never be spilled into a file
    columns = ", ".join(f'"{name}" {kind}' for name, kind in RECORD_COLUMNS)
    engine.run(f"CREATE OR REPLACE TABLE told ({columns})")
    for batch in batches:
        engine.duck.register("incoming", batch)
        engine.run("INSERT INTO told SELECT * FROM incoming")
        engine.duck.unregister("incoming")
    for name in ("phone", "second_phone", "wechat", "email"):
        engine.run(
            f"UPDATE told SET {name} = NULL WHERE {name} IN"  # noqa: S608 (names of ours)
            f" (SELECT {name} FROM told WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) > {CROWD})"
        )
    engine.run(
        """
        CREATE OR REPLACE TABLE people AS SELECT *,
          right(phone, 8) AS phone8, right(phone, 4) AS tail, left(phone, 10) AS head,
          array_to_string(list_sort(string_split(phone, '')), '') AS digits,
          family || coalesce(given, '') AS spoken, coalesce(given, '') || family AS turned,
          substr(said, 4, 2) || '-' || substr(said, 1, 2) AS said_turned
        FROM told
        """
    )
    engine.run("DROP TABLE told")
    [(count,)] = engine.rows("SELECT count(*) FROM people")
    return int(count)


def settings_of(model: Model, *, count: int, keeps: Sequence[str] = ()) -> dict[str, Any]:
    """Return the model as Splink's settings; without weights where the model has none, to be trained.

    Units:  `count` is how many records there are: the more, the less likely is it that two of them are one person.
    """
    return {
        "link_type": model.link_type,
        "unique_id_column_name": model.key,
        "probability_two_random_records_match": min(0.5, 2 * model.second_share / max(count, 1)),
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in model.blocks],
        "comparisons": [_comparison(trait, model.weights.get(trait.code, {})) for trait in model.traits],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "additional_columns_to_retain": list(keeps),
    }


def _comparison(trait: Trait, weights: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": trait.unknown, "label_for_charts": "unknown", "is_null_level": True}
    ]
    for level in trait.levels:
        one: dict[str, Any] = {
            "sql_condition": "ELSE" if level.sql == "TRUE" else level.sql,
            "label_for_charts": level.code,
        }
        if level.rare:
            one |= {"tf_adjustment_column": level.rare, "tf_adjustment_weight": 1.0}
        if level.code in weights:
            m, u = weights[level.code]
            one |= {"m_probability": max(m, _NEVER), "u_probability": max(u, _NEVER)}
        levels.append(one)
    return {"output_column_name": trait.code, "comparison_levels": levels}


def linker_of(engine: Engine, model: Model, tables: Sequence[str], *, keeps: Sequence[str] = ()) -> Linker:
    """Return Splink at work on tables of the engine.

    How rare a name or a phone is, a shop of a few people cannot tell: there it is counted as in a crowd of
    `model.least`.
    """
    logging.getLogger("splink").setLevel(logging.ERROR)
    backend = DuckDBAPI(connection=engine.duck)
    read = [backend.register(name) for name in tables]
    there = sum(int(engine.rows(f"SELECT count(*) FROM {name}")[0][0]) for name in tables)  # noqa: S608
    count = max(there, model.least)
    linker = Linker(read if len(read) > 1 else read[0], settings_of(model, count=count, keeps=keeps), log_level="ERROR")
    if there < model.least:
        for column in sorted({level.rare for trait in model.traits for level in trait.levels if level.rare}):
            engine.run(
                f"CREATE OR REPLACE TABLE rare_{column} AS SELECT {column}, count(*) / {count}.0 AS tf_{column}"  # noqa: S608
                f" FROM {tables[0]} WHERE {column} IS NOT NULL GROUP BY {column}"
            )
            linker.table_management.register_term_frequency_lookup(backend.register(f"rare_{column}"), column)
    return linker


def likely_pairs(engine: Engine, *, model: Model, tables: Sequence[str] = ("people",)) -> Iterator[list[FoundPair]]:
    """Yield the pairs that are as likely as the model's threshold or more, in parts, the likeliest first.

    Grain:  one per pair of archives, the smaller key first.
    Window: everybody, at this moment.
    """
    linker = linker_of(engine, model, tables)
    answer = linker.inference.predict(threshold_match_probability=model.threshold)
    codes = [tuple(level.code for level in reversed(trait.levels)) for trait in model.traits]
    gammas = ", ".join(f"gamma_{trait.code}" for trait in model.traits)
    key = model.key
    sql = (
        f"SELECT least({key}_l, {key}_r), greatest({key}_l, {key}_r), match_probability, {gammas}"  # noqa: S608
        f" FROM {answer.physical_name} ORDER BY match_probability DESC, 1, 2"
    )
    for rows in engine.batches(sql, 10_000):
        yield [
            FoundPair(
                first,
                second,
                float(probability),
                tuple(
                    names[gamma] for names, gamma in zip(codes, found, strict=True) if gamma is not None and gamma > 0
                ),
            )
            for first, second, probability, *found in rows
        ]
