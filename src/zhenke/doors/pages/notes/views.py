"""Views of notes: a line that names one is opened or put away, a photo is looked at, a note is taken back."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import RuleBroken
from zhenke.customers.operations.note_photos import drop_note_photo
from zhenke.customers.operations.notes import drop_note, mark_seen, mark_unseen
from zhenke.customers.queries import customer_for
from zhenke.customers.queries.notes import mention_for, note_for, note_photo_file, note_photo_for
from zhenke.doors.pages.notes.rows import note_url
from zhenke.doors.pages.staff_request import StaffRequest, gone_to, moment_of, told
from zhenke.doors.words_errors import sentence_of

CHANGED = ("profileChanged", "tasksChanged")


def mention_open(request: StaffRequest, mention_id: int) -> HttpResponse:
    """Go to the note that names one; the line is seen by that."""
    found = mention_for(viewer=request.user, id=mention_id)
    mark_seen(mention=found, by=request.user, now=moment_of(request).now)
    return gone_to(request, note_url(found.interaction.customer_id, found.interaction))


def mention_seen(request: StaffRequest, mention_id: int) -> HttpResponse:
    """Put a line away."""
    found = mention_for(viewer=request.user, id=mention_id)
    mark_seen(mention=found, by=request.user, now=moment_of(request).now)
    undo = reverse("mention_unseen", args=[found.pk])
    return told(request, _("Put away."), back=reverse("today"), undo_url=undo, events=("tasksChanged",))


def mention_unseen(request: StaffRequest, mention_id: int) -> HttpResponse:
    """Put a line back that was put away by mistake."""
    found = mention_for(viewer=request.user, id=mention_id)
    mark_unseen(mention=found, by=request.user)
    return told(request, _("It is on the list again."), back=reverse("today"), events=("tasksChanged",))


def note_undo(request: StaffRequest, customer_id: int, interaction_id: int) -> HttpResponse:
    """Take back what one just wrote down."""
    customer = customer_for(viewer=request.user, id=customer_id)
    back = reverse("customer", args=[customer.pk])
    found = note_for(viewer=request.user, customer=customer, id=interaction_id)
    try:
        drop_note(note=found, by=request.user, now=moment_of(request).now)
    except RuleBroken as refusal:
        return told(request, str(sentence_of(refusal)), back=back, level="late")
    return told(request, _("The note is taken back."), back=back, events=CHANGED)


def note_photo(request: StaffRequest, customer_id: int, note_photo_id: int) -> FileResponse:
    """Send one photo of a note, large or small, to who may read the note."""
    customer = customer_for(viewer=request.user, id=customer_id)
    found = note_photo_for(viewer=request.user, customer=customer, id=note_photo_id)
    path = note_photo_file(photo=found, is_small="small" in request.GET)
    return FileResponse(path.open("rb"), content_type="image/jpeg")


def note_photo_drop(request: StaffRequest, customer_id: int, note_photo_id: int) -> HttpResponse:
    """Take a photo off its note."""
    customer = customer_for(viewer=request.user, id=customer_id)
    found = note_photo_for(viewer=request.user, customer=customer, id=note_photo_id)
    drop_note_photo(photo=found, by=request.user, now=moment_of(request).now)
    back = reverse("customer", args=[customer.pk])
    return told(request, _("The photo is taken away."), back=back, events=CHANGED)
