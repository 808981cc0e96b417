"""Points of one member: what came and went, and points given or taken by hand, which two agree to from the limit on."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.errors import BadInput, NotAllowed, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.queries import customer_for, seen_name
from zhenke.doors.pages.profile.forms import new_key
from zhenke.doors.pages.staff_request import UNREADABLE, Moment, StaffRequest, moment_of, refuse, told
from zhenke.doors.words.points import POINTS_REASONS, move_words
from zhenke.doors.words_errors import sentence_of
from zhenke.journeys.adjust_points import adjust_points, decide_points
from zhenke.membership.queries import HistoryLine, balance_of, points_history
from zhenke.membership.queries.proposals import proposals
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.adjusting import MOST_AT_ONCE, REASONS
from zhenke.membership.rules.programme import ByHand
from zhenke.staff.rules import May

SIZE = 20
WAITING = 50
_CHANGED = ("membershipChanged",)


class ByHandForm(forms.Form):
    """So many points given or taken, and why."""

    way = forms.ChoiceField(
        label=gettext_lazy("Give or take"),
        choices=[("give", pgettext_lazy("points", "Give")), ("take", pgettext_lazy("points", "Take"))],
    )
    points = forms.IntegerField(label=gettext_lazy("Points"), min_value=1, max_value=MOST_AT_ONCE)
    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=[(code, POINTS_REASONS[code]) for code in REASONS])

    def signed(self) -> int:
        """Return the points, below nothing when they are taken."""
        points: int = self.cleaned_data["points"]
        return points if self.cleaned_data["way"] == "give" else -points


def member_points(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show one member's points and how they came about, page after page; take a change by hand."""
    customer, moment = customer_for(viewer=request.user, id=customer_id), moment_of(request)
    if request.method == "GET":
        return _page(request, customer, moment, ByHandForm())
    form, key = ByHandForm(request.POST), request.POST.get("key", "")[:64] or new_key()
    if not form.is_valid():
        return _page(request, customer, moment, form, key)
    points, reason = form.signed(), form.cleaned_data["reason"]
    try:
        made = adjust_points(
            customer=customer, points=points, key=f"desk:{key}", reason=reason, by=request.user, now=moment.now
        )
    except (BadInput, NotAllowed, RuleBroken) as refusal:
        refuse(form, refusal, {"balance_too_low": "points", "points_wrong": "points"})
        return _page(request, customer, moment, form, key)
    back = reverse("customer_points", args=[customer.pk])
    if made.movement is None:
        said = _("So many points need a second person: they wait until somebody else agrees.")
        return told(request, said, back=back)
    return told(request, _("Written down."), back=back, events=_CHANGED)


def _page(request: StaffRequest, customer: Customer, moment: Moment, form: ByHandForm, key: str = "") -> HttpResponse:
    viewer, held = request.user, rules_now()
    may_adjust = viewer.may(May.ADJUST_POINTS)
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 20 else None
    lines = points_history(viewer=viewer, customer=customer, before=number, size=SIZE + 1)
    words: dict[str, object] = {
        "page_title": _("Points"),
        "customer": customer,
        "name": seen_name(viewer=viewer, customer=customer) or str(customer),
        "today": moment.today,
        "points": balance_of(viewer=viewer, customer=customer, on_date=moment.today),
        "rows": [_row(line) for line in lines[:SIZE] if line.points],
        "next": lines[SIZE - 1].entry_id if len(lines) > SIZE else "",
        "is_first": number is None,
        "form": form if may_adjust else None,
        "key": key or new_key(),
        "limit": (held.rules.by_hand if held else ByHand()).second_person_from,
        "waiting": _waiting(request, customer) if may_adjust else [],
    }
    status = UNREADABLE if form.errors else None
    return render(request, "membership/her_points.html", words, status=status)


def _row(line: HistoryLine) -> tuple[HistoryLine, str, str]:
    return line, move_words(line.kind, line.points), str(POINTS_REASONS.get(line.reason, ""))


def waiting_points(request: StaffRequest) -> HttpResponse:
    """Show the points by hand that wait for a second person."""
    words = {"page_title": _("Points that wait"), "today": moment_of(request).today, "waiting": _waiting(request)}
    return render(request, "membership/waiting.html", words)


def _waiting(request: StaffRequest, customer: Customer | None = None) -> list[dict[str, object]]:
    rows = proposals(viewer=request.user, is_open=True)
    rows = rows.filter(customer=customer) if customer else rows
    return [
        {
            "row": row,
            "name": seen_name(viewer=request.user, customer=row.customer) or str(row.customer),
            "what": move_words("adjust", row.points),
            "why": POINTS_REASONS.get(row.reason, ""),
            "is_own": row.asked_by_id == request.user.pk,
        }
        for row in rows[:WAITING]
    ]


def points_decide(request: StaffRequest, proposal_id: int) -> HttpResponse:
    """Agree to points that somebody else proposed, or refuse them."""
    back, agrees = reverse("points_waiting"), request.POST.get("act") == "agree"
    try:
        decide_points(proposal_id=proposal_id, agrees=agrees, by=request.user, now=moment_of(request).now)
    except (NotAllowed, RuleBroken) as refusal:
        return told(request, sentence_of(refusal), back=back, level="late")
    said = _("Agreed: the points are written down.") if agrees else _("Refused: nothing was changed.")
    return told(request, said, back=back, events=("pointsDecided",))
