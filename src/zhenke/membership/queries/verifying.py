"""Whether the ledger is whole: every promise of it is asked of every row; planted faults are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from django.db import connection

_GUARDS = import_module("zhenke.membership.migrations.0002_append_only")
_BROKEN_LEGS = (
    "SELECT l.id FROM membership_pointsleg l "
    "LEFT JOIN membership_pointsentry e ON e.id = l.entry_id "
    "LEFT JOIN membership_pointsaccount a ON a.id = l.account_id "
    "LEFT JOIN membership_pointslot t ON t.id = l.lot_id "
)
_BY_ACCOUNT = (
    "SELECT a.id FROM membership_pointsaccount a JOIN "
    "(SELECT account_id, SUM(points) AS points FROM membership_pointsleg GROUP BY account_id) s "
    "ON s.account_id = a.id WHERE "
)
# Each question answers with the keys of rows that are at fault; the code says what of.
QUESTIONS: dict[str, str] = {
    "entry_not_balanced": "SELECT entry_id FROM membership_pointsleg GROUP BY entry_id HAVING SUM(points) <> 0",
    "entry_without_legs": "SELECT e.id FROM membership_pointsentry e WHERE e.kind <> 'check' "
    "AND NOT EXISTS (SELECT 1 FROM membership_pointsleg l WHERE l.entry_id = e.id)",
    "leg_orphaned": _BROKEN_LEGS + "WHERE e.id IS NULL OR a.id IS NULL OR (l.lot_id IS NOT NULL AND t.id IS NULL) "
    "OR a.programme_id <> e.programme_id OR t.programme_id <> e.programme_id",
    "leg_without_lot": _BROKEN_LEGS + "WHERE (a.kind IN ('member', 'pending') AND l.lot_id IS NULL) "
    "OR (a.kind IN ('debt', 'programme', 'expired') AND l.lot_id IS NOT NULL)",
    "account_below_nothing": _BY_ACCOUNT + "a.kind IN ('member', 'pending') AND s.points < 0",
    "debt_above_nothing": _BY_ACCOUNT + "a.kind = 'debt' AND s.points > 0",
    "points_of_nobody": _BY_ACCOUNT
    + "a.kind IN ('member', 'pending', 'debt') AND a.customer_id IS NULL AND s.points <> 0",
    "lot_below_nothing": "SELECT lot_id FROM membership_pointsleg WHERE lot_id IS NOT NULL "
    "GROUP BY lot_id, account_id HAVING SUM(points) < 0",
    "lot_above_what_it_had": "SELECT t.id FROM membership_pointslot t JOIN "
    "(SELECT lot_id, SUM(points) AS points FROM membership_pointsleg WHERE lot_id IS NOT NULL GROUP BY lot_id) s "
    "ON s.lot_id = t.id WHERE s.points > t.points",
    "lot_orphaned": "SELECT t.id FROM membership_pointslot t "
    "LEFT JOIN membership_pointsentry e ON e.id = t.opened_by_id WHERE e.id IS NULL "
    "OR e.kind NOT IN ('earn', 'adjust')",
    "cause_used_twice": "SELECT MAX(id) FROM membership_pointsentry "
    "GROUP BY cause_kind, cause_id, kind, programme_id HAVING COUNT(*) > 1",
}
_CHECKS = (
    "SELECT id, cause_id, checked_points FROM membership_pointsentry WHERE kind = 'check' AND id > %s "
    "ORDER BY id LIMIT %s"
)
_PART = 2_000


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """One place where the ledger is not what it promises: a code, and the key of the row that shows it."""

    code: str
    key: int


def verify_ledger() -> Iterator[LedgerFault]:
    """Yield every fault of the ledger: entries that do not add up, legs or lots that hang in the air, balances below
    nothing outside of debt, lots with less than nothing or more than they had, checks that found another balance, and
    triggers of the database that are missing.

    Shape:  one per fault and row, question by question; nothing when all is well. The database answers each question
            with one walk over a table; only faults come here.
    Sees:   no viewer: only codes and keys leave.
    """
    for code, sql in QUESTIONS.items():
        for key in _keys(sql):
            yield LedgerFault(code, key)
    yield from _wrong_checks()
    for number in _missing_guards():
        yield LedgerFault("guard_missing", number)


def _keys(sql: str) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_PART):
            yield from (int(key) for (key,) in rows)


def _wrong_checks() -> Iterator[LedgerFault]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_CHECKS, [last, _PART])
            checks = cursor.fetchall()
            for key, cause, points in checks:
                account = int(cause.partition(":")[0])
                cursor.execute(
                    "SELECT COALESCE(SUM(points), 0) FROM membership_pointsleg WHERE account_id = %s AND entry_id < %s",
                    [account, key],
                )
                if int(cursor.fetchone()[0]) != points:
                    yield LedgerFault("check_differs", int(key))
        if len(checks) < _PART:
            return
        last = checks[-1][0]


def _missing_guards() -> list[int]:
    """Return the numbers of the triggers that are not there, or (PostgreSQL) are switched off."""
    wanted = [name for name, _, _ in _GUARDS.triggers(connection.vendor)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
    return [number for number, name in enumerate(wanted) if name not in there]
