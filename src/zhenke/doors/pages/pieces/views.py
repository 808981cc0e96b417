"""One piece: its page, its photos, one tap for an inspection, a look at what is masked."""

from __future__ import annotations

from http import HTTPStatus

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.catalogue.models import Piece
from zhenke.catalogue.queries import (
    WholePiece,
    inspection_of,
    is_shown_whole,
    photo_file,
    photo_for,
    piece_for,
    shares_of,
    whole_piece,
)
from zhenke.catalogue.rules import next_inspection
from zhenke.customers.queries.permits import look_at
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.doors.pages.permits.asking import look_words, proof_refused
from zhenke.doors.pages.pieces.rows import page_of
from zhenke.doors.pages.sign_in.proof import proved_at
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, gone_to, is_for, moment_of, told
from zhenke.doors.words.days import day_words, listed
from zhenke.doors.words.pieces import LOOK_REASONS, SHOWS_WORDS
from zhenke.doors.words_errors import sentence_of
from zhenke.journeys.inspect_piece import inspect_piece
from zhenke.journeys.reveal_piece import reveal_piece
from zhenke.journeys.undo_inspection import undo_inspection
from zhenke.staff.rules import May

CHANGED = ("pieceChanged", "profileChanged")


def back_to(piece: Piece) -> str:
    """Return the address of a piece's page."""
    return reverse("piece", args=[piece.pk])


def piece_page(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Show one piece."""
    moment = moment_of(request)
    found = piece_for(viewer=request.user, id=piece_id, today=moment.today)
    words = _words(request, found, whole_piece(viewer=request.user, piece=found), moment)
    return render(request, "pieces/_all.html" if is_for(request, "piece") else "pieces/page.html", words)


def _words(request: StaffRequest, found: Piece, piece: WholePiece, moment: Moment) -> dict[str, object]:
    may_edit = request.user.may(May.EDIT_CUSTOMERS)
    is_open = is_shown_whole(viewer=request.user, piece=found)
    shares = shares_of(viewer=request.user, piece=found, now=moment.now) if may_edit else []
    return {
        "page_title": found.name,
        "today": moment.today,
        "may_edit": may_edit,
        "may_share": may_edit and is_open,
        "may_change_stones": may_edit and is_open,
        "may_reveal": sight_of(request.user.role).pieces in (Shown.FULL, Shown.REVEAL) and not piece.seen.is_whole,
        "shares": [(share, listed(SHOWS_WORDS[part] for part in share.shows)) for share in shares],
        **page_of(piece, moment.today),
    }


def photo(request: StaffRequest, piece_id: int, photo_id: int) -> FileResponse:
    """Send one photo, large or small, to who may see the piece."""
    found = photo_for(viewer=request.user, piece=piece_id, id=photo_id, today=moment_of(request).today)
    path = photo_file(photo=found, is_small="small" in request.GET)
    return FileResponse(path.open("rb"), content_type="image/jpeg")


def inspected(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Note that it was looked at today; the next time is in six months."""
    moment = moment_of(request)
    found = piece_for(viewer=request.user, id=piece_id, today=moment.today)
    made = inspect_piece(
        piece=found,
        on_date=moment.today,
        seen="",
        next_date=next_inspection(moment.today),
        by=request.user,
        now=moment.now,
    )
    text = _("Inspected today. Next time: %(when)s.") % {"when": day_words(made.next_date, moment.today)}
    undo = reverse("piece_inspected_undo", args=[found.pk, made.pk])
    return told(request, text, back=back_to(found), undo_url=undo, events=CHANGED)


def inspected_undo(request: StaffRequest, piece_id: int, inspection_id: int) -> HttpResponse:
    """Take an inspection back."""
    moment = moment_of(request)
    found = piece_for(viewer=request.user, id=piece_id, today=moment.today)
    row = inspection_of(viewer=request.user, piece=found, id=inspection_id, today=moment.today)
    undo_inspection(inspection=row, by=request.user, now=moment.now)
    return told(request, _("Taken back."), back=back_to(found), events=CHANGED)


def reveal(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Ask what a piece is looked at for, then show it whole."""
    moment = moment_of(request)
    found = piece_for(viewer=request.user, id=piece_id, today=moment.today)
    if is_shown_whole(viewer=request.user, piece=found):
        return gone_to(request, back_to(found))
    look = look_at(viewer=request.user, customer=found.customer, group="pieces", subject=found.pk, now=moment.now)
    wrong = proof_refused(request, look, moment) if request.method == "POST" else ""
    if request.method == "POST" and not wrong:
        try:
            whole = reveal_piece(
                viewer=request.user,
                piece=found.pk,
                reason=request.POST.get("reason", ""),
                proved_at=proved_at(request),
                today=moment.today,
                now=moment.now,
            )
            return _shown(request, found, whole, moment)
        except RuleBroken as refusal:
            wrong = sentence_of(refusal)
        except BadInput:
            wrong = _("Say what the piece is looked at for.")
    words = {"piece": found, "reasons": LOOK_REASONS, "sheet": "pieces/_reveal.html", "wrong": wrong}
    words |= look_words(request, look, moment)
    status = UNREADABLE if wrong else HTTPStatus.OK
    return render(request, "pieces/_reveal.html" if request.htmx else "today/sheet.html", words, status=status)


def _shown(request: StaffRequest, found: Piece, whole: WholePiece, moment: Moment) -> HttpResponse:
    words = _words(request, found, whole, moment) | {"is_revealed": True}
    if not request.htmx:
        return render(request, "pieces/page.html", words)
    answer = render(request, "pieces/_all.html", words)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#piece", "outerHTML"
    answer["HX-Trigger"] = '{"closeSheet": true}'
    return answer
