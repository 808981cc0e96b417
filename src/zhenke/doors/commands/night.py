"""`zhenke night`: the night's jobs, now."""

from __future__ import annotations

import json

import click

from zhenke.basics.clock import now
from zhenke.doors.jobs.nightly import NIGHT


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def night(as_json: bool) -> None:
    """Do the night's jobs now: grade everybody, look ahead, count what was missed."""
    done: dict[str, object] = {}
    for name, job in NIGHT.items():
        figures = job(now())
        done[name] = figures
        if not as_json:
            click.echo(f"{name}: " + ", ".join(f"{word} {value}" for word, value in figures.items()))
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False))
