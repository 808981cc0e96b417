"""Lines of notes as templates show them: who names the viewer on Today, and what hangs on an entry of the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.customers.models import Customer, Interaction, Mention
from zhenke.customers.queries import seen_name
from zhenke.customers.queries.notes import mentions_for
from zhenke.customers.rules.notes import SENSITIVE
from zhenke.customers.rules.sight import sight_of
from zhenke.doors.templatetags.words import address
from zhenke.doors.words.why import between_sentences
from zhenke.staff.models import StaffMember

_LONGEST = 140


@dataclass(frozen=True, slots=True)
class MentionLine:
    """One quiet line of Today: somebody names the viewer in a note."""

    id: int
    title: str
    text: str
    at: datetime
    url: str


def mention_lines(viewer: StaffMember) -> list[MentionLine]:
    """Return the lines of Today that name the viewer."""
    return [_line(mention, viewer) for mention in mentions_for(viewer=viewer)]


def _line(mention: Mention, viewer: StaffMember) -> MentionLine:
    note, customer = mention.interaction, mention.interaction.customer
    name = seen_name(viewer=viewer, customer=customer) or str(customer)
    who = mention.by.name if mention.by else _("Somebody")
    title = _("%(who)s names you in a note on %(name)s") % {"who": who, "name": name}
    text = note.text if len(note.text) <= _LONGEST else f"{note.text[: _LONGEST - 1]}…"
    return MentionLine(mention.pk, title, text, note.at, note_url(customer.pk, note))


def note_url(customer_id: int, note: Interaction) -> str:
    """Return the address of the profile with this note as the first line of its timeline."""
    after = f"{(note.at + timedelta(microseconds=1)).isoformat()}~0"
    return f"{address('customer', customer_id)}?{urlencode({'tab': 'timeline', 'after': after})}#entry-{note.pk}"


def written_words(text: str, row: Interaction, *, viewer: StaffMember) -> str:
    """Return what is said when something is written down; of words that the writer will not read again, why."""
    if row.level < SENSITIVE or sight_of(viewer.role).sensitive_notes:
        return text
    why = _("It speaks of health, faith or papers, so only those who lead can read the words.")
    return between_sentences().join((text, why))


def undo_url(customer: Customer, row: Interaction) -> str:
    """Return the address that takes a note back."""
    return reverse("note_undo", args=[customer.pk, row.pk])
