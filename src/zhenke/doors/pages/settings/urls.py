"""Addresses of settings."""

from django.urls import path

from zhenke.doors.pages.settings import (
    anchors,
    consent_texts,
    fields,
    freshness,
    holds,
    hub,
    people,
    plans,
    programs,
    shops,
    trail,
)

urlpatterns = [
    path("settings/", hub.settings_page, name="settings"),
    path("settings/roles/", hub.settings_roles, name="settings_roles"),
    path("settings/shops/", shops.settings_shops, name="settings_shops"),
    path("settings/shops/new/", shops.settings_shop_new, name="settings_shop_new"),
    path("settings/shops/<int:shop_id>/", shops.settings_shop, name="settings_shop"),
    path("settings/staff/", people.settings_staff, name="settings_staff"),
    path("settings/staff/new/", people.settings_staff_new, name="settings_staff_new"),
    path("settings/staff/<int:staff_id>/", people.settings_staff_member, name="settings_staff_member"),
    path("settings/staff/<int:staff_id>/password/", people.settings_staff_password, name="settings_staff_password"),
    path("settings/staff/<int:staff_id>/leave/", people.settings_staff_leave, name="settings_staff_leave"),
    path("settings/care/", plans.settings_plans, name="settings_plans"),
    path("settings/care/<int:plan_id>/", plans.settings_plan, name="settings_plan"),
    path("settings/fields/", fields.settings_fields, name="settings_fields"),
    path("settings/fields/<int:field_id>/", fields.settings_field, name="settings_field"),
    path("settings/freshness/", freshness.settings_freshness, name="settings_freshness"),
    path(
        "settings/freshness/versions/<int:version>/back/",
        freshness.settings_freshness_back,
        name="settings_freshness_back",
    ),
    path("settings/consent/", consent_texts.settings_consents, name="settings_consents"),
    path("settings/consent/<str:purpose>/", consent_texts.settings_consent, name="settings_consent"),
    path(
        "settings/consent/<str:purpose>/<int:version>/again/",
        consent_texts.settings_consent_again,
        name="settings_consent_again",
    ),
    path("settings/holds/", holds.settings_holds, name="settings_holds"),
    path("settings/holds/<int:hold_id>/lift/", holds.settings_hold_lift, name="settings_hold_lift"),
    path("settings/programs/", programs.settings_programs, name="settings_programs"),
    path("settings/programs/<int:token_id>/revoke/", programs.settings_program_revoke, name="settings_program_revoke"),
    path("settings/programs/<int:token_id>/resume/", programs.settings_program_resume, name="settings_program_resume"),
    path("settings/anchors/", anchors.settings_anchors, name="settings_anchors"),
    path("settings/trail/", trail.settings_trail, name="settings_trail"),
]
