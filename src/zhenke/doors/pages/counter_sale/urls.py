"""Addresses of sales at the counter."""

from django.urls import path

from zhenke.doors.pages.counter_sale import receipt, recipient, views

urlpatterns = [
    path("sales/new/", views.counter_sale, name="counter_sale"),
    path("sales/new/buyers/", views.buyers, name="sale_buyers"),
    path("sales/new/styles/", views.styles, name="sale_styles"),
    path("sales/new/recipient/", recipient.recipient, name="sale_recipient"),
    path("sales/new/line/", views.line, name="sale_line"),
    path("sales/<int:sale_id>/", receipt.sale_page, name="sale"),
    path("sales/<int:sale_id>/gift/", recipient.sale_gift, name="sale_gift"),
    path("sales/<int:sale_id>/return/", receipt.take_back, name="sale_return"),
]
