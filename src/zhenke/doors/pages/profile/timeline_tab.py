"""The timeline tab: chips for the kinds, a box for words, and one page of the stream."""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhenke.customers.models import Customer
from zhenke.doors.pages.staff_request import Moment, StaffRequest
from zhenke.doors.stream.events import ARCHIVE, GRADE, PIECE, TASK
from zhenke.doors.stream.points import POINTS
from zhenke.doors.stream.timeline import GIFT, KINDS, SALE, timeline_of
from zhenke.doors.words.people import INTERACTION_WORDS

LONGEST_WORDS = 60


def timeline_tab(request: StaffRequest, customer: Customer, moment: Moment) -> dict[str, object]:
    """Everything that happened, in one order; of one kind or of some words only where that is asked."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    after, words = request.GET.get("after", ""), request.GET.get("q", "").strip()[:LONGEST_WORDS]
    piece = timeline_of(viewer=request.user, customer=customer, now=moment.now, kind=kind, after=after, words=words)
    labels = {
        "": _("Everything"),
        SALE: _("Purchases"),
        GIFT: _("Given by others"),
        **INTERACTION_WORDS,
        TASK: pgettext("timeline", "Promises"),
        PIECE: pgettext("profile", "Pieces"),
        POINTS: _("Points"),
        GRADE: pgettext("profile", "Grade"),
        ARCHIVE: pgettext("timeline", "Archive"),
    }
    return {
        "entries": piece.entries,
        "next_url": _address(kind, words, after=piece.after) if piece.after else "",
        "chips": [(labels[code], _address(code, words), code == kind) for code in ("", *KINDS)],
        "kind": kind,
        "kind_url": _address(kind, ""),
        "q": words,
    }


def _address(kind: str, words: str, **more: str) -> str:
    asked = {"tab": "timeline", "kind": kind, "q": words, **more}
    return "?" + urlencode({name: value for name, value in asked.items() if value})
