"""Reads of the membership room."""

from zhenke.membership.queries.balances import HistoryLine, PointsBalance, balance_of, lots_of, points_history

__all__ = ["HistoryLine", "PointsBalance", "balance_of", "lots_of", "points_history"]
