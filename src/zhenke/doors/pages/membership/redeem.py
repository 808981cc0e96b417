"""Rewards of one member: what she may have and why it is recommended, put aside with a code, called off."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import NotFound, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.queries import customer_for, seen_name
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.qr import qr_of
from zhenke.doors.pages.staff_request import Moment, StaffRequest, moment_of, told
from zhenke.doors.words.coupons import coupon_name, terms_words
from zhenke.doors.words.rewards import (
    COUPON_STATES,
    KIND_WORDS,
    REFUSED_WORDS,
    because_words,
    code_words,
    reward_name,
    reward_note,
    state_word,
)
from zhenke.doors.words_errors import sentence_of
from zhenke.journeys.redeem_reward import redeem_reward
from zhenke.membership.models import Redemption
from zhenke.membership.operations.coupons import give_coupon
from zhenke.membership.operations.redeeming import cancel_redemption, renew_code
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.coupons import coupons_of, kinds_for
from zhenke.membership.queries.members import sees_members
from zhenke.membership.queries.rewards import redemption_with, redemptions_of, rewards_for
from zhenke.membership.rules.adjusting import OwnRecord
from zhenke.membership.rules.coupons import CouponTerms
from zhenke.staff.rules import May

_CHANGED = ("membershipChanged",)


def member_rewards(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show what one member may have for her points, and what is put aside for her."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    return render(request, "membership/her_rewards.html", _words(request, customer, moment))


def _words(request: StaffRequest, customer: Customer, moment: Moment) -> dict[str, object]:
    name = seen_name(viewer=request.user, customer=customer) or str(customer)
    found = rewards_for(viewer=request.user, customer=customer, on=moment.today)
    is_shown = sees_members(request.user)
    return {
        "page_title": _("Rewards"),
        "customer": customer,
        "name": name,
        "points": balance_of(viewer=request.user, customer=customer, on_date=moment.today) if is_shown else None,
        "rows": [
            {
                "one": one,
                "name": reward_name(one.reward),
                "note": reward_note(one.reward),
                "kind": KIND_WORDS[one.reward.kind],
                "because": because_words(one.recommended),
                "refused": REFUSED_WORDS.get(one.refused, ""),
                "key": new_key(),
            }
            for one in found
        ],
        "taken": [
            (row, reward_name(row.reward), state_word(row))
            for row in redemptions_of(viewer=request.user, customer=customer)
        ],
        "coupons": [
            (
                one,
                coupon_name(one.kind),
                terms_words(CouponTerms.from_plain(one.terms), one.kind.currency),
                COUPON_STATES[one.state],
            )
            for one in coupons_of(viewer=request.user, customer=customer)
        ],
        "may_redeem": request.user.may(May.GIVE_RIGHTS),
        "may_give": [
            (kind.pk, f"{coupon_name(kind)} · {terms_words(CouponTerms.from_plain(kind.terms), kind.currency)}")
            for kind in (kinds_for(customer=customer, on=moment.today, only_open=False) if is_shown else ())
        ],
        "coupon_key": new_key(),
        "today": moment.today,
    }


def reward_redeem(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Put a reward aside, and show its code this once."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    key = request.POST.get("key", "")[:64] or new_key()
    chosen = request.POST.get("reward", "")
    number = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 20 else 0
    back = reverse("customer_rewards", args=[customer.pk])
    try:
        made = redeem_reward(customer=customer, reward=number, cause=f"desk:{key}", by=request.user, now=moment.now)
    except (OwnRecord, RuleBroken, NotFound) as refusal:
        return told(request, sentence_of(refusal), back=back, level="late")
    return _code(request, customer, made.redemption, made.code)


def coupon_give(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Give a member a coupon, once for one form."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    back, key = reverse("customer_rewards", args=[customer.pk]), request.POST.get("key", "")[:64] or new_key()
    kinds = {str(one.pk): one for one in kinds_for(customer=customer, on=moment.today, only_open=False)}
    kind = kinds.get(request.POST.get("coupon", ""))
    if kind is None:
        return told(request, _("She has this coupon already, or it is given no more."), back=back, level="")
    try:
        give_coupon(
            kind=kind.pk, customer=customer, cause=f"desk:{key}", on_date=moment.today, by=request.user, now=moment.now
        )
    except OwnRecord as refusal:
        return told(request, sentence_of(refusal), back=back, level="late")
    return told(request, _("“%(name)s” is given.") % {"name": coupon_name(kind)}, back=back)


def redemption_code(request: StaffRequest, customer_id: int, redemption_id: int) -> HttpResponse:
    """Show a new code for what is put aside; the one before opens nothing any more."""
    customer, row = _hers(request, customer_id, redemption_id)
    try:
        code = renew_code(redemption=row, by=request.user, now=moment_of(request).now)
    except RuleBroken as refusal:
        back = reverse("customer_rewards", args=[customer.pk])
        return told(request, sentence_of(refusal), back=back, level="late")
    return _code(request, customer, row, code)


def _code(request: StaffRequest, customer: Customer, row: Redemption, code: str) -> HttpResponse:
    words = {
        "page_title": reward_name(row.reward),
        "customer": customer,
        "row": row,
        "name": reward_name(row.reward),
        "code": code_words(code),
        "picture": qr_of(code) if code else "",
    }
    answer = render(request, "membership/code.html", words, status=HTTPStatus.OK)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def redemption_cancel(request: StaffRequest, customer_id: int, redemption_id: int) -> HttpResponse:
    """Call off what is put aside; the points come back."""
    customer, row = _hers(request, customer_id, redemption_id)
    back = reverse("customer_rewards", args=[customer.pk])
    try:
        cancel_redemption(redemption=row, by=request.user, now=moment_of(request).now)
    except RuleBroken as refusal:
        return told(request, sentence_of(refusal), back=back, level="late")
    return told(request, _("Called off: the points are back."), back=back, events=_CHANGED)


def _hers(request: StaffRequest, customer_id: int, redemption_id: int) -> tuple[Customer, Redemption]:
    customer = customer_for(viewer=request.user, id=customer_id)
    row = redemption_with(viewer=request.user, id=redemption_id)
    if row.customer_id != customer.pk:
        raise NotFound(kind="redemption")
    return customer, row
