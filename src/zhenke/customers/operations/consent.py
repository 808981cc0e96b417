"""Writes what a customer allows: entries are added, never changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from zhenke.basics.days import local_date
from zhenke.customers.models import ConsentEntry, ConsentText, Customer
from zhenke.customers.operations.permission import hand_of, require
from zhenke.customers.queries.consent import current_texts, is_child_of, said_by
from zhenke.customers.rules.consent import (
    PURPOSES,
    ConsentTextMissing,
    GuardianMissing,
    NotForChildren,
    ProofMissing,
    Purpose,
    PurposeWrong,
    channels_of,
    last_said,
    purpose_of,
)
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

_GIVEN, _WITHDRAWN = ConsentEntry.State.GIVEN, ConsentEntry.State.WITHDRAWN
_PROOFS = {proof.value for proof in ConsentEntry.Proof} - {ConsentEntry.Proof.MERGE.value}
LONGEST_NOTE = 120


@transaction.atomic
def give_consent(
    *,
    customer: Customer,
    purpose: str,
    channels: Collection[str] = ("",),
    proof: str,
    by: Viewer,
    now: datetime,
    giver: str = "self",
    proof_note: str = "",
) -> list[ConsentEntry]:
    """Write down that a customer says yes to the text in force, for one purpose, by these channels.

    Errors: NotAllowed; PurposeWrong; ProofMissing; ConsentTextMissing; NotForChildren; GuardianMissing.
    Writes: one ConsentEntry per channel that was not allowed before; one audit line if there is any.
    Twice:  writes nothing and returns nothing: she has said yes to this text already.
    """
    require(by, May.EDIT_CUSTOMERS)
    about = _checked(purpose, channels, proof, giver)
    text = current_texts().get(purpose)
    if text is None:
        raise ConsentTextMissing(purpose=purpose)
    if is_child_of(customer=customer, today=local_date(now, customer.shop.time_zone)):
        if about.is_marketing:
            raise NotForChildren
        if giver != ConsentEntry.Giver.GUARDIAN:
            raise GuardianMissing
    said = said_by([_locked(customer)])
    new = []
    for channel in channels:
        last = last_said(purpose=purpose, channel=channel, said=said)
        is_held = last is not None and last.is_given and last.version == text.version
        if last is None or not is_held or (giver == ConsentEntry.Giver.GUARDIAN and not last.by_guardian):
            new.append(_entry(customer, purpose, channel, _GIVEN, proof, proof_note, by, now, text=text, giver=giver))
    return _written(new, customer, "consent.given", by, now, version=text.version)


@transaction.atomic
def withdraw_consent(
    *,
    customer: Customer,
    purpose: str,
    channels: Collection[str] = ("",),
    proof: str,
    by: Viewer,
    now: datetime,
    giver: str = "self",
    proof_note: str = "",
) -> list[ConsentEntry]:
    """Write down that a customer says no, for one purpose by these channels; "" says it for every channel.

    Errors: NotAllowed; PurposeWrong; ProofMissing.
    Writes: one ConsentEntry per channel that was not withdrawn before; one audit line if there is any.
    Twice:  writes nothing and returns nothing.
    """
    require(by, May.EDIT_CUSTOMERS)
    about = _checked(purpose, [one for one in channels if one], proof, giver)
    said = said_by([_locked(customer)])
    new = []
    for channel in channels:
        asked = channels_of(about) if not channel else (channel,)
        last = [last_said(purpose=purpose, channel=one, said=said) for one in asked]
        if any(one is None or one.is_given for one in last):
            new.append(_entry(customer, purpose, channel, _WITHDRAWN, proof, proof_note, by, now, giver=giver))
    return _written(new, customer, "consent.withdrawn", by, now)


@transaction.atomic
def keep_consent(
    *,
    customer: Customer,
    purpose: str,
    channels: Collection[str],
    proof: str,
    by: Viewer,
    now: datetime,
    giver: str = "self",
    proof_note: str = "",
) -> list[ConsentEntry]:
    """Write down where one purpose stands now: yes by these channels, no by all others that were allowed before.

    Errors: as `give_consent`.
    Writes: as `give_consent` and `withdraw_consent`.
    Twice:  writes nothing.
    """
    about, said, text = purpose_of(purpose), said_by([customer.pk]), current_texts().get(purpose)
    lasts = {one: last_said(purpose=purpose, channel=one, said=said) for one in channels_of(about)}
    # A yes to a text that no longer holds is no yes: it is not taken back, it waits to be asked again.
    holds = text.holds_from if text and about.needs_yes else 0
    gone = [
        one
        for one, last in lasts.items()
        if one not in channels
        and ((last is not None and last.is_given and last.version >= holds) or (last is None and not about.needs_yes))
    ]
    how = {"customer": customer, "purpose": purpose, "proof": proof, "giver": giver, "proof_note": proof_note}
    written = withdraw_consent(channels=gone, by=by, now=now, **how) if gone else []  # type: ignore[arg-type]
    fresh = [one for one in channels if about.needs_yes or lasts.get(one) is not None]
    return [*written, *(give_consent(channels=fresh, by=by, now=now, **how) if fresh else [])]  # type: ignore[arg-type]


@transaction.atomic
def withdraw_everything(*, customer: Customer, proof: str, by: Viewer, now: datetime) -> list[ConsentEntry]:
    """Write down that a customer wants nothing any more but what her orders need.

    Errors: NotAllowed; ProofMissing.
    Writes: as `withdraw_consent`, for each purpose that needs a yes.
    Twice:  writes nothing.
    """
    # Whether a child is kept at all is the guardian's word, and not what is sent to her.
    asked = [purpose.code for purpose in PURPOSES.values() if purpose.needs_yes and not purpose.is_of_children]
    return [
        entry
        for purpose in asked
        for entry in withdraw_consent(customer=customer, purpose=purpose, proof=proof, by=by, now=now)
    ]


def _checked(purpose: str, channels: Collection[str], proof: str, giver: str) -> Purpose:
    about = purpose_of(purpose)
    if not set(channels) <= set(channels_of(about)):
        raise PurposeWrong(field="channel")
    if proof not in _PROOFS or giver not in ConsentEntry.Giver.values:
        raise ProofMissing
    return about


def _locked(customer: Customer) -> int:
    """Hold the archive, so that two who write at once read each other's entries."""
    return Customer.objects.select_for_update().values_list("pk", flat=True).get(pk=customer.pk)


def _entry(
    customer: Customer,
    purpose: str,
    channel: str,
    state: str,
    proof: str,
    note: str,
    by: Viewer,
    now: datetime,
    *,
    giver: str,
    text: ConsentText | None = None,
) -> ConsentEntry:
    return ConsentEntry(
        customer_id=customer.pk,
        purpose=purpose,
        channel=channel,
        state=state,
        text=text,
        giver=giver,
        at=now,
        by_id=hand_of(by),
        proof=proof,
        proof_note=note.strip()[:LONGEST_NOTE],
    )


def _written(
    new: list[ConsentEntry], customer: Customer, action: str, by: Viewer, now: datetime, **facts: object
) -> list[ConsentEntry]:
    if new:
        ConsentEntry.objects.bulk_create(new)
        record(
            action=action,
            by=by,
            now=now,
            subject_kind="customer",
            subject_id=customer.pk,
            purpose=new[0].purpose,
            channels=[entry.channel for entry in new],
            **facts,
        )
    return new


class LoadConsent(NamedTuple):
    """One yes or no of a file, by keys."""

    customer_id: int
    purpose: str
    channel: str
    is_given: bool
    at: datetime
    by_id: int | None
    proof: str
    proof_note: str = ""


@transaction.atomic
def load_consents(*, rows: Sequence[LoadConsent]) -> int:
    """Write many entries at once, each to the text in force; return how many.

    Errors: PurposeWrong, ProofMissing, ConsentTextMissing; nothing is written then.
    Writes: ConsentEntry.
    Twice:  the same entries again: the caller asks once, as for every load.
    """
    texts = current_texts()
    for row in rows:
        _checked(row.purpose, [row.channel] if row.channel else [], row.proof, ConsentEntry.Giver.SELF)
        if row.purpose not in texts:
            raise ConsentTextMissing(purpose=row.purpose)
    made = [
        ConsentEntry(
            customer_id=row.customer_id,
            purpose=row.purpose,
            channel=row.channel,
            state=_GIVEN if row.is_given else _WITHDRAWN,
            text=texts[row.purpose] if row.is_given else None,
            at=row.at,
            by_id=row.by_id,
            proof=row.proof,
            proof_note=row.proof_note[:LONGEST_NOTE],
        )
        for row in rows
    ]
    return len(ConsentEntry.objects.bulk_create(made, batch_size=1_000))
