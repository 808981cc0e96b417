"""Writes of the membership room."""

from zhenke.membership.operations.accounts import MAIN, open_programme
from zhenke.membership.operations.earning import earn
from zhenke.membership.operations.nights import NightMoves, activate_due, expire_due
from zhenke.membership.operations.reversing import reverse_earned
from zhenke.membership.operations.spending import cancel_spend, spend
from zhenke.membership.operations.writing import Movement

__all__ = [
    "MAIN",
    "Movement",
    "NightMoves",
    "activate_due",
    "cancel_spend",
    "earn",
    "expire_due",
    "open_programme",
    "reverse_earned",
    "spend",
]
