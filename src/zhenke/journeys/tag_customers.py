"""A tag is put on several customers at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from zhenke.customers.models import Customer
from zhenke.customers.operations import add_tag
from zhenke.staff.models import StaffMember


@transaction.atomic
def tag_customers(*, customers: Iterable[Customer], name: str, by: StaffMember) -> int:
    """Put a word on every one of some customers; return how many they are.

    Errors: TagWrong; NotAllowed. Then nobody is tagged.
    Writes: CustomerTag, maybe Tag.
    Twice:  changes nothing.
    """
    chosen = list(customers)
    for customer in chosen:
        add_tag(customer=customer, name=name, by=by)
    return len(chosen)
