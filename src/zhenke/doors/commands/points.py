"""`zhenke points`: look whether the ledger is whole, do its night, say what is owed."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from itertools import islice

import click
from django.conf import settings

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.doors.jobs.points import points_night
from zhenke.membership.operations.clocks import confirm_day
from zhenke.membership.queries.liability import Liability, liability
from zhenke.membership.queries.verifying import verify_ledger
from zhenke.staff import SYSTEM

_NAMED = 100
_COLUMNS = ("programme", "month", "spendable", "pending", "expected_unspent")


@click.group()
def points() -> None:
    """The points ledger: verify it, do its night now, say what is owed."""


@points.command()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def verify(as_json: bool) -> None:
    """Ask every promise of the ledger of every row; exit code 1 if one is broken. Nothing is written."""
    faults = verify_ledger()
    first = list(islice(faults, _NAMED))
    more = sum(1 for _ in faults)
    if as_json:
        told = [{"code": fault.code, "key": fault.key} for fault in first]
        click.echo(json.dumps({"faults": told, "count": len(first) + more}))
    else:
        for fault in first:
            click.echo(f"{fault.code} {fault.key}")
        click.echo(f"{len(first) + more} faults" if first else "The ledger is whole.")
    if first:
        sys.exit(1)


@points.command()
@click.option("--confirm", "confirmed", type=click.DateTime(["%Y-%m-%d"]), help="Points may end until this day.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def expire(confirmed: datetime | None, as_json: bool) -> None:
    """Do the night of the points now. When the clock jumped, nothing ends until somebody confirms the day."""
    at = now()
    if confirmed is not None:
        confirm_day(day=confirmed.date(), by=SYSTEM, now=at)
    figures = points_night(at)
    click.echo(json.dumps(figures) if as_json else ", ".join(f"{word} {count:,}" for word, count in figures.items()))
    if figures["held"] and not as_json:
        day = local_date(at, settings.TIME_ZONE).isoformat()
        click.echo(f"The clock is ahead of what was expected. If today is {day}: zhenke points expire --confirm {day}")


@points.command(name="liability")
@click.option("--csv", "as_csv", is_flag=True, help="Answer with rows for the bookkeeper.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def liability_command(as_csv: bool, as_json: bool) -> None:
    """Say what is owed in points, by the month of its end, and how much of it will probably end unspent."""
    found = liability(on_date=local_date(now(), settings.TIME_ZONE))
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(_COLUMNS)
        writer.writerows([["" if value is None else value for value in row.values()] for row in _rows(found)])
        return
    if as_json:
        click.echo(json.dumps({"on_date": found.on_date.isoformat(), "months": _rows(found), "method": _method(found)}))
        return
    for row in _rows(found):
        click.echo(" ".join(f"{word} {value}" for word, value in row.items()))
    for told in _method(found):
        share = told["share_permille"]
        words = "not enough data" if share is None else f"{int(str(share)) / 10:.1f}% end unspent"
        click.echo(
            f"{told['programme']}: {words} (of {told['lots']} lots that ended in 24 months with {told['points']} "
            f"points, {told['ended_unspent']} ended unspent); members owe {told['owed_to_house']}"
        )


def _rows(found: Liability) -> list[dict[str, object]]:
    return [
        dict(
            zip(
                _COLUMNS,
                (row.programme, row.month.strftime("%Y-%m"), row.spendable, row.pending, row.breakage_points),
                strict=True,
            )
        )
        for row in found.months
    ]


def _method(found: Liability) -> list[dict[str, object]]:
    return [
        {
            "programme": one.programme,
            "lots": one.lots,
            "points": one.points,
            "ended_unspent": one.ended_unspent,
            "share_permille": one.share_permille,
            "owed_to_house": found.owed_to_house[one.programme],
        }
        for one in found.breakage
    ]
