"""Address of the shop board."""

from django.urls import path

from zhenke.doors.pages.board import views

urlpatterns = [path("board/", views.board_page, name="board")]
