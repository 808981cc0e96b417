"""`zhenke duplicates`: look for archives that are one person, now."""

from __future__ import annotations

import json

import click

from zhenke.basics.clock import now
from zhenke.journeys.find_duplicates import find_duplicates


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def duplicates(as_json: bool) -> None:
    """Compare everybody with everybody, and list who may have two archives, for people to look at."""

    def tell(step: str, count: int) -> None:
        if not as_json:
            words = {"compared": "customers read", "pairs": "pairs kept"}[step]
            click.echo(f"  {count:,} {words} …", err=True)

    found = find_duplicates(now=now(), progress=tell)
    figures = {"customers": found.people, "pairs": found.pairs, "new": found.new, "gone": found.gone}
    if as_json:
        click.echo(json.dumps(figures | {"seconds": round(found.seconds, 2)}))
    else:
        click.echo(", ".join(f"{word} {value:,}" for word, value in figures.items()) + f" in {found.seconds:.1f} s")
