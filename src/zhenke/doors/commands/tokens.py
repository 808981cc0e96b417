"""`zhenke create-token`: a credential for a till or another integration; the secret is shown once."""

from __future__ import annotations

import json

import click

from zhenke.basics.clock import now
from zhenke.basics.errors import BadInput
from zhenke.doors.commands.places import shop_named
from zhenke.doors.permissions import SCOPES
from zhenke.staff import SYSTEM
from zhenke.staff.operations import add_staff, issue_token
from zhenke.staff.queries import staff_within
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
