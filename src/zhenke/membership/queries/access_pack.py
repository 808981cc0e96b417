"""What the house knows of a customer's points, for her own copy."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhenke.customers.models import Customer
from zhenke.membership.queries.balances import balance_of, lots_of, points_history
from zhenke.staff import SYSTEM

Row = dict[str, Any]
_PAGE = 500


def points_told(*, customer: Customer, today: date) -> dict[str, list[Row]]:
    """Return what a customer may spend, what waits, what she owes, when it ends, and how all of it came about.

    Shape:  rows of plain values: one of the balance (none when she never had points), the lots, the movements from the
            oldest on.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    balance = balance_of(viewer=SYSTEM, customer=customer, on_date=today)
    history: list[Row] = []
    before: int | None = None
    while page := points_history(viewer=SYSTEM, customer=customer, before=before, size=_PAGE):
        before = page[-1].entry_id
        history += [
            {
                "what": "movement",
                "on_date": line.on_date,
                "kind": line.kind,
                "points": line.points,
                "spendable": line.member,
                "pending": line.pending,
                "owed": -line.debt,
            }
            for line in page
        ]
    if not history:
        return {"points": []}
    lots = lots_of(viewer=SYSTEM, customer=customer, on_date=today)
    return {
        "points": [
            {
                "what": "balance",
                "on_date": today,
                "spendable": balance.spendable,
                "pending": balance.pending,
                "owed": balance.owed,
            },
            *({"what": "lot", "points": lot.left, "until": lot.expires_on_date} for lot in lots),
            *reversed(history),
        ]
    }
