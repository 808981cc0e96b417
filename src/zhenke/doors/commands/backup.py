"""`zhenke backup` and `zhenke restore`: one sealed file of database and photos, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import click
from django.conf import settings

from zhenke.basics.clock import now
from zhenke.doors.backups import make_backup, restore_backup
from zhenke.doors.commands.start import open_installation
from zhenke.staff import SYSTEM
from zhenke.staff.queries import audit_entries, staff_within

ENDED = ("sessions", "tokens", "sign_up_links", "piece_links", "permits", "exports")


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
@click.option("--keep-tokens", "keeps_tokens", is_flag=True, help="Leave programs connected as they were then.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def restore(file: Path, replaces: bool, keeps_tokens: bool, as_json: bool) -> None:
    """Put a backup back, bring its tables up to date and erase again who was forgotten since.

    Everybody signs in anew, links, permits and exports end, and programs are stopped until they are let in again:
    what was closed since the backup was made is not known. Stop `zhenke serve` and `zhenke work` first.
    """
    done = restore_backup(path=file, replaces=replaces, keeps_tokens=keeps_tokens)
    open_installation(now())
    [line] = audit_entries(viewer=SYSTEM, action="backup.restored", size=1)
    ended = {name: line.facts[name] for name in ENDED}
    left = [member.username for member in staff_within(viewer=SYSTEM).filter(is_active=True)]
    if as_json:
        told = {"made_at": done.made_at.isoformat(), "engine": done.engine, "ended": ended, "people": left}
        click.echo(json.dumps(told))
        return
    click.echo(f"The state of {done.made_at:%Y-%m-%d %H:%M} UTC is back. Whoever was forgotten since is erased again.")
    click.echo("Ended: " + ", ".join(f"{word.replace('_', ' ')} {count}" for word, count in ended.items()) + ".")
    if ended["tokens"]:
        click.echo("Programs are stopped: let each in again under Settings, or by `zhenke resume-token`.")
    click.echo(f"These may sign in; let go again who has left since: {', '.join(left)}.")
