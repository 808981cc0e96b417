"""Somebody chooses between what two sources say: the value stands and is confirmed, the others are decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import RuleBroken
from zhenke.basics.names import pinyin_readings
from zhenke.customers.models import Claim, Customer, CustomerDate, Trait
from zhenke.customers.operations.claims import claim_indexes, note_claims
from zhenke.customers.operations.freshness import CONFIRMED
from zhenke.customers.operations.permission import hand_of, require
from zhenke.customers.operations.sealing_traits import insert_traits
from zhenke.customers.operations.words import write_terms
from zhenke.customers.queries.archive import CustomerUnknown, visible
from zhenke.customers.queries.claims import claim_for, opened_claim, standing_of
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.rules.claims import CHOSEN, DAY, DESK, REFUSED, TRAIT, Said, day_from
from zhenke.staff import audit
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

_DAY_FIELDS = ("calendar", "month", "day", "is_leap_month", "year")


class ChoiceOver(RuleBroken):
    """The field was changed since, so the choice cannot be taken back. Facts: `field`."""

    code = "choice_over"
    message = "This was changed since; choose again instead."


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision: its field, whether it was news, and a claim of it, by which it can be taken back."""

    field: str
    is_new: bool
    claim: int


@transaction.atomic
def choose_value(*, customer: Customer, claim: int, takes: bool, by: Viewer, now: datetime) -> Choice:
    """Let what a claim says stand (`takes`), or what stands already; either way the field is confirmed and decided.

    Errors: ClaimUnknown; CustomerUnknown; NotAllowed.
    Writes: Customer, CustomerDate or Trait; Claim, the value that had to go among them as refused; one audit line that
            names the field, never the values.
    Twice:  a claim that is decided: nothing, `is_new` False.
    """
    require(by, May.EDIT_CUSTOMERS)
    row = _locked(customer, by)
    chosen = claim_for(viewer=by, customer=row, id=claim)
    if chosen.decision:
        return Choice(chosen.field, False, chosen.pk)
    field, former = chosen.field, _marks_of(row, chosen.field)
    if takes:
        former |= _let_stand(row, chosen, by, now)
    _confirm(row, field, by, now)
    decided = {"decided_at": now, "decided_by_id": hand_of(by), "former": former}
    if takes:
        Claim.objects.filter(pk=chosen.pk).update(decision=CHOSEN, **decided)
    Claim.objects.filter(customer=row, field=field, decision="").update(decision=REFUSED, **decided)
    audit.record(
        action="claim_decided", by=by, now=now, subject_kind="customer", subject_id=row.pk, field=field, taken=takes
    )
    return Choice(field, True, chosen.pk)


def _locked(customer: Customer, by: Viewer) -> Customer:
    row = visible(viewer=by).select_for_update(of=("self",)).select_related("shop").filter(pk=customer.pk).first()
    if row is None:
        raise CustomerUnknown
    return row


def _let_stand(row: Customer, chosen: Claim, by: Viewer, now: datetime) -> dict[str, Any]:
    """Write what the claim says; what stood becomes a claim that is refused with the others. Return what undo needs."""
    field = chosen.field
    values, marks = standing_of(row, {field})
    if field not in values:
        _write(row, field, opened_claim(chosen), source=chosen.source, by=by, now=now)
        return {}
    on_date, hand, source = marks.get(field, (None, None, ""))
    day = on_date or local_date(now, row.shop.time_zone)
    said = Said(field, values[field], source or (DESK if hand else ""), day, hand)
    before = set(Claim.objects.filter(customer=row, field=field).values_list("pk", flat=True))
    note_claims(customer_id=row.pk, said=[said], now=now)
    indexes = claim_indexes(field_cipher(), field, values[field])
    stood = Claim.objects.get(customer=row, field=field, source=said.source, value_index__in=indexes)
    _write(row, field, opened_claim(chosen), source=chosen.source, by=by, now=now)
    # One that was there already, refused once before, is refused again by this choice.
    Claim.objects.filter(pk=stood.pk).update(decision="")
    return {"stood": str(stood.pk), "is_made": stood.pk not in before, "source": source}


def _write(row: Customer, field: str, text: str, *, source: str, by: Viewer, now: datetime) -> None:
    if field.startswith(DAY):
        day = day_from(text)
        parts = {name: getattr(day, name) for name in _DAY_FIELDS}
        CustomerDate.objects.update_or_create(
            customer=row,
            kind=field.removeprefix(DAY),
            label="",
            defaults={**parts, "source": source},
            create_defaults={**parts, "source": source, "created_at": now},
        )
    elif field.startswith(TRAIT):
        key = field.removeprefix(TRAIT)
        Trait.objects.filter(customer=row, key=key).delete()
        insert_traits(row.pk, [(key, text)], by_id=hand_of(by), now=now, source=source)
    else:
        setattr(row, field, date.fromisoformat(text) if field == "first_met_date" else text)
        if field == "name":
            row.pinyin = pinyin_readings(text).pinyin
            write_terms(row)
        row.save(update_fields=[field, "pinyin"])


def _marks_of(row: Customer, field: str) -> dict[str, Any]:
    """Return who confirmed what stands and when, for undo."""
    if not field.startswith(TRAIT):
        return {"note": row.confirmed.get(field.removeprefix(DAY))}
    trait = Trait.objects.filter(customer=row, key=field.removeprefix(TRAIT)).order_by("pk").first()
    return {"trait": [trait.confirmed_at.isoformat(), trait.confirmed_by_id, trait.source]} if trait else {}


def _confirm(row: Customer, field: str, by: Viewer, now: datetime) -> None:
    if field.startswith(TRAIT):
        traits = Trait.objects.filter(customer=row, key=field.removeprefix(TRAIT))
        traits.update(confirmed_at=now, confirmed_by_id=hand_of(by))
    else:
        note = [local_date(now, row.shop.time_zone).isoformat(), str(by.id or ""), CONFIRMED]
        row.confirmed = {**row.confirmed, field.removeprefix(DAY): note}
    row.updated_at = max(row.updated_at, now)
    row.save(update_fields=["confirmed", "updated_at"])


@transaction.atomic
def undo_choice(*, customer: Customer, claim: int, by: Viewer, now: datetime) -> bool:
    """Take one choice back: what stood stands again, and the claims wait again; return whether there was one.

    Errors: ClaimUnknown; CustomerUnknown; NotAllowed; ChoiceOver if the field was changed since.
    Writes: as `choose_value`.
    Twice:  False.
    """
    require(by, May.EDIT_CUSTOMERS)
    row = _locked(customer, by)
    one = claim_for(viewer=by, customer=row, id=claim)
    if not one.decision or not one.former:
        return False
    field, former = one.field, one.former
    decided = Claim.objects.filter(customer=row, field=field, decided_at=one.decided_at)
    chosen = decided.filter(decision=CHOSEN).first()
    if chosen is not None:
        if standing_of(row, {field})[0].get(field) != opened_claim(chosen):
            raise ChoiceOver(field=field)
        _stand_again(row, field, former, by, now)
    _mark_again(row, field, former, now)
    was_refused = decided.filter(pk=int(former.get("stood", 0))).values_list("pk", flat=True)
    refused = [] if former.get("is_made") else list(was_refused)
    decided.update(decision="", decided_at=None, decided_by=None, former={})
    Claim.objects.filter(pk__in=refused).update(decision=REFUSED)
    audit.record(action="claim_reopened", by=by, now=now, subject_kind="customer", subject_id=row.pk, field=field)
    return True


def _stand_again(row: Customer, field: str, former: dict[str, Any], by: Viewer, now: datetime) -> None:
    stood = Claim.objects.filter(pk=int(former.get("stood", 0))).first()
    if stood is not None:
        _write(row, field, opened_claim(stood), source=former.get("source", ""), by=by, now=now)
        if former.get("is_made"):
            stood.delete()
    elif field.startswith(DAY):
        CustomerDate.objects.filter(customer=row, kind=field.removeprefix(DAY), label="").delete()
    elif field.startswith(TRAIT):
        Trait.objects.filter(customer=row, key=field.removeprefix(TRAIT)).delete()
    else:
        setattr(row, field, None if field == "first_met_date" else "")
        row.save(update_fields=[field])


def _mark_again(row: Customer, field: str, former: dict[str, Any], now: datetime) -> None:
    if field.startswith(TRAIT):
        traits = Trait.objects.filter(customer=row, key=field.removeprefix(TRAIT))
        if former.get("trait"):
            at, by, source = former["trait"]
            traits.update(confirmed_at=datetime.fromisoformat(at), confirmed_by_id=by, source=source)
        return
    note = former.get("note")
    name = field.removeprefix(DAY)
    row.confirmed = {key: value for key, value in row.confirmed.items() if key != name}
    if note is not None:
        row.confirmed[name] = note
    row.updated_at = max(row.updated_at, now)
    row.save(update_fields=["confirmed", "updated_at"])
