"""Addresses of membership."""

from django.urls import path

from zhenke.doors.pages.membership import by_hand, card, hand_over, redeem, rewards, rules, views

_HER = "customers/<int:customer_id>/"

urlpatterns = [
    path("membership/", views.membership_page, name="membership"),
    path("membership/rules/", rules.rules_page, name="programme_rules"),
    path("membership/rules/preview/", rules.rules_preview, name="programme_preview"),
    path("membership/rules/publish/", rules.rules_publish, name="programme_publish"),
    path("membership/rules/versions/<int:version>/roll-back/", rules.rules_roll_back, name="programme_roll_back"),
    path("membership/rewards/", rewards.rewards_page, name="rewards"),
    path("membership/rewards/new/", rewards.reward_new, name="reward_new"),
    path("membership/rewards/<int:reward_id>/", rewards.reward_page, name="reward"),
    path("membership/rewards/<int:reward_id>/end/", rewards.reward_end, name="reward_end"),
    path("membership/rewards/<int:reward_id>/offers/", rewards.reward_offer, name="reward_offer"),
    path(
        "membership/rewards/<int:reward_id>/offers/<int:offer_id>/end/",
        rewards.reward_offer_end,
        name="reward_offer_end",
    ),
    path("membership/waiting/", by_hand.waiting_points, name="points_waiting"),
    path("membership/waiting/<int:proposal_id>/", by_hand.points_decide, name="points_decide"),
    path("membership/hand-over/", hand_over.hand_over, name="hand_over"),
    path(f"{_HER}rewards/", redeem.member_rewards, name="customer_rewards"),
    path(f"{_HER}coupons/give/", redeem.coupon_give, name="coupon_give"),
    path(f"{_HER}rewards/redeem/", redeem.reward_redeem, name="reward_redeem"),
    path(f"{_HER}rewards/<int:redemption_id>/code/", redeem.redemption_code, name="redemption_code"),
    path(f"{_HER}rewards/<int:redemption_id>/cancel/", redeem.redemption_cancel, name="redemption_cancel"),
    path(f"{_HER}points/", by_hand.member_points, name="customer_points"),
    path(f"{_HER}membership/", card.member_part, name="customer_membership"),
    path(f"{_HER}membership/given/", card.right_given, name="customer_right"),
    path(f"{_HER}membership/given/<int:right_use_id>/undo/", card.right_undo, name="customer_right_undo"),
]
