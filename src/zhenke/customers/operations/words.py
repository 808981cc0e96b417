"""Writes the words that a customer is found by."""

from __future__ import annotations

from zhenke.basics.names import pinyin_readings
from zhenke.customers.models import Customer, SearchTerm


def write_terms(customer: Customer, *, is_new: bool = False) -> None:
    """Make the stored words those of the customer's present name.

    Writes: SearchTerm.
    Twice:  nothing changes.
    """
    wanted = set(pinyin_readings(customer.name).search_terms)
    kept: set[str] = set()
    if not is_new:
        mine = SearchTerm.objects.filter(customer_id=customer.pk)
        mine.exclude(term__in=wanted).delete()
        kept = set(mine.values_list("term", flat=True))
    SearchTerm.objects.bulk_create(SearchTerm(customer_id=customer.pk, term=term) for term in sorted(wanted - kept))
