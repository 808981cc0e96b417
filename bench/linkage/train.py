"""Train the weights of the shop's linkage again: `python -m bench.linkage.train`, writes duplicates.json."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import django
from django.apps import apps

if not apps.ready:
    django.setup()

import zhenke.analytics.questions.duplicates as duplicates
from bench.linkage.engine import bare_engine
from bench.linkage.measure import fill, trained
from bench.linkage.people import SECOND_SHARE

SIZE, SEED = 300_000, 11
NEVER = ("name_other",)
THRESHOLD = 0.5
LEAST = 100_000


def train(size: int = SIZE) -> dict[str, object]:
    """Return what duplicates.json holds."""
    with bare_engine() as engine:
        batches = fill(engine, size, seed=SEED)
        duplicates.take_people(engine, iter(batches))
        engine.run(
            "CREATE OR REPLACE TABLE people AS SELECT p.*, t.person FROM people p JOIN truth t USING (unique_id)"
        )
        bare = duplicates.Model(duplicates.TRAITS, duplicates.BLOCKS, {}, SECOND_SHARE, THRESHOLD)
        model = trained(engine, bare, never=NEVER)
    return {
        "source": (
            f"Trained on {datetime.now(UTC):%Y-%m-%d} by `python -m bench.linkage.train`: {size:,} generated customers"
            f" (bench/linkage/people.py, seed {SEED}), m from their labels, u from random pairs; the level name_other"
            " is never outweighed. No person's data took part."
        ),
        "threshold": THRESHOLD,
        "second_share": SECOND_SHARE,
        "least": LEAST,
        "weights": {
            trait: {code: [float(f"{value:.6g}") for value in pair] for code, pair in levels.items()}
            for trait, levels in model.weights.items()
        },
    }


if __name__ == "__main__":
    kept = train(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE)
    path = Path(duplicates.__file__).with_suffix(".json")
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(kept["weights"], indent=1))
