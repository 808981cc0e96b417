"""Addresses of the list of customers and of the search."""

from django.urls import path

from zhenke.doors.pages.customers import bulk, groups, search, views

urlpatterns = [
    path("customers/", views.customers_page, name="customers"),
    path("customers/groups/", groups.groups_page, name="customers_groups"),
    path("customers/filters/", views.filter_sheet, name="customers_filters"),
    path("customers/keep/", views.keep_sheet, name="customers_keep"),
    path("customers/forget/", views.view_drop, name="customers_forget"),
    path("customers/tag/", bulk.tag_chosen, name="customers_tag"),
    path("customers/give/", bulk.give_chosen, name="customers_give"),
    path("search/", search.search, name="search"),
]
