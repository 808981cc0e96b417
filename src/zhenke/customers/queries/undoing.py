"""What undoing an import must know of the archive: what the run made, what was touched since, and by what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from zhenke.basics.bulk import rows_where
from zhenke.basics.images import KeyRanges
from zhenke.customers.models import (
    Claim,
    ContactPoint,
    Customer,
    CustomerDate,
    CustomerLink,
    CustomerTag,
    ImportBatch,
    ImportRun,
    Interaction,
    Merge,
    SearchTerm,
    Trait,
    VisitCompanion,
)

DETAILS = tuple(
    model._meta.db_table for model in (ContactPoint, CustomerDate, Trait, CustomerTag, SearchTerm, Claim, Interaction)
)
_HAPPENED, _LINKS = Interaction._meta.db_table, CustomerLink._meta.db_table
_CUSTOMERS = Customer._meta.db_table


def batch_keys(*, run: ImportRun) -> list[int]:
    """Return the keys of a run's batches that are not undone yet, the newest first."""
    return list(ImportBatch.objects.filter(run=run).order_by("-position").values_list("id", flat=True))


def batch_of(*, key: int) -> ImportBatch | None:
    """Return one batch, or None if it was undone."""
    return ImportBatch.objects.filter(pk=key).first()


def made_by(*, run: ImportRun) -> dict[str, KeyRanges]:
    """Return the keys that a run made, by table, as far as they are not undone yet."""
    ranges: dict[str, list[list[int]]] = {}
    for created in ImportBatch.objects.filter(run=run).values_list("created", flat=True).iterator():
        for table, own in created.items():
            ranges.setdefault(table, []).extend(own)
    return {table: KeyRanges(own) for table, own in ranges.items()}


def changed_since(*, run: ImportRun) -> dict[str, set[int]]:
    """Return the keys of rows that other imports changed after this one began, by table."""
    found: dict[str, set[int]] = {}
    batches = ImportBatch.objects.exclude(run=run).filter(pk__gt=run.pk).exclude(after={})
    for after in batches.values_list("after", flat=True).iterator():
        for table, images in after.items():
            found.setdefault(table, set()).update(map(int, images))
    return found


def owners_of_details(*, created: Mapping[str, KeyRanges]) -> set[int]:
    """Return the customers whom these contacts, dates, traits, tags and search words belong to."""
    owners: set[int] = set()
    with connection.cursor() as cursor:
        for table in DETAILS:
            for part in created.get(table, KeyRanges(())).parts():
                rows = rows_where(
                    cursor, vendor=connection.vendor, table=table, columns=("customer_id",), key="id", values=part
                )
                owners.update(owner for (owner,) in rows)
    return owners


def dates_going(*, created: Mapping[str, KeyRanges], spared: Collection[int]) -> list[int]:
    """Return the keys of these dates but those of the spared customers."""
    dates = CustomerDate.objects.filter(pk__in=created.get(CustomerDate._meta.db_table, KeyRanges(())).keys())
    return [key for key, owner in dates.values_list("id", "customer_id") if owner not in spared]


def touched_people(*, customer_ids: Collection[int], made: Mapping[str, KeyRanges]) -> dict[int, str]:
    """Return why archives that a run made must stay, as far as this room knows: edited, interaction, linked, referred,
    merged, detail.

    `made` are the keys that the run made, by table.

    Shape:  by key; those that nothing touched are absent.
    """
    vendor = connection.vendor
    reasons = dict.fromkeys(Merge.objects.filter(winner__in=customer_ids).values_list("winner_id", flat=True), "merged")
    with connection.cursor() as cursor:

        def read(table: str, columns: tuple[str, ...], key: str) -> list[tuple[Any, ...]]:
            return rows_where(cursor, vendor=vendor, table=table, columns=columns, key=key, values=customer_ids)

        for table in DETAILS:
            known = made.get(table, KeyRanges(()))
            why = "interaction" if table == _HAPPENED else "detail"
            reasons |= {
                owner: why for key, owner in read(table, ("id", "customer_id"), "customer_id") if key not in known
            }
        reasons |= {owner: "referred" for (owner,) in read(_CUSTOMERS, ("referrer_id",), "referrer_id")}
        links = made.get(_LINKS, KeyRanges(()))
        for end in ("first_id", "second_id"):
            reasons |= {owner: "linked" for key, owner in read(_LINKS, ("id", end), end) if key not in links}
        came_along = read(VisitCompanion._meta.db_table, ("customer_id",), "customer_id")
        reasons |= {owner: "interaction" for (owner,) in came_along}
        edited = read(_CUSTOMERS, ("id", "created_at", "updated_at"), "id")
        reasons |= {key: "edited" for key, created, updated in edited if created != updated}
    return reasons
