"""`zhenke grade`: grade every customer and print the pyramid."""

from __future__ import annotations

import json
from datetime import date

import click

from zhenke.basics.clock import now
from zhenke.journeys.regrade_customers import regrade_customers

_BAR = 40


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Day to grade for; default today.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def grade(as_of: object, as_json: bool) -> None:
    """Grade every customer by the scheme in force and print the pyramid.

    When the newest sale is older than 90 days, the day of that sale is graded instead of today, and this is said.
    """
    day: date | None = as_of.date() if as_of is not None else None  # type: ignore[attr-defined]
    with click.progressbar(length=100, label="Grading", hidden=as_json) as bar:
        graded = regrade_customers(
            as_of=day,
            reason="night",
            now=now(),
            progress=lambda rows, total: bar.update(round(100 * rows / max(total, 1)) - bar.pos),
        )
    answer = {
        "as_of": graded.as_of.isoformat(),
        "as_of_reason": graded.as_of_reason,
        "customers": graded.customers,
        "grades": graded.grades,
        "prospects": graded.prospects,
        "changed": graded.changed,
        "scheme": graded.scheme,
    }
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(f"Scheme version {graded.scheme}, as of {graded.as_of} ({graded.as_of_reason}).")
    most = max([*graded.grades.values(), 1])
    for letter, count in graded.grades.items():
        click.echo(f"  {letter} {'█' * round(_BAR * count / most):<{_BAR}} {count:>9,}")
    click.echo(
        f"{graded.customers:,} customers, {graded.changed:,} moved; prospects: {sum(graded.prospects.values()):,}."
    )
