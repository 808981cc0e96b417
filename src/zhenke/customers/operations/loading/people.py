"""Who is known: customers of the archive and of earlier rows, found by card, outside key or phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from zhenke.basics.bulk import rows_where
from zhenke.customers.models import Claim, ContactPoint, Customer, CustomerDate, CustomerTag, FormerKey, Tag, Trait
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.sealed_traits import value_of
from zhenke.customers.rules.contacts import search_spelling
from zhenke.customers.rules.intake import RowFault
from zhenke.customers.rules.loading import FIELDS, KEYS, Known, LoadRow, is_same_person
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import shop_paths

_COLUMNS = ("id", "shop_id", *FIELDS, *KEYS, "owner_id", "pinyin", "updated_at", "confirmed")
_TABLE = Customer._meta.db_table


class People:
    """The index of known customers; reads what the rows of a batch may mean."""

    def __init__(self, *, by: Viewer) -> None:
        self.cipher = field_cipher()
        self._paths = tuple(shop_paths(viewer=by))
        self._shop_paths: dict[int, str] = {}
        self._by_id: dict[int, Known] = {}
        self._by_key: dict[tuple[str, str], Known] = {}
        self._by_contact: dict[str, list[Known]] = {}
        self._indexes: dict[tuple[str, str], tuple[str, ...]] = {}

    def look_up(self, rows: Sequence[LoadRow], *, with_details: bool) -> None:
        """Read the customers that the rows may mean, with what is needed to compare them."""
        self._renew_cipher()
        owners: dict[int, list[str]] = {}
        phones = [contact for row in rows for contact in row.contacts if contact[0] == "phone"]
        indexes = {index for contact in phones for index in self.indexes(*contact)}
        for customer, index in self._read(ContactPoint, ("customer_id", "blind_index"), "blind_index", indexes):
            owners.setdefault(customer, []).append(index)
        former = self._former_keys(rows)
        found: dict[int, tuple[Any, ...]] = {}
        wanted: Iterable[Any]
        cards = {row.card_number for row in rows if row.card_number}
        outside = {row.source_key for row in rows if row.source_key}
        for name, wanted in (("card_number", cards), ("source_key", outside), ("id", {*owners, *former})):
            found.update((values[0], values) for values in self._read(Customer, _COLUMNS, name, wanted))
        fresh = {}
        for key, values in found.items():
            known = self._by_id.get(key)
            if known is None:
                fields = dict(zip(_COLUMNS[2:], values[2:], strict=True))
                known = fresh[key] = self._by_id[key] = Known(key, fields, is_new=False, in_scope=self._sees(values[1]))
            self.remember(known, owners.get(key, ()))
            self._by_key.update(dict.fromkeys(former.get(key, ()), known))
        if with_details and fresh:
            self._read_details(fresh)

    def _former_keys(self, rows: Sequence[LoadRow]) -> dict[int, list[tuple[str, str]]]:
        """Return the card numbers and outside keys of the rows that an archive had before it was merged."""
        texts = {getattr(row, name) for row in rows for name in KEYS} - {None, ""}
        former: dict[int, list[tuple[str, str]]] = {}
        for customer, kind, text in self._read(FormerKey, ("customer_id", "kind", "text"), "text", texts):
            former.setdefault(customer, []).append((kind, text))
        return former

    def remember(self, known: Known, indexes: Iterable[str] = ()) -> None:
        """Make a customer findable by its keys and by these phones."""
        for name in KEYS:
            if known.fields.get(name):
                self._by_key[(name, known.fields[name])] = known
        for index in indexes:
            same = self._by_contact.setdefault(index, [])
            if known not in same:
                same.append(known)

    def match(self, row: LoadRow) -> Known | None:
        """Return the customer that a row means, or None.

        Errors: RowFault phone_shared when several people fit.
        """
        for name in KEYS:
            key = getattr(row, name)
            known = self._by_key.get((name, key)) if key else None
            if known is not None:
                return known
        for kind, kept in row.contacts:
            if kind == "phone":
                owners = {
                    known.id: known for index in self.indexes(kind, kept) for known in self._by_contact.get(index, ())
                }
                same = [known for known in owners.values() if is_same_person(row, known)]
                if len(same) > 1:
                    raise RowFault("phone", "phone_shared", count=len(same))
                if same:
                    return same[0]
        return None

    def indexes(self, kind: str, kept: str) -> tuple[str, ...]:
        """Return the blind indexes that a contact may have; the first is the one to write."""
        found = self._indexes.get((kind, kept))
        if found is None:
            if len(self._indexes) > 50_000:
                self._indexes.clear()
            found = self._indexes[(kind, kept)] = self.cipher.blind_indexes(kind, search_spelling(kind, kept))
        return found

    def _renew_cipher(self) -> None:
        """Write with a key that was added meanwhile."""
        cipher = field_cipher()
        if cipher is not self.cipher:
            self.cipher, self._indexes = cipher, {}

    def _sees(self, shop_id: int) -> bool:
        if shop_id not in self._shop_paths:
            self._shop_paths = dict(Shop.objects.values_list("id", "path"))
        return self._shop_paths[shop_id].startswith(self._paths)

    def _read(self, model: Any, columns: tuple[str, ...], key: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            return rows_where(
                cursor, vendor=connection.vendor, table=model._meta.db_table, columns=columns, key=key, values=values
            )

    def _read_details(self, fresh: dict[int, Known]) -> None:
        for customer, index in self._read(ContactPoint, ("customer_id", "blind_index"), "customer_id", fresh):
            fresh[customer].contacts.add(index)
        columns = ("customer_id", "label", "kind", "source", "calendar", "month", "day", "is_leap_month", "year")
        for customer, label, kind, source, *day in self._read(CustomerDate, columns, "customer_id", fresh):
            if not label:
                fresh[customer].dates[kind] = tuple(day)
                fresh[customer].day_sources[kind] = source
        said = ("customer_id", "id", "field", "source", "value_index", "decision")
        for customer, key, *claim, decision in self._read(Claim, said, "customer_id", fresh):
            fresh[customer].claims[tuple(claim)] = (key, decision)
        told = ("customer_id", "key", "id", "text", "sealed")
        for customer, key, *value in self._read(Trait, told, "customer_id", fresh):
            fresh[customer].traits.setdefault(key, set()).add(value_of(*value))
        tagged = self._read(CustomerTag, ("customer_id", "tag_id"), "customer_id", fresh)
        names = dict(Tag.objects.filter(pk__in={tag for _, tag in tagged}).values_list("id", "name"))
        for customer, tag in tagged:
            fresh[customer].tags.add(names[tag])
