"""`zhenke records`: how well the customers of the house, or of one shop, are known."""

from __future__ import annotations

import json

import click

from zhenke.customers.queries.records import Figures, record_figures
from zhenke.customers.rules.records import share
from zhenke.doors.commands.places import shop_named
from zhenke.staff import SYSTEM

NOBODY = "(nobody's)"


def _plain(found: Figures | None) -> dict[str, object]:
    if found is None:
        return {"on_date": None, "people": 0, "filled": None, "right": None, "fields": [], "groups": [], "weeks": []}
    fields = [
        {"field": name, "asked": asked, "missing": asked - filled, "filled": share(filled, asked),
         "right": share(right, filled)}
        for name, (asked, filled, right) in found.fields.fields.items() if asked
    ]  # fmt: skip
    groups = [
        {"shop_id": str(one.shop), "owner_id": str(one.owner) if one.owner else None, "name": one.name,
         "people": one.known.people, "filled": one.known.filled, "right": one.known.accurate}
        for one in found.groups
    ]  # fmt: skip
    weeks = [
        {"on_date": one.on_date.isoformat(), "people": one.known.people, "filled": one.known.filled,
         "right": one.known.accurate}
        for one in found.weeks
    ]  # fmt: skip
    whole = {"people": found.whole.people, "filled": found.whole.filled, "right": found.whole.accurate}
    fields.sort(key=lambda one: (-int(str(one["missing"])), str(one["field"])))
    return {"on_date": found.on_date.isoformat(), **whole, "fields": fields, "groups": groups, "weeks": weeks}


def _percent(number: int | None) -> str:
    return "-" if number is None else f"{number}%"


@click.command()
@click.option("--shop", "shop_code", default=None, help="Code of a shop, region or brand; default the house.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def records(shop_code: str | None, as_json: bool) -> None:
    """Print how complete and how right the archives are, as the last night counted; protected people are not in it."""
    shop = shop_named(shop_code) if shop_code else None
    found = record_figures(viewer=SYSTEM, shop=shop)
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False))
        return
    if found is None:
        click.echo("No night has counted yet; `zhenke night` does it now.")
        return
    click.echo(f"{found.on_date}: {found.whole.people:,} people. Filled is of what is asked, right of what is filled.")
    click.echo(f"{'':32}{'people':>8}{'filled':>8}{'right':>8}")
    rows = [("all", found.whole), *((one.name or NOBODY, one.known) for one in found.groups)]
    for name, known in rows:
        click.echo(f"{name[:31]:32}{known.people:>8,}{_percent(known.filled):>8}{_percent(known.accurate):>8}")
    asked = [
        (asked - filled, name, filled, asked, right) for name, (asked, filled, right) in found.fields.fields.items()
    ]
    click.echo(f"{'':32}{'missing':>8}{'filled':>8}{'right':>8}")
    for missing, name, filled, of, right in sorted(asked, key=lambda one: (-one[0], one[1])):
        if of:
            click.echo(f"{name:32}{missing:>8,}{_percent(share(filled, of)):>8}{_percent(share(right, filled)):>8}")
