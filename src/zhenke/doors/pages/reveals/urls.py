"""Address of whole contacts shown today."""

from django.urls import path

from zhenke.doors.pages.reveals import views

urlpatterns = [
    path("reveals/", views.reveals_page, name="reveals"),
]
