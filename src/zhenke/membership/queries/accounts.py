"""Whose accounts there are and what lies in them, asked in plain SQL: every movement of points begins here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhenke.membership.rules.ledger import Held, Lot, Place


@dataclass(frozen=True, slots=True)
class Accounts:
    """A customer's three accounts in one programme, with the programme's two."""

    customer: int
    programme: int
    keys: dict[Place, int]

    @property
    def hers(self) -> tuple[int, int, int]:
        """The keys of her own three."""
        return self.keys[Place.MEMBER], self.keys[Place.PENDING], self.keys[Place.DEBT]


HERS_SQL = """
SELECT a.id, a.kind, a.customer_id, a.programme_id,
  (SELECT h.id FROM membership_pointsaccount h WHERE h.programme_id = a.programme_id AND h.kind = 'programme'),
  (SELECT h.id FROM membership_pointsaccount h WHERE h.programme_id = a.programme_id AND h.kind = 'expired')
FROM membership_pointsaccount a
WHERE a.customer_id = %s AND a.programme_id = (SELECT p.id FROM membership_programme p WHERE p.key = %s)
ORDER BY a.id
"""
_FOLD_SQL = """
SELECT f.account_id, f.lot_id, f.points_left, t.active_on_date, t.expires_on_date
FROM (
  SELECT account_id, lot_id, CAST(SUM(points) AS BIGINT) AS points_left FROM membership_pointsleg
  WHERE account_id IN (%s, %s, %s) GROUP BY account_id, lot_id HAVING SUM(points) <> 0
) f LEFT JOIN membership_pointslot t ON t.id = f.lot_id
"""


def accounts_in(rows: Iterable[tuple[Any, ...]]) -> Accounts | None:
    """Return the accounts that `HERS_SQL` found, None if it found none."""
    found = list(rows)
    if not found:
        return None
    keys = {Place(kind): key for key, kind, *_ in found}
    _, _, customer, programme, source, ended = found[0]
    return Accounts(customer, programme, {**keys, Place.PROGRAMME: source, Place.EXPIRED: ended})


def accounts_of(cursor: Any, *, customer_id: int, programme: str) -> Accounts | None:
    """Return a customer's accounts, None while she has none.

    Shape:  one SQL query.
    """
    cursor.execute(HERS_SQL, [customer_id, programme])
    return accounts_in(cursor.fetchall())


def held_in(cursor: Any, accounts: Accounts) -> Held:
    """Return what lies in a customer's accounts: the sum of their legs, lot by lot.

    Shape:  one SQL query, answered from the index of legs and the keys of lots.
    """
    cursor.execute(_FOLD_SQL, accounts.hers)
    member: list[Lot] = []
    pending: list[Lot] = []
    owed = 0
    for account, lot, left, active, ends in cursor.fetchall():
        if lot is None:
            owed -= int(left)
        else:
            lots = member if account == accounts.keys[Place.MEMBER] else pending
            lots.append(Lot(lot, int(left), as_day(active), as_day(ends)))
    return Held(tuple(member), tuple(pending), owed)


def as_day(value: date | str) -> date:
    """Return a day as the database's own layer gives it: SQLite keeps it as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def standing_accounts(cursor: Any, keys: Collection[int]) -> int | None:
    """Return whose accounts stand today for some that may have been merged away, None when nobody's do.

    Shape:  the key of a customer; one SQL query for each merge on the way.
    """
    for key in keys:
        account: int | None = key
        while account is not None:
            cursor.execute("SELECT customer_id, merged_into_id FROM membership_pointsaccount WHERE id = %s", [account])
            row = cursor.fetchone()
            if row is None:
                break
            if row[0] is not None:
                return int(row[0])
            account = row[1]
    return None
