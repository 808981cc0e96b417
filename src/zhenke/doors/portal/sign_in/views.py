"""Signing in by a code, saying what a new device is asked for, proving once more, leaving, and the language."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _

from zhenke.basics.clock import now
from zhenke.basics.errors import NotFound, RuleBroken
from zhenke.customers.models import SignInCode
from zhenke.customers.operations import members
from zhenke.customers.queries.contacts import opened
from zhenke.customers.queries.members import asked_of_new_device, contact_of_session, network_index
from zhenke.customers.rules.contacts import masked_contact
from zhenke.doors.portal.delivery import send_code
from zhenke.doors.portal.member_request import MemberRequest, moment_of, network_of
from zhenke.doors.portal.passkeys.claims import options_to_use
from zhenke.doors.portal.sign_in.cookies import A_YEAR, let_in, set_cookie
from zhenke.doors.portal.sign_in.forms import CodeForm, ContactForm, KnownForm
from zhenke.doors.portal.walls import DEVICE, SESSION, TRY
from zhenke.doors.words_errors import sentence_of

UNREADABLE = HTTPStatus.UNPROCESSABLE_ENTITY
_TEN_MINUTES = 600
_NEXT = ("member_copy", "member_forget", "member_passkeys")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a phone or an e-mail address, and send it a code if it is known; the answer is the same if it is not."""
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form)
    try:
        asked = members.ask_code(
            indexes=form.indexes,
            network=network_index(network_of(request)),
            sent_limit=settings.PORTAL_CODES_A_DAY,
            now=now(),
        )
    except RuleBroken as refusal:
        form.add_error(None, sentence_of(refusal))
        return _ask(request, form, status=HTTPStatus.TOO_MANY_REQUESTS)
    send_code(asked.parcel)
    answer = redirect("member_code")
    set_cookie(answer, TRY, asked.secret, _TEN_MINUTES)
    return answer


def _ask(request: HttpRequest, form: ContactForm, status: int | None = None) -> HttpResponse:
    words = {"form": form, "options": options_to_use(request, now=now())}
    return _page(request, "portal/sign_in/contact.html", words, status=status)


def code(request: HttpRequest) -> HttpResponse:
    """Take the code, and let the browser in."""
    secret = request.COOKIES.get(TRY, "")
    if not secret:
        return redirect("member_sign_in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "portal/sign_in/code.html", {"form": form})
    at = now()
    row = members.take_code(
        secret=secret,
        code=form.cleaned_data["code"],
        use=SignInCode.Use.SIGN_IN,
        network=network_index(network_of(request)),
        now=at,
    )
    if row is None:
        form.add_error("code", _wrong())
        return _page(request, "portal/sign_in/code.html", {"form": form})
    found = members.sign_in(code=row, device=request.COOKIES.get(DEVICE, ""), now=at)
    answer = let_in(redirect("member_known" if found.asks else "member_card"), found)
    answer.delete_cookie(TRY, samesite="Lax")
    return answer


def known(request: MemberRequest) -> HttpResponse:
    """Ask a new device for something that only the member knows."""
    form = KnownForm(request.POST if request.method == "POST" else None)
    words = {"form": form, "asks": asked_of_new_device(customer=request.member.customer)}
    if request.method != "POST" or not form.is_valid():
        return _page(request, "portal/sign_in/known.html", words)
    given = form.cleaned_data
    is_right = members.say_known(
        member=request.member, birthday=(given["month"] or 0, given["day"] or 0), card=given["card"], now=now()
    )
    if is_right:
        return redirect("member_card")
    form.add_error(None, _("That is not what we have on file. After five tries a day only the shop can help."))
    return _page(request, "portal/sign_in/known.html", words)


def prove(request: MemberRequest) -> HttpResponse:
    """Send a member one more code, and take it, before something that needs it."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    place = wanted if wanted in _NEXT else "member_mine"
    contact = contact_of_session(member=request.member)
    if contact is None:
        raise NotFound
    at, network = moment_of(request).now, network_index(network_of(request))
    form = CodeForm(request.POST if request.POST.get("act") == "give" else None)
    words = {"form": form, "next": place, "whom": masked_contact(contact.kind, opened(contact)), "is_sent": False}
    if request.POST.get("act") == "send":
        return _send_proof(request, words, network)
    if not form.is_bound:
        return _page(request, "portal/sign_in/prove.html", words)
    words["is_sent"] = True
    row = None
    if form.is_valid():
        secret, given = request.COOKIES.get(TRY, ""), form.cleaned_data["code"]
        row = members.take_code(secret=secret, code=given, use=SignInCode.Use.PROVE, network=network, now=at)
    if row is None or not members.prove_member(member=request.member, code=row, now=at):
        if form.is_valid():
            form.add_error("code", _wrong())
        return _page(request, "portal/sign_in/prove.html", words)
    return redirect(place)


def _send_proof(request: MemberRequest, words: dict[str, object], network: str) -> HttpResponse:
    contact = contact_of_session(member=request.member)
    if contact is None:
        raise NotFound
    limit = settings.PORTAL_CODES_A_DAY
    asked = members.ask_proof(
        member=request.member, contact=contact, network=network, sent_limit=limit, now=moment_of(request).now
    )
    send_code(asked.parcel)
    answer = render(request, "portal/sign_in/prove.html", {**words, "is_sent": True})
    set_cookie(answer, TRY, asked.secret, _TEN_MINUTES)
    return answer


def leave(request: MemberRequest) -> HttpResponse:
    """Sign out here, or everywhere."""
    members.sign_out(member=request.member, now=now(), is_everywhere=request.POST.get("where") == "everywhere")
    answer = redirect("member_sign_in")
    answer.delete_cookie(SESSION, samesite="Lax")
    # What an installed app may still hold of the shell goes too.
    answer["Clear-Site-Data"] = '"cache"'
    return answer


def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from here on, in this browser."""
    wanted = request.POST.get("language", "")
    answer = redirect("member_card")
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        set_cookie(answer, settings.LANGUAGE_COOKIE_NAME, wanted, A_YEAR)
    return answer


def _wrong() -> str:
    return _("This is not the code, or it is over. After five tries a new one is needed.")


def _page(request: HttpRequest, template: str, words: dict[str, object], status: int | None = None) -> HttpResponse:
    form = words["form"]
    is_wrong = bool(getattr(form, "is_bound", False) and getattr(form, "errors", None))
    return render(request, template, words, status=status or (UNREADABLE if is_wrong else HTTPStatus.OK))
