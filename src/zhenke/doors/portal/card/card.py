"""The member's card: her name, her shop and advisor, and a code that is another every minute."""

from __future__ import annotations

import secrets

from django.http import HttpResponse
from django.shortcuts import render

from zhenke.customers.queries.members import card_code
from zhenke.doors.portal.card.codes import picture_of
from zhenke.doors.portal.member_request import MemberRequest, moment_of


def card(request: MemberRequest) -> HttpResponse:
    """Show the card."""
    return render(request, "portal/card/page.html", {"here": "card", "picture": _picture(request)})


def code(request: MemberRequest) -> HttpResponse:
    """Show the next code alone."""
    return render(request, "portal/card/_code.html", {"picture": _picture(request)})


def _picture(request: MemberRequest) -> str:
    text = card_code(session=request.member.session, nonce=secrets.token_bytes(4), now=moment_of(request).now)
    return picture_of(text)
