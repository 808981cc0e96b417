"""Important people of the demo shop: service teams of VIPs, two protected customers, and who was shown contacts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from zhenke.basics.days import local_date
from zhenke.customers.models import Customer
from zhenke.customers.operations import reveal_contact
from zhenke.customers.operations.importance import note_look, set_importance
from zhenke.customers.operations.permits import ask_permit, decide_permit
from zhenke.customers.operations.team import join_team, set_hotline
from zhenke.customers.queries import contacts_of, customer_page
from zhenke.customers.queries.permits import look_at
from zhenke.customers.rules.filters import CustomerFilters, Order
from zhenke.doors.demo.load import OpenedShop
from zhenke.grading.queries import grades_within
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import advisors_of

TEAMS = 12
PROTECTED = ("public_figure", "threatened")
LOOKS_BACK = timedelta(hours=3)
CALLS = 4


def look_after_vips(*, opened: OpenedShop, now: datetime) -> None:
    """Give the first VIPs of the demo's own advisor a team and a hotline, protect two people, show and ask."""
    mei = opened.staff["mei"]
    vips = _first(mei, CustomerFilters(owner_id=mei.pk, importance=2), TEAMS)
    colleagues = [one for one in advisors_of(shop=mei.shop, viewer=SYSTEM) if one.pk != mei.pk]
    for number, customer in enumerate(vips):
        if colleagues:
            join_team(
                customer=customer,
                member=colleagues[number % len(colleagues)],
                part="stylist" if number % 2 else "service",
                from_date=opened.today - timedelta(days=40 + 30 * number),
                by=SYSTEM,
                now=now,
            )
        set_hotline(customer=customer, is_on=number % 3 == 0, by=SYSTEM, now=now)
    graded: QuerySet = grades_within(viewer=SYSTEM).filter(letter="B").order_by().values("customer_id")
    chosen = _first(mei, CustomerFilters(owner_id=mei.pk, importance=1), len(PROTECTED), within=graded)
    for customer, reason in zip(chosen, PROTECTED, strict=False):
        row = set_importance(customer=customer, importance=3, reason=reason, by=opened.staff["zhu"], now=now)
        note_look(customer=row, place="profile", by=mei, now=now - LOOKS_BACK)
    _show_contacts(mei, vips[:CALLS], now)
    _ask_for_two(opened.staff["lin"], opened.staff["zhu"], vips, now)


def _first(mei: StaffMember, filters: CustomerFilters, size: int, within: QuerySet | None = None) -> list[Customer]:
    return customer_page(viewer=mei, filters=filters, order=Order.NEWEST, size=size, within=within).rows


def _show_contacts(mei: StaffMember, customers: list[Customer], now: datetime) -> None:
    """Let the advisor look up a few phones today, as she would before calling."""
    if local_date(now, mei.shop.time_zone) != local_date(now - LOOKS_BACK, mei.shop.time_zone):
        return
    for customer in customers:
        phones = [one for one in contacts_of(viewer=mei, customer=customer) if one.kind == "phone"]
        for phone in phones[:1]:
            reveal_contact(viewer=mei, contact=phone.id, reason="call", now=now - LOOKS_BACK)


def _ask_for_two(lin: StaffMember, zhu: StaffMember, vips: list[Customer], now: datetime) -> None:
    """Let the shop's manager ask to see addresses: one was refused, one looked at, one waits for the owner."""
    found = [
        (customer, one.id)
        for customer in vips
        for one in contacts_of(viewer=lin, customer=customer)
        if one.kind == "address"
        and look_at(viewer=lin, customer=customer, group="address", subject=one.id, now=now).needs_second
    ]
    answers = (None, (True, "customer_asked"), (False, "ask_advisor"))
    for hours, answer, (customer, contact) in zip((1, 2, 5), answers, found, strict=False):
        at = now - timedelta(hours=hours)
        permit = ask_permit(customer=customer, group="address", subject=contact, reason="deliver", by=lin, now=at)
        if answer is None:
            continue
        decide_permit(permit=permit, agree=answer[0], because=answer[1], by=zhu, now=at)
        if answer[0]:
            reveal_contact(viewer=lin, contact=contact, reason="deliver", now=at, proved_at=at)
