"""`zhenke retention`: what has been kept long enough, counted, or taken away now."""

from __future__ import annotations

import json

import click

from zhenke.basics.clock import now
from zhenke.doors.commands.forget import scrub_freed_space
from zhenke.doors.jobs.retention import keep_retention, look_for_expired


@click.command()
@click.option("--dry-run", is_flag=True, help="Count only; nothing is taken away.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def retention(dry_run: bool, as_json: bool) -> None:
    """Take away what has been kept long enough, as the night does; members long silent were asked before."""
    if dry_run:
        due = look_for_expired(now())
        figures = {
            "prospects": len(due.prospects),
            "members": len(due.members),
            "children": len(due.children),
            "after_hold": len(due.after_hold),
            "rejects": due.import_rejects,
            "links": due.sign_up_links,
            "to_ask": len(due.silent_members),
        }
    else:
        figures = keep_retention(now())
        if any(figures[word] for word in ("prospects", "members", "children", "after_hold")):
            scrub_freed_space()
    click.echo(json.dumps(figures) if as_json else ", ".join(f"{word} {count:,}" for word, count in figures.items()))
