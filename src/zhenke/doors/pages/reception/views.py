"""Views of the reception: a scan, the end of a phone or a name in, the right person out."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhenke.care.queries import TRACES
from zhenke.customers.operations.importance import note_look
from zhenke.customers.operations.members import take_card
from zhenke.customers.queries import LikelySame, customer_for, likely_same, search
from zhenke.customers.queries.matches import holder_of_card
from zhenke.customers.queries.members import is_card
from zhenke.customers.rules import CustomerDraft
from zhenke.doors.pages.importance.rows import to_call
from zhenke.doors.pages.membership.standing import standing_of
from zhenke.doors.pages.reception.glance import glance_of
from zhenke.doors.pages.staff_request import StaffRequest, gone_to, is_for, moment_of
from zhenke.grading.queries import grades_of
from zhenke.staff import SYSTEM
from zhenke.staff.rules import May

MOST = 6
LONGEST = 80  # signs: the code of a member's card has 67
_SHORTEST_WHOLE = 6  # signs: fewer are no whole phone and no card


def reception(request: StaffRequest) -> HttpResponse:
    """Ask who came in, and answer what was typed or scanned. By POST: names and phones stay out of addresses.

    Enter, which a scanner presses by itself, opens the one who is meant at once when nobody else can be.
    """
    typed = request.POST.get("q", "").strip()[:LONGEST]
    if is_card(typed):
        return _scanned(request, typed)
    hits = search(viewer=request.user, text=typed, limit=MOST) if typed else []
    if len(hits) == 1 and not is_for(request, "hits"):
        return gone_to(request, f"{request.path}{hits[0].id}/")
    # Who was found is in the viewer's sight, and so are their grades.
    grades = grades_of(viewer=SYSTEM, customers=[hit.id for hit in hits]) if hits else {}
    words = {
        "page_title": _("Reception"),
        "q": typed,
        "rows": [(hit, grades.get(hit.id)) for hit in hits],
        "elsewhere": [] if hits else _elsewhere(request, typed),
        "may_add": request.user.may(May.EDIT_CUSTOMERS),
    }
    return render(request, "reception/_hits.html" if request.htmx else "reception/page.html", words)


def _scanned(request: StaffRequest, typed: str) -> HttpResponse:
    """Open whoever shows this card on her phone. Only Enter, which a scanner presses, takes the code: it is good once.

    Of somebody else's customer only whose she is is told; a code that is over or was taken before finds nobody.
    """
    is_typing = is_for(request, "hits")
    key = None if is_typing else take_card(text=typed, now=moment_of(request).now)
    found = holder_of_card(viewer=request.user, customer_id=key) if key is not None else None
    if found is not None and found.id is not None:
        return gone_to(request, f"{request.path}{found.id}/")
    words = {
        "page_title": _("Reception"),
        "q": typed if found is not None else "",
        "rows": [],
        "elsewhere": [found] if found is not None else [],
        "is_card_over": found is None and not is_typing,
        "may_add": False,
    }
    return render(request, "reception/_hits.html" if request.htmx else "reception/page.html", words)


def _elsewhere(request: StaffRequest, typed: str) -> list[LikelySame]:
    """Of a whole phone or card that belongs to somebody else's customer, only whose she is."""
    if len(typed) < _SHORTEST_WHOLE or not any(sign.isdigit() for sign in typed):
        return []
    draft = CustomerDraft(card_number=typed, phones=(typed,))
    return [one for one in likely_same(viewer=request.user, draft=draft) if one.id is None]


def glance(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show the six things to know about who has just come in."""
    customer, moment = customer_for(viewer=request.user, id=customer_id, along=TRACES), moment_of(request)
    note_look(customer=customer, place="glance", by=request.user, now=moment.now)
    found = glance_of(viewer=request.user, customer=customer, today=moment.today)
    words = {
        "page_title": found.name,
        "customer": customer,
        "glance": found,
        "to_call": to_call(customer) if customer.has_hotline else "",
        "today": moment.today,
        "standing": standing_of(viewer=request.user, customer=customer, on=moment.today),
        "may_edit": request.user.may(May.EDIT_CUSTOMERS),
        "may_sell": request.user.may(May.RECORD_SALES),
    }
    return render(request, "reception/glance.html", words)
