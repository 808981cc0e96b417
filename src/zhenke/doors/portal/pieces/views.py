"""What the member owns, and what she wears of others': pieces, papers, warranty, the next inspection."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from zhenke.basics.errors import NotFound
from zhenke.catalogue.queries import photo_file, photo_for, piece_for, pieces_of, whole_piece
from zhenke.catalogue.queries.pieces import SeenPiece
from zhenke.doors.portal.member_request import MemberRequest, moment_of
from zhenke.doors.portal.pieces.rows import row_of
from zhenke.doors.portal.references import meant_by
from zhenke.doors.words.pieces import stone_facts, stone_title
from zhenke.staff import SYSTEM

MOST = 200


def pieces(request: MemberRequest) -> HttpResponse:
    """Show the member's pieces, the newest first."""
    today = moment_of(request).today
    rows = [row_of(one, request=request, today=today) for one in _mine(request)]
    return render(request, "portal/pieces/page.html", {"here": "pieces", "rows": rows})


def piece(request: MemberRequest, reference: str) -> HttpResponse:
    """Show one piece; of one that is somebody else's only what it is."""
    seen, today = _meant(request, reference), moment_of(request).today
    row = row_of(seen, request=request, today=today)
    words: dict[str, object] = {"here": "pieces", "row": row, "stones": [], "papers": [], "inspections": []}
    if row.is_own:
        whole = whole_piece(viewer=SYSTEM, piece=piece_for(viewer=SYSTEM, id=seen.id, today=today))
        words |= {
            "stones": [(stone_title(stone), stone_facts(stone)) for stone in whole.stones],
            "papers": whole.certificates,
            "inspections": whole.inspections,
        }
    return render(request, "portal/pieces/piece.html", {**words, "today": today})


def photo(request: MemberRequest, reference: str) -> HttpResponseBase:
    """Send the first photo of a piece that is the member's own."""
    seen = _meant(request, reference)
    if seen.photo is None or not _is_own(request, seen):
        raise NotFound
    found = photo_for(viewer=SYSTEM, piece=seen.id, id=seen.photo, today=moment_of(request).today)
    return FileResponse(photo_file(photo=found, is_small=False).open("rb"), content_type="image/jpeg")


def _mine(request: MemberRequest) -> list[SeenPiece]:
    """A member sees herself alone: SYSTEM asks, for her key and no other; a surprise for her is not among them."""
    return pieces_of(viewer=SYSTEM, customer=request.member.customer, today=moment_of(request).today, size=MOST)


def _meant(request: MemberRequest, reference: str) -> SeenPiece:
    found = meant_by(token=request.token, kind="piece", text=reference, mine=_mine(request))
    if found is None:
        raise NotFound
    return found


def _is_own(request: MemberRequest, seen: SeenPiece) -> bool:
    return seen.owner_id == request.member.customer.pk
