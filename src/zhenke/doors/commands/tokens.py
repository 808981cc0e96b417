"""`zhenke create-token`, `tokens`, `resume-token`, `revoke-token`: credentials of tills and other programs."""

from __future__ import annotations

import json
from datetime import datetime

import click

from zhenke.basics.clock import now
from zhenke.basics.errors import BadInput
from zhenke.doors.commands.places import shop_named
from zhenke.doors.permissions import SCOPES
from zhenke.staff import SYSTEM
from zhenke.staff.models import ApiToken
from zhenke.staff.operations import add_staff, issue_token, revoke_token
from zhenke.staff.operations.tokens import resume_token
from zhenke.staff.queries import staff_within, tokens
from zhenke.staff.rules import Role


@click.command("create-token")
@click.argument("account")
@click.option("--shop", "shop_code", required=True, help="Code of the shop, region or brand that it may see.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="May be given often; default all.")
@click.option("--name", default=None, help="What people call it; default the account.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How long it is valid.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def create_token(
    account: str, shop_code: str, scopes: tuple[str, ...], name: str | None, days: int, as_json: bool
) -> None:
    """Make a token for an integration that acts as ACCOUNT, a user name of its own; the account is made if need be.

    The secret is printed once and kept nowhere: only its hash is.
    """
    at = now()
    shop = shop_named(shop_code)
    acts_as = staff_within(viewer=SYSTEM).filter(username=account).first()
    if acts_as is None:
        acts_as = add_staff(
            username=account, name=name or account, role=Role.INTEGRATION, shop=shop, password=None, by=SYSTEM, now=at
        )
    if acts_as.shop_id != shop.pk:
        raise BadInput(f"{account} stands at {acts_as.shop.code}; use another account for {shop.code}.")
    token, secret = issue_token(
        name=name or account, acts_as=acts_as, scopes=scopes or SCOPES, by=SYSTEM, now=at, valid_days=days
    )
    if as_json:
        facts = {"id": str(token.pk), "account": acts_as.username, "shop": shop.code, "scopes": token.scopes}
        click.echo(json.dumps({**facts, "expires_at": token.expires_at.isoformat(), "token": secret}))
        return
    click.echo(f"Token of {acts_as.username} ({shop.name}) until {token.expires_at.date()}: {', '.join(token.scopes)}")
    click.echo("Keep it now; it is not shown again:", err=True)
    click.echo(secret)


def _state(token: ApiToken, at: datetime) -> str:
    if token.revoked_at is not None:
        return "ended"
    if token.expires_at <= at:
        return "run out"
    return "stopped" if token.paused_at is not None else "open"


def _token(key: str) -> ApiToken:
    found = tokens(viewer=SYSTEM).filter(pk=int(key)).first() if key.isdecimal() and int(key) < 2**63 else None
    if found is None:
        raise BadInput("There is no token {key}; `zhenke tokens` lists them.", key=key[:20])
    return found


@click.command("tokens")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def tokens_command(as_json: bool) -> None:
    """List the tokens, newest first: key, first signs, account, node, how it stands, when it was last used."""
    at = now()
    rows = [
        {
            "id": str(one.pk),
            "hint": one.hint,
            "account": one.acts_as.username,
            "shop": one.acts_as.shop.code,
            "state": _state(one, at),
            "last_used_at": one.last_used_at.isoformat() if one.last_used_at else None,
            "expires_at": one.expires_at.isoformat(),
        }
        for one in tokens(viewer=SYSTEM)
    ]
    if as_json:
        click.echo(json.dumps({"tokens": rows}))
        return
    for row in rows:
        click.echo("  ".join(str(value or "never used") for value in row.values()))


@click.command("resume-token")
@click.argument("key", required=False)
@click.option("--all", "every", is_flag=True, help="All that are stopped.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def resume_token_command(key: str | None, every: bool, as_json: bool) -> None:
    """Let a program in again that was stopped when a backup was put back; `zhenke tokens` tells its key."""
    if every == (key is not None):
        raise click.UsageError("Name the key of one token, or --all.")
    found = [_token(key)] if key is not None else list(tokens(viewer=SYSTEM).exclude(paused_at=None))
    count = sum(resume_token(token=one, by=SYSTEM, now=now()) for one in found)
    click.echo(json.dumps({"resumed": count}) if as_json else f"{count} let in again")


@click.command("revoke-token")
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def revoke_token_command(key: str, as_json: bool) -> None:
    """Shut a program out at once and for ever; `zhenke tokens` tells its key."""
    token = revoke_token(token=_token(key), by=SYSTEM, now=now())
    told = {"id": str(token.pk), "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None}
    click.echo(json.dumps(told) if as_json else f"{token.hint}… is shut out")
