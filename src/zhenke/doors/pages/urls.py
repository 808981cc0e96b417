"""Addresses of the staff desk: each screen's folder lists its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zhenke.doors.pages.today.urls")),
    path("", include("zhenke.doors.pages.reception.urls")),
    path("", include("zhenke.doors.pages.new_customer.urls")),
    path("", include("zhenke.doors.pages.duplicates.urls")),
    path("", include("zhenke.doors.pages.customers.urls")),
    path("", include("zhenke.doors.pages.profile.urls")),
    path("", include("zhenke.doors.pages.notes.urls")),
    path("", include("zhenke.doors.pages.rights.urls")),
    path("", include("zhenke.doors.pages.importance.urls")),
    path("", include("zhenke.doors.pages.join.urls")),
    path("", include("zhenke.doors.pages.pieces.urls")),
    path("", include("zhenke.doors.pages.counter_sale.urls")),
    path("", include("zhenke.doors.pages.grading.urls")),
    path("", include("zhenke.doors.pages.imports.urls")),
    path("", include("zhenke.doors.pages.exports.urls")),
    path("", include("zhenke.doors.pages.membership.urls")),
    path("", include("zhenke.doors.pages.messages.urls")),
    path("", include("zhenke.doors.pages.board.urls")),
    path("", include("zhenke.doors.pages.records.urls")),
    path("", include("zhenke.doors.pages.reveals.urls")),
    path("", include("zhenke.doors.pages.permits.urls")),
    path("", include("zhenke.doors.pages.settings.urls")),
    path("", include("zhenke.doors.pages.me.urls")),
]
