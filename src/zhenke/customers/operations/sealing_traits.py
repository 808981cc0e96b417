"""Seals known things of level 4 to their rows, brings them under the newest key, and shows one for a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from zhenke.basics.bulk import update_rows
from zhenke.basics.ids import new_id
from zhenke.basics.merging import Mover
from zhenke.customers.models import Customer, Trait
from zhenke.customers.operations.contacts import ReasonMissing
from zhenke.customers.operations.permits import allow_look
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.sealed_traits import (
    GROUP,
    TRAITS,
    all_sealed,
    sealed_among,
    sealed_parts,
    trait_for,
    trait_text,
)
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer

TRAIT_REASONS = ("serve", "advise", "check")
BATCH = 500
Part = tuple[int | None, int]


@transaction.atomic
def reveal_trait(*, viewer: Viewer, trait: int, reason: str, now: datetime, proved_at: datetime | None = None) -> str:
    """Return one known thing of level 4 (by its key) whole, count it and write down who saw it, in one transaction.

    Units:  `reason` is one of `TRAIT_REASONS`. `proved_at` is when the viewer last proved who it is.
    Errors: CustomerUnknown outside the viewer's sight, or for a role that is never shown it; ReasonMissing;
            RevealsUsedUp; ProofMissing; SecondPersonMissing where the customer's class asks for two (`allow_look`).
    Writes: RevealTally, what `allow_look` writes, one audit line "trait.revealed" that names the kind, never the value.
    Twice:  a second line: each look leaves its own mark.
    Source: promises.md P18, §3.2, §3.3.
    """
    found = trait_for(viewer=viewer, id=trait)
    code = reason.strip()
    if code not in TRAIT_REASONS:
        raise ReasonMissing
    allow_look(viewer=viewer, customer=found.customer, group=GROUP, subject=found.pk, proved_at=proved_at, now=now)
    record(
        action="trait.revealed",
        by=viewer,
        now=now,
        subject_kind="customer",
        subject_id=found.customer_id,
        kind=found.key,
        trait=found.pk,
        reason=code,
    )
    return trait_text(found)


def claim_sealed(customer_id: int, keys: Collection[str]) -> frozenset[str]:
    """Return those of some keys whose values are sealed; where there is one, hold the archive until the transaction
    ends: no index tells two equal values apart, so of two writers at once the second one waits.

    Writes: nothing.
    Twice:  the same.
    """
    sealed = sealed_among(keys)
    if sealed:
        Customer.objects.select_for_update(of=("self",)).filter(pk=customer_id).first()
    return sealed


def insert_traits(
    customer_id: int,
    pairs: Iterable[tuple[str, str]],
    *,
    by_id: int | None,
    now: datetime,
    source: str,
) -> list[Trait]:
    """Write values that are new to a customer and fit already, those of level 4 sealed; return the rows.

    Writes: Trait.
    Twice:  the database refuses the same plain value again; of sealed ones the caller has looked (`claim_sealed`).
    """
    told = list(pairs)
    sealed, rows = sealed_among({key for key, _ in told}), []
    for key, text in told:
        own = new_id()
        kept, seal = sealed_parts(field_cipher(), own, text) if key in sealed else (text, "")
        rows.append(
            Trait(
                id=own,
                customer_id=customer_id,
                key=key,
                text=kept,
                sealed=seal,
                confirmed_at=now,
                confirmed_by_id=by_id,
                source=source[:24],
            )
        )
    return Trait.objects.bulk_create(rows)


@transaction.atomic
def reseal_traits(*, after: int, size: int = BATCH) -> Part:
    """Bring the next traits of level 4 with a key greater than `after` under the newest key; plain ones are sealed.

    Return the key of the last one, None when there was none, and how many they are. Rows that somebody else holds at
    the moment are passed over: the walk comes round again.

    Errors: SealBroken if a value cannot be opened.
    Writes: Trait.
    Twice:  finds nothing more.
    """
    older = ~Q(sealed="") & ~Q(sealed__startswith=f"v1|{field_cipher().newest}|")
    rows = Trait.objects.filter(older | Q(sealed="", key__in=all_sealed()), pk__gt=after).order_by("pk")
    found = list(rows.select_for_update(skip_locked=True, of=("self",))[:size])
    _seal(found)
    return (found[-1].pk if found else None), len(found)


def follow_level(*, key: str, is_sealed: bool) -> int:
    """Seal or open the values of one own field whose level was changed; return how many.

    Errors: SealBroken.
    Writes: Trait.
    Twice:  0.
    """
    rows = Trait.objects.filter(key=key).select_for_update(of=("self",))
    if is_sealed:
        found = list(rows.filter(sealed=""))
        _seal(found)
        return len(found)
    found = list(rows.exclude(sealed="").order_by("pk"))
    known = set(rows.filter(sealed="").values_list("customer_id", "text"))
    for row in found:
        value = (row.customer_id, trait_text(row))
        if value in known:
            row.delete()
            continue
        known.add(value)
        Trait.objects.filter(pk=row.pk).update(text=value[1], sealed="")
    return len(found)


def _seal(rows: Sequence[Trait]) -> None:
    cipher = field_cipher()
    changes = [(*sealed_parts(cipher, row.pk, trait_text(row)), row.pk) for row in rows]
    with connection.cursor() as cursor:
        update_rows(cursor, table=TRAITS, columns=("text", "sealed"), rows=changes)


def merge_sealed_traits(mover: Mover, *, loser: int, winner: int) -> None:
    """Take out the loser's sealed values that the winner has too; the others move with the rest of their table."""
    columns = ("id", "key", "text", "sealed")
    rows = {owner: mover.rows(TRAITS, columns, "customer_id", [owner]) for owner in (winner, loser)}
    if not any(row[3] for row in rows[loser]):
        return
    theirs = {(key, _opened(own, text, seal)): own for own, key, text, seal in rows[winner]}
    mine = {own: (key, _opened(own, text, seal)) for own, key, text, seal in rows[loser] if seal}
    mover.take_out(TRAITS, {own: theirs[value] for own, value in mine.items() if value in theirs})


def _opened(key: int, text: str, sealed: str) -> str:
    return trait_text(Trait(id=key, text=text, sealed=sealed))
