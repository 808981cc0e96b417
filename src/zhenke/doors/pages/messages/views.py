"""Views of messages: what waits, went, was not sent and why; and the word of a person on what nobody knows."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhenke.customers.queries import seen_name
from zhenke.doors.pages.staff_request import StaffRequest, moment_of, told
from zhenke.doors.words.messages import (
    KIND_WORDS,
    RECEIPT_WORDS,
    STATE_CHIPS,
    STATE_WORDS,
    WAY_OUT_WORDS,
    template_word,
    why_words,
)
from zhenke.messaging.channels import channels_of
from zhenke.messaging.models import Message
from zhenke.messaging.operations.settling import settle_held
from zhenke.messaging.queries.listing import message_counts, message_for, messages
from zhenke.settings import INSTALLATION
from zhenke.staff.models import StaffMember
from zhenke.staff.rules import May

SIZE = 50
_LONGEST_KEY = 19


def messages_page(request: StaffRequest) -> HttpResponse:
    """List messages to the customers in sight, of one state where that is asked; what is held stands first."""
    counts = message_counts(viewer=request.user)
    asked = request.GET.get("state", "")
    state = asked if asked in STATE_CHIPS else ""
    before = request.GET.get("before", "")
    key = int(before) if before.isascii() and before.isdecimal() and len(before) <= _LONGEST_KEY else None
    found = messages(viewer=request.user, state=state, before=key, size=SIZE + 1)
    rows = found[:SIZE]
    held = Message.State.HELD_UNKNOWN.value
    words = {
        "page_title": pgettext("navigation", "Messages"),
        "rows": [_row(one, request.user) for one in rows],
        "chips": [("", _("Everything"), sum(counts.values()), state == "")]
        + [(code, word, counts.get(code, 0), code == state) for code, word in STATE_CHIPS.items()],
        "held": counts.get(held, 0),
        "held_url": _address(held),
        "is_off": not channels_of(INSTALLATION),
        "next_url": _address(state, str(rows[-1].pk)) if len(found) > SIZE else "",
        "may_edit": request.user.may(May.EDIT_SETTINGS),
        "today": moment_of(request).today,
        "state": state,
    }
    return render(request, "messages/page.html", words)


def message_settle(request: StaffRequest, message_id: int) -> HttpResponse:
    """Keep a person's word on a message that nobody knows of."""
    message = message_for(viewer=request.user, id=message_id)
    was_delivered = request.POST.get("delivered") == "yes"
    settle_held(message=message, was_delivered=was_delivered, by=request.user, now=moment_of(request).now)
    words = _("Counts as sent.") if was_delivered else _("It goes again within a minute.")
    return told(request, words, back=_address(Message.State.HELD_UNKNOWN.value))


def _row(message: Message, viewer: StaffMember) -> dict[str, object]:
    word, level = STATE_WORDS[message.state]
    channel = message.channel or message.asked_channel
    parts = [str(KIND_WORDS.get(message.kind, "")), str(WAY_OUT_WORDS.get(channel, "")), why_words(message)]
    if message.receipt:
        parts.append(str(RECEIPT_WORDS.get(message.receipt, "")))
    return {
        "message": message,
        "title": template_word(message.template_key),
        "name": seen_name(viewer=viewer, customer=message.customer) or str(message.customer),
        "state": word,
        "level": level,
        "why": " · ".join(part for part in parts if part),
        "at": message.called_at or message.queued_at,
        "is_held": message.state == Message.State.HELD_UNKNOWN,
        "decided_by": message.decided_by.name if message.decided_by else "",
    }


def _address(state: str, before: str = "") -> str:
    asked = {name: value for name, value in (("state", state), ("before", before)) if value}
    return reverse("messages") + (f"?{urlencode(asked)}" if asked else "")
