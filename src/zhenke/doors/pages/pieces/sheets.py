"""The sheets that write about a piece: a new one, its own words, stones, papers, inspections, valuations, photos."""

from __future__ import annotations

from http import HTTPStatus

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.basics.pictures import LARGEST_BYTES, PictureTooLarge
from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations import (
    add_certificate,
    add_photo,
    add_piece,
    add_valuation,
    change_piece,
    drop_photo,
    drop_stone,
    put_stone,
)
from zhenke.catalogue.queries import is_shown_whole, photo_for, piece_for, whole_piece
from zhenke.catalogue.rules import PieceDraft, next_inspection
from zhenke.customers.queries import customer_for, seen_name
from zhenke.doors.pages.pieces.forms import (
    CertificateForm,
    InspectionForm,
    NewPieceForm,
    PhotoForm,
    PieceForm,
    StoneForm,
    ValuationForm,
)
from zhenke.doors.pages.pieces.views import CHANGED, back_to
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, refuse, told
from zhenke.journeys.inspect_piece import inspect_piece

_FIELDS = {"serial_taken": "serial", "gross_mg": "gross", "metal_mg": "metal_weight", "value_minor": "value"}


def sheet_of(request: StaffRequest, form: Form, template: str, **more: object) -> HttpResponse:
    """Show a sheet, or it as a page for a browser without scripts."""
    words = {"form": form, "sheet": template, **more}
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    return render(request, template if request.htmx else "today/sheet.html", words, status=status)


def found_at(request: StaffRequest, piece_id: int) -> tuple[Piece, Moment]:
    """Return the piece of an address, and when it is asked for."""
    moment = moment_of(request)
    return piece_for(viewer=request.user, id=piece_id, today=moment.today), moment


def new_piece(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Write down a piece that was bought elsewhere."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    form = NewPieceForm(request.POST if request.method == "POST" else None)
    name = seen_name(viewer=request.user, customer=customer) or str(customer)
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_new.html", customer=customer, name=name)
    draft = PieceDraft(**form.changes(), currency=customer.shop.currency)
    try:
        add_piece(
            customer=customer,
            draft=draft,
            source_key=f"desk:{form.cleaned_data['key']}",
            stones=form.stones(),
            certificates=form.certificates(),
            by=request.user,
            now=moment.now,
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, _FIELDS)
        return sheet_of(request, form, "pieces/_new.html", customer=customer, name=name)
    back = reverse("customer", args=[customer.pk]) + "?tab=pieces"
    return told(request, _("The piece is kept."), back=back, events=CHANGED)


def edit(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Change what is known of a piece; who sees masks changes everything but what is masked."""
    piece, moment = found_at(request, piece_id)
    known: dict[str, object] = {name: getattr(piece, name) for name in PieceDraft.__dataclass_fields__}
    known["gross"] = piece.gross_mg / 1000 if piece.gross_mg is not None else None
    known["metal_weight"] = piece.metal_mg / 1000 if piece.metal_mg is not None else None
    given = request.POST if request.method == "POST" else None
    form = PieceForm(given, initial=known, is_whole=is_shown_whole(viewer=request.user, piece=piece))
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_edit.html", piece=piece)
    try:
        change_piece(piece=piece, changes=form.changes(), by=request.user, now=moment.now)
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, _FIELDS)
        return sheet_of(request, form, "pieces/_edit.html", piece=piece)
    return told(request, _("Kept."), back=back_to(piece), events=CHANGED)


def stone(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Add a stone, or change or drop the one at a position."""
    piece, moment = found_at(request, piece_id)
    at = request.POST.get("position") or request.GET.get("position") or ""
    is_whole = is_shown_whole(viewer=request.user, piece=piece)
    stones = whole_piece(viewer=request.user, piece=piece).stones if is_whole else ()
    position = int(at) if at.isascii() and at.isdecimal() and 0 < int(at[:3]) <= len(stones) else None
    if request.method == "POST" and request.POST.get("act") == "drop" and position is not None:
        drop_stone(piece=piece, position=position, by=request.user, now=moment.now)
        return told(request, _("The stone is taken away."), back=back_to(piece), events=CHANGED)
    known: dict[str, object] = {"position": position}
    if position is not None:
        one = stones[position - 1]
        known |= {name: getattr(one, name) for name in StoneForm.base_fields if hasattr(one, name)}
        known["carat"] = one.carat_thousandths / 1000 if one.carat_thousandths is not None else None
    form = StoneForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_stone.html", piece=piece, position=position)
    try:
        put_stone(piece=piece, position=position, draft=form.draft(), by=request.user, now=moment.now)
    except BadInput as refusal:
        refuse(form, refusal, {"carat_thousandths": "carat"})
        return sheet_of(request, form, "pieces/_stone.html", piece=piece, position=position)
    return told(request, _("Kept."), back=back_to(piece), events=CHANGED)


def certificate(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Add a paper of a laboratory, or bring the one with this number up to date."""
    piece, moment = found_at(request, piece_id)
    form = CertificateForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_certificate.html", piece=piece)
    try:
        add_certificate(piece=piece, draft=form.draft(), by=request.user, now=moment.now)
    except BadInput as refusal:
        refuse(form, refusal)
        return sheet_of(request, form, "pieces/_certificate.html", piece=piece)
    return told(request, _("The certificate is kept."), back=back_to(piece), events=CHANGED)


def inspection(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Write down an inspection with what was seen."""
    piece, moment = found_at(request, piece_id)
    first = {"on_date": moment.today, "next_date": next_inspection(moment.today)}
    form = InspectionForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_inspection.html", piece=piece)
    try:
        inspect_piece(piece=piece, by=request.user, now=moment.now, **form.cleaned_data)
    except BadInput as refusal:
        refuse(form, refusal)
        return sheet_of(request, form, "pieces/_inspection.html", piece=piece)
    return told(request, _("The inspection is kept."), back=back_to(piece), events=CHANGED)


def valuation(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Write down what a piece is worth."""
    piece, moment = found_at(request, piece_id)
    form = ValuationForm(request.POST if request.method == "POST" else None, initial={"on_date": moment.today})
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_valuation.html", piece=piece)
    try:
        add_valuation(piece=piece, draft=form.draft(piece.currency), by=request.user, now=moment.now)
    except BadInput as refusal:
        refuse(form, refusal, _FIELDS)
        return sheet_of(request, form, "pieces/_valuation.html", piece=piece)
    return told(request, _("The valuation is kept."), back=back_to(piece), events=CHANGED)


def photo_add(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Take a photo in; it is drawn anew before it is kept."""
    piece, moment = found_at(request, piece_id)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_photo.html", piece=piece)
    upload = form.cleaned_data["photo"]
    try:
        if (upload.size or 0) > LARGEST_BYTES:
            raise PictureTooLarge(limit_mb=LARGEST_BYTES >> 20)
        add_photo(piece=piece, raw=upload.read(), by=request.user, now=moment.now)
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, {"picture_unreadable": "photo", "picture_too_large": "photo", "too_many_photos": "photo"})
        return sheet_of(request, form, "pieces/_photo.html", piece=piece)
    return told(request, _("The photo is kept."), back=back_to(piece), events=CHANGED)


def photo_drop(request: StaffRequest, piece_id: int, photo_id: int) -> HttpResponse:
    """Take a photo away."""
    piece, moment = found_at(request, piece_id)
    found = photo_for(viewer=request.user, piece=piece.pk, id=photo_id, today=moment.today)
    drop_photo(photo=found, by=request.user, now=moment.now)
    return told(request, _("The photo is taken away."), back=back_to(piece), events=CHANGED)
