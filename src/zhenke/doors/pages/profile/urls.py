"""Addresses of one customer."""

from django.urls import path

from zhenke.doors.pages.profile import family, known, reach, sheets, taste, views, visit

_HER = "customers/<int:customer_id>/"

urlpatterns = [
    path(_HER, views.customer_page, name="customer"),
    path(f"{_HER}call/", reach.call, name="customer_call"),
    path(f"{_HER}reveal/", reach.reveal, name="customer_reveal"),
    path(f"{_HER}known/", known.known, name="customer_known"),
    path(f"{_HER}visit/", visit.visit, name="customer_visit"),
    path(f"{_HER}note/", sheets.note, name="customer_note"),
    path(f"{_HER}task/", sheets.task, name="customer_task"),
    path(f"{_HER}date/", sheets.date_sheet, name="customer_date"),
    path(f"{_HER}date/remove/", sheets.date_remove, name="customer_date_remove"),
    path(f"{_HER}trait/", sheets.trait, name="customer_trait"),
    path(f"{_HER}traits/", taste.taste_sheet, name="customer_traits"),
    path(f"{_HER}tag/", sheets.tag, name="customer_tag"),
    path(f"{_HER}person/", sheets.person, name="customer_person"),
    path(f"{_HER}contact/", sheets.contact, name="customer_contact"),
    path(f"{_HER}family/", family.link, name="customer_link"),
    path(f"{_HER}family/<int:link_id>/drop/", family.drop, name="customer_link_drop"),
    path(f"{_HER}family/<int:link_id>/again/", family.again, name="customer_link_again"),
    path(f"{_HER}grade/", sheets.grade_by_hand, name="customer_grade"),
]
