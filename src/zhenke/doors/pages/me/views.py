"""Views of one's own page and of the language switch, which the sign-in page has too."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from zhenke.basics.clock import now
from zhenke.doors.pages.staff_request import StaffRequest
from zhenke.doors.words_roles import ROLE_WORDS
from zhenke.staff.models import StaffMember
from zhenke.staff.operations import choose_language
from zhenke.staff.rules import May

_A_YEAR = 365 * 24 * 3600


def me(request: StaffRequest) -> HttpResponse:
    """Show the page."""
    member = request.user
    kinds = Authenticator.Type
    words = {
        "page_title": _("Me"),
        "member": member,
        "role": ROLE_WORDS[member.role],
        "leads": member.may(May.REASSIGN),
        "has_code": is_mfa_enabled(member, [kinds.TOTP]),
        "has_passkey": is_mfa_enabled(member, [kinds.WEBAUTHN]),
    }
    return render(request, "me/page.html", words)


def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language, for the person who is signed in, else for this browser, and go back."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if is_safe else "/")
    if language not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, StaffMember):
        choose_language(member=request.user, language=language, now=now())
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=_A_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )
    return response
