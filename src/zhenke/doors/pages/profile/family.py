"""The family tab, and the sheet on which somebody is linked."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.basics.errors import BadInput, NotFound
from zhenke.care.queries import next_steps, tasks_of
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_link, drop_link, restore_link
from zhenke.customers.operations.household import LONGEST_JOB
from zhenke.customers.queries import customer_for, household_of, link_for, search, seen_name
from zhenke.customers.rules.sight import sight_of
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, refuse, told
from zhenke.doors.pages.today.rows import ItemRow, row_of
from zhenke.doors.words.care import step_word
from zhenke.doors.words.people import LINK_WORDS, link_word
from zhenke.grading.models import Grade
from zhenke.grading.queries import grades_of
from zhenke.sales.queries import keepers_of_secrets

CHANGED = ("profileChanged",)
MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One link as it is shown; for a person out of sight only the word and the link's own key are there."""

    link_id: int
    word: str
    is_household: bool
    customer_id: int | None = None
    name: str = ""
    owner: str = ""
    grade: Grade | None = None
    step: ItemRow | None = None
    job: str = ""


class LinkForm(forms.Form):
    """Who it is, and what to her."""

    other = forms.CharField(max_length=19, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is this person to her or him?"),
        choices=list(LINK_WORDS.items()),
        widget=forms.RadioSelect,
        initial="spouse",
    )
    job = forms.CharField(
        label=gettext_lazy("What they do there"),
        max_length=LONGEST_JOB,
        required=False,
        help_text=gettext_lazy("Of a company's contact only."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": gettext_lazy("Buys the gifts")}),
    )


def family_tab(request: StaffRequest, customer: Customer, moment: Moment) -> dict[str, object]:
    """Who belongs to her, each with the grade and what to say next."""
    viewer = request.user
    links = household_of(viewer=viewer, customer=customer)
    seen = [link.other for link in links if link.other is not None]
    grades = grades_of(viewer=viewer, customers=[one.pk for one in seen]) if seen else {}
    # What is planned for somebody who keeps a gift secret tells of it: it stays on that person's own page.
    quiet = keepers_of_secrets(customer_ids=[one.pk for one in seen], now=moment.now)
    spoken = [one for one in seen if one.pk not in quiet] if sight_of(viewer.role).notes else []
    steps = next_steps(viewer=viewer, customers=spoken, day=moment.today)
    rows = []
    for link in links:
        other = link.other
        if other is None:
            rows.append(FamilyRow(link.id, link_word(link.kind), link.is_household))
            continue
        item = steps.get(other.pk)
        rows.append(
            FamilyRow(
                link.id,
                link_word(link.kind, other.gender),
                link.is_household,
                other.pk,
                seen_name(viewer=viewer, customer=other) or str(other),
                other.owner.name if other.owner else "",
                grades.get(other.pk),
                row_of(item, part="family", viewer=viewer) if item else None,
                link.job,
            )
        )
    words: dict[str, object] = {"family": rows, "is_organisation": customer.kind != Customer.Kind.PERSON}
    if words["is_organisation"]:  # what is open with it belongs beside whom to call about it
        tasks = [task for task in tasks_of(viewer=viewer, customer=customer) if task.state == "open"]
        words["open_tasks"] = [(task, step_word(task.step), "") for task in tasks]
    return words


def link(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Find somebody and say what she is to the customer; or link her."""
    customer = customer_for(viewer=request.user, id=customer_id)
    if "q" in request.GET:
        typed = request.GET["q"].strip()[:60]
        hits = search(viewer=request.user, text=typed, limit=MOST_FOUND + 1) if typed else []
        hits = [hit for hit in hits if hit.id != customer.pk][:MOST_FOUND]
        return render(request, "profile/_family_hits.html", {"customer": customer, "hits": hits, "q": typed})
    if request.method == "GET":
        chosen = _chosen(request, request.GET.get("other", ""))
        form = LinkForm(initial={"other": chosen.pk, "kind": _likely_kind(customer, chosen)}) if chosen else None
        return _sheet(request, customer, form, chosen)
    form = LinkForm(request.POST)
    chosen = _chosen(request, request.POST.get("other", ""))
    if chosen is None or not form.is_valid():
        return _sheet(request, customer, form if chosen else None, chosen)
    try:
        add_link(
            customer=customer,
            other=chosen,
            kind=form.cleaned_data["kind"],
            job=form.cleaned_data["job"],
            by=request.user,
            now=moment_of(request).now,
        )
    except BadInput as refusal:
        refuse(form, refusal)
        return _sheet(request, customer, form, chosen)
    return told(request, _("They belong together now."), back=_back(customer), events=CHANGED)


def drop(request: StaffRequest, customer_id: int, link_id: int) -> HttpResponse:
    """Take a link away; the toast can bring it back."""
    customer = customer_for(viewer=request.user, id=customer_id)
    found = link_for(viewer=request.user, customer=customer, id=link_id)
    drop_link(customer=customer, link=found, by=request.user, now=moment_of(request).now)
    undo = reverse("customer_link_again", args=[customer.pk, found.pk])
    return told(request, _("The link is taken away."), back=_back(customer), undo_url=undo, events=CHANGED)


def again(request: StaffRequest, customer_id: int, link_id: int) -> HttpResponse:
    """Bring a link back that was taken away."""
    customer = customer_for(viewer=request.user, id=customer_id)
    found = link_for(viewer=request.user, customer=customer, id=link_id)
    restore_link(customer=customer, link=found, by=request.user, now=moment_of(request).now)
    return told(request, _("The link is back."), back=_back(customer), events=CHANGED)


def _likely_kind(customer: Customer, other: Customer) -> str:
    if customer.kind != Customer.Kind.PERSON:
        return "company_contact"
    return "company" if other.kind != Customer.Kind.PERSON else "spouse"


def _chosen(request: StaffRequest, key: str) -> Customer | None:
    if not (key.isascii() and key.isdecimal() and len(key) < 20):
        return None
    try:
        return customer_for(viewer=request.user, id=int(key))
    except NotFound:
        return None


def _sheet(request: StaffRequest, customer: Customer, form: LinkForm | None, chosen: Customer | None) -> HttpResponse:
    viewer = request.user
    words = {
        "customer": customer,
        "name": seen_name(viewer=viewer, customer=customer) or str(customer),
        "form": form,
        "chosen": chosen,
        "chosen_name": (seen_name(viewer=viewer, customer=chosen) or str(chosen)) if chosen else "",
        "sheet": "profile/_family_link.html",
    }
    status = UNREADABLE if request.method == "POST" else HTTPStatus.OK
    return render(request, "profile/_family_link.html" if request.htmx else "today/sheet.html", words, status=status)


def _back(customer: Customer) -> str:
    return reverse("customer", args=[customer.pk]) + "?tab=family"
