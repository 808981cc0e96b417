"""Writes: nodes of the tree brand → region → shop."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from zhenke.basics.errors import NotAllowed, RuleBroken
from zhenke.staff.audit import record
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import shop_for
from zhenke.staff.rules import May, checked_currency, checked_hours, checked_time_zone

_MAY_CHANGE = ("name", "city", "time_zone", "currency", "hours", "date_rules", "closed_at")


class ShopCodeTaken(RuleBroken):
    """Another node has this code; facts: `shop_code`."""

    code = "shop_code_taken"
    message = "Another shop already has the code {shop_code}."


class ShopMisplaced(RuleBroken):
    """Brands have no parent, regions stand below brands, and nothing stands below a shop."""

    code = "shop_misplaced"
    message = "A brand stands alone, a region below a brand or region, and a shop below one of these."


def add_shop(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Shop | None,
    by: Viewer,
    now: datetime,
    city: str = "",
    time_zone: str | None = None,
    currency: str | None = None,
    hours: dict[str, list[list[str]]] | None = None,
) -> Shop:
    """Add one node of the tree and return it.

    Units:  `kind` brand, region or shop; `hours` by week day in shop time; zone and currency default to the parent's.
    Errors: NotAllowed without the right to edit settings; NotFound if `parent` is not in sight; ShopMisplaced;
            ShopCodeTaken; BadTimeZone, BadHours, BadCurrency.
    Writes: one Shop and a line of the audit trail.
    Twice:  ShopCodeTaken; nothing is written.
    """
    _must_edit(by)
    if parent is not None:
        shop_for(viewer=by, id=parent.pk)
    if (kind == Shop.Kind.BRAND) != (parent is None) or (parent and parent.kind == Shop.Kind.SHOP):
        raise ShopMisplaced
    above = parent or Shop()
    shop = Shop(
        code=code.strip(),
        name=name.strip(),
        kind=Shop.Kind(kind),
        parent=parent,
        city=city.strip(),
        time_zone=checked_time_zone(time_zone or above.time_zone),
        currency=checked_currency(currency or above.currency),
        hours=checked_hours(hours or {}),
    )
    shop.path = f"{parent.path if parent else ''}{shop.pk}/"
    with transaction.atomic():
        try:
            with transaction.atomic():
                shop.save(force_insert=True)
        except IntegrityError:
            raise ShopCodeTaken(shop_code=shop.code) from None
        record(action="shop.added", by=by, now=now, subject_kind="shop", subject_id=shop.pk, kind=str(kind))
    return shop


@transaction.atomic
def open_house(*, code: str, by: Viewer, now: datetime) -> Shop:
    """Open an empty house: a brand and its first shop, which is returned; both are named after the code until renamed.

    Errors: NotAllowed; ShopCodeTaken.
    Writes: two Shops (the brand's code ends in -BRAND) and two lines of the audit trail.
    Twice:  ShopCodeTaken; nothing is written.
    """
    brand = add_shop(code=f"{code}-BRAND", name=code, kind="brand", parent=None, by=by, now=now)
    return add_shop(code=code, name=code, kind="shop", parent=brand, by=by, now=now)


def change_shop(*, shop: Shop, changes: dict[str, object], by: Viewer, now: datetime) -> Shop:
    """Change plain fields of one node and return it; place and code stay what they are.

    Errors: NotAllowed; NotFound if the node is not in sight; BadTimeZone, BadHours, BadCurrency; KeyError for a field
            that may not change (a fault of our code).
    Writes: the Shop and a line of the audit trail with the names of the fields.
    Twice:  the second call finds nothing to change and writes nothing.
    """
    _must_edit(by)
    unknown = set(changes) - set(_MAY_CHANGE)
    if unknown:
        raise KeyError(f"these fields of a shop may not change: {sorted(unknown)}")
    checks = {"time_zone": checked_time_zone, "currency": checked_currency, "hours": checked_hours}
    wanted = {field: checks[field](value) if field in checks else value for field, value in changes.items()}  # type: ignore[operator]
    with transaction.atomic():
        shop = shop_for(viewer=by, id=shop.pk)
        changed = [field for field, value in wanted.items() if getattr(shop, field) != value]
        if changed:
            for field in changed:
                setattr(shop, field, wanted[field])
            shop.save(update_fields=changed)
            record(action="shop.changed", by=by, now=now, subject_kind="shop", subject_id=shop.pk, fields=changed)
    return shop


def _must_edit(by: Viewer) -> None:
    if not by.may(May.EDIT_SETTINGS):
        raise NotAllowed
