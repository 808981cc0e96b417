"""Writes contacts (sealed, each to its own row) and shows one whole contact, leaving a mark."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhenke.basics.cipher import FieldCipher
from zhenke.basics.errors import BadInput, NotAllowed
from zhenke.basics.ids import new_id
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations.permission import require
from zhenke.customers.operations.permits import allow_look
from zhenke.customers.queries.contacts import contact_for, contact_place, field_cipher, opened
from zhenke.customers.rules.contacts import TAIL_FIELD, contact_spelling, search_spelling, tail_spelling
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

REASONS = ("call", "message", "deliver", "check")


class ReasonMissing(BadInput):
    """A whole contact is shown only for a reason."""

    code = "reason_missing"
    message = "Say what the contact is needed for."


def sealed_contact(
    *, cipher: FieldCipher, customer_id: int, kind: str, kept: str, label: str = "", is_primary: bool = True
) -> ContactPoint:
    """Return a contact ready to be inserted, sealed to its own key; nothing is written.

    Units:  `kept` as `contact_spelling` gives it.
    """
    key = new_id()
    tail = tail_spelling(kind, kept)
    return ContactPoint(
        id=key,
        customer_id=customer_id,
        kind=kind,
        label=label,
        sealed=cipher.seal(kept, contact_place(key)),
        blind_index=cipher.blind_index(kind, search_spelling(kind, kept)),
        tail_index=cipher.blind_index(TAIL_FIELD, tail) if tail else "",
        is_primary=is_primary,
    )


@transaction.atomic
def add_contact(
    *, customer: Customer, kind: str, text: str, by: Viewer, now: datetime, label: str = ""
) -> ContactPoint:
    """Add one contact; the first of its kind is the primary one.

    Errors: ContactRefused or a kind of PhoneRefused; NotAllowed.
    Writes: one ContactPoint, one audit line.
    Twice:  the same contact again returns the one that is there and writes nothing.
    """
    require(by, May.EDIT_CUSTOMERS)
    cipher = field_cipher()
    kept = contact_spelling(kind, text)
    made = sealed_contact(cipher=cipher, customer_id=customer.pk, kind=kind, kept=kept, label=label[:40])
    mine = ContactPoint.objects.filter(customer_id=customer.pk, kind=kind)
    known = mine.filter(blind_index__in=cipher.blind_indexes(kind, search_spelling(kind, kept))).first()
    if known is not None:
        return known
    made.is_primary = not mine.filter(is_primary=True).exists()
    made.save(force_insert=True)
    record(action="contact.added", by=by, now=now, subject_kind="customer", subject_id=customer.pk, kind=kind)
    return made


@transaction.atomic
def drop_contact(*, contact: ContactPoint, by: Viewer, now: datetime) -> bool:
    """Delete one contact; the oldest other of its kind becomes the primary one. Return whether there was one.

    Errors: NotAllowed.
    Writes: deletes one ContactPoint, may change another, one audit line.
    Twice:  False, writes nothing.
    """
    require(by, May.EDIT_CUSTOMERS)
    gone, _ = ContactPoint.objects.filter(pk=contact.pk).delete()
    if not gone:
        return False
    rest = ContactPoint.objects.filter(customer_id=contact.customer_id, kind=contact.kind).order_by("-is_primary", "id")
    heir = rest.first()
    if heir is not None and not heir.is_primary:
        ContactPoint.objects.filter(pk=heir.pk).update(is_primary=True)
    record(
        action="contact.dropped",
        by=by,
        now=now,
        subject_kind="customer",
        subject_id=contact.customer_id,
        kind=contact.kind,
    )
    return True


@transaction.atomic
def reveal_contact(
    *, viewer: Viewer, contact: int, reason: str, now: datetime, proved_at: datetime | None = None
) -> str:
    """Return the whole value of one contact (by its key), count it and write down who saw it, in the same transaction.

    Units:  `reason` is one of `REASONS`; free words are not kept: the trail is for ever. `proved_at` is when the viewer
            last proved who it is; an address asks for it (`allow_look`).
    Errors: CustomerUnknown outside the viewer's sight; NotAllowed if the role never sees this kind; ReasonMissing;
            RevealsUsedUp beyond the limit of the day for the role and the customer's importance; ProofMissing,
            SecondPersonMissing for what is specially protected.
    Writes: RevealTally, what `allow_look` writes, one audit line "contact.revealed"; one more for an alarm.
    Twice:  a second line: each look leaves its own mark.
    Source: promises.md P18, §3.3.
    """
    found = contact_for(viewer=viewer, id=contact)
    if found.kind not in sight_of(viewer.role).reveals:
        raise NotAllowed(kind=found.kind)
    code = reason.strip()
    if code not in REASONS:
        raise ReasonMissing
    allow_look(viewer=viewer, customer=found.customer, group=found.kind, subject=found.pk, proved_at=proved_at, now=now)
    record(
        action="contact.revealed",
        by=viewer,
        now=now,
        subject_kind="customer",
        subject_id=found.customer_id,
        kind=found.kind,
        contact=found.pk,
        reason=code,
    )
    return opened(found)
