"""Addresses of the self sign-up: the advisor's sheet, and the page that whoever has the link sees."""

from django.urls import path

from zhenke.doors.pages.join import views

urlpatterns = [
    path("customers/new/link/", views.link, name="sign_up_link"),
    path("join/<str:token>/", views.join, name="join"),
]
