"""Values of which two sources say different things: the list, side by side for one customer, the choice, its undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.customers.models import Customer
from zhenke.customers.operations.archive import FieldWrong
from zhenke.customers.operations.choosing import choose_value, undo_choice
from zhenke.customers.queries import customer_for, seen_name
from zhenke.customers.queries.claims import Conflict, Told, conflicts_of, open_conflicts
from zhenke.doors.pages.staff_request import StaffRequest, is_for, moment_of, told
from zhenke.doors.words.claims import claim_field_word, claim_value_words, said_words

CHANGED = ("profileChanged", "conflictsChanged")


@dataclass(frozen=True, slots=True)
class SideRow:
    """One value with who said it; `claim` is the claim that a tap decides, `takes` whether its value then stands."""

    text: str
    said: str
    claim: int
    takes: bool


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One field with its values: what stands first."""

    word: str
    sides: list[SideRow]
    looks_alike: bool


_MARK = "~"  # so that a key of anything is no place in the list


def _place_of(mark: str) -> int:
    """Return after which claim a page begins, 0 for the first."""
    key = mark.removeprefix(_MARK)
    return int(key) if mark.startswith(_MARK) and key.isdecimal() and len(key) < 19 else 0


def conflicts_page(request: StaffRequest) -> HttpResponse:
    """Show customers of whom sources say different things, or the next of them."""
    page = open_conflicts(viewer=request.user, after=_place_of(request.GET.get("after", "")))
    rows = [
        {
            "customer": customer,
            "name": seen_name(viewer=request.user, customer=customer) or str(customer),
            "place": " · ".join(filter(None, [customer.owner.name if customer.owner else "", customer.shop.name])),
            "fields": [claim_field_word(field) for field in fields],
        }
        for customer, fields in page.rows
    ]
    words = {
        "page_title": _("Two sources differ"),
        "rows": rows,
        "next_url": f"?after={_MARK}{page.after}" if page.after else "",
    }
    if is_for(request, "pager"):
        return render(request, "records/_conflict_rows.html", words)
    return render(
        request, "records/_conflicts.html" if is_for(request, "conflicts") else "records/conflicts.html", words
    )


def claims_sheet(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show side by side what the sources say of one customer; by POST, let one value stand."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    if request.method == "POST":
        return _chosen(request, customer)
    rows = [_row(one, customer, moment.today) for one in conflicts_of(viewer=request.user, customer=customer)]
    words = {
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer) or str(customer),
        "rows": rows,
        "sheet": "records/_claims.html",
    }
    return render(request, "records/_claims.html" if request.htmx else "today/sheet.html", words)


def _chosen(request: StaffRequest, customer: Customer) -> HttpResponse:
    key = request.POST.get("claim", "")
    if not key.isdecimal() or len(key) > 19:
        raise FieldWrong(field="claim")
    takes = request.POST.get("takes") == "yes"
    made = choose_value(customer=customer, claim=int(key), takes=takes, by=request.user, now=moment_of(request).now)
    back = reverse("customer", args=[customer.pk])
    if not made.is_new:
        return told(request, _("This was decided before."), back=back, events=CHANGED)
    undo = reverse("customer_claim_undo", args=[customer.pk, made.claim])
    text = _("Decided: %(field)s.") % {"field": claim_field_word(made.field)}
    return told(request, text, back=back, undo_url=undo, events=CHANGED)


def claim_undo(request: StaffRequest, customer_id: int, claim_id: int) -> HttpResponse:
    """Take a choice back."""
    customer = customer_for(viewer=request.user, id=customer_id)
    undo_choice(customer=customer, claim=claim_id, by=request.user, now=moment_of(request).now)
    back = reverse("customer", args=[customer.pk])
    return told(request, _("To be decided again."), back=back, events=CHANGED)


def _row(one: Conflict, customer: Customer, today: date) -> ClaimRow:
    first = one.others[0].claim or 0
    sides = [_side(one.field, one.stands, customer, today, claim=first, takes=False)]
    sides += [_side(one.field, other, customer, today, claim=other.claim or 0, takes=True) for other in one.others]
    alike = len({side.text for side in sides}) < len(sides)
    return ClaimRow(claim_field_word(one.field), sides, alike)


def _side(field: str, told_: Told, customer: Customer, today: date, *, claim: int, takes: bool) -> SideRow:
    text = claim_value_words(field, told_.text, currency=customer.shop.currency)
    return SideRow(text, said_words(told_, today), claim, takes)
