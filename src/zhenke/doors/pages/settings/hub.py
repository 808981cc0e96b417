"""Views of the first page of settings, and of what each role may do."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zhenke.doors.pages.staff_request import StaffRequest
from zhenke.doors.words_roles import ROLE_WORDS
from zhenke.staff.rules import ROLE_MAY, ROLE_SCOPE, May, Role, Scope

# route, icon, name, what it is for, the act it needs
_PLACES: tuple[tuple[str, str, Promise, Promise, May], ...] = (
    (
        "settings_shops",
        "shop",
        gettext_lazy("Shops"),
        gettext_lazy("Hours, city, time zone; rules of days"),
        May.EDIT_SETTINGS,
    ),
    (
        "settings_staff",
        "customers",
        gettext_lazy("Staff"),
        gettext_lazy("New people, roles, passwords; handing over when somebody leaves"),
        May.EDIT_STAFF,
    ),
    ("settings_roles", "eye", gettext_lazy("Roles"), gettext_lazy("Who sees whom and may do what"), May.EDIT_SETTINGS),
    (
        "settings_plans",
        "calendar",
        gettext_lazy("Care plans"),
        gettext_lazy("When to be in touch, for whom, and the words to say"),
        May.EDIT_SETTINGS,
    ),
    (
        "settings_fields",
        "tag",
        gettext_lazy("Own fields"),
        gettext_lazy("What else you want to know of customers"),
        May.EDIT_SETTINGS,
    ),
    (
        "settings_freshness",
        "task",
        gettext_lazy("What is asked of customers"),
        gettext_lazy("Which fields, for which grades, and when they are old"),
        May.EDIT_SETTINGS,
    ),
    (
        "settings_consents",
        "edit",
        gettext_lazy("Texts of consent"),
        gettext_lazy("What customers say yes to, version by version"),
        May.EDIT_SETTINGS,
    ),
    (
        "settings_programs",
        "key",
        gettext_lazy("Connected programs"),
        gettext_lazy("Tokens of tills and web shops"),
        May.EDIT_STAFF,
    ),
    (
        "settings_protected",
        "eye",
        gettext_lazy("Protected people"),
        gettext_lazy("Whom only the named may find, and who looked"),
        May.EDIT_SETTINGS,
    ),
    (
        "reveals",
        "call",
        gettext_lazy("Contacts shown today"),
        gettext_lazy("By whom, and the limits a day"),
        May.EDIT_SETTINGS,
    ),
    (
        "settings_holds",
        "file",
        gettext_lazy("Kept by law"),
        gettext_lazy("What must not be erased, why, and until when"),
        May.SEE_AUDIT,
    ),
    (
        "settings_trail",
        "history",
        gettext_lazy("Audit trail"),
        gettext_lazy("Who did what, sealed line by line"),
        May.SEE_AUDIT,
    ),
)
ACT_WORDS: dict[May, Promise] = {
    May.EDIT_CUSTOMERS: gettext_lazy("Write down and change customers"),
    May.RECORD_SALES: gettext_lazy("Record sales and returns"),
    May.FINISH_TASKS: gettext_lazy("Do follow-ups"),
    May.REASSIGN: gettext_lazy("Give customers and follow-ups to others"),
    May.IMPORT: gettext_lazy("Import files"),
    May.EXPORT: gettext_lazy("Export lists as files"),
    May.SEE_GRADING: gettext_lazy("See the rules of grading"),
    May.PUBLISH_GRADING: gettext_lazy("Publish rules of grading"),
    May.OVERRIDE_GRADE: gettext_lazy("Set a grade by hand"),
    May.SEE_BOARD: gettext_lazy("See the shop board"),
    May.EDIT_SETTINGS: gettext_lazy("Change settings"),
    May.EDIT_STAFF: gettext_lazy("Add people and let them go"),
    May.SEE_AUDIT: gettext_lazy("Read the audit trail"),
    May.HONOUR_RIGHTS: gettext_lazy("Hand out a customer's data, forget a customer"),
    May.SET_IMPORTANCE: gettext_lazy("Mark VIPs and protected people"),
    May.GIVE_RIGHTS: gettext_lazy("Give members what is theirs: rights and rewards"),
    May.SEE_PROGRAMME: gettext_lazy("See the membership programme and its figures"),
    May.PUBLISH_PROGRAMME: gettext_lazy("Publish the programme's rules, change rewards"),
    May.ADJUST_POINTS: gettext_lazy("Give or take points by hand"),
    May.SEE_MESSAGES: gettext_lazy("See what is sent, and decide what nobody knows"),
}
SCOPE_WORDS: dict[Scope, Promise] = {
    Scope.OWN: gettext_lazy("own customers"),
    Scope.SHOP: gettext_lazy("the shop"),
    Scope.REGION: gettext_lazy("the region"),
    Scope.BRAND: gettext_lazy("all shops"),
}


def settings_page(request: StaffRequest) -> HttpResponse:
    """Show the places of settings that the viewer may open."""
    places = [
        {"url": reverse(route), "icon": icon, "name": name, "why": why}
        for route, icon, name, why, act in _PLACES
        if request.user.may(act)
    ]
    return render(request, "settings/page.html", {"page_title": pgettext("navigation", "Settings"), "places": places})


def settings_roles(request: StaffRequest) -> HttpResponse:
    """Show what each role sees and may do, read from the rules themselves."""
    roles = [role for role in Role if role != Role.INTEGRATION]
    words = {
        "page_title": _("Roles"),
        "roles": [{"name": ROLE_WORDS[role], "sees": SCOPE_WORDS[ROLE_SCOPE[role]]} for role in roles],
        "acts": [
            {"name": word, "cells": [(ROLE_WORDS[role], act in ROLE_MAY[role]) for role in roles]}
            for act, word in ACT_WORDS.items()
        ],
    }
    return render(request, "settings/roles.html", words)
