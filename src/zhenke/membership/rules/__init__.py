"""Pure rules of membership."""

from zhenke.membership.rules.ledger import (
    BalanceTooLow,
    Cause,
    CauseReused,
    MovementUnknown,
    PointsWrong,
)

__all__ = ["BalanceTooLow", "Cause", "CauseReused", "MovementUnknown", "PointsWrong"]
