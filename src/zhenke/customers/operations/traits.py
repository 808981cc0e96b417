"""Writes several known things of a customer at once, as a form or a program gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, Trait
from zhenke.customers.operations.claims import note_overruled_traits
from zhenke.customers.operations.knowledge import TraitWrong, fitting, follow_alias, write_pairs
from zhenke.customers.operations.permission import require
from zhenke.customers.operations.sealing_traits import claim_sealed
from zhenke.customers.queries.knowledge import unseen_traits
from zhenke.customers.queries.sealed_traits import masked_traits, trait_text
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May


@transaction.atomic
def set_traits(
    *, customer: Customer, values: Mapping[str, Sequence[str]], by: Viewer, now: datetime, source: str = ""
) -> list[str]:
    """Let each key that is named hold exactly these values, none for an empty list; return the keys that changed.

    Of a key that holds several values and that `by` sees masked, what is written comes to what stands: nobody takes
    away unseen what she did not mean. An empty list takes all of them away.

    Errors: TraitWrong, then nothing is written; NotAllowed, also for a kind that `by` is not shown, because what is
            not seen would be overwritten unseen.
    Writes: Trait; what stays is confirmed anew; one audit line that names the keys, never the values.
    Twice:  the same values again change nothing and only confirm.
    """
    require(by, May.EDIT_CUSTOMERS)
    hidden = unseen_traits(viewer=by)
    wanted: dict[str, list[str]] = {}
    single: set[str] = set()
    for key, texts in values.items():
        if key in hidden:
            raise NotAllowed(field=key)
        fit = [fitting(key, text) for text in texts]
        if len(fit) > 1 and fit[0][1]:
            raise TraitWrong(key=key, reason="one")
        wanted[key] = list(dict.fromkeys(text for text, _ in fit))
        single |= {key} if fit and fit[0][1] else set()
    if not wanted:
        return []
    claim_sealed(customer.pk, wanted)
    mine = Trait.objects.filter(customer_id=customer.pk, key__in=wanted)
    known: dict[str, dict[str, Trait]] = {key: {} for key in wanted}
    for row in mine.order_by("pk"):
        known[row.key][trait_text(row)] = row
    for key in masked_traits(viewer=by).intersection(wanted) - single:
        wanted[key] = list(dict.fromkeys([*known[key], *wanted[key]])) if wanted[key] else []
    changed = sorted(key for key, texts in wanted.items() if known[key].keys() != set(texts))
    gone = [row for key in changed for text, row in known[key].items() if text not in wanted[key]]
    overruled = [row for row in gone if row.key in single]
    note_overruled_traits(rows=overruled, written={row.key: wanted[row.key][0] for row in overruled}, by=by, now=now)
    mine.filter(pk__in=[row.pk for row in gone]).delete()
    mine.update(confirmed_at=now, confirmed_by_id=by.id)
    fresh = [(key, text) for key in changed for text in wanted[key] if text not in known[key]]
    write_pairs(customer, fresh, by=by, now=now, source=source)
    follow_alias(customer, changed)
    if changed:
        record(
            action="customer.traits_set", by=by, now=now, subject_kind="customer", subject_id=customer.pk, keys=changed
        )
    return changed
