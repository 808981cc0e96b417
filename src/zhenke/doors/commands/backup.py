"""`zhenke backup` and `zhenke restore`: one sealed file of database and photos, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import click
from django.conf import settings

from zhenke.basics.clock import now
from zhenke.doors.backups import make_backup, restore_backup
from zhenke.doors.commands.start import open_installation


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def backup(file: Path | None, as_json: bool) -> None:
    """Write database and photos into one sealed file, while the shop goes on. The keys are not in it."""
    try:
        made = make_backup(target=file, at=now())
    except FileExistsError as refused:
        raise click.UsageError(f"{refused}; a backup is never written over.") from refused
    if as_json:
        click.echo(json.dumps({"file": str(made.path), "bytes": made.size}))
        return
    click.echo(
        f"{made.path}, {made.size / 1e6:.1f} MB. Keep it off this machine, and {settings.KEY_FILE} apart from it."
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", "replaces", is_flag=True, help="Put it in the place of the database that is here.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def restore(file: Path, replaces: bool, as_json: bool) -> None:
    """Put a backup back, bring its tables up to date and erase again who was forgotten since.

    Stop `zhenke serve` and `zhenke work` first.
    """
    done = restore_backup(path=file, replaces=replaces)
    open_installation(now())
    if as_json:
        click.echo(json.dumps({"made_at": done.made_at.isoformat(), "engine": done.engine}))
        return
    click.echo(f"The state of {done.made_at:%Y-%m-%d %H:%M} UTC is back. Whoever was forgotten since is erased again.")
