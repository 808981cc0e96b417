"""Addresses of Today."""

from django.urls import path

from zhenke.doors.pages.today import views

urlpatterns = [
    path("", views.today_page, name="today"),
    path("tasks/<int:task_id>/done/", views.task_done, name="task_done"),
    path("tasks/<int:task_id>/undo/", views.task_undo, name="task_undo"),
    path("tasks/<int:task_id>/more/", views.task_more, name="task_more"),
    path("tasks/<int:task_id>/snooze/", views.task_snooze, name="task_snooze"),
    path("tasks/<int:task_id>/give/", views.task_give, name="task_give"),
]
