"""The mall as the shop sees it: what it costs, how many are left, how it is taken up; and the form of one reward."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.basics.errors import ZhenkeError
from zhenke.doors.pages.membership.reward_form import FIELDS, OfferForm, RewardForm, first_of
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, refuse, told
from zhenke.doors.words.coupons import coupon_name, terms_words
from zhenke.doors.words.membership import amount_words, name_of
from zhenke.doors.words.rewards import KIND_WORDS, REFUSED_WORDS, WRONG_WORDS, reward_name, reward_note
from zhenke.membership.models import Reward
from zhenke.membership.operations.rewards import end_offer, end_reward, offer_reward, save_reward
from zhenke.membership.queries.coupons import KindRow, coupon_kinds
from zhenke.membership.queries.rewards import RewardRow, mall, offers_of, reward_with
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.queries.uptake import Uptake, uptake_by_offer, uptake_by_reward
from zhenke.membership.rules.rewards import RewardWrong
from zhenke.staff.rules import May

DAYS = 365


def rewards_page(request: StaffRequest) -> HttpResponse:
    """Show the mall; what it costs and how it is taken up only to who sees the programme's figures."""
    moment, sees = moment_of(request), request.user.may(May.SEE_PROGRAMME)
    since = moment.today - timedelta(days=DAYS)
    taken = uptake_by_reward(viewer=request.user, since=since) if sees else {}
    may_publish = request.user.may(May.PUBLISH_PROGRAMME)
    rows = [_row(one, taken.get(one.reward.pk, Uptake())) for one in mall(on=moment.today, with_ended=may_publish)]
    words = {
        "page_title": _("Rewards"),
        "rows": rows,
        "sees_uptake": sees,
        "may_publish": may_publish,
        "may_hand_over": request.user.may(May.GIVE_RIGHTS),
        "finding": _finding(list(taken.values()), rows[0]["currency"] if rows else "CNY") if sees else "",
        "coupons": [
            (one, coupon_name(one.kind), terms_words(one.terms, one.kind.currency), _saved(one))
            for one in (coupon_kinds(viewer=request.user) if sees else [])
        ],
        "today": moment.today,
    }
    return render(request, "membership/rewards.html", words)


def _saved(one: KindRow) -> str:
    return amount_words(one.saved_minor, one.kind.currency)


def _row(one: RewardRow, taken: Uptake) -> dict[str, object]:
    reward, held = one.reward, rules_now()
    tiers = [name_of(tier) for tier in held.rules.tiers.levels if tier.key in reward.tiers] if held else []
    return {
        "reward": reward,
        "name": reward_name(reward),
        "note": reward_note(reward),
        "kind": KIND_WORDS[reward.kind],
        "price": one.price,
        "left": one.left,
        "tiers": tiers,
        "refused": REFUSED_WORDS.get(one.refused, ""),
        "taken": taken,
        "cost": amount_words(taken.cost_minor, reward.currency),
        "cost_of_one": amount_words(reward.cost_minor, reward.currency),
        "currency": reward.currency,
    }


def _finding(taken: list[Uptake], currency: object) -> str:
    count = sum(one.taken for one in taken)
    if not count:
        return _("Nobody has taken a reward in the last year")
    words = {
        "n": f"{count:,}",
        "points": f"{sum(one.points for one in taken):,}",
        "cost": amount_words(sum(one.cost_minor for one in taken), str(currency)),
    }
    return (
        ngettext(
            "%(n)s reward taken in the last year, for %(points)s points; it cost %(cost)s",
            "%(n)s rewards taken in the last year, for %(points)s points; they cost %(cost)s",
            count,
        )
        % words
    )


def reward_new(request: StaffRequest) -> HttpResponse:
    """Put a reward into the mall."""
    moment = moment_of(request)
    form = RewardForm(
        request.POST if request.method == "POST" else None,
        initial={"first_date": moment.today, "per_person": 0, "hold_days": 14},
    )
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, None, moment)
    try:
        made = save_reward(draft=form.draft(), by=request.user, now=moment.now).reward
    except RewardWrong as refusal:
        _refuse(form, refusal)
        return _page(request, form, None, moment)
    return told(request, _("“%(name)s” is in the mall.") % {"name": reward_name(made)}, back=reverse("rewards"))


def reward_page(request: StaffRequest, reward_id: int) -> HttpResponse:
    """Show one reward with its campaigns, and change it."""
    reward, moment = reward_with(id=reward_id), moment_of(request)
    form = RewardForm(request.POST if request.method == "POST" else None, initial=first_of(reward))
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, reward, moment)
    try:
        save_reward(draft=form.draft(), key=reward.key, by=request.user, now=moment.now)
    except RewardWrong as refusal:
        _refuse(form, refusal)
        return _page(request, form, reward, moment)
    return told(request, _("Kept."), back=reverse("rewards"))


def _refuse(form: Form, refusal: ZhenkeError) -> None:
    """Show at its field what is wrong with a reward."""
    named = str(refusal.facts.get("field", ""))
    field = FIELDS.get(named, named)
    word = WRONG_WORDS.get(str(refusal.facts.get("problem", "")))
    if word is None or field not in form.fields:
        refuse(form, refusal)
    else:
        form.add_error(field, str(word))


def _page(
    request: StaffRequest, form: Form, reward: Reward | None, moment: Moment, offer: OfferForm | None = None
) -> HttpResponse:
    is_wrong = form.is_bound or (offer is not None and offer.is_bound)
    taken = uptake_by_offer(viewer=request.user, since=moment.today - timedelta(days=DAYS)) if reward else {}
    words = {
        "page_title": reward_name(reward) if reward else _("A new reward"),
        "form": form,
        "reward": reward,
        "offer_form": offer or OfferForm(initial={"offer_first": moment.today}),
        "offers": [(one, taken.get(one.pk, Uptake())) for one in (offers_of(reward=reward) if reward else [])],
        "today": moment.today,
    }
    return render(request, "membership/reward.html", words, status=UNREADABLE if is_wrong else HTTPStatus.OK)


def reward_end(request: StaffRequest, reward_id: int) -> HttpResponse:
    """Take a reward out of the mall."""
    end_reward(reward=reward_id, by=request.user, now=moment_of(request).now)
    return told(request, _("Taken out of the mall; what is put aside stays put aside."), back=reverse("rewards"))


def reward_offer(request: StaffRequest, reward_id: int) -> HttpResponse:
    """Let a reward cost fewer points for some days."""
    reward, moment = reward_with(id=reward_id), moment_of(request)
    form = OfferForm(request.POST)
    if form.is_valid():
        given = {name.removeprefix("offer_"): value for name, value in form.cleaned_data.items()}
        try:
            offer_reward(
                reward=reward.pk, points=given["points"], first_date=given["first"], last_date=given["last"],
                tiers=given["tiers"], by=request.user, now=moment.now,
            )  # fmt: skip
        except RewardWrong as refusal:
            _refuse(form, refusal)
        else:
            return redirect("reward", reward.pk)
    return _page(request, RewardForm(initial=first_of(reward)), reward, moment, form)


def reward_offer_end(request: StaffRequest, reward_id: int, offer_id: int) -> HttpResponse:
    """End a campaign now."""
    end_offer(reward=reward_id, offer=offer_id, by=request.user, now=moment_of(request).now)
    return told(request, _("The campaign is over."), back=reverse("reward", args=[reward_id]))
