"""What every view of the desk begins with: who asks, when it is, and answers for htmx and a plain browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.basics.errors import ZhenkeError
from zhenke.doors.words_errors import sentence_of
from zhenke.staff.models import StaffMember

UNREADABLE = HTTPStatus.UNPROCESSABLE_ENTITY


class StaffRequest(HttpRequest):
    """A request behind the walls: somebody of the staff is signed in."""

    user: StaffMember
    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Moment:
    """When a request came: the instant, and the local day of the shop of the person who asks."""

    now: datetime
    today: date


def moment_of(request: StaffRequest) -> Moment:
    """Read the clock, once for a request."""
    at = now()
    return Moment(at, local_date(at, request.user.shop.time_zone))


def is_for(request: StaffRequest, target: str) -> bool:
    """Return whether htmx asks for the fragment of this place alone."""
    return bool(request.htmx) and request.htmx.target == target


def told(
    request: StaffRequest,
    text: str,
    *,
    back: str,
    undo_url: str = "",
    level: str = "good",
    events: tuple[str, ...] = (),
) -> HttpResponse:
    """Answer an act that is done: a toast over the page that stays, or (without htmx) the page `back` with it."""
    if not request.htmx:
        messages.add_message(request, messages.SUCCESS, text, extra_tags=undo_url)
        return redirect(back)
    triggers: dict[str, object] = {"closeSheet": True, "toast": {"text": text, "level": level, "undo_url": undo_url}}
    triggers.update(dict.fromkeys(events, True))
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Trigger": json.dumps(triggers)})


def gone_to(request: StaffRequest, url: str) -> HttpResponse:
    """Answer with another page, from a form that htmx may have sent."""
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": url})
    return redirect(url)


def refuse(form: Form, refusal: ZhenkeError, fields: dict[str, str] | None = None) -> None:
    """Show a refusal in the form: at the field that its code or its fact "field" names, else above all fields."""
    named = str(refusal.facts.get("field", ""))
    field = (fields or {}).get(refusal.code) or (fields or {}).get(named) or named
    form.add_error(field if field in form.fields else None, sentence_of(refusal))
