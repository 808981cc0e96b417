"""`zhenke create-user`: an account for a member of staff; the first one also opens the house, brand and shop."""

from __future__ import annotations

import json

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from zhenke.basics.clock import now
from zhenke.basics.errors import BadInput
from zhenke.doors.commands.places import shop_or_first
from zhenke.staff import SYSTEM
from zhenke.staff.operations import add_staff
from zhenke.staff.queries import shops_within
from zhenke.staff.rules import Role


@click.command("create-user")
@click.argument("username")
@click.option("--name", required=True, help="Name as colleagues see it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--shop", "shop_code", default=None, help="Code of the shop, region or brand the person belongs to.")
@click.option("--password", envvar="ZHENKE_NEW_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def create_user(username: str, name: str, role: str, shop_code: str | None, password: str, as_json: bool) -> None:
    """Make an account for a member of staff."""
    try:
        validate_password(password)
    except ValidationError as weak:
        raise BadInput(" ".join(weak.messages)) from None
    at = now()
    with transaction.atomic():
        shop = shop_or_first(shop_code, now=at)
        if shop is None:
            codes = ", ".join(node.code for node in shops_within(viewer=SYSTEM))
            raise BadInput("Say which shop with --shop: {codes}.", codes=codes)
        member = add_staff(
            username=username, name=name, role=Role(role), shop=shop, password=password, by=SYSTEM, now=at
        )
    if as_json:
        click.echo(json.dumps({"id": str(member.id), "username": member.username, "shop": shop.code}))
    else:
        click.echo(f"{member.name} may now sign in as {member.username} ({role}, {shop.name}).")
