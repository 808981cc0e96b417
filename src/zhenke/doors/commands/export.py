"""`zhenke export`: what left the house as files, and whose a file is that was found somewhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from zhenke.customers.queries.exports import export_with_watermark, exports
from zhenke.doors.exports import recipient_codes
from zhenke.staff import SYSTEM

_SHOWN = 50


@click.group()
def export() -> None:
    """Look after lists that leave the house as files; they are asked for on the page of customers."""


@export.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def list_exports(as_json: bool) -> None:
    """List the last exports: when, by whom, how many customers, what for, where they stand."""
    rows = [
        {
            "number": one.watermark,
            "asked_at": one.asked_at.isoformat(timespec="minutes"),
            "by": one.asked_by.username,
            "agreed": one.decided_by.username if one.decided_by else "",
            "rows": one.rows,
            "columns": one.columns,
            "state": one.state,
            "downloads": one.downloads,
            "purpose": one.purpose,
        }
        for one in exports(viewer=SYSTEM)[:_SHOWN]
    ]
    if as_json:
        click.echo(json.dumps({"exports": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo("  ".join(str(row[name]) for name in ("asked_at", "number", "by", "rows", "state", "purpose")))


@export.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def who(path: Path) -> None:
    """Say for whom a file was made that was found somewhere, whole or in part."""
    named = False
    for code, count in recipient_codes(path).items():
        found = export_with_watermark(viewer=SYSTEM, code=code)
        if found is not None:
            named = True
            click.echo(
                f"{found.asked_by.name} ({found.asked_by.username}), export {code} of {found.asked_at:%Y-%m-%d}: "
                f"{found.purpose}. The mark stands there {count} times."
            )
    if not named:
        click.echo("No mark of this house was found in the file.", err=True)
        sys.exit(1)
