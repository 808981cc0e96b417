"""What the member allows: one switch for each purpose by each channel, a no as near as a yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhenke.customers.models import ConsentText
from zhenke.customers.operations import give_consent, withdraw_consent, withdraw_everything
from zhenke.customers.queries import consents_of, current_texts
from zhenke.customers.queries.consent import SeenConsent
from zhenke.customers.rules.consent import PURPOSES, purpose_of
from zhenke.doors.portal.member_request import MemberRequest, moment_of
from zhenke.doors.words.consent import PURPOSE_WORDS, WAY_WORDS, WHY_WORDS, text_words
from zhenke.staff import SYSTEM

_PROOF = {"proof": "screen", "proof_note": "member_site"}


@dataclass(frozen=True, slots=True)
class Switch:
    """One channel of one purpose: whether it is on, and why in a word."""

    channel: str
    word: Promise | str
    is_on: bool
    why: Promise


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """One purpose with its text and its switches; `is_fixed` goes with the order and has none."""

    code: str
    name: Promise
    text: str
    version: int
    is_fixed: bool
    switches: list[Switch]


def consent(request: MemberRequest) -> HttpResponse:
    """Show every purpose; keep a yes or a no."""
    moment, customer = moment_of(request), request.member.customer
    if request.method == "POST":
        return _keep(request, moment.now)
    texts = current_texts()
    seen = consents_of(viewer=SYSTEM, customer=customer, today=moment.today)
    cards = [
        _card(code, list(rows), texts.get(code))
        for code, rows in groupby(seen, key=lambda one: one.purpose)
        if not PURPOSES[code].is_of_children
    ]
    return render(request, "portal/consent/page.html", {"here": "consent", "cards": [one for one in cards if one]})


def _keep(request: MemberRequest, at: datetime) -> HttpResponse:
    """Keep one answer. A yes counts only for the text that she was shown; a no always."""
    customer, given = request.member.customer, request.POST
    if given.get("act") == "nothing":
        withdraw_everything(customer=customer, proof="screen", by=SYSTEM, now=at)
        return redirect("member_consent")
    about, channel = purpose_of(given.get("purpose", "")), given.get("channel", "")
    keep = give_consent if given.get("to") == "yes" else withdraw_consent
    if keep is withdraw_consent or _was_shown(about.code, given.get("version", "")):
        keep(customer=customer, purpose=about.code, channels=[channel], by=SYSTEM, now=at, **_PROOF)
    return redirect("member_consent")


def _was_shown(purpose: str, version: str) -> bool:
    text = current_texts().get(purpose)
    return text is not None and str(text.version) == version


def _card(code: str, rows: list[SeenConsent], text: ConsentText | None) -> PurposeCard | None:
    is_fixed = not PURPOSES[code].needs_yes
    if text is None and not is_fixed and not any(one.verdict.may for one in rows):
        return None
    switches = [
        Switch(one.channel, WAY_WORDS.get(one.channel, _("I agree")), one.verdict.may, WHY_WORDS[one.verdict.why])
        for one in rows
    ]
    version = text.version if text else 0
    return PurposeCard(code, PURPOSE_WORDS[code], text_words(text), version, is_fixed, [] if is_fixed else switches)
