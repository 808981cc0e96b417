"""Tables of membership: the programme, the ledger of its points, and adjustments that wait for a second person."""

from zhenke.membership.models.adjusting import PointsProposal
from zhenke.membership.models.ledger import PointsAccount, PointsEntry, PointsLeg, PointsLot
from zhenke.membership.models.programme import PointsNight, Programme

__all__ = [
    "PointsAccount",
    "PointsEntry",
    "PointsLeg",
    "PointsLot",
    "PointsNight",
    "PointsProposal",
    "Programme",
]
