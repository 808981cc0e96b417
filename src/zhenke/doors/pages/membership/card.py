"""The member's card on a profile: tier, what is missing, points, rights left, and "given today" with its undo."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.basics.errors import NotFound, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.queries import customer_for, seen_name
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.staff_request import Moment, StaffRequest, moment_of, told
from zhenke.doors.words.membership import left_words, missing_words, name_of
from zhenke.doors.words_errors import sentence_of
from zhenke.membership.operations.rights import give_right, take_right_back
from zhenke.membership.queries import balance_of
from zhenke.membership.queries.members import MemberCard, member_card, right_use_with
from zhenke.membership.queries.rules import rules_now
from zhenke.staff.rules import May

_CHANGED = ("membershipChanged",)


def member_part(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show one member's card, as a part of the profile or by itself."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    words = {"customer": customer, "today": moment.today, **_words(request, customer, moment)}
    if request.htmx:
        return render(request, "membership/_card.html", words)
    name = seen_name(viewer=request.user, customer=customer) or str(customer)
    return render(request, "membership/card.html", words | {"page_title": name, "name": name})


def _words(request: StaffRequest, customer: Customer, moment: Moment) -> dict[str, object]:
    card = member_card(viewer=request.user, customer=customer, on=moment.today)
    if card is None:
        return {"card": None}
    held = rules_now()
    rights = held.rules.rights if held else ()
    names = {right.key: name_of(right) for right in rights}
    return {
        "card": card,
        "tier": name_of(card.tier),
        "missing": missing_words(card.missing, basis=card.basis, currency=card.currency),
        "part_permille": _part(card),
        "points": balance_of(viewer=request.user, customer=customer, on_date=moment.today),
        "rights": [(one, name_of(one.right), left_words(one), new_key()) for one in card.rights],
        "uses": [(use, names.get(use.right, use.right)) for use in card.uses],
        "may_give": request.user.may(May.GIVE_RIGHTS),
    }


def _part(card: MemberCard) -> int:
    """How far she has come to the next tier, of a thousand."""
    if card.missing is None or not card.missing.tier.threshold:
        return 1000
    return max(0, 1000 - card.missing.left * 1000 // card.missing.tier.threshold)


def right_given(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Write down that a right was given today."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    back = reverse("customer", args=[customer.pk])
    key = request.POST.get("key", "")[:64] or new_key()
    right = request.POST.get("right", "")[:24]
    try:
        given = give_right(customer=customer, right=right, cause=f"desk:{key}", by=request.user, now=moment.now)
    except (RuleBroken, NotFound) as refusal:
        return told(request, sentence_of(refusal), back=back, level="late", events=_CHANGED)
    held = rules_now()
    known = held.rules.right(right) if held else None
    word = name_of(known) if known else right
    undo = reverse("customer_right_undo", args=[customer.pk, given.use.pk])
    text = _("%(right)s: written down as given today.") % {"right": word}
    return told(request, text, back=back, undo_url=undo, events=_CHANGED)


def right_undo(request: StaffRequest, customer_id: int, right_use_id: int) -> HttpResponse:
    """Say that a right was not given after all."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    use = right_use_with(viewer=request.user, id=right_use_id)
    if use is None or use.customer_id != customer.pk:
        raise NotFound(kind="right_use")
    take_right_back(use=use, by=request.user, now=moment.now)
    back = reverse("customer", args=[customer.pk])
    return told(request, _("Taken back: it counts as not given."), back=back, events=_CHANGED)
