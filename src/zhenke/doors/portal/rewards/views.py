"""The mall as one member sees it: what her points may pay, and what waits for her at the counter with its code."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhenke.basics.errors import NotFound, RuleBroken
from zhenke.customers.rules.members import DeviceTooNew
from zhenke.doors.portal.card.codes import picture_of
from zhenke.doors.portal.member_request import MemberRequest, moment_of
from zhenke.doors.portal.references import meant_by
from zhenke.doors.portal.rewards.rows import coupon_row, open_row, reward_row, taken_row
from zhenke.doors.words.rewards import code_words, reward_name
from zhenke.doors.words_errors import sentence_of
from zhenke.journeys.redeem_reward import redeem_reward
from zhenke.membership.models import Redemption
from zhenke.membership.operations.coupons import claim_coupon
from zhenke.membership.operations.redeeming import cancel_redemption, renew_code
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.coupons import coupons_of, kinds_for
from zhenke.membership.queries.rewards import redemptions_of, rewards_for
from zhenke.staff import SYSTEM

MOST_TAKEN = 50
UNREADABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def rewards(request: MemberRequest) -> HttpResponse:
    """Show what she may have, what is put aside, and her coupons."""
    return _page(request)


def _page(request: MemberRequest, wrong: str = "") -> HttpResponse:
    customer, today = request.member.customer, moment_of(request).today
    words = {
        "here": "points",
        "balance": balance_of(viewer=SYSTEM, customer=customer, on_date=today),
        "rows": [reward_row(one, request) for one in rewards_for(viewer=SYSTEM, customer=customer, on=today)],
        "taken": [taken_row(one, request) for one in _taken(request)],
        "coupons": [coupon_row(one) for one in coupons_of(viewer=SYSTEM, customer=customer)],
        "open_coupons": [open_row(one, request) for one in kinds_for(customer=customer, on=today, only_open=True)],
        "wrong": wrong,
    }
    return render(request, "portal/rewards/page.html", words, status=UNREADABLE if wrong else HTTPStatus.OK)


def take(request: MemberRequest) -> HttpResponse:
    """Put one reward aside for the member, and show its code this once. Not from a device that is new."""
    customer, moment = request.member.customer, moment_of(request)
    offered = [one.reward for one in rewards_for(viewer=SYSTEM, customer=customer, on=moment.today)]
    reward = meant_by(token=request.token, kind="reward", text=request.POST.get("reward", ""), mine=offered)
    if reward is None:
        return _page(request, _("This reward is not offered any more."))
    if not request.member.is_free(moment.now):
        return _page(request, sentence_of(DeviceTooNew()))
    key = request.POST.get("key", "")[:64]
    try:
        made = redeem_reward(
            customer=customer, reward=reward.pk, cause=f"member:{customer.pk}:{key}", by=SYSTEM, now=moment.now
        )
    except (RuleBroken, NotFound) as refusal:
        return _page(request, sentence_of(refusal))
    return _code(request, made.redemption, made.code)


def claim(request: MemberRequest) -> HttpResponse:
    """Give the member a coupon that is open to all."""
    customer, moment = request.member.customer, moment_of(request)
    kinds = kinds_for(customer=customer, on=moment.today, only_open=True)
    kind = meant_by(token=request.token, kind="coupon", text=request.POST.get("coupon", ""), mine=kinds)
    if kind is not None:
        key = request.POST.get("key", "")[:20]
        try:
            claim_coupon(kind=kind.pk, customer=customer, cause=f"member:{key}", by=SYSTEM, now=moment.now)
        except (RuleBroken, NotFound) as refusal:
            return _page(request, sentence_of(refusal))
    return redirect("member_rewards")  # one that is no longer there was claimed a moment ago, or has ended


def code(request: MemberRequest) -> HttpResponse:
    """Show a new code for what is put aside; the one before opens nothing any more."""
    row, moment = _meant(request), moment_of(request)
    if not request.member.is_free(moment.now):
        return _page(request, sentence_of(DeviceTooNew()))
    try:
        return _code(request, row, renew_code(redemption=row, by=SYSTEM, now=moment.now))
    except RuleBroken as refusal:
        return _page(request, sentence_of(refusal))


def cancel(request: MemberRequest) -> HttpResponse:
    """Call off what is put aside; the points come back with the days they end on."""
    row, moment = _meant(request), moment_of(request)
    if not request.member.is_free(moment.now):
        return _page(request, sentence_of(DeviceTooNew()))
    try:
        cancel_redemption(redemption=row, by=SYSTEM, now=moment.now)
    except RuleBroken as refusal:
        return _page(request, sentence_of(refusal))
    return redirect("member_rewards")


def _taken(request: MemberRequest) -> list[Redemption]:
    return redemptions_of(viewer=SYSTEM, customer=request.member.customer, size=MOST_TAKEN)


def _meant(request: MemberRequest) -> Redemption:
    found = meant_by(token=request.token, kind="taken", text=request.POST.get("taken", ""), mine=_taken(request))
    if found is None:
        raise NotFound
    return found


def _code(request: MemberRequest, row: Redemption, code: str) -> HttpResponse:
    words = {
        "here": "points",
        "row": taken_row(row, request),
        "name": reward_name(row.reward),
        "code": code_words(code),
        "picture": picture_of(code) if code else "",
    }
    answer = render(request, "portal/rewards/code.html", words)
    answer.headers["Cache-Control"] = "no-store"
    return answer
