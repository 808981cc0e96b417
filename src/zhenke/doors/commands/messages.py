"""`zhenke messages`: send what is due now, or list what nobody knows."""

from __future__ import annotations

import json

import click

from zhenke.doors.jobs.deliver import deliver_due
from zhenke.messaging.queries.listing import message_counts, messages
from zhenke.staff import SYSTEM

MOST_LISTED = 500


@click.command()
@click.argument("act", type=click.Choice(["deliver", "held", "count"]))
@click.option("--json", "as_json", is_flag=True, help="Answer with JSON.")
def messages_command(act: str, as_json: bool) -> None:
    """DELIVER what is due now, list what is HELD because nobody knows, or COUNT messages by state.

    No name and no contact is printed. What is held is decided on the page Messages.
    """
    if act == "held":
        rows = [
            {
                "message": str(row.pk),
                "template": row.template_key,
                "channel": row.channel,
                "called_at": row.called_at.isoformat() if row.called_at else "",
                "why": row.reason,
            }
            for row in messages(viewer=SYSTEM, state="held_unknown", size=MOST_LISTED)
        ]
        click.echo(json.dumps(rows) if as_json else "\n".join("  ".join(row.values()) for row in rows) or "none held")
        return
    figures = deliver_due() if act == "deliver" else message_counts(viewer=SYSTEM)
    if as_json:
        click.echo(json.dumps(figures))
    else:
        click.echo(", ".join(f"{state} {count:,}" for state, count in sorted(figures.items())) or "nothing")
