"""The counter page that takes a scanned code, says what it is for, and writes down that it was handed over."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import NotFound, RuleBroken
from zhenke.customers.queries import customer_for, seen_name
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, told
from zhenke.doors.words.rewards import KIND_WORDS, reward_name, state_word
from zhenke.doors.words_errors import sentence_of
from zhenke.membership.models import Redemption
from zhenke.membership.operations.redeeming import hand_over_reward
from zhenke.membership.queries.rewards import redemption_by_code


def hand_over(request: StaffRequest) -> HttpResponse:
    """Take a code: first show what it opens, then, asked for by its own button, hand it over, once."""
    words: dict[str, object] = {"page_title": _("Hand over a reward"), "today": moment_of(request).today}
    if request.method == "GET":
        return render(request, "membership/hand_over.html", words)
    code = request.POST.get("reward_code", "")[:80]
    try:
        row = redemption_by_code(viewer=request.user, code=code)
        if request.POST.get("act") == "hand_over":
            return _handed(request, row)
    except (RuleBroken, NotFound) as refusal:
        words |= {"wrong": sentence_of(refusal), "reward_code": code}
        return render(request, "membership/hand_over.html", words, status=UNREADABLE)
    words |= {
        "row": row,
        "reward_code": code,
        "key": new_key(),
        "name": reward_name(row.reward),
        "kind": KIND_WORDS[row.reward.kind],
        "state": state_word(row),
        "who": _who(request, row),
    }
    return render(request, "membership/hand_over.html", words, status=HTTPStatus.OK)


def _handed(request: StaffRequest, row: Redemption) -> HttpResponse:
    key = request.POST.get("key", "")[:64] or new_key()
    hand_over_reward(redemption=row, cause=f"desk:{key}", by=request.user, now=moment_of(request).now)
    text = _("“%(name)s” is handed over.") % {"name": reward_name(row.reward)}
    return told(request, text, back=reverse("hand_over"))


def _who(request: StaffRequest, row: Redemption) -> str:
    """Return her name as the viewer is shown it; "" where the viewer does not know of her."""
    if row.customer_id is None:
        return ""
    try:
        customer = customer_for(viewer=request.user, id=row.customer_id)
    except NotFound:
        return ""
    return seen_name(viewer=request.user, customer=customer) or ""
