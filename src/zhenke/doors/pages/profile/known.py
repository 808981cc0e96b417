"""What should be known of her: what is missing or old, and one tap to say that it is still right."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.customers.models import Customer
from zhenke.customers.operations.freshness import confirm_field
from zhenke.customers.queries import customer_for, seen_name
from zhenke.customers.queries.claims import disputed_fields
from zhenke.customers.queries.freshness import FieldState, freshness_of
from zhenke.customers.rules.freshness import CONTACTS, DATES, TRAITS, State
from zhenke.doors.pages.staff_request import Moment, StaffRequest, moment_of, told
from zhenke.doors.words.claims import claim_field_word
from zhenke.doors.words.fields import field_word
from zhenke.doors.words.freshness import standing_words
from zhenke.grading.queries import grade_for
from zhenke.staff.models import StaffMember

CHANGED = ("profileChanged",)


@dataclass(frozen=True, slots=True)
class KnownRow:
    """One field as it is shown; `sheet` is where it is written down, `tab` the tab if there is no sheet for it."""

    field: str
    word: str
    words: str
    is_stale: bool
    sheet: str
    tab: str


def known(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show what is missing or old of what matters for her grade; by POST, say that one field is still right."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    if request.method == "POST":
        field = request.POST.get("field", "")
        confirm_field(customer=customer, field=field, by=request.user, now=moment.now)
        back = reverse("customer", args=[customer.pk])
        return told(request, _("Still right: %(field)s.") % {"field": field_word(field)}, back=back, events=CHANGED)
    words = {
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer) or str(customer),
        "sheet": "profile/_known_fields.html",
        **known_words(request.user, customer, moment),
    }
    return render(request, "profile/_known_fields.html" if request.htmx else "today/sheet.html", words)


def known_words(viewer: StaffMember, customer: Customer, moment: Moment) -> dict[str, object]:
    """Return the rows to ask about, those that are fine, and the letter of which they are asked."""
    grade = grade_for(viewer=viewer, customer=customer)
    letter = grade.letter if grade else ""
    fields = freshness_of(viewer=viewer, customer=customer, letter=letter, today=moment.today)
    rows = [(one.state, _row(one, customer, moment)) for one in fields]
    return {
        "to_ask": [row for state, row in rows if state != State.KNOWN],
        "fine": [row for state, row in rows if state == State.KNOWN],
        "letter": letter,
        "disputed": [claim_field_word(field) for field in disputed_fields(viewer=viewer, customer=customer)],
    }


def _row(one: FieldState, customer: Customer, moment: Moment) -> KnownRow:
    if one.field in CONTACTS:
        sheet = "customer_contact"
    elif one.field in DATES:
        sheet = "customer_date"
    else:
        sheet = "" if one.field in TRAITS else "customer_person"
    return KnownRow(
        one.field,
        field_word(one.field),
        standing_words(one, moment.today),
        one.state == State.STALE,
        reverse(sheet, args=[customer.pk]) if sheet else "",
        "" if sheet else "preferences",
    )
