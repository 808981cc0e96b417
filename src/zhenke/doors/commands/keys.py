"""`zhenke keys`: which keys there are, a new one, the walk to it, and the end of an old one."""

from __future__ import annotations

import json

import click
from django.conf import settings

from zhenke.basics.clock import now
from zhenke.doors.jobs.reseal import reseal_task
from zhenke.doors.keys import keys_in_use, reseal_everything, retire_key, rotate_keys, values_left


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.pass_context
def keys(context: click.Context, as_json: bool) -> None:
    """List the keys of sealed values, and how many values each has."""
    if context.invoked_subcommand:
        return
    found = keys_in_use()
    if as_json:
        rows = [{"key": key.id, "writes": key.is_newest, "values": dict(key.values)} for key in found]
        click.echo(json.dumps({"keys": rows}))
        return
    for key in found:
        told = ", ".join(f"{name} {count:,}" for name, count in key.values.items()) or "nothing"
        click.echo(f"{key.id or 'not on the ring'}{' (writes)' if key.is_newest else ''}: {told}")


@keys.command()
@click.option("--wait", is_flag=True, help="Do the walk here and now instead of on the queue.")
def rotate(wait: bool) -> None:
    """Make a new key; new values are sealed with it at once, old ones follow in the background."""
    key = rotate_keys(now=now())
    click.echo(f"{key} writes from now on. Copy {settings.KEY_FILE} to where you keep it, apart from the backups.")
    if wait:
        _reseal()
        return
    reseal_task.enqueue()
    click.echo(f"{values_left():,} values follow in the background; `zhenke keys` says how many are left.")


@keys.command()
def reseal() -> None:
    """Bring what is left under the newest key, here and now; safe to repeat, also after it was cut off."""
    _reseal()


@keys.command()
@click.argument("key")
def retire(key: str) -> None:
    """Take an old key off the ring, once nothing is sealed with it."""
    retire_key(key=key, now=now())
    click.echo(f"{key} is off the ring. Backups from before the walk still need it: keep your copy as long as them.")


def _reseal() -> None:
    with click.progressbar(length=max(values_left(), 1), label="sealing anew") as bar:
        brought = reseal_everything(clock=now, progress=bar.update)
    click.echo(f"{brought:,} values were brought under the newest key.")
