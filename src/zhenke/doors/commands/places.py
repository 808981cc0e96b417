"""Which shop a command means: the one named, the only one there is, or the first one of an empty house."""

from __future__ import annotations

from datetime import datetime

from zhenke.basics.errors import BadInput
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop
from zhenke.staff.operations import open_house
from zhenke.staff.queries import shops_within


def shop_named(code: str) -> Shop:
    """Return the shop, region or brand of a code.

    Errors: BadInput, with the codes that are there.
    """
    nodes = {node.code: node for node in shops_within(viewer=SYSTEM)}
    if code not in nodes:
        raise BadInput("There is no shop {shop_code}; there are {codes}.", shop_code=code, codes=", ".join(nodes))
    return nodes[code]


def shop_or_first(code: str | None, *, now: datetime) -> Shop | None:
    """Return the shop of a code, without one the only shop; an empty house is opened with it; None for one of several.

    Errors: BadInput, with the codes that are there.
    Writes: in an empty house its brand and its first shop.
    """
    nodes = list(shops_within(viewer=SYSTEM))
    if not nodes:
        return open_house(code=code or "MAIN", by=SYSTEM, now=now)
    if code is not None:
        return shop_named(code)
    shops = [node for node in nodes if node.kind == Shop.Kind.SHOP] or nodes
    return shops[0] if len(shops) == 1 else None
