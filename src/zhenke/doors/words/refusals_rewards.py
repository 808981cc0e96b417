"""What rewards refuse, in one translatable sentence for each code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REWARDS: dict[str, Promise] = {
    "coupon_bill_differs": _("The bill less the coupons is not what was paid."),
    "coupon_had_before": _("She has had as many of this coupon as one person may."),
    "coupon_kind_unknown": _("There is no such coupon."),
    "coupon_not_hers": _("The sale is not that of whoever holds the coupon."),
    "coupon_not_open": _("This coupon cannot be claimed today."),
    "coupon_refused": _("This coupon takes nothing off this bill."),
    "coupon_used": _("This coupon was used before."),
    "coupon_wrong": _("The coupon is wrong at {field}: {problem}."),
    "coupons_apart": _("These coupons cannot be used on one bill."),
    "redemption_closed": _("This was handed over or called off before."),
    "redemption_key_reused": _("This key belongs to another redemption."),
    "redemption_late": _("This was put aside until {until_date} and not fetched in time."),
    "redemption_unknown": _("Nothing is put aside under this code, or it is not yours to see."),
    "reward_had_before": _("She has taken this reward as often as one member may."),
    "reward_not_for_tier": _("This reward is for other tiers."),
    "reward_not_offered": _("This reward is not offered today."),
    "reward_sold_out": _("None of this reward is left."),
    "reward_unknown": _("There is no such reward."),
    "reward_wrong": _("The reward is wrong at {field}: {problem}."),
}
