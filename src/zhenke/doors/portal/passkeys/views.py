"""A member's passkeys: add one, forget them all; and signing in by one, during any attack on codes."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhenke.basics.clock import now
from zhenke.basics.errors import ZhenkeError
from zhenke.customers.operations.members import must_be_sure
from zhenke.customers.operations.passkeys import drop_passkeys, keep_passkey, sign_in_by_passkey
from zhenke.customers.queries.passkeys import passkeys_of
from zhenke.customers.rules.members import CodeNeeded
from zhenke.doors.budget import Budget
from zhenke.doors.portal.member_request import MemberRequest, moment_of, network_of
from zhenke.doors.portal.passkeys.claims import PasskeyRefused, made, options_to_make, used
from zhenke.doors.portal.sign_in.cookies import let_in
from zhenke.doors.words_errors import sentence_of

TRIES_A_MINUTE = 30
TRIES = Budget()


def enter(request: HttpRequest) -> HttpResponse:
    """Let in who signed with a passkey."""
    at = now()
    if TRIES.seconds_to_wait(network_of(request), calls=TRIES_A_MINUTE):
        return _again(request, HTTPStatus.TOO_MANY_REQUESTS)
    try:
        claim = used(request, request.POST.get("claim", ""), now=at)
    except PasskeyRefused:
        return _again(request, HTTPStatus.UNPROCESSABLE_ENTITY)
    found = sign_in_by_passkey(passkey=claim.passkey, position=claim.position, mark=claim.mark, now=at)
    if found is None:
        return _again(request, HTTPStatus.UNPROCESSABLE_ENTITY)
    return let_in(redirect("member_card"), found)


def _again(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    words = {"status": status, "sentence": _("The device did not confirm. Try again, or take a code.")}
    return render(request, "portal/refusal.html", words, status=status)


def passkeys(request: MemberRequest) -> HttpResponse:
    """Show how many passkeys there are, add one, or forget them all. A new one needs a fresh code on a known device."""
    moment, member = moment_of(request), request.member
    if request.POST.get("act") == "drop":
        drop_passkeys(member=member, now=moment.now)
        return redirect("member_passkeys")
    try:
        must_be_sure(member=member, now=moment.now)
    except CodeNeeded:
        answer = redirect("member_prove")
        answer["Location"] += "?next=member_passkeys"
        return answer
    if request.method == "POST":
        return _keep(request)
    return _page(request)


def _keep(request: MemberRequest) -> HttpResponse:
    at = moment_of(request).now
    try:
        claim = made(request, request.POST.get("claim", ""), now=at)
        is_new = keep_passkey(
            member=request.member,
            credential_id=claim.credential_id,
            public_part=claim.public_part,
            position=claim.position,
            mark=claim.mark,
            now=at,
        )
    except ZhenkeError as refusal:
        return _page(request, sentence_of(refusal))
    return redirect("member_passkeys") if is_new else _page(request, sentence_of(PasskeyRefused()))


def _page(request: MemberRequest, fault: str = "") -> HttpResponse:
    words = {
        "here": "mine",
        "count": len(passkeys_of(customer=request.member.customer)),
        "options": options_to_make(request, name=_("Member site"), now=moment_of(request).now),
        "fault": fault,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return render(request, "portal/passkeys/page.html", words, status=status)
