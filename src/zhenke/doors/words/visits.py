"""Words about a visit to the counter: what stopped the purchase, what was laid out, who came along."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from zhenke.customers.models import Customer
from zhenke.customers.queries import SeenVisit, seen_name
from zhenke.customers.rules.visits import STOPS
from zhenke.staff.models import StaffMember

_STOPS: dict[str, Promise] = {
    "over_budget": pgettext_lazy("stopped by", "Over the budget"),
    "gold_price": pgettext_lazy("stopped by", "Waits for the gold price"),
    "style": pgettext_lazy("stopped by", "Not the right style"),
    "size": pgettext_lazy("stopped by", "Size"),
    "not_in_stock": pgettext_lazy("stopped by", "Not in stock"),
    "ask_family": pgettext_lazy("stopped by", "To ask the family"),
    "comparing": pgettext_lazy("stopped by", "Comparing shops"),
    "no_hurry": pgettext_lazy("stopped by", "No hurry"),
}
STOP_WORDS = {code: _STOPS[code] for code in STOPS}


def stop_word(code: str) -> str:
    """Return what a reason is called; a code of somebody's own as it is."""
    return str(STOP_WORDS.get(code, code))


def laid_out_words(visit: SeenVisit) -> list[tuple[str, bool]]:
    """Return what was laid out, by name with its number, and whether it was tried on."""
    rows = []
    for piece in visit.pieces:
        name = f"{piece.name} {piece.style_no}" if piece.name != piece.style_no and piece.style_no else piece.name
        rows.append((name or piece.style_no, piece.is_tried))
    return rows


def companion_words(visit: SeenVisit, viewer: StaffMember) -> list[tuple[str, Customer | None]]:
    """Return who came along: by name as the viewer may see it, then the advisor's words, then how many others."""
    rows: list[tuple[str, Customer | None]] = [
        (seen_name(viewer=viewer, customer=one) or str(one), one) for one in visit.companions
    ]
    if visit.companions_text:
        rows.append((visit.companions_text, None))
    if visit.unseen:
        rows.append((ngettext("%(n)d other person", "%(n)d other people", visit.unseen) % {"n": visit.unseen}, None))
    return rows


def minutes_words(minutes: int | None) -> str:
    """Return how long it was, "" if nobody said."""
    return _("%(n)d minutes") % {"n": minutes} if minutes else ""
