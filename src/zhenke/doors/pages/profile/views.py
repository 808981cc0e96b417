"""The profile page: header, next best step, and one open tab."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhenke.care.queries import TRACES, NextStep, next_step
from zhenke.customers.models import Customer
from zhenke.customers.operations.importance import note_look
from zhenke.customers.queries import contacts_of, customer_for, is_known_by_name, may_have, partner_of, seen_name
from zhenke.customers.queries.protection import is_hidden_from
from zhenke.customers.rules.sight import sight_of
from zhenke.doors.pages.importance.rows import service_of
from zhenke.doors.pages.profile.merges import merge_rows
from zhenke.doors.pages.profile.tabs import TABS, tabs_for
from zhenke.doors.pages.staff_request import Moment, StaffRequest, is_for, moment_of
from zhenke.doors.pages.today.rows import row_of
from zhenke.doors.words.days import ago, distance
from zhenke.doors.words.grades import grade_reason
from zhenke.doors.words.people import CHANNEL_WORDS, KIND_WORDS, LIFECYCLE_WORDS, link_word, source_word
from zhenke.doors.words.why import between_sentences, occasion_name
from zhenke.grading.queries import rules_of
from zhenke.staff.rules import May

_ORDER = ("phone", "wechat", "email", "address")


def customer_page(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Show one customer, or one tab of her, or the next piece of her timeline."""
    customer, moment = customer_for(viewer=request.user, id=customer_id, along=TRACES), moment_of(request)
    note_look(customer=customer, place="profile", by=request.user, now=moment.now)
    offered = tabs_for(request.user, customer)
    tab = request.GET.get("tab", offered[0])
    tab = tab if tab in offered else offered[0]
    words: dict[str, object] = {
        "customer": customer,
        "today": moment.today,
        "tab": tab,
        "tab_template": f"profile/_{tab}.html",
        "may_edit": request.user.may(May.EDIT_CUSTOMERS),
        "may_care": request.user.may(May.FINISH_TASKS),
        "may_sell": request.user.may(May.RECORD_SALES),
        "sees_notes": sight_of(request.user.role).notes,
        "sees_member": sight_of(request.user.role).purchases,
        **TABS[tab](request, customer, moment),
    }
    if is_for(request, "pager"):
        return render(request, "profile/_entries.html", words)
    if is_for(request, "entries"):
        return render(request, "profile/_timeline_list.html", words)
    if is_for(request, "tab"):
        return render(request, "profile/_tab.html", words | {"tabs": _tabs(offered, tab, customer)})
    words |= _header(request, customer, moment) | {"tabs": _tabs(offered, tab, customer)}
    return render(request, "profile/_all.html" if is_for(request, "profile") else "profile/page.html", words)


def _tabs(offered: list[str], current: str, customer: Customer) -> list[tuple[str, str, bool]]:
    is_person = customer.kind == Customer.Kind.PERSON
    named = {
        "timeline": _("Timeline"),
        "purchases": _("Purchases"),
        "pieces": pgettext("profile", "Pieces"),
        "dates": pgettext("profile", "Dates"),
        "family": _("Family") if is_person else pgettext("profile", "Contacts"),
        "preferences": _("Taste") if is_person else pgettext("profile", "Details"),
        "tasks": _("Follow-ups"),
        "grade": pgettext("profile", "Grade"),
    }
    return [(code, named[code], code == current) for code in offered]


def _header(request: StaffRequest, customer: Customer, moment: Moment) -> dict[str, object]:
    viewer = request.user
    name = seen_name(viewer=viewer, customer=customer) or str(customer)
    planned = next_step(viewer=viewer, customer=customer, day=moment.today)
    contacts = contacts_of(viewer=viewer, customer=customer)
    sees_notes = sight_of(viewer.role).notes
    referrer = customer.referrer
    if referrer and is_hidden_from(viewer=viewer, customer=referrer):
        referrer = None
    link = partner_of(viewer=viewer, customer=customer)
    partner = link.other if link else None
    grade = planned.grade
    months = rules_of(grade.scheme).window_months if grade else 0
    return {
        "page_title": name,
        "name": name,
        "is_known": is_known_by_name(viewer=viewer, customer=customer),
        "kind_word": KIND_WORDS[customer.kind] if customer.kind != "person" else "",
        "source_word": source_word(customer.source),
        "reach_words": " · ".join(filter(None, (_channel(customer.channel), customer.hour_preference))),
        "contacts": sorted(contacts, key=lambda one: _ORDER.index(one.kind)),
        "has_phone": any(contact.kind == "phone" and contact.may_reveal for contact in contacts),
        "referrer_name": seen_name(viewer=viewer, customer=referrer) if referrer else "",
        "partner": partner,
        "partner_word": link_word(link.kind, partner.gender) if link and partner else "",
        "partner_name": (seen_name(viewer=viewer, customer=partner) or str(partner)) if partner else "",
        "grade": grade,
        "lifecycle": LIFECYCLE_WORDS.get(grade.lifecycle, "") if grade else "",
        "reason": grade_reason(grade, today=moment.today, months=months, currency=customer.shop.currency)
        if grade and sight_of(viewer.role).purchases
        else "",
        **service_of(viewer=viewer, customer=customer),
        "merges": merge_rows(viewer=viewer, customer=customer) if may_have(customer, "has_merges") else [],
        "next_row": row_of(planned.item, part="next", viewer=viewer) if planned.item and sees_notes else None,
        "next_words": "" if planned.item else _unplanned(planned, moment),
    }


def _channel(code: str) -> str:
    return str(CHANNEL_WORDS.get(code, code))


def _unplanned(planned: NextStep, moment: Moment) -> str:
    """What to think of when nothing is planned: a near day of hers, or how long she has not been in."""
    parts = [_("Nothing is planned.")]
    if planned.occasion is not None:
        label = planned.occasion.customer_date.label
        name = occasion_name(planned.occasion.kind)
        when = distance((planned.occasion.on_date - moment.today).days)
        parts.append(_("%(occasion)s %(when)s.") % {"occasion": label or name[:1].upper() + name[1:], "when": when})
    if planned.last is not None:
        last = {"piece": planned.last.piece or _("a piece"), "ago": ago(planned.last.last_date, moment.today)}
        parts.append(_("Last bought %(piece)s %(ago)s.") % last)
    return between_sentences().join(parts)
