"""Links to a piece: opened and closed by the staff, and the page that whoever has one sees."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhenke.basics.clock import now
from zhenke.basics.errors import NotFound
from zhenke.catalogue.operations import count_view, revoke_share, share_piece
from zhenke.catalogue.queries import photo_file, shared_photo, shared_piece
from zhenke.doors.budget import Budget
from zhenke.doors.pages.pieces.forms import ShareForm
from zhenke.doors.pages.pieces.rows import host_of, what_it_is
from zhenke.doors.pages.pieces.sheets import found_at, sheet_of
from zhenke.doors.pages.pieces.views import CHANGED, back_to
from zhenke.doors.pages.qr import qr_of
from zhenke.doors.pages.staff_request import StaffRequest, told
from zhenke.doors.words.pieces import glyph_of, stone_facts, stone_title

LOOKS_A_MINUTE = 120
Answer = TypeVar("Answer", bound=HttpResponseBase)
BUDGET = Budget()


def share(request: StaffRequest, piece_id: int) -> HttpResponse:
    """Open a link, and show it once with its QR code."""
    piece, moment = found_at(request, piece_id)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return sheet_of(request, form, "pieces/_share.html", piece=piece)
    made, token = share_piece(piece=piece, by=request.user, now=moment.now, **form.cleaned_data)
    link = request.build_absolute_uri(f"/s/{token}/")
    words = {
        "piece": piece,
        "share": made,
        "link": link,
        "code": qr_of(link),
        "sheet": "pieces/_shared_link.html",
    }
    answer = render(request, "pieces/_shared_link.html" if request.htmx else "today/sheet.html", words)
    answer.headers["HX-Trigger"] = '{"pieceChanged": true}'
    return answer


def share_close(request: StaffRequest, piece_id: int, share_id: int) -> HttpResponse:
    """Close a link."""
    piece, moment = found_at(request, piece_id)
    revoke_share(piece=piece, id=share_id, by=request.user, now=moment.now)
    return told(request, _("The link is closed."), back=back_to(piece), events=CHANGED)


def look(request: HttpRequest, token: str) -> HttpResponse:
    """Show a piece to whoever has the link; a dead link looks like none."""
    if wait := _waits(request):
        return _slow_down(request, wait)
    at = now()
    found = shared_piece(token=token, now=at)
    if found is None:
        raise NotFound
    if request.method == "GET":
        count_view(share=found.share, now=at)
    words = {
        "page_title": found.name,
        "token": token,
        "piece": found,
        "what": what_it_is(category=found.category, metal=found.metal, purity_permille=found.purity_permille),
        "glyph": glyph_of(found.category),
        "numbers": range(1, found.photo_count + 1),
        "stones": [(stone_title(stone), stone_facts(stone)) for stone in found.stones],
        "papers": [(paper, host_of(paper.check_url)) for paper in found.certificates],
        "expires_at": found.share.expires_at,
        "today": at.date(),
    }
    return _quietly(render(request, "pieces/shared.html", words))


def look_photo(request: HttpRequest, token: str, number: int) -> HttpResponse | FileResponse:
    """Send one photo of a shared piece."""
    if wait := _waits(request):
        return _slow_down(request, wait)
    found = shared_photo(token=token, number=number, now=now())
    if found is None:
        raise NotFound
    path = photo_file(photo=found, is_small=False)
    answer = FileResponse(path.open("rb"), content_type="image/jpeg")
    return _quietly(answer)


def _quietly(answer: Answer) -> Answer:
    """Tell search engines to pass by, and other sites nothing of the address."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _waits(request: HttpRequest) -> int:
    """Return the seconds that this address must wait. Forwarded headers are not believed: anybody can write them."""
    return BUDGET.seconds_to_wait(str(request.META.get("REMOTE_ADDR", "")), calls=LOOKS_A_MINUTE)


def _slow_down(request: HttpRequest, seconds: int) -> HttpResponse:
    answer = render(request, "429.html", {}, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return _quietly(answer)
