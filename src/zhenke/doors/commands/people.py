"""`zhenke create-user` and `zhenke set-password`: accounts of people; the first one also opens brand and shop."""

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
from zhenke.staff.operations import add_staff, set_password
from zhenke.staff.queries import shops_within, staff_within
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
    _must_be_strong(password)
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


@click.command("set-password")
@click.argument("username")
@click.option("--password", envvar="ZHENKE_NEW_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def set_password_command(username: str, password: str, as_json: bool) -> None:
    """Give a member of staff a new password and end all their sessions; second factors stay."""
    member = (
        staff_within(viewer=SYSTEM).filter(username=username, is_active=True).exclude(role=Role.INTEGRATION).first()
    )
    if member is None:
        raise BadInput("Nobody who works here signs in as {username}.", username=username)
    _must_be_strong(password)
    set_password(member=member, password=password, by=SYSTEM, now=now())
    click.echo(
        json.dumps({"id": str(member.pk), "username": username})
        if as_json
        else f"{member.name} signs in as {username} with the new password."
    )


def _must_be_strong(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as weak:
        raise BadInput(" ".join(weak.messages)) from None
