"""Wiring of the `zhenke` command: names of commands, loaded only when called, and errors in one plain sentence."""

from __future__ import annotations

import importlib
import os
import sys

import click
import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from zhenke import __version__
from zhenke.basics.errors import BadInput, ZhenkeError

COMMANDS = {
    "init": ("start", "init", "Make the home folder, keys, database and first settings."),
    "serve": ("start", "serve", "Start the web server."),
    "work": ("start", "work", "Start the worker: imports, regrades, the night's jobs."),
    "demo": ("demo", "demo", "Open the demo shop 珍宝阁 and serve it."),
    "import": ("imports", "imports", "Take in a file of customers or sales."),
    "record-sale": ("sale", "record_sale_command", "Record one sale, as the till would."),
    "grade": ("grade", "grade", "Grade every customer and print the pyramid."),
    "today": ("today", "today", "Print an advisor's list for today."),
    "duplicates": ("duplicates", "duplicates", "Look for customers who have two archives."),
    "forget": ("forget", "forget", "Forget a customer, or forget again after an old copy was put back."),
    "retention": ("retention", "retention", "Take away what has been kept long enough, or count it."),
    "night": ("night", "night", "Do the night's jobs now."),
    "points": ("points", "points", "The points ledger: verify it, do its night, say what is owed."),
    "export": ("export", "export", "List exports; say whose a file is that was found somewhere."),
    "keys": ("keys", "keys", "List the keys of sealed values, make a new one, retire an old one."),
    "backup": ("backup", "backup", "Write database and photos into one sealed file."),
    "restore": ("backup", "restore", "Put a backup back, and erase again who was forgotten since."),
    "doctor": ("doctor", "doctor", "Check settings, keys, database, queue and disk."),
    "create-user": ("people", "create_user", "Make an account for a member of staff."),
    "create-token": ("tokens", "create_token", "Make a credential for a till or another integration."),
}


class _Commands(click.Group):
    """Loads a command's module when it is called, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        django.setup()
        command: click.Command = getattr(importlib.import_module(f"zhenke.doors.commands.{module}"), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in COMMANDS.items()])


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="zhenke")
def zhenke() -> None:
    """Zhenke 珍客: know every customer, and whom to care for today.

    Exit code 0: done. 1: it went wrong, the sentence says why. 2: the command was not understood or the input is bad.
    """


def main() -> None:
    """Run the command; a refusal is one sentence on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenke.settings")
    try:
        zhenke(prog_name="zhenke")
    except BadInput as refused:
        click.echo(f"zhenke: {refused.message}", err=True)
        sys.exit(2)
    except (ZhenkeError, ImproperlyConfigured) as refused:
        click.echo(f"zhenke: {refused}", err=True)
        sys.exit(1)
    except DatabaseError as refused:
        click.echo(f"zhenke: the database refused: {str(refused).splitlines()[0]}. Try `zhenke doctor`.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
