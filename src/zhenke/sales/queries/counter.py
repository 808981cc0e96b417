"""What a slip means by its shop, its advisor and the sale that pieces come back from."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Sum

from zhenke.basics.errors import NotFound
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries.receipts import dressed, receipts_within
from zhenke.sales.rules import BadSlip
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.queries import Viewer, below, shops_within, staff_within
from zhenke.staff.rules import Role, SystemViewer

_SELLERS = (Role.ADVISOR, Role.SHOP_MANAGER)


def counter_of(*, viewer: Viewer, shop: str, advisor: str) -> tuple[Shop, StaffMember | None]:
    """Return the shop of that code and the advisor of that user name; empty means those of the viewer.

    Shape:  no SQL query when both are the viewer's own. Without a name only people who sell are an advisor.
    Errors: BadSlip `shop_unknown`, also for a node that is no shop; BadSlip `advisor_unknown`.
    Sees:   shops and people as `staff.queries.shops_within` and `staff_within`.
    """
    person = None if isinstance(viewer, SystemViewer) else viewer
    if person is not None and shop in ("", person.shop.code):
        place: Shop | None = person.shop
    else:
        place = shops_within(viewer=viewer).filter(code=shop).first()
    if place is None or place.kind != Shop.Kind.SHOP:
        raise BadSlip("shop_unknown", shop=shop or (person.shop.code if person else ""))
    if person is not None and (advisor == person.username or (not advisor and person.role in _SELLERS)):
        return place, person
    seller = staff_within(viewer=viewer).filter(username=advisor).first() if advisor else None
    if advisor and seller is None:
        raise BadSlip("advisor_unknown", advisor=advisor)
    return place, seller


def bought_sale(*, viewer: Viewer, sale: int | str, shop: Shop) -> Sale:
    """Return the sale that pieces come back from, with customer, shop, advisor and lines.

    A key of ours (int) must be in the viewer's sight. A receipt's own key (text) finds it in every shop of the brand of
    `shop`: whoever holds the receipt stands at the counter, and a chain takes back what any of its shops sold.

    Errors: NotFound if there is none.
    Sees:   see above.
    """
    if isinstance(sale, int):
        rows = receipts_within(viewer=viewer).filter(pk=sale)
    else:
        rows = Sale.objects.filter(below(shop.path.split("/", 1)[0] + "/", "shop__path"), source_key=sale)
    found = dressed(rows).select_related("customer__shop", "customer__owner").first()
    if found is None:
        raise NotFound(kind="sale")
    return found


def is_wholly_back(*, viewer: Viewer, sale: Sale) -> bool:
    """Return whether every piece of a sale came back, so that it is no purchase any more (README.md, "Purchase").

    Sees:   as `receipts_within`; False for others.
    """
    rows = receipts_within(viewer=viewer).filter(pk=sale.pk, lines__returned_line=None)
    lines = list(rows.annotate(back=Sum("lines__returned_by__quantity")).values_list("lines__quantity", "back"))
    return bool(lines) and all(back is not None and -back >= quantity for quantity, back in lines)


def bought_lines_of(*, sale: Sale) -> list[SaleLine]:
    """Return the lines of a sale with their styles, in the order of the receipt; one SQL query.

    Sees:   whoever was given the receipt by `sale_for`.
    """
    return list(SaleLine.objects.filter(sale=sale).select_related("style").order_by("pk"))


def sales_of_lines(*, line_ids: Collection[int]) -> dict[int, int]:
    """Return the key of each line's receipt, by the line's key; one SQL query for 10,000 lines.

    Sees:   no viewer: keys in, keys out.
    """
    keys = list(line_ids)
    found: dict[int, int] = {}
    for start in range(0, len(keys), 10_000):
        rows = SaleLine.objects.filter(pk__in=keys[start : start + 10_000]).order_by()
        found |= dict(rows.values_list("pk", "sale_id"))
    return found


def lines_back(*, sale: Sale) -> dict[int, int]:
    """Return how many pieces of each line of a sale came back, by the line's key; lines that wholly stay are left out.

    Sees:   whoever was given the receipt by `sale_for`.
    """
    rows = SaleLine.objects.filter(returned_line__sale=sale).order_by().values_list("returned_line")
    return {line: -quantity for line, quantity in rows.annotate(quantity=Sum("quantity"))}
