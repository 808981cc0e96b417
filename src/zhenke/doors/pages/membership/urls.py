"""Addresses of membership."""

from django.urls import path

from zhenke.doors.pages.membership import card, rules, views

_HER = "customers/<int:customer_id>/"

urlpatterns = [
    path("membership/", views.membership_page, name="membership"),
    path("membership/rules/", rules.rules_page, name="programme_rules"),
    path("membership/rules/preview/", rules.rules_preview, name="programme_preview"),
    path("membership/rules/publish/", rules.rules_publish, name="programme_publish"),
    path("membership/rules/versions/<int:version>/roll-back/", rules.rules_roll_back, name="programme_roll_back"),
    path(f"{_HER}membership/", card.member_part, name="customer_membership"),
    path(f"{_HER}membership/given/", card.right_given, name="customer_right"),
    path(f"{_HER}membership/given/<int:right_use_id>/undo/", card.right_undo, name="customer_right_undo"),
]
