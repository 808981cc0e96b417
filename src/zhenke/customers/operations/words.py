"""Writes the words that a customer is found by."""

from __future__ import annotations

from collections.abc import Iterable

from zhenke.basics.names import pinyin_readings
from zhenke.customers.models import Customer, SearchTerm, Trait
from zhenke.customers.rules.traits import ALIAS


def words_of(name: str, aliases: Iterable[str]) -> set[str]:
    """Return every word by whose beginning somebody of this name, also called so, is found."""
    return {term for one in (name, *aliases) if one for term in pinyin_readings(one).search_terms}


def write_terms(customer: Customer, *, is_new: bool = False) -> None:
    """Make the stored words those of the customer's present name and of what else she is called.

    Writes: SearchTerm.
    Twice:  nothing changes.
    """
    aliases = [] if is_new else Trait.objects.filter(customer_id=customer.pk, key=ALIAS).values_list("text", flat=True)
    wanted = words_of(customer.name, aliases)
    kept: set[str] = set()
    if not is_new:
        mine = SearchTerm.objects.filter(customer_id=customer.pk)
        mine.exclude(term__in=wanted).delete()
        kept = set(mine.values_list("term", flat=True))
    SearchTerm.objects.bulk_create(SearchTerm(customer_id=customer.pk, term=term) for term in sorted(wanted - kept))
