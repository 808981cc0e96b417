"""Households of the demo shop: couples, parents and children, and the gifts that they give each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from zhenke.customers.operations import add_link
from zhenke.customers.queries import customer_for
from zhenke.doors.demo.load import OpenedShop
from zhenke.doors.demo.rows import CustomerRow, SaleRow
from zhenke.journeys.name_recipient import name_recipient
from zhenke.sales.queries.receipts import sale_with_key
from zhenke.staff import SYSTEM

_FOR_THE_SPOUSE = ("wife", "husband", "fiancee", "girlfriend")
MOST_PARENTS = 24
MOST_GIFTS = 60
STILL_SECRET = 2
_SECRET_DAYS = (9, 16)
_JOBS = ("行政主管", "采购经理", "总经理助理", "人事经理", "财务")


def join_households(*, opened: OpenedShop, now: datetime) -> None:
    """Link couples, parents and children, and say of gifts within a couple for whom they were.

    The newest two of the demo's own advisor are still a secret.
    """
    for one, other, kind in (*_couples(opened), *_parents(opened)):
        pair = [customer_for(viewer=SYSTEM, id=opened.customers[number]) for number in (one, other)]
        add_link(customer=pair[0], other=pair[1], kind=kind, by=SYSTEM, now=now)
    for house, person, job in _contacts(opened):
        pair = [customer_for(viewer=SYSTEM, id=opened.customers[number]) for number in (house, person)]
        add_link(customer=pair[0], other=pair[1], kind="company_contact", job=job, by=SYSTEM, now=now)
    gifts = sorted(_gifts(opened), key=lambda gift: gift[0].sold_at, reverse=True)
    hers = [gift[0].receipt_no for gift in gifts if gift[0].advisor == "mei"]
    secret = dict(zip(hers[:STILL_SECRET], _SECRET_DAYS, strict=False))
    chosen = [gift for gift in gifts if gift[0].receipt_no in secret] + gifts[:MOST_GIFTS]
    for row, recipient in chosen:
        sale = sale_with_key(viewer=SYSTEM, source_key=f"demo:{row.receipt_no}")
        if sale is None:
            continue
        days = secret.get(row.receipt_no)
        name_recipient(
            sale=sale,
            line_ids=[line.pk for line in sale.lines.all() if line.is_gift],
            recipient=customer_for(viewer=SYSTEM, id=opened.customers[recipient]),
            secret_until_date=opened.today + timedelta(days=days) if days else sale.sold_date,
            by=SYSTEM,
            now=now,
        )


def _contacts(opened: OpenedShop) -> Iterator[tuple[str, str, str]]:
    """Yield (organisation, person, job): one or two people of the same shop and advisor for each organisation."""
    free: dict[tuple[str, str], list[str]] = {}
    for row in opened.rows.customers:
        if row.kind == "person" and not row.links:
            free.setdefault((row.shop_code, row.advisor), []).append(row.customer_no)
    for number, row in enumerate(one for one in opened.rows.customers if one.kind != "person"):
        people = free.get((row.shop_code, row.advisor), [])
        for place in range(min(1 + number % 2, len(people))):
            yield row.customer_no, people.pop(), _JOBS[(number + place) % len(_JOBS)]


def _couples(opened: OpenedShop) -> Iterator[tuple[str, str, str]]:
    for row in opened.rows.customers:
        for link in row.links:
            if link.kind == "spouse" and row.customer_no < link.customer_no:
                yield row.customer_no, link.customer_no, "spouse"


def _parents(opened: OpenedShop) -> Iterator[tuple[str, str, str]]:
    """Yield (parent, child, "child") for people of one surname, shop and advisor who could be a generation apart."""
    taken: set[str] = set()
    found = 0
    families: dict[tuple[str, str, str], list[tuple[int, CustomerRow]]] = {}
    for row in opened.rows.customers:
        born = _born(row)
        if row.kind == "person" and born and row.language != "en":
            families.setdefault((row.name[:1], row.shop_code, row.advisor), []).append((born, row))
    for _, people in sorted(families.items()):
        for born, child in people:
            parent = next(
                (
                    one
                    for year, one in people
                    if 23 <= born - year <= 34 and not {one.customer_no, child.customer_no} & taken
                ),
                None,
            )
            if parent is None:
                continue
            taken |= {parent.customer_no, child.customer_no}
            yield parent.customer_no, child.customer_no, "child"
            found += 1
            if found == MOST_PARENTS:
                return


def _born(row: CustomerRow) -> int | None:
    return next((one.year for one in row.dates if (one.kind, one.whose) == ("birthday", "self") and one.year), None)


def _gifts(opened: OpenedShop) -> Iterator[tuple[SaleRow, str]]:
    """Yield each receipt with a gift within a couple, and whom it is for."""
    spouses = {one: other for one, other, _ in _couples(opened)}
    spouses |= {other: one for one, other in spouses.items()}
    for sale in opened.rows.sales:
        recipient = spouses.get(sale.customer_no)
        if recipient and any(line.recipient in _FOR_THE_SPOUSE for line in sale.lines):
            yield sale, recipient
