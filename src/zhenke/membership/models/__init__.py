"""Tables of membership: the programme with its rules, the ledger of its points, tiers and rights, rewards."""

from zhenke.membership.models.adjusting import PointsProposal
from zhenke.membership.models.coupons import Coupon, CouponKind, CouponUse
from zhenke.membership.models.ledger import PointsAccount, PointsEntry, PointsLeg, PointsLot
from zhenke.membership.models.programme import PointsNight, Programme
from zhenke.membership.models.rewards import Redemption, Reward, RewardOffer
from zhenke.membership.models.rules import EarnedLine, ProgrammeRules
from zhenke.membership.models.tiers import Membership, RightUse, TierChange

__all__ = [
    "Coupon",
    "CouponKind",
    "CouponUse",
    "EarnedLine",
    "Membership",
    "PointsAccount",
    "PointsEntry",
    "PointsLeg",
    "PointsLot",
    "PointsNight",
    "PointsProposal",
    "Programme",
    "ProgrammeRules",
    "Redemption",
    "Reward",
    "RewardOffer",
    "RightUse",
    "TierChange",
]
