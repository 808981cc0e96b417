"""Random histories of purchases for tests: sales, unlinked and partial returns, exchanges, unknown costs, gifts.

Written straight into the tables, because imports may bring shapes that the counter cannot make (pieces 0, no link).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.cast import NOW

from zhenke.customers.models import Customer
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.rules import PurchaseSummary, window_start
from zhenke.staff.models import Shop

AS_OF = date(2026, 11, 22)


@dataclass
class History:
    """Everything that was written, in order."""

    sales: list[Sale]
    lines: list[SaleLine]


def write_history(
    customers: list[Customer | None], *, shop: Shop, seed: int, size: int = 30, owned: random.Random | None = None
) -> History:
    """Write `size` receipts of these customers and return them."""
    rng = owned or random.Random(seed)
    history = History([], [])
    for number in range(size):
        customer = rng.choice(customers)
        day = AS_OF - timedelta(days=rng.choice((0, 1, 30, 400, 1094, 1095, 1096, 1097, 2000, -5)))
        sale = Sale(
            source_key=f"{seed}-{number}",
            customer=customer,
            shop=shop,
            sold_at=NOW,
            sold_date=day,
            amount_minor=0,
            created_at=NOW,
        )
        open_lines = _open_lines(history, customer)
        turn = rng.random()
        if turn < 0.3 and open_lines:
            sale.kind = rng.choice(["return", "exchange"])
            sale.returns = open_lines[0].sale
        elif turn < 0.35:
            sale.kind = "return"
        lines = _lines(rng, sale, history, open_lines)
        costs = [line.cost_minor for line in lines]
        sale.amount_minor = sum(line.amount_minor for line in lines)
        sale.cost_minor = None if None in costs else sum(costs)
        sale.line_count = len(lines)
        history.sales.append(sale)
        history.lines.extend(lines)
    Sale.objects.bulk_create(history.sales)
    SaleLine.objects.bulk_create(history.lines)
    return history


def _lines(rng: random.Random, sale: Sale, history: History, open_lines: list[SaleLine]) -> list[SaleLine]:
    lines = []
    if sale.returns is not None:
        for line in rng.sample(open_lines, rng.randint(1, min(3, len(open_lines)))):
            left = line.quantity + _back(history, line)
            lines.append(_line(sale, len(lines), -rng.randint(1, left), -rng.randint(0, 5) * 1000, rng, line))
        if sale.kind == "return":
            return lines
    if sale.kind == "return":
        return [_line(sale, 0, -1, -rng.randint(1, 9) * 1000, rng)]
    for _ in range(rng.randint(1, 3)):
        lines.append(_line(sale, len(lines), rng.choice((0, 1, 1, 1, 2, 3)), rng.randint(0, 9) * 1000, rng))
    return lines


def _line(
    sale: Sale, position: int, quantity: int, amount: int, rng: random.Random, returned: SaleLine | None = None
) -> SaleLine:
    known = rng.random() < 0.8 if returned is None else returned.cost_minor is not None
    return SaleLine(
        sale=sale,
        line_key=str(position),
        quantity=quantity,
        amount_minor=amount,
        cost_minor=amount * 6 // 10 if known else None,
        returned_line=returned,
    )


def _back(history: History, line: SaleLine) -> int:
    return sum(other.quantity for other in history.lines if other.returned_line is line)


def _open_lines(history: History, customer: Customer | None) -> list[SaleLine]:
    return [
        line
        for line in history.lines
        if line.sale.customer == customer
        and line.returned_line is None
        and line.quantity > 0
        and line.quantity + _back(history, line) > 0
    ]


@dataclass
class Net:
    """What is left of one receipt, by the words of sales/README.md."""

    amount: int
    cost: int | None
    counts: bool


def net_of(history: History, sale: Sale) -> Net:
    """Fold one receipt by hand."""
    own = [line for line in history.lines if line.sale is sale and line.returned_line is None]
    back = [line for line in history.lines if line.returned_line in own]
    brought = [line for line in history.lines if line.sale is sale and line.returned_line is not None]
    costs = [line.cost_minor for line in [*own, *back]]
    unknown = None in costs or any(line.cost_minor is None for line in brought)
    kept = [line for line in own if not (gone := [b for b in back if b.returned_line is line]) or _left(line, gone) > 0]
    return Net(
        amount=sum(line.amount_minor for line in [*own, *back]),
        cost=None if unknown else sum(cost for cost in costs if cost is not None),
        counts=sale.kind != "return" and bool(kept),
    )


def _left(line: SaleLine, gone: list[SaleLine]) -> int:
    return line.quantity + sum(other.quantity for other in gone)


def summary_by_hand(history: History, customer: Customer, *, as_of: date = AS_OF, months: int = 36) -> PurchaseSummary:
    """Fold one customer's receipts by hand."""
    own = [sale for sale in history.sales if sale.customer == customer and sale.sold_date <= as_of]
    nets = {sale.pk: net_of(history, sale) for sale in own}
    inside = [sale for sale in own if sale.sold_date >= window_start(as_of, months)]
    days = [sale.sold_date for sale in own if nets[sale.pk].counts]
    known = [nets[sale.pk] for sale in inside if nets[sale.pk].cost is not None]
    return PurchaseSummary(
        last_bought_date=max(days, default=None),
        first_bought_date=min(days, default=None),
        frequency=sum(nets[sale.pk].counts for sale in inside),
        amount_minor=sum(nets[sale.pk].amount for sale in inside),
        cost_known_amount_minor=sum(net.amount for net in known),
        margin_minor=sum(net.amount - (net.cost or 0) for net in known) if known else None,
        lifetime_frequency=len(days),
        lifetime_minor=sum(net.amount for net in nets.values()),
        only_sale_id=next(sale.pk for sale in own if nets[sale.pk].counts) if len(days) == 1 else None,
    )
