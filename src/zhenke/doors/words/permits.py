"""Words of looks that two people answer for: what is looked at, why, what was said, how it stands."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.customers.models import LookPermit
from zhenke.doors.words.pieces import LOOK_REASONS

State = LookPermit.State
REVEAL_REASONS = (
    ("call", _("To call")),
    ("message", _("To write a message")),
    ("deliver", _("To deliver something")),
    ("check", _("To check it with the customer")),
)
TRAIT_REASONS = (
    ("serve", _("To serve or treat safely")),
    ("advise", _("To advise on a piece")),
    ("check", _("To check it with the customer")),
)
GROUP_WORDS: dict[str, Promise] = {
    "address": pgettext_lazy("permit", "an address"),
    "pieces": pgettext_lazy("permit", "numbers, weights and valuations of a piece"),
    "traits_level_4": pgettext_lazy("permit", "something on health, faith or the like"),
}
AGREED_WORDS: dict[str, Promise] = {
    "known": pgettext_lazy("permit", "I know of it"),
    "customer_asked": pgettext_lazy("permit", "The customer asked for it"),
    "urgent": pgettext_lazy("permit", "It cannot wait"),
}
REFUSED_WORDS: dict[str, Promise] = {
    "not_needed": pgettext_lazy("permit", "It is not needed for this"),
    "ask_advisor": pgettext_lazy("permit", "Let their advisor do it"),
    "not_now": pgettext_lazy("permit", "Not before we have spoken"),
}
WORD_WORDS = {**AGREED_WORDS, **REFUSED_WORDS}
STATE_WORDS: dict[str, tuple[Promise, str]] = {
    State.WAITING: (pgettext_lazy("permit", "Waits for a second person"), "soon"),
    State.AGREED: (pgettext_lazy("permit", "Agreed"), "good"),
    State.REFUSED: (pgettext_lazy("permit", "Refused"), "late"),
    State.USED: (pgettext_lazy("permit", "Looked"), ""),
    State.OVER: (pgettext_lazy("permit", "Its time is over"), ""),
}

WAITS_ALONE = pgettext_lazy("permit", "Waits for its time")
READY_ALONE = pgettext_lazy("permit", "The wait is over")


def state_of(permit: LookPermit, now: datetime) -> State:
    """Return how a permit stands at a moment, also before anything has closed it."""
    is_over = permit.state in (State.WAITING, State.AGREED) and permit.until <= now
    return State.OVER if is_over else State(permit.state)


def state_words(permit: LookPermit, now: datetime) -> tuple[Promise, str]:
    """Return how a permit stands, and the colour of it; who is alone waits for a time and not for a person."""
    state = state_of(permit, now)
    if state == State.WAITING and permit.alone_from is not None:
        is_over = permit.alone_from <= now
        return (READY_ALONE if is_over else WAITS_ALONE), "soon"
    return STATE_WORDS[state]


def reason_words(group: str, reason: str) -> Promise | str:
    """Return why somebody wants to look."""
    words = {"pieces": LOOK_REASONS, "traits_level_4": TRAIT_REASONS}.get(group, REVEAL_REASONS)
    return dict(words).get(reason, "")
