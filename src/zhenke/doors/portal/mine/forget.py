"""The member asks to be forgotten, or takes that back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from zhenke.customers.operations.members import withdraw_erasure
from zhenke.customers.queries.members import erasure_asked, kept_by_law_until
from zhenke.customers.rules.members import CodeNeeded, due_after
from zhenke.doors.portal.member_request import MemberRequest, moment_of
from zhenke.journeys.ask_to_be_forgotten import ask_to_be_forgotten


def forget(request: MemberRequest) -> HttpResponse:
    """Say what will go and what the law keeps; take the request, for which a code must have been given just now."""
    moment, customer = moment_of(request), request.member.customer
    act = request.POST.get("act", "")
    if act == "withdraw":
        withdraw_erasure(member=request.member, now=moment.now)
        return redirect("member_mine")
    if act == "ask":
        try:
            ask_to_be_forgotten(member=request.member, now=moment.now)
        except CodeNeeded:
            answer = redirect("member_prove")
            answer["Location"] += "?next=member_forget"
            return answer
    words = {
        "here": "mine",
        "asked": erasure_asked(customer=customer),
        "due_date": due_after(moment.today),
        "kept_until": kept_by_law_until(customer=customer, today=moment.today),
        "today": moment.today,
    }
    return render(request, "portal/mine/forget.html", words)
