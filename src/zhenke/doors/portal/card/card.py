"""The member's card: her name, her shop and advisor, and a code that is another every minute."""

from __future__ import annotations

import secrets

from django.http import HttpResponse
from django.shortcuts import render

from zhenke.customers.queries.members import card_code
from zhenke.doors.portal.card.codes import picture_of
from zhenke.doors.portal.member_request import MemberRequest, moment_of
from zhenke.doors.words.membership import name_of
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.members import member_card
from zhenke.staff import SYSTEM


def card(request: MemberRequest) -> HttpResponse:
    """Show the card."""
    customer, today = request.member.customer, moment_of(request).today
    held = member_card(viewer=SYSTEM, customer=customer, on=today)
    words = {
        "here": "card",
        "picture": _picture(request),
        "tier": name_of(held.tier) if held else "",
        "points": balance_of(viewer=SYSTEM, customer=customer, on_date=today).spendable,
    }
    return render(request, "portal/card/page.html", words)


def code(request: MemberRequest) -> HttpResponse:
    """Show the next code alone."""
    return render(request, "portal/card/_code.html", {"picture": _picture(request)})


def _picture(request: MemberRequest) -> str:
    text = card_code(session=request.member.session, nonce=secrets.token_bytes(4), now=moment_of(request).now)
    return picture_of(text)
