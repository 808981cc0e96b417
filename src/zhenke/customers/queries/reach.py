"""Whom a message goes to: the whole contact, for the one moment in which it is sent, and whose an answer is."""

from __future__ import annotations

from zhenke.basics.errors import BadInput
from zhenke.customers.models import ContactPoint, Customer, LegalHold
from zhenke.customers.queries.contacts import opened, with_contact
from zhenke.customers.rules.contacts import contact_spelling
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer

MOST_OWNERS = 20


def contact_kinds_of(*, customer: Customer) -> set[str]:
    """Return the kinds of contact that a customer has.

    Sees:   no viewer: kinds, never values.
    """
    return set(ContactPoint.objects.filter(customer_id=customer.pk).values_list("kind", flat=True))


def whole_contact(*, viewer: Viewer, customer: Customer, kind: str) -> str:
    """Return the first contact of a kind, whole; "" if there is none.

    Sees:   SYSTEM alone, for the message that is about to go; nothing for anybody else: who looks asks for a reveal.
    """
    if not isinstance(viewer, SystemViewer):
        return ""
    found = ContactPoint.objects.filter(customer_id=customer.pk, kind=kind).order_by("-is_primary", "id").first()
    return opened(found) if found else ""


def owners_of_contact(*, viewer: Viewer, kind: str, text: str) -> list[Customer]:
    """Return the customers who have this contact: a phone may be a family's.

    Shape:  at most 20, by key; empty for a text that is no contact.
    Sees:   SYSTEM alone, for an answer that came in; nothing for anybody else.
    """
    if not isinstance(viewer, SystemViewer):
        return []
    try:
        kept = contact_spelling(kind, text)
    except BadInput:
        return []
    rows = with_contact(Customer.objects.all(), kind=kind, kept=kept)
    return list(rows.select_related("shop").order_by("pk")[:MOST_OWNERS])


def is_locked_away(*, customer: Customer) -> bool:
    """Return whether a customer has asked to be forgotten and is only still here because the law holds her archive.

    Sees:   no viewer: a yes or no, for whoever is about to write.
    """
    holds = LegalHold.objects.filter(customer_id=customer.pk, lifted_at=None)
    return holds.exclude(erase_asked_at=None).exists()
