"""What the board is asked for: a node of the tree and a span of days, as chips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.basics.errors import NotFound
from zhenke.staff.models import Shop

SPANS: dict[str, Promise] = {
    "month": gettext_lazy("This month"),
    "quarter": gettext_lazy("Last 3 months"),
    "year": gettext_lazy("This year"),
    "twelve": gettext_lazy("Last 12 months"),
}
DEFAULT_SPAN = "twelve"


@dataclass(frozen=True, slots=True)
class Asked:
    """A node (None: all that the viewer sees) and the first and last day."""

    shop: Shop | None
    span: str
    since: date
    until: date


def asked_for(given: Mapping[str, str], *, shops: list[Shop], today: date) -> Asked:
    """Return what the address asks for.

    Errors: NotFound for a node that is not among the viewer's.
    """
    span = given.get("span", "")
    span = span if span in SPANS else DEFAULT_SPAN
    wanted = given.get("shop", "")
    found = next((shop for shop in shops if str(shop.pk) == wanted), None)
    if wanted and found is None:
        raise NotFound(kind="shop")
    return Asked(found, span, _first_day(span, today), today)


def _first_day(span: str, today: date) -> date:
    first = today.replace(day=1)
    if span == "month":
        return first
    if span == "year":
        return first.replace(month=1)
    months = 2 if span == "quarter" else 11
    for _step in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def chips_for(asked: Asked, shops: list[Shop], brand: str) -> dict[str, list[dict[str, object]]]:
    """Return the chips of spans, and of nodes where there is more than one to choose from."""
    shop = str(asked.shop.pk) if asked.shop else ""
    spans = [
        {"label": str(word), "url": _address(shop, span), "is_on": span == asked.span} for span, word in SPANS.items()
    ]
    below = [one for one in shops if one.kind != Shop.Kind.BRAND]
    nodes = below if len([one for one in below if one.kind == Shop.Kind.SHOP]) > 1 else []
    every = [{"label": _("All shops"), "url": _address("", asked.span), "is_on": asked.shop is None}] if nodes else []
    named = [
        {"label": short_name(one.name, brand), "url": _address(str(one.pk), asked.span), "is_on": one == asked.shop}
        for one in nodes
    ]
    return {"spans": spans, "nodes": every + named}


def _address(shop: str, span: str) -> str:
    named = {name: value for name, value in (("shop", shop), ("span", span if span != DEFAULT_SPAN else "")) if value}
    return f"?{urlencode(named)}" if named else "?"


def short_name(name: str, brand: str) -> str:
    """Return a shop's name without the brand in front of it; any other words of it are the shop's own."""
    return name.removeprefix(f"{brand} ") or name
