"""Keeps what another source says of a field as a claim, sealed: nothing is overwritten or dropped in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from zhenke.basics.bulk import update_rows
from zhenke.basics.cipher import FieldCipher, place_of
from zhenke.basics.days import DayOfYear, local_date
from zhenke.basics.ids import new_id
from zhenke.customers.models import Claim, Customer, CustomerDate, Trait
from zhenke.customers.queries.claims import PLACE, opened_claim, standing_of
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.sealed_traits import trait_text
from zhenke.customers.rules.claims import (
    API,
    CHOSEN,
    COLUMNS,
    DAY,
    DESK,
    LONGEST_SOURCE,
    REFUSED,
    TRAIT,
    TWIN,
    Mark,
    Said,
    day_text,
    is_overruled,
    mark_of,
)
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.staff.models import Viewer
from zhenke.staff.rules import Role

_INDEX = "claim"


def source_of(by: Viewer) -> str:
    """Return where a writer's word comes from: a program's, or the desk's."""
    return API if by.role == Role.INTEGRATION else DESK


def claim_indexes(cipher: FieldCipher, field: str, text: str) -> tuple[str, ...]:
    """Return the indexes that a claim of this value may have; the first is the one to write."""
    return cipher.blind_indexes(_INDEX, f"{field} {text}")


def sealed_claim(*, cipher: FieldCipher, customer_id: int, said: Said, now: datetime) -> Claim:
    """Return a claim ready to be inserted, sealed to its own key; nothing is written."""
    key = new_id()
    return Claim(
        id=key,
        customer_id=customer_id,
        field=said.field,
        sealed=cipher.seal(said.text, place_of(PLACE, key)),
        value_index=claim_indexes(cipher, said.field, said.text)[0],
        source=said.source[:LONGEST_SOURCE],
        said_date=said.on_date,
        said_by_id=said.by,
        noted_at=now,
    )


@transaction.atomic
def note_claims(*, customer_id: int, said: Sequence[Said], now: datetime) -> int:
    """Keep what was said otherwise; return how many claims are open that were not.

    A value that was chosen once and is overruled now waits again; one that somebody decided against stays decided.

    Writes: Claim.
    Twice:  0: one source that says one thing twice is one row.
    """
    if not said:
        return 0
    cipher = field_cipher()
    there = {(row.field, row.source, row.value_index): row for row in Claim.objects.filter(customer=customer_id)}
    fresh: dict[tuple[str, str, str], Claim] = {}
    again: list[int] = []
    for one in said:
        indexes = claim_indexes(cipher, one.field, one.text)
        source = one.source[:LONGEST_SOURCE]
        known = next((row for index in indexes if (row := there.get((one.field, source, index)))), None)
        if known is None:
            made = sealed_claim(cipher=cipher, customer_id=customer_id, said=one, now=now)
            fresh.setdefault((one.field, source, indexes[0]), made)
        elif known.decision == CHOSEN:
            again.append(known.pk)
    # Two tills that say the same at one moment write one row; neither may lose its sale by it.
    Claim.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    open_again: dict[str, object] = {"decision": "", "decided_at": None, "decided_by": None, "former": {}}
    return len(fresh) + Claim.objects.filter(pk__in=again, decision=CHOSEN).update(**open_again)


def note_said(*, customer: Customer, draft: CustomerDraft, by: Viewer, now: datetime) -> int:
    """Keep what a draft says otherwise of a customer who is there already and whose archive stays as it is.

    Writes: Claim.
    Twice:  0.
    """
    told = {name: _plain(getattr(draft, name, "")) for name in COLUMNS}
    if draft.birthday is not None:
        told[f"{DAY}birthday"] = day_text(draft.birthday)
    told |= {f"{DAY}{one.kind}": day_text(one.day) for one in draft.dates if not one.label.strip()}
    columns = {name: _plain(getattr(customer, name)) for name in COLUMNS}
    days = {name for name, text in told.items() if name.startswith(DAY) and text}
    stands = columns | (standing_of(customer, days)[0] if days else {})
    day, source = local_date(now, customer.shop.time_zone), source_of(by)
    differs = {name: text for name, text in told.items() if text and stands.get(name) and stands[name] != text}
    said = [Said(name, text, source, day, by.id) for name, text in differs.items()]
    # Most slips say nothing else, and a sale pays for no savepoint that it does not need.
    return note_claims(customer_id=customer.pk, said=said, now=now) if said else 0


def _plain(value: object) -> str:
    return str(value or "").strip().replace("\x00", "")


@transaction.atomic
def note_overruled(*, customer: Customer, changed: Mapping[str, object], by: Viewer, now: datetime) -> int:
    """Keep the values that a change of the archive's own fields takes from another source, before it is written.

    Who writes the value of an open claim has chosen it: that field's claims are decided and none is made.

    Writes: Claim.
    Twice:  0: the caller comes only with values that change.
    """
    said = []
    for field in COLUMNS:
        old, wanted = _plain(getattr(customer, field)), _plain(changed.get(field))
        mark = mark_of(customer.confirmed, field) if old and wanted else None
        if mark is not None and is_overruled(mark, by=by.id, source=source_of(by)):
            said.append(Said(field, old, mark.source, mark.on_date, mark.by))
    new = {field: _plain(value) for field, value in changed.items() if field in COLUMNS}
    return _keep_overruled(customer.pk, said, new, by, now)


def _keep_overruled(customer_id: int, said: list[Said], written: Mapping[str, str], by: Viewer, now: datetime) -> int:
    """Keep values that go: as open claims, or as refused ones where what is written now is what a claim said."""
    taken = settle_written(customer_id=customer_id, written=written, by=by, now=now)
    made = note_claims(customer_id=customer_id, said=[one for one in said if one.field not in taken], now=now)
    gone = [one for one in said if one.field in taken]
    note_claims(customer_id=customer_id, said=gone, now=now)
    rows = Claim.objects.filter(customer=customer_id, field__in=taken, decision="") if gone else Claim.objects.none()
    rows.update(decision=REFUSED, decided_at=now, decided_by_id=by.id)
    return made


@transaction.atomic
def note_overruled_day(*, known: CustomerDate, archive: Customer, day: DayOfYear, by: Viewer, now: datetime) -> int:
    """Keep a day that a change takes from another source, before it is written.

    Of a day that nobody confirmed only its source is known, not the person: the desk does not contradict the desk.
    Writes: Claim; the archive's note of who confirmed the day. Twice: as `note_overruled`.
    """
    field = f"{DAY}{known.kind}"
    since = local_date(known.created_at, archive.shop.time_zone)
    mark = mark_of(archive.confirmed, known.kind) or Mark(since, None, known.source)
    if known.label:
        return 0
    is_other = mark.source not in ("", source_of(by)) if mark.by is None else mark.by != by.id
    old = DayOfYear(known.month, known.day, known.calendar, known.is_leap_month, known.year)
    said = [Said(field, day_text(old), mark.source, mark.on_date, mark.by)] if is_other else []
    if known.kind in archive.confirmed:  # it spoke of the day that goes
        note = [local_date(now, archive.shop.time_zone).isoformat(), str(by.id or ""), ""]
        Customer.objects.filter(pk=archive.pk).update(confirmed={**archive.confirmed, known.kind: note})
    return _keep_overruled(known.customer_id, said, {field: day_text(day)}, by, now)


@transaction.atomic
def note_overruled_traits(*, rows: Iterable[Trait], written: Mapping[str, str], by: Viewer, now: datetime) -> int:
    """Keep single tastes and sizes that a change takes from another source. Writes, Twice: as `note_overruled`."""
    old = list(rows)
    if not old:
        return 0
    texts = {f"{TRAIT}{key}": text for key, text in written.items()}
    said = []
    for row in old:
        source = row.source or (DESK if row.confirmed_by_id else "")
        mark = Mark(row.confirmed_at.date(), row.confirmed_by_id, source)
        if is_overruled(mark, by=by.id, source=source_of(by)):
            said.append(Said(f"{TRAIT}{row.key}", trait_text(row), source, mark.on_date, mark.by))
    return _keep_overruled(old[0].customer_id, said, texts, by, now)


def settle_written(*, customer_id: int, written: Mapping[str, str], by: Viewer, now: datetime) -> set[str]:
    """Decide the claims of fields into which somebody now writes what one of them says; return those fields.

    Writes: Claim.
    Twice:  the empty set.
    """
    rows = list(Claim.objects.filter(customer=customer_id, field__in=written, decision=""))
    taken = {row.field for row in rows if opened_claim(row) == written[row.field]}
    for row in rows:
        if row.field in taken:
            is_it = opened_claim(row) == written[row.field]
            Claim.objects.filter(pk=row.pk).update(
                decision=CHOSEN if is_it else REFUSED, decided_at=now, decided_by_id=by.id
            )
    return taken


@transaction.atomic
def reseal_claims(*, after: int, size: int = 500) -> tuple[int | None, int]:
    """Bring the next claims with a key greater than `after` under the newest key, as `reseal_contacts` does contacts.

    Errors: SealBroken.
    Writes: Claim; of two rows that are one claim the later one goes.
    Twice:  finds nothing more.
    """
    cipher = field_cipher()
    rows = Claim.objects.filter(pk__gt=after).exclude(sealed__startswith=f"v1|{cipher.newest}|").order_by("pk")
    found = list(rows.select_for_update(of=("self",))[:size])
    there = _indexes_of({row.customer_id for row in found})
    changes = []
    for row in found:
        text = cipher.open(row.sealed, place_of(PLACE, row.pk))
        index = row.value_index if row.decision == TWIN else claim_indexes(cipher, row.field, text)[0]
        if there.setdefault((row.customer_id, row.field, row.source, index), row.pk) != row.pk:
            row.delete()
            continue
        changes.append((cipher.seal(text, place_of(PLACE, row.pk)), index, row.pk))
    with connection.cursor() as cursor:
        update_rows(cursor, table=Claim._meta.db_table, columns=("sealed", "value_index"), rows=changes)
    return (found[-1].pk if found else None), len(found)


def _indexes_of(customer_ids: Collection[int]) -> dict[tuple[int, str, str, str], int]:
    rows = Claim.objects.filter(customer__in=customer_ids)
    return {row[:4]: row[4] for row in rows.values_list("customer_id", "field", "source", "value_index", "pk")}
