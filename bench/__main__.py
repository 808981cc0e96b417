"""The command line: opens the shops, runs each job in a process of its own, prints and keeps the table."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from bench.measure import Figure
from bench.places import CHECKOUT, SIZES, Place, Size, bench_home, close_place, open_place
from bench.report import append, table

JOBS = ("search", "today", "sale", "points", "regrade", "import", "linkage")
_CHANGE = ("sale", "points", "regrade")
_PAGE = CHECKOUT / "docs" / "benchmarks.md"


def main() -> int:
    """Run what was asked for; 1 when a job failed, 0 else: a missed target is told, never a failure."""
    asked = _arguments()
    size = SIZES[asked.size]
    # The shop's own day: the product shows lists of today by the clock of China.
    today = datetime.now(UTC).astimezone(timezone(timedelta(hours=8))).date()
    bench_home().mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    failed: list[str] = []
    for database in ("sqlite", "postgres") if asked.database == "both" else (asked.database,):
        place = open_place(database, size, today)
        try:
            for job in asked.jobs or JOBS:
                _say(f"{job} on {database}")
                try:
                    found = _run(job, place, size, today.isoformat())
                    figures += found
                    _tell(found)
                except subprocess.CalledProcessError:
                    failed.append(f"{job} on {database}")
        finally:
            close_place(place)
    print(table(figures))
    if figures and not asked.no_write and asked.size != "small":
        append(_PAGE, day=today, size=size, figures=figures)
    for one in failed:
        _say(f"FAILED: {one}")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the product against its floors.")
    parser.add_argument("jobs", nargs="*", choices=[*JOBS, []], metavar="JOB", help=", ".join(JOBS) + "; default all")
    parser.add_argument("--size", choices=SIZES, default="full", help="1,000,000, 100,000 or 3,000 customers")
    small = "3,000 customers, under a minute; is not written down"
    parser.add_argument("--small", dest="size", action="store_const", const="small", help=small)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--no-write", action="store_true", help="print only, leave docs/benchmarks.md as it is")
    return parser.parse_args()


def _run(job: str, place: Place, size: Size, day: str) -> list[Figure]:
    """Run one job on a shop of its kind: the generated one, a copy of it to write to, or an empty one."""
    env = place.empty() if job == "import" else place.copied() if job in _CHANGE else place.env()
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "bench.child", job, size.name, day, str(answer)]
        subprocess.run(command, check=True, env=env, cwd=CHECKOUT)
        figures = [Figure(**plain) for plain in json.loads(answer.read_text())]
    for figure in figures:
        figure.database = place.database
    return figures


def _tell(figures: list[Figure]) -> None:
    """Say at once how a job went; the table comes at the end."""
    for one in figures:
        ratio = "–" if one.ratio is None else f"{one.ratio:.2f}"
        _say(f"  {one.job}: {ratio} × floor; {'misses ' + ', '.join(one.misses) if one.misses else 'met'}")


def _say(words: str) -> None:
    print(f"  · {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
