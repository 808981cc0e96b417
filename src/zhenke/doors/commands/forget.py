"""`zhenke forget`: erase a customer, or erase again those whom an old copy of the database brought back."""

from __future__ import annotations

import json
from datetime import datetime

import click
from django.db import connection

from zhenke.basics.clock import now
from zhenke.customers.queries.erasure import erased_still_here
from zhenke.doors.forgetting import finish_erasures
from zhenke.doors.forgetting import forget as erase
from zhenke.staff import SYSTEM


def forget_again(at: datetime) -> int:
    """Erase whoever is on the list of the forgotten and in the database again; return how many."""
    keys = erased_still_here()
    for key in keys:
        erase(customer_id=key, by=SYSTEM, now=at, is_again=True)
    return len(keys)


def apply_list(at: datetime) -> int:
    """Erase again who came back, and what the files of the database still hold of them; return how many.

    Files that somebody handed in, and that an erasure which was cut off left behind, go too.
    """
    count = forget_again(at)
    finish_erasures()
    if count:
        scrub_freed_space()
    return count


def scrub_freed_space() -> None:
    """Let no erased byte stay in the files of the database: on SQLite it is written anew and its log emptied.

    PostgreSQL frees space by its own vacuum.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@click.command()
@click.argument("key", type=int, required=False)
@click.option("--yes", is_flag=True, help="Without it the customer is not erased.")
@click.option("--reapply", is_flag=True, help="Erase again who was forgotten before.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def forget(key: int | None, yes: bool, reapply: bool, as_json: bool) -> None:
    """Erase one customer for ever, by the key of the archive; receipts stay as figures."""
    if reapply:
        count = apply_list(now())
        click.echo(json.dumps({"forgotten": count}) if as_json else f"{count} erased again")
        return
    if key is None or not yes:
        raise click.UsageError("Name the key of the archive and --yes, or --reapply.")
    done = erase(customer_id=key, by=SYSTEM, now=now())
    if done.kept_by is not None:
        until = done.kept_by.until_date.isoformat()
        words = f"kept by law until {until} ({done.kept_by.reason}); locked away, and erased the night after"
        click.echo(json.dumps({"forgotten": 0, "kept_until": until}) if as_json else words)
        return
    scrub_freed_space()
    told = {"forgotten": 1, **done.counts}
    click.echo(json.dumps(told) if as_json else ", ".join(f"{word} {count}" for word, count in told.items()))
