"""The member's own data: what is known of her, a copy of all of it, what is wrong, and who looked."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render

from zhenke.basics.days import DayOfYear
from zhenke.catalogue.queries.access_pack import piece_keys_of
from zhenke.customers.models import CustomerDate
from zhenke.customers.operations.members import must_be_sure
from zhenke.customers.queries.looks import looks_at
from zhenke.customers.queries.members import erasure_asked, own_birthday, own_contacts, sessions_of
from zhenke.customers.rules.members import CodeNeeded
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.portal.member_request import MemberRequest, moment_of
from zhenke.doors.portal.mine.forms import CorrectForm
from zhenke.doors.portal.mine.words import ACT_WORDS
from zhenke.doors.words.days import yearly_day
from zhenke.doors.words.pack import pack_words
from zhenke.doors.words.people import CHANNEL_WORDS
from zhenke.journeys.ask_correction import ask_correction
from zhenke.journeys.gather_access_pack import gather_access_pack
from zhenke.staff import SYSTEM

UNREADABLE = HTTPStatus.UNPROCESSABLE_ENTITY
_MOST_LOOKS = 200


def mine(request: MemberRequest) -> HttpResponse:
    """Show who the member is to the house, and what she may do about it."""
    customer, moment = request.member.customer, moment_of(request)
    birthday = own_birthday(customer=customer)
    contacts = own_contacts(customer=customer)
    words = {
        "here": "mine",
        "contacts": [(CHANNEL_WORDS.get(one.kind, one.kind), one.masked) for one in contacts],
        "birthday": yearly_day(_day_of(birthday)) if birthday else "",
        "sessions": len(sessions_of(customer=customer, now=moment.now)),
        "asked": erasure_asked(customer=customer),
        "has_asked_correction": "corrected" in request.GET,
    }
    return render(request, "portal/mine/page.html", words)


def correct(request: MemberRequest) -> HttpResponse:
    """Take down what the member says is wrong; the staff confirm it."""
    form = CorrectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        ask_correction(
            member=request.member,
            name=given["name"].strip(),
            birthday=form.birthday,
            contact_kind=given["contact"],
            now=moment_of(request).now,
        )
        answer = redirect("member_mine")
        answer["Location"] += "?corrected=1"
        return answer
    words = {"here": "mine", "form": form}
    return render(request, "portal/mine/correct.html", words, status=UNREADABLE if form.is_bound else HTTPStatus.OK)


def looks(request: MemberRequest) -> HttpResponse:
    """Show which shop looked at the member's archive, changed it or handed something of it on."""
    customer = request.member.customer
    pieces = piece_keys_of(viewer=SYSTEM, customer=customer)
    seen = looks_at(viewer=SYSTEM, customer=customer, pieces=pieces, size=_MOST_LOOKS)
    rows = [
        {"at": one.entry.at, "act": ACT_WORDS[one.entry.action], "shop": one.actor.shop.name if one.actor else ""}
        for one in seen
        if one.entry.action in ACT_WORDS
    ]
    return render(request, "portal/mine/looks.html", {"here": "mine", "rows": rows, "today": moment_of(request).today})


def copy(request: MemberRequest) -> HttpResponse:
    """Hand the member everything that is known of her, as a page or a file; neither is kept here."""
    moment = moment_of(request)
    try:
        must_be_sure(member=request.member, now=moment.now)
    except CodeNeeded:
        answer = redirect("member_prove")
        answer["Location"] += "?next=member_copy"
        return answer
    if request.method != "POST":
        return render(request, "portal/mine/copy.html", {"here": "mine"})
    pack = gather_access_pack(
        customer=request.member.customer, checked="member_site", limits=EXPORT_LIMITS, by=SYSTEM, now=moment.now
    )
    if request.POST.get("as") == "file":
        text = json.dumps({"made_at": moment.now, **pack}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        file = HttpResponse(text, content_type="application/json; charset=utf-8")
        file["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return file
    sections = pack_words(pack, ACT_WORDS)
    words = {
        "here": "mine",
        "sections": [section for section in sections if section["rows"]],
        "today": moment.today,
    }
    return render(request, "portal/mine/pack.html", words)


def _day_of(row: CustomerDate) -> DayOfYear:
    return DayOfYear(row.month, row.day, row.calendar, row.is_leap_month, row.year)
