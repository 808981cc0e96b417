"""Wiring: which door answers which address."""

from django.urls import include, path

from zhenke.doors.api import urls as api
from zhenke.doors.api.sms_hook import sms_hook

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("api/hooks/sms/<str:told>/", sms_hook, name="sms_hook"),
    path("api/v1/", include((api.urlpatterns, api.app_name), namespace=api.namespace)),
    path("", include("zhenke.doors.pages.urls")),
]

handler404 = "zhenke.doors.walls.not_found"
