"""Defines the fields that the shop wants to know of customers besides those that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.models import CustomField, Trait
from zhenke.customers.operations.permission import require
from zhenke.customers.operations.sealing_traits import follow_level
from zhenke.customers.queries.sealed_traits import trait_text
from zhenke.customers.rules.codes import is_code
from zhenke.customers.rules.traits import CUSTOM, GROUPS, SEALED_LEVEL
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

FIELD_KINDS = ("text", "number", "date", "choice", "several", "yes_no")
OWN_GROUP = "own"
_CHOOSING = ("choice", "several")
_MOST_CHOICES, _LONGEST_CHOICE = 60, 60


class FieldDefinitionWrong(BadInput):
    """An own field needs a key, names, a kind and, for a choice, its choices. Facts: `field`."""

    code = "field_definition_wrong"
    message = "This own field is not complete: check {field}."


class FieldKindInUse(RuleBroken):
    """What a field holds cannot change while customers have values of it. Facts: `count`."""

    code = "field_kind_in_use"
    message = "Customers with a value here: {count}. What the field holds cannot change."


class ChoiceInUse(RuleBroken):
    """A choice cannot go while customers have it. Facts: `count`, `choice`."""

    code = "choice_in_use"
    message = "Customers with the choice {choice}: {count}. It cannot go."


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
    choice_words: Mapping[str, Sequence[str]] = MappingProxyType({}),
    group: str = OWN_GROUP,
    level: int = 2,
    position: int = 0,
    is_retired: bool = False,
) -> CustomField:
    """Define one field of the shop's own, or change it; a retired one keeps its values and is no longer offered.

    `choices` are codes, `choice_words` what each is called in English and Chinese.

    Errors: FieldDefinitionWrong; FieldKindInUse, ChoiceInUse while customers have values; NotAllowed.
    Writes: CustomField; its Traits are sealed, or opened, where it comes to level 4 or leaves it; one audit line.
    Twice:  the same definition again changes nothing of it.
    """
    require(by, May.EDIT_SETTINGS)
    offered = [choice.strip() for choice in choices if choice.strip()]
    names = (name_en.strip(), name_zh.strip())
    _refuse_incomplete(key, names, kind, offered, group, level)
    _refuse_what_is_in_use(key, kind, offered)
    values = {
        "name_en": names[0],
        "name_zh": names[1],
        "kind": kind,
        "choices": offered,
        "choice_words": {code: list(choice_words[code])[:2] for code in offered if code in choice_words},
        "group": group,
        "level": level,
        "position": position,
        "retired_at": now if is_retired else None,
    }
    row, _ = CustomField.objects.update_or_create(key=key, defaults=values)
    follow_level(key=f"{CUSTOM}{key}", is_sealed=level == SEALED_LEVEL)
    record(action="custom_field.saved", by=by, now=now, subject_kind="custom_field", subject_id=row.pk, key=key)
    return row


def _refuse_incomplete(key: str, names: tuple[str, str], kind: str, offered: list[str], group: str, level: int) -> None:
    checks = {
        "key": is_code(key, longest=40) and "." not in key,
        "name": all(0 < len(name) <= 60 for name in names),
        "kind": kind in FIELD_KINDS,
        "choices": kind not in _CHOOSING or _are_choices(offered),
        "group": group in (*GROUPS, OWN_GROUP),
        "level": level in (1, 2, 3, 4),
    }
    for field, is_right in checks.items():
        if not is_right:
            raise FieldDefinitionWrong(field=field)


def _are_choices(offered: list[str]) -> bool:
    fit = all(len(choice) <= _LONGEST_CHOICE for choice in offered)
    return fit and 2 <= len(set(offered)) == len(offered) <= _MOST_CHOICES


def _refuse_what_is_in_use(key: str, kind: str, offered: list[str]) -> None:
    """What customers have must still be readable afterwards: text takes anything, one of several may become several."""
    known = CustomField.objects.select_for_update().filter(key=key).first()
    if known is None:
        return
    values = Trait.objects.filter(key=f"{CUSTOM}{key}")
    if kind not in (known.kind, "text") and (known.kind, kind) != ("choice", "several"):
        count = values.values("customer_id").distinct().count()
        if count:
            raise FieldKindInUse(count=count)
    for choice in known.choices if kind in _CHOOSING else ():
        if choice not in offered:
            count = values.filter(text=choice).count()
            count += sum(trait_text(row) == choice for row in values.exclude(sealed=""))
            if count:
                raise ChoiceInUse(count=count, choice=choice)
