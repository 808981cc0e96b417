"""The search for everything: people, receipts by their number, and places of the desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhenke.catalogue.queries import find_pieces
from zhenke.customers.queries import CustomerHit, seen_name
from zhenke.customers.queries import search as customers_found
from zhenke.doors.pages.frame import QUICK, RAIL, offered_places
from zhenke.doors.pages.staff_request import StaffRequest
from zhenke.doors.words.pieces import glyph_of
from zhenke.grading.queries import grades_of
from zhenke.sales.queries import receipts_with_number
from zhenke.staff import SYSTEM

MOST_PEOPLE = 8
_SHORTEST_RECEIPT = 4


def search(request: StaffRequest) -> HttpResponse:
    """Answer what was typed so far, or show a page of it."""
    typed = request.GET.get("q", "").strip()[:60]
    hits = customers_found(viewer=request.user, text=typed, limit=MOST_PEOPLE if request.htmx else 20) if typed else []
    groups = [
        group
        for group in (_people(hits), _pieces(request, typed), _receipts(request, typed), _places(request, typed))
        if group["rows"]
    ]
    words = {"q": typed, "groups": groups, "page_title": _("Search")}
    if request.htmx:
        return render(request, "components/search_results.html", words)
    if len(hits) == 1 and len(groups) == 1:
        return redirect("customer", hits[0].id)
    return render(request, "customers/found.html", words)


def _people(hits: list[CustomerHit]) -> dict[str, object]:
    # Who was found is in the viewer's sight, and so are their grades.
    grades = grades_of(viewer=SYSTEM, customers=[hit.id for hit in hits]) if hits else {}
    rows = [
        {
            "url": reverse("customer", args=[hit.id]),
            "name": hit.name or hit.card_number,
            "why": " · ".join(part for part in (hit.owner_name, hit.shop_name) if part),
            "grade": grades[hit.id].letter if hit.id in grades else "",
            "icon": "customer",
        }
        for hit in hits
    ]
    return {"label": pgettext("search", "People"), "rows": rows}


def _pieces(request: StaffRequest, typed: str) -> dict[str, object]:
    found = find_pieces(viewer=request.user, text=typed) if any(sign.isdigit() for sign in typed) else []
    rows = [
        {
            "url": reverse("piece", args=[piece.pk]),
            "name": piece.name,
            "why": seen_name(viewer=request.user, customer=piece.customer) if piece.customer else "",
            "icon": glyph_of(piece.category),
        }
        for piece in found
    ]
    return {"label": pgettext("search", "Pieces"), "rows": rows}


def _receipts(request: StaffRequest, typed: str) -> dict[str, object]:
    rows: list[dict[str, object]] = []
    if len(typed) >= _SHORTEST_RECEIPT and any(sign.isdigit() for sign in typed):
        found = receipts_with_number(viewer=request.user, number=typed)
        rows = [
            {
                "url": reverse("sale", args=[sale.pk]),
                "name": sale.number,
                "why": f"{sale.shop.name} · {sale.sold_date}",
                "icon": "sale",
            }
            for sale in found
        ]
    return {"label": pgettext("search", "Receipts"), "rows": rows}


def _places(request: StaffRequest, typed: str) -> dict[str, object]:
    wanted = typed.casefold()
    places = offered_places((*QUICK, *RAIL), request.user)
    rows = [place for place in places if wanted and wanted in str(place["name"]).casefold()]
    return {"label": pgettext("search", "Pages and acts"), "rows": rows[:4]}
