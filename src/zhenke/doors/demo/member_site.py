"""A member of the demo shop by whom the member site can be tried out: her phone, and what a new device is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhenke.catalogue.queries import pieces_of
from zhenke.customers.models import ContactPoint
from zhenke.customers.queries import customer_page
from zhenke.customers.queries.contacts import opened
from zhenke.customers.queries.members import contact_indexes, contacts_to_sign_in, known_by, own_birthday
from zhenke.customers.rules.filters import CustomerFilters, Order
from zhenke.membership.queries import balance_of
from zhenke.staff import SYSTEM

_LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class MemberToTry:
    """Invented, as all of the demo shop is."""

    phone: str
    birthday: date


def member_to_try(*, advisor: int, today: date, now: datetime) -> MemberToTry | None:
    """Return a customer of an advisor who has a phone of her own, a solar birthday, points and the most pieces."""
    page = customer_page(
        viewer=SYSTEM, filters=CustomerFilters(owner_id=advisor), order=Order.NEWEST, size=_LOOKED_THROUGH
    )
    best: tuple[int, MemberToTry] | None = None
    for customer in page.rows:
        day = own_birthday(customer=customer)
        contact = next((one for one in contacts_to_sign_in(customer=customer) if one.kind == "phone"), None)
        if day is None or day.calendar != "solar" or contact is None or not _is_hers_alone(contact, now):
            continue
        points = balance_of(viewer=SYSTEM, customer=customer, on_date=today).spendable
        count = min(points, 1_000) + len(pieces_of(viewer=SYSTEM, customer=customer, today=today))
        if best is None or count > best[0]:
            best = count, MemberToTry(opened(contact), date(2000, day.month, day.day))
    return best[1] if best else None


def _is_hers_alone(contact: ContactPoint, now: datetime) -> bool:
    return known_by(indexes=contact_indexes(kind="phone", text=opened(contact)), now=now) is not None
