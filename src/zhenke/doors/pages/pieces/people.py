"""Sheets in which a piece meets another customer: handed on, or meant for somebody who must not know yet."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations import set_surprise
from zhenke.customers.models import Customer
from zhenke.customers.queries import customer_for, search, seen_name
from zhenke.doors.pages.pieces.forms import HandOnForm, MeantForForm
from zhenke.doors.pages.pieces.sheets import found_at, sheet_of
from zhenke.doors.pages.pieces.views import CHANGED, back_to
from zhenke.doors.pages.staff_request import StaffRequest, refuse, told
from zhenke.journeys.hand_on_piece import hand_on_piece

_LONGEST_KEY = 19


def hand_on(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Find the new owner, then pass the piece on."""
    piece, moment = found_at(request, piece_id)
    if "q" in request.GET:
        return _hits(request, piece, "piece_hand_on")
    to = _chosen(request)
    first = {"to": to.pk if to else "", "on_date": moment.today}
    form = HandOnForm(request.POST if request.method == "POST" else None, initial=first, today=moment.today)
    words = _words(request, piece, to, "piece_hand_on")
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_hand_on.html", **words)
    if to is None:
        form.add_error(None, _("Choose the customer."))
        return sheet_of(request, form, "pieces/_hand_on.html", **words)
    owner, given = piece.customer_id, form.cleaned_data
    try:
        hand_on_piece(piece=piece, to=to, how=given["how"], on_date=given["on_date"], by=request.user, now=moment.now)
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal)
        return sheet_of(request, form, "pieces/_hand_on.html", **words)
    name = seen_name(viewer=request.user, customer=to) or str(to)
    back = reverse("customer", args=[owner]) + "?tab=pieces"
    return told(request, _("Handed on to %(name)s.") % {"name": name}, back=back, events=CHANGED)


def meant_for(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Say whom a piece is for and until when it stays a secret, or that it is for nobody else."""
    piece, moment = found_at(request, piece_id)
    if "q" in request.GET:
        return _hits(request, piece, "piece_meant_for")
    if request.POST.get("act") == "drop":
        set_surprise(piece=piece, wearer=None, until_date=None, by=request.user, now=moment.now)
        return told(request, _("Kept."), back=back_to(piece), events=CHANGED)
    to = _chosen(request)
    first = {"to": to.pk if to else "", "until_date": piece.secret_until_date}
    form = MeantForForm(request.POST if request.method == "POST" else None, initial=first)
    words = _words(request, piece, to, "piece_meant_for")
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_meant_for.html", **words)
    if to is None or to.pk == piece.customer_id:
        form.add_error(None, _("Choose somebody else than the owner."))
        return sheet_of(request, form, "pieces/_meant_for.html", **words)
    set_surprise(piece=piece, wearer=to, until_date=form.cleaned_data["until_date"], by=request.user, now=moment.now)
    return told(request, _("Kept."), back=back_to(piece), events=CHANGED)


def _chosen(request: StaffRequest) -> Customer | None:
    asked = request.POST.get("to") or request.GET.get("to") or ""
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= _LONGEST_KEY):
        return None
    return customer_for(viewer=request.user, id=int(asked))


def _words(request: StaffRequest, piece: Piece, to: Customer | None, route: str) -> dict[str, object]:
    name = (seen_name(viewer=request.user, customer=to) or str(to)) if to else ""
    return {"piece": piece, "to": to, "to_name": name, "address": reverse(route, args=[piece.pk])}


def _hits(request: StaffRequest, piece: Piece, route: str) -> HttpResponse:
    typed = request.GET["q"].strip()[:60]
    hits = search(viewer=request.user, text=typed, limit=8) if typed else []
    hits = [hit for hit in hits if hit.id != piece.customer_id]
    words = {"hits": hits, "q": typed, "address": reverse(route, args=[piece.pk])}
    return render(request, "pieces/_hits.html", words)
