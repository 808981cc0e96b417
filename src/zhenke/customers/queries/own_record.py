"""Whether an archive is a member of staff's own, or of somebody close: nobody decides there in her own favour."""

from __future__ import annotations

from django.db.models import Q

from zhenke.customers.models import ContactPoint, Customer, CustomerLink
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.rules.contacts import search_spelling
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer


def is_close_to(*, viewer: Viewer, customer: Customer) -> bool:
    """Return whether an archive is the viewer's own, linked to her own, or has a contact of her own.

    The house keeps no phone of its staff: her own archives are those with her name or her e-mail address. A customer
    who only bears the same name is taken for her; somebody else then decides.

    Shape:  at most three SQL queries.
    Sees:   archives of everybody, but only yes or no leaves.
    """
    if isinstance(viewer, SystemViewer):
        return False
    own = Q(name=viewer.name.strip())
    if viewer.email:
        indexes = field_cipher().blind_indexes("email", search_spelling("email", viewer.email))
        own |= Q(pk__in=ContactPoint.objects.filter(blind_index__in=indexes).values("customer_id"))
    mine = set(Customer.objects.filter(own).values_list("pk", flat=True))
    if customer.pk in mine:
        return True
    if not mine:
        return False
    sides = Q(first=customer, second__in=mine) | Q(second=customer, first__in=mine)
    if CustomerLink.objects.filter(sides, dropped_at=None).exists():
        return True
    hers = ContactPoint.objects.filter(customer__in=mine).values("blind_index")
    return ContactPoint.objects.filter(customer=customer, blind_index__in=hers).exists()
