"""One job in a process of its own, in the environment of its shop: `python -m bench.child JOB SIZE DAY ANSWER`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from bench.jobs import imports, linkage, pages, points, regrade, sale
from bench.places import SIZES

JOBS = {
    "search": pages.measure_pages,
    "today": pages.measure_today,
    "sale": sale.measure_sales,
    "points": points.measure_points,
    "regrade": regrade.measure_regrade,
    "import": imports.measure_imports,
    "linkage": linkage.measure_linkage,
}


def run(job: str, size: str, day: str, answer: str) -> None:
    """Run one job and write its figures as JSON."""
    figures = JOBS[job](SIZES[size], date.fromisoformat(day))
    Path(answer).write_text(json.dumps([figure.to_plain() for figure in figures]))


if __name__ == "__main__":
    run(*sys.argv[1:5])
