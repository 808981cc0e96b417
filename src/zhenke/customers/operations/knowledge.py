"""Writes what the shop knows of a customer: traits, tags, and the fields that the shop defined itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from zhenke.basics.errors import BadInput
from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer, CustomerTag, CustomField, Tag, Trait
from zhenke.customers.operations.permission import require
from zhenke.customers.rules.codes import is_code
from zhenke.customers.rules.traits import CUSTOM, fits, is_single
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

FIELD_KINDS = ("text", "number", "date", "choice", "yes_no")


class TraitWrong(BadInput):
    """A key that is no code, an unknown own field, or a value that does not fit. Facts: `key`."""

    code = "trait_wrong"
    message = "The value of {key} cannot be taken as it is."


class TagWrong(BadInput):
    """A tag is a short text."""

    code = "tag_wrong"
    message = "A tag has 1 to 40 signs."


class FieldDefinitionWrong(BadInput):
    """An own field needs a key, names, a kind and, for a choice, its choices."""

    code = "field_definition_wrong"
    message = "This own field is not complete: check {field}."


@transaction.atomic
def set_trait(*, customer: Customer, key: str, text: str, by: Viewer, now: datetime, source: str = "") -> Trait:
    """Write one known thing; a key that holds one value loses its old one.

    Errors: TraitWrong; NotAllowed.
    Writes: Trait, confirmed now by `by`.
    Twice:  the same key and text again only confirms it anew.
    """
    require(by, May.EDIT_CUSTOMERS)
    kept = _fitting(key, text)
    mine = Trait.objects.filter(customer_id=customer.pk, key=key)
    if is_single(key):
        mine.exclude(text=kept).delete()
    row, _ = Trait.objects.update_or_create(
        customer_id=customer.pk,
        key=key,
        text=kept,
        defaults={"confirmed_at": now, "confirmed_by_id": by.id, "source": source[:24]},
    )
    return row


@transaction.atomic
def drop_trait(*, customer: Customer, key: str, by: Viewer, text: str | None = None) -> int:
    """Delete one value of a key, or (text None) all of them; return how many there were.

    Errors: NotAllowed.
    Writes: deletes Trait rows.
    Twice:  0.
    """
    require(by, May.EDIT_CUSTOMERS)
    mine = Trait.objects.filter(customer_id=customer.pk, key=key)
    return (mine if text is None else mine.filter(text=text)).delete()[0]


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


@transaction.atomic
def save_custom_field(
    *,
    key: str,
    name_en: str,
    name_zh: str,
    kind: str,
    by: Viewer,
    now: datetime,
    choices: Iterable[str] = (),
    level: int = 2,
    position: int = 0,
    is_retired: bool = False,
) -> CustomField:
    """Define one field of the shop's own, or change it; a retired one keeps its values and is no longer offered.

    Errors: FieldDefinitionWrong; NotAllowed.
    Writes: CustomField; one audit line.
    Twice:  the same definition again changes nothing of it.
    """
    require(by, May.EDIT_SETTINGS)
    offered = [choice.strip() for choice in choices if choice.strip()]
    checks = {
        "key": is_code(key, longest=40) and "." not in key,
        "name": 0 < len(name_en.strip()) <= 60 and 0 < len(name_zh.strip()) <= 60,
        "kind": kind in FIELD_KINDS,
        "choices": kind != "choice" or len(set(offered)) >= 2,
        "level": level in (1, 2, 3, 4),
    }
    for field, is_right in checks.items():
        if not is_right:
            raise FieldDefinitionWrong(field=field)
    values = {
        "name_en": name_en.strip(),
        "name_zh": name_zh.strip(),
        "kind": kind,
        "choices": offered,
        "level": level,
        "position": position,
        "retired_at": now if is_retired else None,
    }
    row, _ = CustomField.objects.update_or_create(key=key, defaults=values)
    record(action="custom_field.saved", by=by, now=now, subject_kind="custom_field", subject_id=row.pk, key=key)
    return row


def write_traits(
    customer: Customer, traits: Mapping[str, Iterable[str]], *, by: Viewer, now: datetime, source: str = ""
) -> None:
    """Write the traits of a new customer's draft."""
    pairs = dict.fromkeys((key, _fitting(key, text)) for key, texts in traits.items() for text in texts)
    Trait.objects.bulk_create(
        Trait(
            id=new_id(),
            customer_id=customer.pk,
            key=key,
            text=text,
            confirmed_at=now,
            confirmed_by_id=by.id,
            source=source[:24],
        )
        for key, text in pairs
    )


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


def _fitting(key: str, text: str) -> str:
    kept = " ".join(str(text).replace("\x00", "").split())
    if not is_code(key, longest=60) or not 0 < len(kept) <= 200:
        raise TraitWrong(key=key)
    if key.startswith(CUSTOM):
        field = CustomField.objects.filter(key=key.removeprefix(CUSTOM), retired_at=None).first()
        if field is None or not fits(field.kind, field.choices, kept):
            raise TraitWrong(key=key)
    return kept
