"""Writes what is still right of an archive, and the rules of what should be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import RuleBroken
from zhenke.customers.models import Customer, FreshnessRules, Trait
from zhenke.customers.operations.archive import FieldWrong
from zhenke.customers.operations.permission import hand_of, require
from zhenke.customers.queries.archive import CustomerUnknown, visible
from zhenke.customers.queries.freshness import known_fields
from zhenke.customers.rules.freshness import FIELDS, TRAITS, rules_from_plain
from zhenke.staff import audit
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

CONFIRMED = "asked"


class FieldNotKnown(RuleBroken):
    """What is not known cannot be still right. Facts: `field`."""

    code = "field_not_known"
    message = "Nothing is known yet for {field}; write it down first."


@transaction.atomic
def confirm_field(*, customer: Customer, field: str, by: Viewer, now: datetime) -> bool:
    """Write down that a field of an archive is still right; return whether that was news today.

    Errors: FieldWrong for a field that there is not; FieldNotKnown; NotAllowed; CustomerUnknown out of sight.
    Writes: Customer (who confirmed it and when), for a taste or size its Traits; one audit line.
    Twice:  on the same day by the same person: False, nothing is written.
    """
    require(by, May.EDIT_CUSTOMERS)
    if field not in FIELDS:
        raise FieldWrong(field="field")
    row = visible(viewer=by).select_for_update(of=("self",)).filter(pk=customer.pk).first()
    if row is None:
        raise CustomerUnknown
    if field not in known_fields(viewer=by, customer=row):
        raise FieldNotKnown(field=field)
    note = [local_date(now, customer.shop.time_zone).isoformat(), str(by.id or ""), CONFIRMED]
    if row.confirmed.get(field) == note:
        return False
    row.confirmed = {**row.confirmed, field: note}
    row.updated_at = max(row.updated_at, now)
    row.save(update_fields=["confirmed", "updated_at"])
    if field in TRAITS:
        traits = Trait.objects.filter(customer=row, key__in=TRAITS[field])
        traits.update(confirmed_at=now, confirmed_by_id=hand_of(by))
    audit.record(action="field_confirmed", by=by, now=now, subject_kind="customer", subject_id=customer.pk, field=field)
    return True


@transaction.atomic
def load_default_freshness(
    *, fields: Sequence[Mapping[str, object]], a_day: int, again_days: int, by: Viewer, now: datetime
) -> bool:
    """Write the starting rules if there are none; return whether they were new.

    Errors: FreshnessInvalid.
    Writes: FreshnessRules, version 1.
    Twice:  False.
    """
    rules_from_plain(fields)
    if FreshnessRules.objects.exists():
        return False
    FreshnessRules.objects.create(
        version=1,
        fields=[dict(row) for row in fields],
        a_day=a_day,
        again_days=again_days,
        made_at=now,
        made_by_id=by.id,
    )
    return True
