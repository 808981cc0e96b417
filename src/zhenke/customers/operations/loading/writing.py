"""Write what the rows of a batch brought, one statement per table, and note what undo needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from zhenke.basics.bulk import delete_where, for_column, insert_rows, rows_where, update_rows
from zhenke.basics.ids import new_ids
from zhenke.basics.images import plain
from zhenke.customers.models import Claim, ContactPoint, CustomerDate, CustomerTag, Interaction, SearchTerm, Tag, Trait
from zhenke.customers.operations.loading.changes import CUSTOMERS, Changes
from zhenke.customers.operations.loading.overruled import CLAIM_COLUMNS, CLAIMS
from zhenke.customers.operations.loading.remarks import NOTE_COLUMNS
from zhenke.customers.operations.words import words_of
from zhenke.customers.queries.contacts import contact_place
from zhenke.customers.queries.sealed_traits import sealed_among, sealed_parts
from zhenke.customers.rules.contacts import TAIL_FIELD, tail_spelling
from zhenke.customers.rules.intake import Written
from zhenke.customers.rules.traits import ALIAS
from zhenke.staff.models import Viewer

_COLUMNS = (
    "id", "kind", "name", "pinyin", "gender", "card_number", "source_key", "shop_id", "owner_id", "cover_id",
    "referrer_id", "source", "region", "language", "channel", "hour_preference", "caution", "notes",
    "first_met_date", "created_at", "updated_at", "confirmed",
)  # fmt: skip
_CONTACT_COLUMNS = ("customer_id", "kind", "label", "sealed", "blind_index", "tail_index", "is_primary")
_DAY = ("calendar", "month", "day", "is_leap_month", "year")
_CHANGED = (*_DAY, "source")
_DATE_COLUMNS = ("customer_id", "kind", "label", *_DAY, "source", "created_at")


def write_changes(changes: Changes, *, by: Viewer, now: datetime, written: Written) -> None:
    """Write everything that the rows brought; keys and images go into `written`."""
    stamp = for_column(now, vendor=connection.vendor)
    _write_new(changes, stamp, written)
    _write_changed(changes)
    _write_contacts(changes, written)
    _insert(SearchTerm, ("customer_id", "term"), changes.terms, written)
    _rename(changes, written)
    _write_dates(changes, stamp, written)
    _write_traits(changes, stamp, by, written)
    _write_tags(changes, written)
    _insert(Interaction, NOTE_COLUMNS, changes.private.rows(stamp, by.id), written)
    _write_claims(changes, written)
    changes.employers.write(now=now, written=written)


def _write_claims(changes: Changes, written: Written) -> None:
    keys, rows = changes.overruled.rows(vendor=connection.vendor)
    _insert(Claim, CLAIM_COLUMNS, rows, written, keys)
    again = changes.overruled.note_again(written)
    if again:
        with connection.cursor() as cursor:
            update_rows(cursor, table=CLAIMS, columns=("decision",), rows=again)


def _insert(
    model: Any,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    written: Written,
    keys: Sequence[int] | None = None,
) -> None:
    if not rows:
        return
    keys = keys if keys is not None else new_ids(len(rows))
    table = model._meta.db_table
    with connection.cursor() as cursor:
        keyed = ((key, *row) for key, row in zip(keys, rows, strict=True))
        insert_rows(cursor, vendor=connection.vendor, table=table, columns=("id", *columns), rows=keyed)
    written.add_keys(table, keys)


def _write_new(changes: Changes, stamp: Any, written: Written) -> None:
    if not changes.new:
        return
    vendor = connection.vendor
    rows = []
    for known, shop_id in changes.new:
        get = known.fields.get
        met = for_column(get("first_met_date"), vendor=vendor)
        rows.append(
            (
                known.id, get("kind"), get("name"), get("pinyin") or "", get("gender"), get("card_number"),
                get("source_key"), shop_id, get("owner_id"), None, None, get("source"), get("region"), get("language"),
                get("channel"), get("hour_preference"), get("caution"), get("notes"), met, stamp, stamp, "{}",
            )
        )  # fmt: skip
    with connection.cursor() as cursor:
        insert_rows(cursor, vendor=vendor, table=CUSTOMERS, columns=_COLUMNS, rows=rows)
    written.add_keys(CUSTOMERS, [row[0] for row in rows])


def _write_changed(changes: Changes) -> None:
    vendor = connection.vendor
    by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for key, changed in changes.changes.items():
        values = (for_column(value, vendor=vendor) for value in changed.values())
        by_columns.setdefault(tuple(changed), []).append((*values, key))
    with connection.cursor() as cursor:
        for columns, rows in by_columns.items():
            update_rows(cursor, table=CUSTOMERS, columns=columns, rows=rows)


def _write_contacts(changes: Changes, written: Written) -> None:
    if not changes.contacts:
        return
    cipher = changes.people.cipher
    keys = new_ids(len(changes.contacts))
    rows = []
    for key, (customer, kind, kept, index, is_primary) in zip(keys, changes.contacts, strict=True):
        tail = tail_spelling(kind, kept)
        tail_index = cipher.blind_index(TAIL_FIELD, tail) if tail else ""
        rows.append((customer, kind, "", cipher.seal(kept, contact_place(key)), index, tail_index, is_primary))
    _insert(ContactPoint, _CONTACT_COLUMNS, rows, written, keys)


def _rename(changes: Changes, written: Written) -> None:
    """Bring the search terms of who is called otherwise or also so up to date; those that stay are not touched."""
    fresh = {known.id for known, _ in changes.new}
    if not changes.renamed:
        return
    table = SearchTerm._meta.db_table
    wanted = {
        key: words_of(str(known.fields.get("name") or ""), known.traits.get(ALIAS, ()))
        for key, known in changes.renamed.items()
    }
    with connection.cursor() as cursor:
        there = rows_where(
            cursor,
            vendor=connection.vendor,
            table=table,
            columns=("id", "customer_id", "term"),
            key="customer_id",
            values=wanted,
        )
        gone = [row for row in there if row[2] not in wanted[row[1]]]
        delete_where(cursor, vendor=connection.vendor, table=table, key="id", values=[row[0] for row in gone])
    for key, customer, term in gone:
        if customer not in fresh:
            written.add_gone(table, key, {"customer_id": customer, "term": term})
    kept = {(customer, term) for _, customer, term in there}
    terms = [(key, term) for key, own in wanted.items() for term in sorted(own) if (key, term) not in kept]
    _insert(SearchTerm, ("customer_id", "term"), terms, written)


def _write_dates(changes: Changes, stamp: Any, written: Written) -> None:
    rows = [
        (customer, kind, "", day.calendar, day.month, day.day, day.is_leap_month, day.year, "import", stamp)
        for customer, kind, day in changes.dates
    ]
    _insert(CustomerDate, _DATE_COLUMNS, rows, written)
    table = CustomerDate._meta.db_table
    with connection.cursor() as cursor:
        there = rows_where(
            cursor,
            vendor=connection.vendor,
            table=table,
            columns=("customer_id", "kind", "label", "id", *_CHANGED),
            key="customer_id",
            values={customer for customer, _ in changes.changed_dates},
        )
        changed = []
        for customer, kind, label, key, *was in there:
            day = changes.changed_dates.get((customer, kind))
            if day is None or label:
                continue
            now = (day.calendar, day.month, day.day, day.is_leap_month, day.year, "import")
            written.add_change(
                table, key, dict(zip(_CHANGED, map(plain, was), strict=True)), dict(zip(_CHANGED, now, strict=True))
            )
            changed.append((*now, key))
        update_rows(cursor, table=table, columns=_CHANGED, rows=changed)


def _write_traits(changes: Changes, stamp: Any, by: Viewer, written: Written) -> None:
    if not changes.traits:
        return
    sealed, cipher = sealed_among({key for _, key, _ in changes.traits}), changes.people.cipher
    keys, rows = new_ids(len(changes.traits)), []
    for own, (customer, key, text) in zip(keys, changes.traits, strict=True):
        kept, seal = sealed_parts(cipher, own, text) if key in sealed else (text, "")
        rows.append((customer, key, kept, seal, stamp, by.id, "import"))
    columns = ("customer_id", "key", "text", "sealed", "confirmed_at", "confirmed_by_id", "source")
    _insert(Trait, columns, rows, written, keys)


def _write_tags(changes: Changes, written: Written) -> None:
    names = {name for _, name in changes.tags}
    if not names:
        return
    known = set(Tag.objects.filter(name__in=names).values_list("name", flat=True))
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(names - known)], ignore_conflicts=True)
    keys = dict(Tag.objects.filter(name__in=names).values_list("name", "id"))
    written.add_keys(Tag._meta.db_table, sorted(keys[name] for name in names - known))
    tags = [(customer, keys[name]) for customer, name in changes.tags]
    _insert(CustomerTag, ("customer_id", "tag_id"), tags, written)
