"""Writes what happened between a customer and the shop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from zhenke.basics.errors import BadInput, NotAllowed, RuleBroken
from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer, Interaction
from zhenke.customers.operations.note_photos import drop_files_of
from zhenke.customers.rules.codes import is_code
from zhenke.customers.rules.notes import checked_words, level_of_words
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.rules import May

_LONGEST = 4_000


class InteractionWrong(BadInput):
    """Kind, result or text do not fit. Facts: `field`."""

    code = "interaction_wrong"
    message = "The field {field} cannot be taken as it is."


class InteractionKeyTaken(RuleBroken):
    """The outside key is that of somebody else's interaction."""

    code = "interaction_key_taken"
    message = "This key belongs to an interaction of another customer."


def add_interaction(
    *,
    customer: Customer,
    kind: str,
    at: datetime,
    by: Viewer,
    shop: Shop | None,
    now: datetime,
    text: str = "",
    result: str = "",
    facts: Mapping[str, object] | None = None,
    source_key: str | None = None,
    beside: Iterable[str] = (),
) -> Interaction:
    """Write down one visit, call, message, note or service, and return it.

    Units:  `result` is a code (`rules.codes.RESULTS`), `facts` plain JSON values, `beside` other words kept with it.
    Errors: InteractionWrong, also when `at` lies more than a day ahead; InteractionKeyTaken; NotAllowed; those of
            `checked_words`. Words of health, faith, papers or accounts lift its level.
    Writes: Interaction; the customer counts as updated.
    Twice:  the same `source_key` again returns the one that is there; without a key each call writes one.
    """
    if not (by.may(May.FINISH_TASKS) or by.may(May.EDIT_CUSTOMERS)):
        raise NotAllowed
    if source_key and (known := _by_source_key(source_key, customer)) is not None:
        return known
    words = checked_words(text, *beside)
    row = Interaction(
        id=new_id(),
        customer_id=customer.pk,
        kind=_fitting(kind, at, text, result, now),
        at=at,
        by_id=by.id,
        shop=shop,
        text=text.replace("\x00", "").strip(),
        level=level_of_words(*words),
        result=result,
        facts=dict(facts or {}),
        source_key=source_key or None,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            Customer.objects.filter(pk=customer.pk, updated_at__lt=now).update(updated_at=now)
    except IntegrityError:
        known = _by_source_key(source_key, customer) if source_key else None
        if known is None:
            raise
        return known
    return row


def drop_interaction(*, customer: Customer, source_key: str, by: Viewer) -> bool:
    """Take back what was written down a moment ago by mistake; return whether it was there.

    Errors: NotAllowed; InteractionKeyTaken if the key is another customer's.
    Writes: deletes one Interaction with what hangs on it.
    Twice:  False.
    """
    if not (by.may(May.FINISH_TASKS) or by.may(May.EDIT_CUSTOMERS)):
        raise NotAllowed
    known = _by_source_key(source_key, customer)
    if known is None:
        return False
    with transaction.atomic():
        drop_files_of(interactions=[known.pk])
        return known.delete()[0] > 0


def _by_source_key(source_key: str, customer: Customer) -> Interaction | None:
    known = Interaction.objects.filter(source_key=source_key).first()
    if known is not None and known.customer_id != customer.pk:
        raise InteractionKeyTaken
    return known


def _fitting(kind: str, at: datetime, text: str, result: str, now: datetime) -> str:
    wrong = {
        "kind": kind not in Interaction.Kind.values,
        "result": result != "" and not is_code(result, longest=24),
        "text": len(text) > _LONGEST,
        "at": (at - now).days >= 1,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise InteractionWrong(field=field)
    return kind
