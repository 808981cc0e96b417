"""The whole demo shop, put together."""

from __future__ import annotations

from datetime import date, timedelta
from operator import attrgetter

from .catalogue import catalogue
from .gold import metal_prices
from .lives import WINDOW_DAYS
from .people import customers as archive
from .places import SHOPS, STAFF
from .purchases import history
from .rows import DemoShop
from .visits import contacts_with


def make_demo_shop(seed: int = 20260, *, today: date, customers: int = 3000) -> DemoShop:
    """Return the demo shop as plain rows: three years that end on the day before `today`.

    Units:  fen, mg, ‰ as each row says.
    Twice:  the same seed, day and number of customers give equal rows on every machine; with another number of
            customers the rows of those in both stay as they are.
    """
    histories = [history(seed, today, number) for number in range(1, customers + 1)]
    return DemoShop(
        seed=seed,
        today=today,
        shops=SHOPS,
        staff=STAFF,
        styles=catalogue(),
        metal_prices=tuple(metal_prices(first=today - timedelta(days=WINDOW_DAYS), last=today)),
        customers=tuple(archive(seed, today=today, count=customers)),
        sales=tuple(sorted((sale for one in histories for sale in one.sales), key=attrgetter("sold_at", "receipt_no"))),
        returns=tuple(
            sorted((back for one in histories for back in one.returns), key=attrgetter("returned_at", "return_no"))
        ),
        interactions=tuple(
            sorted(
                (row for number in range(1, customers + 1) for row in contacts_with(seed, today, number)),
                key=attrgetter("happened_at", "customer_no"),
            )
        ),
    )
