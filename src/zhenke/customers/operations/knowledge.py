"""Writes what the shop knows of a customer: traits and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from zhenke.basics.errors import BadInput, NotAllowed
from zhenke.customers.models import Customer, CustomerTag, Tag, Trait
from zhenke.customers.operations.claims import note_overruled_traits
from zhenke.customers.operations.permission import require
from zhenke.customers.operations.sealing_traits import claim_sealed, insert_traits
from zhenke.customers.operations.words import write_terms
from zhenke.customers.queries.knowledge import hidden_traits, own_field, unseen_traits
from zhenke.customers.queries.sealed_traits import trait_text
from zhenke.customers.rules.codes import is_code
from zhenke.customers.rules.traits import ALIAS, CUSTOM, ValueUnfit, fitting_own, is_single, kept_value
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


class TraitWrong(BadInput):
    """A key that is no code, an unknown own field, or a value that does not fit.

    Facts: `key`, and `reason` with what the rule says: number, unit, range (least, most, unit), choice, day, yes_no,
    tax_number.
    """

    code = "trait_wrong"
    message = "The value of {key} cannot be taken as it is."


class TagWrong(BadInput):
    """A tag is a short text."""

    code = "tag_wrong"
    message = "A tag has 1 to 40 signs."


@transaction.atomic
def set_trait(*, customer: Customer, key: str, text: str, by: Viewer, now: datetime, source: str = "") -> Trait:
    """Write one known thing; a key that holds one value loses its old one.

    Errors: TraitWrong; NotAllowed, also if the old value of one that holds one value is hidden from `by`.
    Writes: Trait (sealed, if its level is 4), confirmed now by `by`; a Claim of the one value that another source
            had given; SearchTerm for an alias.
    Twice:  the same key and text again only confirms it anew.
    """
    require(by, May.EDIT_CUSTOMERS)
    kept, holds_one = fitting(key, text)
    sealed = claim_sealed(customer.pk, [key])
    mine = Trait.objects.filter(customer_id=customer.pk, key=key)
    if holds_one:
        others = [row for row in mine if trait_text(row) != kept]
        if others and key in unseen_traits(viewer=by):
            raise NotAllowed(field=key)
        note_overruled_traits(rows=others, written={key: kept}, by=by, now=now)
        mine.filter(pk__in=[row.pk for row in others]).delete()
    if not sealed:
        row, _ = Trait.objects.update_or_create(
            customer_id=customer.pk,
            key=key,
            text=kept,
            defaults={"confirmed_at": now, "confirmed_by_id": by.id, "source": source[:24]},
        )
        follow_alias(customer, [key])
        return row
    same = next((row for row in mine if trait_text(row) == kept), None)
    if same is None:
        return insert_traits(customer.pk, [(key, kept)], by_id=by.id, now=now, source=source)[0]
    same.confirmed_at, same.confirmed_by_id, same.source = now, by.id, source[:24]
    same.save(update_fields=["confirmed_at", "confirmed_by", "source"])
    return same


@transaction.atomic
def drop_trait(*, customer: Customer, key: str, by: Viewer, text: str | None = None, trait: int | None = None) -> int:
    """Delete one value of a key, by what it says or by the key of its row (`trait`), or all; return how many went.

    Errors: NotAllowed, also for a kind that `by` is not shown; by what it says for one that `by` sees masked: nobody
            finds a hidden value by trying.
    Writes: deletes Trait rows.
    Twice:  0.
    """
    require(by, May.EDIT_CUSTOMERS)
    if key in (hidden_traits(viewer=by) if text is not None else unseen_traits(viewer=by)):
        raise NotAllowed(field=key)
    mine = Trait.objects.filter(customer_id=customer.pk, key=key)
    if trait is not None:
        mine = mine.filter(pk=trait)
    if text is not None:
        mine = mine.filter(pk__in=[row.pk for row in mine if trait_text(row) == text])
    gone = mine.delete()[0]
    follow_alias(customer, [key] if gone else [])
    return gone


@transaction.atomic
def add_tag(*, customer: Customer, name: str, by: Viewer) -> Tag:
    """Put a word on a customer; the word is made if nobody used it before.

    Errors: TagWrong; NotAllowed.
    Writes: CustomerTag, maybe Tag.
    Twice:  changes nothing.
    """
    require(by, May.EDIT_CUSTOMERS)
    [tag] = write_tags(customer, [name])
    return tag


@transaction.atomic
def drop_tag(*, customer: Customer, name: str, by: Viewer) -> bool:
    """Take a word off a customer; return whether it was there. The word itself stays.

    Errors: NotAllowed.
    Writes: deletes one CustomerTag.
    Twice:  False.
    """
    require(by, May.EDIT_CUSTOMERS)
    return CustomerTag.objects.filter(customer_id=customer.pk, tag__name=_tag_name(name)).delete()[0] > 0


def write_traits(
    customer: Customer, traits: Mapping[str, Iterable[str]], *, by: Viewer, now: datetime, source: str = ""
) -> None:
    """Write the traits of a new customer's draft."""
    pairs = dict.fromkeys((key, fitting(key, text)[0]) for key, texts in traits.items() for text in texts)
    write_pairs(customer, pairs, by=by, now=now, source=source)
    follow_alias(customer, traits)


def write_pairs(
    customer: Customer, pairs: Iterable[tuple[str, str]], *, by: Viewer, now: datetime, source: str = ""
) -> None:
    """Write values that are new to a customer and fit already."""
    insert_traits(customer.pk, pairs, by_id=by.id, now=now, source=source)


def follow_alias(customer: Customer, keys: Iterable[str]) -> None:
    """Let a customer be found by what else she is called, if that is among what was written. Writes: SearchTerm."""
    if ALIAS in keys:
        write_terms(customer)


def write_tags(customer: Customer, names: Iterable[str]) -> list[Tag]:
    """Put words on a customer, making those that are new; words already there stay."""
    tags = [Tag.objects.get_or_create(name=name)[0] for name in dict.fromkeys(map(_tag_name, names))]
    for tag in tags:
        CustomerTag.objects.get_or_create(customer_id=customer.pk, tag=tag)
    return tags


def _tag_name(name: str) -> str:
    kept = " ".join(name.replace("\x00", "").split())
    if not 0 < len(kept) <= 40:
        raise TagWrong
    return kept


def fitting(key: str, text: str) -> tuple[str, bool]:
    """Return a value as its kind keeps it, and whether the key holds only one.

    Errors: TraitWrong.
    """
    kept = " ".join(str(text).replace("\x00", "").split())
    if not is_code(key, longest=60) or not 0 < len(kept) <= 200:
        raise TraitWrong(key=key, reason="text")
    try:
        if not key.startswith(CUSTOM):
            return kept_value(key, kept), is_single(key)
        own = own_field(key=key.removeprefix(CUSTOM))
        if own is None:
            raise TraitWrong(key=key, reason="field")
        return fitting_own(own, kept), own.is_single
    except ValueUnfit as unfit:
        raise TraitWrong(None, key=key, reason=unfit.reason, **unfit.facts) from None
