"""Hands everybody to linkage, as Arrow batches in memory: the one place where names and phones leave in the clear.

Heavy to import (pyarrow): only the journey that finds duplicates imports this. For the house alone: a `viewer=` that is
not SYSTEM gets nothing, because whoever compares everybody sees everybody. Nothing of it is written to a disk.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from zhenke.customers.models import ContactPoint, Customer, CustomerDate
from zhenke.customers.queries.contacts import contact_place, field_cipher
from zhenke.customers.rules.contacts import search_spelling
from zhenke.customers.rules.linkage import RECORD_COLUMNS, as_columns, compared_birthday, spoken_name
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer

BATCH = 20_000
_ARROW = {"BIGINT": pa.int64(), "VARCHAR": pa.string()}
_Contacts = dict[int, dict[str, list[str]]]


def linkage_batches(*, viewer: Viewer, size: int = BATCH) -> Iterator[pa.Table]:
    """Yield everybody as linkage compares them, with the columns of `customers.rules.linkage.RECORD_COLUMNS`.

    A phone is whole, the first and the second of a person; WeChat id and e-mail are their keyed indexes.

    Shape:  one row per customer, in tables of at most `size` rows, by key.
    Sees:   SYSTEM alone; nothing for anybody else.
    """
    if not isinstance(viewer, SystemViewer):
        return
    names = [name for name, _ in RECORD_COLUMNS]
    kinds = [_ARROW[kind] for _, kind in RECORD_COLUMNS]
    after = 0
    while True:
        rows = list(Customer.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "name", "gender")[:size])
        if not rows:
            return
        records = _records(rows)
        arrays = [pa.array(column, kind) for column, kind in zip(as_columns(records), kinds, strict=True)]
        yield pa.table(arrays, names=names)
        after = rows[-1][0]


def _records(rows: list[tuple[int, str, str]]) -> list[tuple[object, ...]]:
    first, last = rows[0][0], rows[-1][0]
    contacts, birthdays = _contacts(first, last), _birthdays(first, last)
    records: list[tuple[object, ...]] = []
    for key, name, gender in rows:
        known = contacts.get(key, {})
        phones = known.get("phone", [])
        day = birthdays.get(key)
        records.append(
            (
                key,
                *spoken_name(name),
                gender or None,
                phones[0] if phones else None,
                phones[1] if len(phones) > 1 else None,
                next(iter(known.get("wechat", [])), None),
                next(iter(known.get("email", [])), None),
                *(compared_birthday(*day) if day else (None, None, None)),
            )
        )
    return records


def _contacts(first: int, last: int) -> _Contacts:
    found: _Contacts = {}
    rows = ContactPoint.objects.filter(
        customer_id__gte=first, customer_id__lte=last, kind__in=["phone", "wechat", "email"]
    )
    columns = ("pk", "customer_id", "kind", "sealed", "blind_index")
    read = list(rows.order_by("-is_primary", "id").values_list(*columns))
    cipher = field_cipher()
    for key, customer, kind, sealed, index in read:
        kept = found.setdefault(customer, {}).setdefault(kind, [])
        if len(kept) == 2:
            continue
        if kind != "phone" and cipher.is_newest(sealed):
            kept.append(index)
            continue
        # Between a rotation and the end of its walk an older row is compared by the index that it will have.
        whole = cipher.open(sealed, contact_place(key))
        kept.append(whole if kind == "phone" else cipher.blind_index(kind, search_spelling(kind, whole)))
    return found


def _birthdays(first: int, last: int) -> dict[int, tuple[str, int, int, bool, int | None]]:
    rows = CustomerDate.objects.filter(customer_id__gte=first, customer_id__lte=last, kind="birthday", label="")
    columns = ("customer_id", "calendar", "month", "day", "is_leap_month", "year")
    return {customer: tuple(day) for customer, *day in rows.values_list(*columns)}
