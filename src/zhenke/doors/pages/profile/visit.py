"""The sheet on which a visit to the counter is written down: chips first, so that it takes 20 seconds on a phone."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.queries import SeenLink, customer_for, household_of, seen_name
from zhenke.customers.rules.visits import MOST_COMPANIONS, VisitDraft, words_of
from zhenke.doors.pages.notes.fields import NOTE_FIELDS, NoteExtras, raw_photos
from zhenke.doors.pages.notes.rows import written_words
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.doors.pages.widgets import DayField
from zhenke.doors.words.days import day_words
from zhenke.doors.words.people import link_word
from zhenke.doors.words.visits import STOP_WORDS
from zhenke.journeys.record_visit import record_visit
from zhenke.staff.models import StaffMember

CHANGED = ("profileChanged", "tasksChanged")
_MINUTES = (10, 20, 30, 45, 60, 90)
_FIELDS = {"pieces": "looked_at", "companions": "companions", **NOTE_FIELDS}


class VisitForm(NoteExtras):
    """What an advisor writes down of a visit; nothing is required."""

    looked_at = forms.CharField(
        label=gettext_lazy("Looked at"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text=gettext_lazy("Style numbers or words, with commas between."),
    )
    tried = forms.CharField(
        label=gettext_lazy("Tried on"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    stopped_by = forms.MultipleChoiceField(
        label=gettext_lazy("What stopped the purchase?"),
        required=False,
        choices=list(STOP_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Minutes"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(minutes, str(minutes)) for minutes in _MINUTES],
        widget=forms.RadioSelect,
    )
    companions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Came along"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    companions_text = forms.CharField(
        label=pgettext_lazy("visit", "Somebody else"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=gettext_lazy("In a few words"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    agreed = forms.CharField(
        label=pgettext_lazy("visit", "Next step"),
        required=False,
        max_length=300,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": gettext_lazy("Show the pearl strand again")}
        ),
    )
    agreed_date = DayField(label=pgettext_lazy("task", "When"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def offer(self, viewer: StaffMember, links: list[SeenLink]) -> None:
        """Offer the people in sight who belong to her as companions."""
        seen = [(link, link.other) for link in links if link.other is not None]
        self.fields["companions"].choices = [  # type: ignore[attr-defined]
            (other.pk, f"{seen_name(viewer=viewer, customer=other) or other} · {link_word(link.kind, other.gender)}")
            for link, other in seen[:MOST_COMPANIONS]
        ]

    def clean(self) -> dict[str, object]:
        """A day without words asks to call; words without a day ask for one."""
        given: dict[str, object] = super().clean() or self.cleaned_data
        said = (
            "looked_at",
            "tried",
            "stopped_by",
            "minutes",
            "companions",
            "companions_text",
            "text",
            "agreed",
            "photos",
        )
        if not self.errors and not any(given.get(name) for name in (*said, "agreed_date")):
            raise forms.ValidationError(_("Write down at least one thing about the visit."))
        if given.get("agreed") and not given.get("agreed_date") and "agreed_date" not in self.errors:
            self.add_error("agreed_date", _("Choose the day on which this is due."))
        if given.get("agreed_date") and not given.get("agreed"):
            given["agreed"] = _("Ask again after the visit")
        return given

    def draft(self) -> VisitDraft:
        """Return what was written down, the pieces left out."""
        given = self.cleaned_data
        return VisitDraft(
            minutes=given["minutes"],
            companions=tuple(given["companions"]),
            companions_text=given["companions_text"],
            stopped_by=tuple(given["stopped_by"]),
            agreed=given["agreed"],
            agreed_date=given["agreed_date"],
        )


def visit(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Write down that she was here."""
    viewer, moment = request.user, moment_of(request)
    customer = customer_for(viewer=viewer, id=customer_id)
    is_sent = request.method == "POST"
    form = VisitForm(request.POST, request.FILES) if is_sent else VisitForm(initial={"key": new_key()})
    form.offer_colleagues(viewer, customer)
    form.offer(viewer, household_of(viewer=viewer, customer=customer))
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, form)
    given = form.cleaned_data
    try:
        recorded = record_visit(
            customer=customer,
            draft=form.draft(),
            looked_at=words_of(given["looked_at"]),
            tried=words_of(given["tried"]),
            text=given["text"],
            key=f"desk:{given['key']}",
            at=moment.now,
            shop=viewer.shop,
            assignee=viewer,
            by=viewer,
            today=moment.today,
            now=moment.now,
            named=given["named"],
            photos=raw_photos(given["photos"]),
        )
    except (BadInput, RuleBroken, NotFound) as refusal:
        refuse(form, refusal, _FIELDS)
        return _sheet(request, customer, form)
    text = _("The visit is written down.")
    if recorded.task is not None:
        when = day_words(recorded.task.due_date, moment.today)
        text = _("The visit is written down. Planned: %(when)s.") % {"when": when}
    text = written_words(text, recorded.visit, viewer=viewer)
    return told(request, text, back=reverse("customer", args=[customer.pk]), events=CHANGED)


def _sheet(request: StaffRequest, customer: Customer, form: VisitForm) -> HttpResponse:
    words = {
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer) or str(customer),
        "form": form,
        "sheet": "profile/_visit.html",
    }
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    return render(request, "profile/_visit.html" if request.htmx else "today/sheet.html", words, status=status)
