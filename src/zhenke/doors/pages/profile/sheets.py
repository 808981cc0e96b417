"""The sheets of a profile that write one thing: note, task, date, taste, tag, contact, own fields, grade by hand."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput, NotFound, RuleBroken, ZhenkeError
from zhenke.care.operations import add_task
from zhenke.customers.models import Customer
from zhenke.customers.operations import (
    add_contact,
    add_date,
    add_tag,
    change_customer,
    drop_tag,
    drop_trait,
    set_trait,
)
from zhenke.customers.operations.knowledge import TraitWrong
from zhenke.customers.operations.notes import add_note
from zhenke.customers.queries import customer_for, dates_of, seen_name
from zhenke.doors.pages.notes.fields import NOTE_FIELDS, raw_photos
from zhenke.doors.pages.notes.rows import undo_url, written_words
from zhenke.doors.pages.profile.forms import ContactForm, DateForm, NoteForm, OverrideForm, PersonForm, TaskForm
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.doors.words.days import day_words
from zhenke.doors.words.traits import unfit_words
from zhenke.doors.words_errors import sentence_of
from zhenke.grading.operations import end_override, override
from zhenke.journeys.forget_date import forget_date

CHANGED = ("profileChanged",)


def _sheet(request: StaffRequest, customer: Customer, form: Form, template: str, **more: object) -> HttpResponse:
    words = {
        "customer": customer,
        "name": seen_name(viewer=request.user, customer=customer) or str(customer),
        "form": form,
        "sheet": template,
        "today": moment_of(request).today,
        **more,
    }
    status = UNREADABLE if form.is_bound else HTTPStatus.OK
    return render(request, template if request.htmx else "today/sheet.html", words, status=status)


def _back(customer: Customer, tab: str = "") -> str:
    return reverse("customer", args=[customer.pk]) + (f"?tab={tab}" if tab else "")


def note(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Write down what happened or was said."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    is_sent = request.method == "POST"
    form = NoteForm(request.POST, request.FILES) if is_sent else NoteForm.of_kind(request.GET.get("kind", ""))
    form.offer_colleagues(request.user, customer)
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, form, "profile/_note.html")
    given = form.cleaned_data
    try:
        row = add_note(
            customer=customer,
            kind=given["kind"],
            text=given["text"],
            named=given["named"],
            photos=raw_photos(given["photos"]),
            at=moment.now,
            by=request.user,
            shop=request.user.shop,
            source_key=f"desk:{given['key']}",
            now=moment.now,
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, NOTE_FIELDS)
        return _sheet(request, customer, form, "profile/_note.html")
    text = written_words(_("Written down."), row, viewer=request.user)
    return told(request, text, back=_back(customer), undo_url=undo_url(customer, row), events=CHANGED)


def task(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Plan something to be done for her."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    form = TaskForm(request.POST) if request.method == "POST" else TaskForm.for_tomorrow(moment.today)
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, form, "profile/_task.html")
    given = form.cleaned_data
    try:
        planned = add_task(
            customer=customer,
            assignee=request.user,
            due_date=given["due_date"],
            note=given["note"],
            key=given["key"],
            by=request.user,
            today=moment.today,
            now=moment.now,
        )
    except BadInput as refusal:
        words = dict.fromkeys(("note_holds_id_number", "note_holds_bank_number", "words_too_private"), "note")
        refuse(form, refusal, {"date_out_of_reach": "due_date", **words})
        return _sheet(request, customer, form, "profile/_task.html")
    text = _("Planned: %(when)s.") % {"when": day_words(planned.due_date, moment.today)}
    return told(request, text, back=_back(customer, "tasks"), events=("tasksChanged",))


def date_sheet(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Add a day that comes back, or change the one of the same kind."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    form = DateForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, form, "profile/_date.html")
    given, day = form.cleaned_data, form.day_of_year()
    assert day is not None  # noqa: S101 - month and day are required here
    word = form.guardian_word(request.user) if given["kind"] == "birthday" else None
    if not form.is_valid():
        return _sheet(request, customer, form, "profile/_date.html")
    try:
        add_date(
            customer=customer,
            kind=given["kind"],
            day=day,
            label=given["label"],
            guardian_word=word,
            by=request.user,
            now=moment.now,
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, {"child_without_guardian": "guardian_proof"})
        return _sheet(request, customer, form, "profile/_date.html")
    return told(request, _("The day is kept."), back=_back(customer, "dates"), events=CHANGED)


def date_remove(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Take a day away."""
    customer = customer_for(viewer=request.user, id=customer_id)
    wanted = request.POST.get("date", "")
    found = [row for row in dates_of(viewer=request.user, customer=customer) if str(row.pk) == wanted]
    if not found:
        return told(request, _("The day was taken away before."), back=_back(customer, "dates"), events=CHANGED)
    forget_date(date=found[0], by=request.user, now=moment_of(request).now)
    return told(request, _("The day is taken away."), back=_back(customer, "dates"), events=CHANGED)


def trait(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Add one known thing, or drop it."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    key, text = request.POST.get("key", ""), request.POST.get("text", "")
    if request.POST.get("act") == "drop":
        row = request.POST.get("trait", "")
        if row.isdecimal():  # of what is shown masked only its row is named
            drop_trait(customer=customer, key=key, trait=int(row[:19]), by=request.user)
        else:
            drop_trait(customer=customer, key=key, text=text, by=request.user)
    else:
        try:
            set_trait(customer=customer, key=key, text=text, by=request.user, now=moment.now, source="desk")
        except TraitWrong as refusal:
            return told(request, unfit_words(refusal), back=_back(customer, "preferences"), level="late")
    return told(request, _("Kept."), back=_back(customer, "preferences"), events=CHANGED)


def tag(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Put a tag on her, or take it off."""
    customer = customer_for(viewer=request.user, id=customer_id)
    name = request.POST.get("name", "")
    if request.POST.get("act") == "drop":
        drop_tag(customer=customer, name=name, by=request.user)
    else:
        add_tag(customer=customer, name=name, by=request.user)
    return told(request, _("Kept."), back=_back(customer, "preferences"), events=CHANGED)


def person(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Change the person's own fields."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    known = {field: getattr(customer, field) or "" for field in PersonForm.base_fields}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, form, "profile/_person.html")
    changes = {field: form.cleaned_data[field] for field in form.changed_data}
    try:
        change_customer(customer=customer, changes=changes, by=request.user, now=moment.now)
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, {"card_taken": "card_number", "customer_empty": "name"})
        return _sheet(request, customer, form, "profile/_person.html")
    return told(request, _("Kept."), back=_back(customer), events=CHANGED)


def contact(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Add a phone, an address, a WeChat id."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, form, "profile/_contact.html")
    given = form.cleaned_data
    try:
        add_contact(customer=customer, kind=given["kind"], text=given["text"], by=request.user, now=moment.now)
    except BadInput as refusal:
        form.add_error("text", sentence_of(refusal))
        return _sheet(request, customer, form, "profile/_contact.html")
    return told(request, _("Kept."), back=_back(customer), events=CHANGED)


def grade_by_hand(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Set the grade by hand until a day, or let the computed one hold again."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    back = _back(customer, "grade")
    if request.POST.get("act") == "end":
        end_override(customer=customer, by=request.user, now=moment.now, today=moment.today)
        return told(request, _("The computed grade holds again."), back=back, events=CHANGED)
    first = {"until_date": moment.today + timedelta(days=90)}
    form = OverrideForm(request.POST if request.method == "POST" else None, initial=first)
    form.bound_days(moment.today)
    if request.method == "GET" or not form.is_valid():
        return _sheet(request, customer, form, "profile/_override.html")
    try:
        override(customer=customer, by=request.user, now=moment.now, today=moment.today, **form.cleaned_data)
    except NotFound:
        form.add_error(None, _("Nobody has graded this customer yet."))
        return _sheet(request, customer, form, "profile/_override.html")
    except ZhenkeError as refusal:
        refuse(form, refusal)
        return _sheet(request, customer, form, "profile/_override.html")
    return told(request, _("The grade is set by hand."), back=back, events=CHANGED)
