"""Tables of membership: the programme, and the ledger of its points."""

from zhenke.membership.models.ledger import PointsAccount, PointsEntry, PointsLeg, PointsLot
from zhenke.membership.models.programme import Programme

__all__ = ["PointsAccount", "PointsEntry", "PointsLeg", "PointsLot", "Programme"]
