"""Writes of the membership room."""

from zhenke.membership.operations.accounts import MAIN, open_programme
from zhenke.membership.operations.adjusting import Adjusted, adjust, decide_adjustment
from zhenke.membership.operations.checking import check_balances
from zhenke.membership.operations.earning import earn
from zhenke.membership.operations.nights import NightMoves, activate_due, expire_due
from zhenke.membership.operations.reversing import reverse_earned
from zhenke.membership.operations.spending import cancel_spend, spend
from zhenke.membership.operations.writing import Movement

__all__ = [
    "MAIN",
    "Adjusted",
    "Movement",
    "NightMoves",
    "activate_due",
    "adjust",
    "cancel_spend",
    "check_balances",
    "decide_adjustment",
    "earn",
    "expire_due",
    "open_programme",
    "reverse_earned",
    "spend",
]
