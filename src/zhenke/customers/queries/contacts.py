"""Contacts as a viewer may see them, and the customers that one exact contact belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from zhenke.basics.cipher import FieldCipher, cipher_of, place_of
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.queries.archive import CustomerUnknown, belonging_to, visible
from zhenke.customers.rules.contacts import masked_contact, search_spelling
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Viewer

_COLUMN = "customers_contactpoint.sealed"


@dataclass(frozen=True, slots=True)
class SeenContact:
    """One contact as the viewer sees it; `may_reveal` says whether asking for the whole is worth a button."""

    id: int
    kind: str
    label: str
    masked: str
    is_primary: bool
    may_reveal: bool


def field_cipher() -> FieldCipher:
    """Return the cipher of the personal fields, with the keys of this installation as they are now.

    Errors: KeyringMissing, KeyringUnreadable.
    """
    return cipher_of(Path(settings.KEY_FILE))


def contact_place(contact_id: int) -> str:
    """Return the place that a contact's value is sealed to."""
    return place_of(_COLUMN, contact_id)


def opened(contact: ContactPoint) -> str:
    """Return the whole value of a contact; for the room's own use: what leaves the room is masked or revealed."""
    return field_cipher().open(contact.sealed, contact_place(contact.pk))


def contacts_of(*, viewer: Viewer, customer: Customer) -> list[SeenContact]:
    """Return a customer's contacts, masked.

    Shape:  primary ones first, by kind and age; may be empty.
    Sees:   masks of the kinds that the table of sight shows to the role: none to marketing, no address to the auditor.
    """
    sight = sight_of(viewer.role)
    kinds = sight.contact_kinds
    if not kinds:
        return []
    rows = ContactPoint.objects.filter(belonging_to(viewer=viewer, customer=customer), kind__in=sorted(kinds))
    return [
        SeenContact(
            id=row.pk,
            kind=row.kind,
            label=row.label,
            masked=masked_contact(row.kind, opened(row)),
            is_primary=row.is_primary,
            may_reveal=row.kind in sight.reveals,
        )
        for row in rows.order_by("-is_primary", "kind", "id")
    ]


def contact_for(*, viewer: Viewer, id: int) -> ContactPoint:
    """Return one contact with its customer, still sealed.

    Errors: CustomerUnknown if there is none, or its customer or its kind is not within the viewer's sight.
    Sees:   as `contacts_of`.
    """
    found = ContactPoint.objects.select_related("customer").filter(pk=id).first()
    is_seen = found is not None and visible(viewer=viewer).filter(pk=found.customer_id).exists()
    if found is None or not is_seen or found.kind not in sight_of(viewer.role).contact_kinds:
        raise CustomerUnknown
    return found


def with_contact(rows: QuerySet[Customer], *, kind: str, kept: str) -> QuerySet[Customer]:
    """Return those of `rows` who have this exact contact; `kept` as `contact_spelling` gives it."""
    indexes = field_cipher().blind_indexes(kind, search_spelling(kind, kept))
    return rows.filter(pk__in=ContactPoint.objects.filter(blind_index__in=indexes, kind=kind).values("customer_id"))
