"""What one movement says, for operations that answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zhenke.membership.queries.accounts import Accounts
from zhenke.membership.rules.ledger import Leg, Place


@dataclass(frozen=True, slots=True)
class LegsBetween:
    """The legs of a movement between two customers, with the accounts they stand on and whose those are today."""

    programme: str
    legs: tuple[tuple[int, Place, int | None, int], ...]  # account, place, lot, points
    owners: dict[int, int | None]

    def other_than(self, accounts: Accounts) -> int:
        """Return the customer of the other side, 0 if it is nobody's today."""
        mine = set(accounts.hers)
        others = {owner for account, owner in self.owners.items() if account not in mine and owner is not None}
        return min(others, default=0)

    def sides(self, accounts: Accounts) -> tuple[Leg, ...]:
        """Return the legs as rules know them: side 0 is who has these accounts."""
        mine = set(accounts.hers)
        return tuple(
            Leg(place, points, lot, side=0 if account in mine else 1) for account, place, lot, points in self.legs
        )


def legs_between(cursor: Any, *, entry: int) -> LegsBetween:
    """Return the legs of a merge. Shape: one SQL query."""
    cursor.execute(
        "SELECT p.key, l.account_id, a.kind, l.lot_id, l.points, a.customer_id FROM membership_pointsleg l "
        "JOIN membership_pointsaccount a ON a.id = l.account_id JOIN membership_programme p ON p.id = a.programme_id "
        "WHERE l.entry_id = %s ORDER BY l.id",
        [entry],
    )
    rows = cursor.fetchall()
    legs = tuple((account, Place(kind), lot, points) for _, account, kind, lot, points, _ in rows)
    return LegsBetween(rows[0][0], legs, {account: owner for _, account, _, _, _, owner in rows})


def programmes_of(cursor: Any, *, customer_id: int) -> list[str]:
    """Return the keys of the programmes in which a customer has accounts, in order."""
    cursor.execute(
        "SELECT DISTINCT p.key FROM membership_pointsaccount a JOIN membership_programme p ON p.id = a.programme_id "
        "WHERE a.customer_id = %s ORDER BY p.key",
        [customer_id],
    )
    return [key for (key,) in cursor.fetchall()]
