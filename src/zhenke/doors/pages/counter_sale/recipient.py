"""For whom a gift is and until when that is a secret: the part of the sale's form, and the sheet of the receipt."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.basics.errors import BadInput, NotFound
from zhenke.customers.models import Customer
from zhenke.customers.queries import customer_for, household_of, search, secret_until_of, seen_name
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, gone_to, moment_of, refuse
from zhenke.doors.pages.widgets import DayField
from zhenke.doors.stream.timeline import name_of_line
from zhenke.doors.words.people import link_word
from zhenke.journeys.name_recipient import name_recipient
from zhenke.sales.models import Sale
from zhenke.sales.queries import recipients_of, sale_for

Words = dict[str, object]
MOST_OFFERED = 6


class RecipientForm(forms.Form):
    """For whom, and until when it is a secret."""

    gift_for = forms.CharField(max_length=19, required=False, widget=forms.HiddenInput)
    secret_until = DayField(
        label=gettext_lazy("Secret until"),
        required=False,
        help_text=gettext_lazy("Before this day nothing of it stands on the other person's page. Today: no secret."),
    )

    def recipient(self) -> int | None:
        """Return the key of who it is for."""
        return key_in(self.cleaned_data.get("gift_for", ""))


def key_in(text: str) -> int | None:
    """Return the key that a form sent, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def chosen_by(request: StaffRequest, text: str) -> Customer | None:
    """Return the customer in sight whose key a form sent, None if there is none."""
    key = key_in(text)
    if key is None:
        return None
    try:
        return customer_for(viewer=request.user, id=key)
    except NotFound:
        return None


def recipient(request: StaffRequest) -> HttpResponse:
    """Show who a gift may be for, the household first; or who was chosen; or nothing while nothing is a gift."""
    if "q" in request.GET:
        typed = request.GET["q"].strip()[:60]
        hits = search(viewer=request.user, text=typed, limit=8) if typed else []
        return render(request, "counter_sale/_recipient_hits.html", {"hits": hits, "q": typed})
    return render(request, "counter_sale/_recipient.html", recipient_words(request))


def recipient_words(request: StaffRequest, form: RecipientForm | None = None) -> Words:
    """Return what the part of the form shows, from what was sent."""
    sent = request.POST if request.method == "POST" else request.GET
    is_gift = any(name.endswith("is_gift") and value for name, value in sent.items())
    buyer = chosen_by(request, sent.get("customer", ""))
    chosen = chosen_by(request, sent.get("gift_for", ""))
    if chosen is not None and buyer is not None and chosen.pk == buyer.pk:
        chosen = None
    words: Words = {"is_gift": is_gift, "recipient": chosen}
    if not is_gift:
        return words
    if chosen is None:
        return words | {"offers": offers_for(request, buyer)}
    return words | chosen_words(request, chosen, form)


def chosen_words(request: StaffRequest, chosen: Customer, form: RecipientForm | None = None) -> Words:
    """Return the chosen recipient's part, with the day that is proposed."""
    viewer = request.user
    proposed = secret_until_of(viewer=viewer, recipient=chosen, bought=moment_of(request).today)
    return {
        "is_gift": True,
        "recipient": chosen,
        "recipient_name": seen_name(viewer=viewer, customer=chosen) or str(chosen),
        "recipient_form": form or RecipientForm(initial={"gift_for": chosen.pk, "secret_until": proposed}),
    }


def offers_for(request: StaffRequest, buyer: Customer | None) -> list[tuple[int, str, str]]:
    """Return the buyer's household in sight as (key, word, name)."""
    if buyer is None:
        return []
    viewer = request.user
    links = household_of(viewer=viewer, customer=buyer)
    return [
        (one.pk, link_word(link.kind, one.gender), seen_name(viewer=viewer, customer=one) or str(one))
        for link in links
        if (one := link.other) is not None
    ][:MOST_OFFERED]


def sale_gift(request: StaffRequest, sale_id: int) -> HttpResponse:
    """Say of a receipt afterwards for whom its pieces are, or that they are for nobody."""
    sale, moment = sale_for(viewer=request.user, id=sale_id), moment_of(request)
    form = RecipientForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, sale, form)
    chosen = chosen_by(request, form.cleaned_data["gift_for"])
    until: date | None = form.cleaned_data["secret_until"]
    if chosen is not None and until is None:
        until = secret_until_of(viewer=request.user, recipient=chosen, bought=sale.sold_date)
    wanted = set(request.POST.getlist("line_id"))
    try:
        name_recipient(
            sale=sale,
            line_ids=[line.pk for line in sale.lines.all() if str(line.pk) in wanted],
            recipient=chosen,
            secret_until_date=until,
            by=request.user,
            now=moment.now,
        )
    except BadInput as refusal:
        refuse(form, refusal)
        return _sheet(request, sale, form)
    said = _("It is kept for whom the gift is.") if chosen else _("It is for nobody in particular.")
    messages.success(request, said)
    return gone_to(request, reverse("sale", args=[sale.pk]))


def _sheet(request: StaffRequest, sale: Sale, form: RecipientForm) -> HttpResponse:
    lines = [line for line in sale.lines.all() if line.returned_line_id is None]
    known = recipients_of(viewer=request.user, sale=sale)
    named = next((line for line in lines if line.gift_for_id in known), None)
    words: Words = {"is_gift": True, "offers": offers_for(request, sale.customer)}
    chosen = chosen_by(request, request.POST.get("gift_for", "")) if form.is_bound else None
    if not form.is_bound and named is not None and named.gift_for_id is not None:
        chosen = known[named.gift_for_id]
        form = RecipientForm(initial={"gift_for": chosen.pk, "secret_until": named.secret_until_date})
    if chosen is not None:
        words = chosen_words(request, chosen, form)
    given = any(line.gift_for_id for line in lines)
    rows = [(line, name_of_line(line), bool(line.gift_for_id) if given else True) for line in lines]
    words |= {"sale": sale, "rows": rows, "form": form, "sheet": "counter_sale/_gift.html"}
    status = UNREADABLE if request.method == "POST" else HTTPStatus.OK
    return render(request, "counter_sale/_gift.html" if request.htmx else "today/sheet.html", words, status=status)
