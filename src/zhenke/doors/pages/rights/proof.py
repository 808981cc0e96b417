"""One customer's consents as a proof to print: every yes and no with the words that were shown, day, way and hand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zhenke.customers.models import ConsentEntry
from zhenke.customers.queries import consent_history, customer_for, seen_name
from zhenke.doors.pages.staff_request import StaffRequest, moment_of
from zhenke.doors.words.consent import GIVER_WORDS, PROOF_WORDS, PURPOSE_WORDS, WAY_WORDS, WHY_WORDS, text_words
from zhenke.doors.words.days import exact_day


def proof(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show every yes and no of a customer with the text that it was said to, the newest first."""
    viewer, customer = request.user, customer_for(viewer=request.user, id=customer_id)
    words = {
        "page_title": _("Proof of consent"),
        "customer": customer,
        "name": seen_name(viewer=viewer, customer=customer) or str(customer),
        "rows": [_row(entry) for entry in consent_history(viewer=viewer, customer=customer)],
        "today": moment_of(request).today,
    }
    return render(request, "rights/proof.html", words)


def _row(entry: ConsentEntry) -> dict[str, object]:
    local = localtime(entry.at)
    return {
        "entry": entry,
        "when": f"{exact_day(local.date())} {local:%H:%M}",
        "state": WHY_WORDS[entry.state],
        "purpose": PURPOSE_WORDS.get(entry.purpose, entry.purpose),
        "way": WAY_WORDS.get(entry.channel, _("every way")),
        "giver": GIVER_WORDS[entry.giver],
        "proof": PROOF_WORDS[entry.proof],
        "words": text_words(entry.text),
    }
