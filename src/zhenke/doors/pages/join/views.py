"""A customer writes herself down: an advisor shows a code; who has it sees a form, and nothing of anybody."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhenke.basics.clock import now
from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.customers.models import SignUpLink
from zhenke.customers.operations.sign_up import close_sign_ups, open_sign_up
from zhenke.customers.queries import current_texts
from zhenke.customers.queries.sign_up import live_sign_up, open_sign_ups
from zhenke.customers.rules.consent import GuardianMissing
from zhenke.doors.budget import Budget
from zhenke.doors.pages.join.forms import JoinForm, LinkForm
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.qr import qr_of
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.journeys.sign_up_customer import sign_up_customer

LOOKS_A_MINUTE = 60
WRITES_A_MINUTE = 10
LOOKS, WRITES = Budget(), Budget()


def link(request: StaffRequest) -> HttpResponse:
    """Open a link for customers to write themselves down, and show it once with its code; or close all of one's own."""
    moment = moment_of(request)
    if request.POST.get("act") == "close":
        close_sign_ups(advisor=request.user, now=moment.now)
        return told(request, _("The links are closed."), back="new_customer")
    form = LinkForm(request.POST if request.method == "POST" else None)
    words: dict[str, object] = {"form": form, "sheet": "join/_link.html"}
    if request.method == "GET" or not form.is_valid():
        words["open_count"] = len(open_sign_ups(viewer=request.user, now=moment.now))
        status = UNREADABLE if form.is_bound else HTTPStatus.OK
        return render(request, "join/_link.html" if request.htmx else "today/sheet.html", words, status=status)
    made, token = open_sign_up(advisor=request.user, hours=form.cleaned_data["hours"], now=moment.now)
    address = request.build_absolute_uri(f"/join/{token}/")
    words = {
        "link": made,
        "address": address,
        "code": qr_of(address),
        "sheet": "join/_link_made.html",
    }
    return render(request, "join/_link_made.html" if request.htmx else "today/sheet.html", words)


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form to whoever has the link, and keep what was written; a dead link looks like none."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    is_write = request.method == "POST"
    wait = (
        WRITES.seconds_to_wait(address, calls=WRITES_A_MINUTE)
        if is_write
        else LOOKS.seconds_to_wait(address, calls=LOOKS_A_MINUTE)
    )
    if wait:
        answer = render(request, "429.html", {}, status=HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(wait)
        return _quietly(answer)
    at = now()
    found = live_sign_up(token=token, now=at)
    if found is None:
        raise NotFound
    if "thanks" in request.GET and not is_write:
        return _page(request, found, "thanks")
    texts = current_texts()
    if not is_write:
        return _page(request, found, "form", JoinForm(initial={"key": new_key(), "calendar": "solar"}, texts=texts))
    form = JoinForm(request.POST, texts=texts)
    if not form.is_valid():
        return _page(request, found, "form", form)
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    try:
        sign_up_customer(link=found, draft=form.draft(found, language=language), allowed=form.allowed(), now=at)
    except GuardianMissing:
        return _page(request, found, "young")
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, {refusal.code: "phone"} if refusal.code.startswith(("phone", "contact")) else None)
        return _page(request, found, "form", form)
    return _quietly(redirect(f"{request.path}?thanks=1"))


def _page(request: HttpRequest, found: SignUpLink, part: str, form: JoinForm | None = None) -> HttpResponse:
    words = {
        "page_title": found.shop.name,
        "shop_name": found.shop.name,
        "advisor_name": found.advisor.name,
        "part": part,
        "form": form,
    }
    status = UNREADABLE if form is not None and form.is_bound else HTTPStatus.OK
    return _quietly(render(request, "join/page.html", words, status=status))


def _quietly(answer: HttpResponse) -> HttpResponse:
    """Tell search engines to pass by, and other sites nothing of the address."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "same-origin"
    return answer
