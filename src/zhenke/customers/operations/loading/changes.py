"""What each row changes: collected row by row, written at the end of the batch."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from zhenke.basics.days import DayOfYear
from zhenke.basics.ids import new_ids
from zhenke.basics.images import plain
from zhenke.basics.names import pinyin_readings
from zhenke.customers.models import Customer
from zhenke.customers.operations.loading.overruled import Overruled
from zhenke.customers.operations.loading.people import People
from zhenke.customers.operations.loading.remarks import PrivateRemarks
from zhenke.customers.operations.loading.work import Employers
from zhenke.customers.queries.children import has_guardian, is_child_born_on
from zhenke.customers.rules.claims import DAY, TRAIT, parts_text
from zhenke.customers.rules.intake import RowFault, Written
from zhenke.customers.rules.loading import FIELDS, KEYS, Known, LoadRow
from zhenke.customers.rules.traits import ALIAS, is_single

CUSTOMERS = Customer._meta.db_table


class Changes:
    """One batch on its way: the rows to be written."""

    def __init__(
        self,
        people: People,
        now: datetime,
        written: Written,
        *,
        ids: int,
        told: set[int] | None,
        overruled: Overruled,
        employers: Employers,
    ) -> None:
        self.people, self.overruled, self.employers = people, overruled, employers
        self._now, self._written, self._told = now, written, told
        self._told_here: set[int] = set()
        self._ids = iter(new_ids(ids))
        self.new: list[tuple[Known, int]] = []
        self.contacts: list[tuple[int, str, str, str, bool]] = []
        self.terms: list[tuple[int, str]] = []
        self.dates: list[tuple[int, str, DayOfYear]] = []
        self.traits: list[tuple[int, str, str]] = []
        self.tags: list[tuple[int, str]] = []
        self.private = PrivateRemarks()
        self.changes: dict[int, dict[str, Any]] = {}
        self.changed_dates: dict[tuple[int, str], DayOfYear] = {}
        self.renamed: dict[int, Known] = {}
        self._primary: set[tuple[int, str]] = set()

    def take(self, row: LoadRow, *, updates: bool) -> tuple[Known, str]:
        """Return the customer of a row and what the row did; remember what is to be written.

        Errors: RowFault; then nothing of the row is remembered.
        """
        employer = self.employers.of(row)
        known = self.people.match(row)
        _refuse_child(row, known, self._now)
        if known is None:
            return self._create(row, employer), "created"
        if not known.in_scope:
            raise RowFault("card_number" if row.card_number else "phone", "customer_elsewhere")
        if not updates:
            return known, "unchanged"
        changes = self._field_changes(known, row)
        if self._told is not None and (known.id in self._told_here or known.id in self._told):
            _refuse_contradiction(known, changes, row)
        is_hired = self.employers.take(known, employer, row.work[1])
        self._told_here.add(known.id)
        changed = self._change_fields(known, changes) or is_hired
        changed |= self._add_details(known, row)
        if changed and not known.is_new:
            # A changed archive says when; undo tells by it whether somebody touched it later.
            self._note(known, {"updated_at": self._now})
            known.fields["updated_at"] = self._now
        return known, "updated" if changed else "unchanged"

    def _create(self, row: LoadRow, employer: int) -> Known:
        fields: dict[str, Any] = {name: row.fields.get(name) or "" for name in FIELDS}
        fields["first_met_date"] = row.fields.get("first_met_date")
        fields["kind"] = fields["kind"] or Customer.Kind.PERSON
        fields["source"] = fields["source"] or "import"
        fields |= {"card_number": row.card_number, "source_key": row.source_key, "owner_id": row.owner_id}
        known = Known(next(self._ids), fields, is_new=True)
        self.people.remember(known)
        if fields["name"]:
            readings = pinyin_readings(str(fields["name"]))
            self.terms.extend((known.id, term) for term in readings.search_terms)
            fields["pinyin"] = readings.pinyin
        self.new.append((known, row.shop_id))
        self.employers.remember(known)
        self.employers.take(known, employer, row.work[1])
        self._told_here.add(known.id)
        self._add_details(known, row)
        return known

    def _field_changes(self, known: Known, row: LoadRow) -> dict[str, Any]:
        return {
            name: value
            for name, value in _told_of(known, row).items()
            if plain(known.fields.get(name)) != plain(value)
            and not self.overruled.is_decided(known, name, plain(value))
        }

    def _change_fields(self, known: Known, changes: dict[str, Any]) -> bool:
        if not changes:
            return False
        if "name" in changes:
            self.renamed[known.id] = known
            changes["pinyin"] = pinyin_readings(changes["name"]).pinyin
        if not known.is_new:
            changes |= self.overruled.fields(known, changes)
            self._note(known, changes)
        known.fields.update(changes)
        self.people.remember(known)
        return True

    def _note(self, known: Known, changes: dict[str, Any]) -> None:
        before = {name: plain(known.fields.get(name)) for name in changes}
        after = {name: plain(value) for name, value in changes.items()}
        self._written.add_change(CUSTOMERS, known.id, before, after)
        self.changes.setdefault(known.id, {}).update(changes)

    def _add_details(self, known: Known, row: LoadRow) -> bool:
        changed = False
        for kind, kept in row.contacts:
            indexes = self.people.indexes(kind, kept)
            if known.contacts.isdisjoint(indexes):
                index = indexes[0]
                is_primary = known.is_new and (known.id, kind) not in self._primary
                self._primary.add((known.id, kind))
                self.contacts.append((known.id, kind, kept, index, is_primary))
                known.contacts.add(index)
                self.people.remember(known, [index] if kind == "phone" else [])
                changed = True
        for kind, day in row.dates:
            changed |= self._add_date(known, kind, day)
        for key, text in row.traits:
            texts = known.traits.setdefault(key, set())
            if text not in texts and not (texts and is_single(key) and key not in row.several):
                self.traits.append((known.id, key, text))
                texts.add(text)
                if key == ALIAS:
                    self.renamed[known.id] = known
                changed = True
            elif text not in texts and not known.is_new:
                self.overruled.told_in_vain(known, f"{TRAIT}{key}", text)
        changed |= self.private.take(known, row)
        fresh = [tag for tag in dict.fromkeys(row.tags) if tag not in known.tags]
        self.tags.extend((known.id, tag) for tag in fresh)
        known.tags.update(fresh)
        return changed or bool(fresh)

    def _add_date(self, known: Known, kind: str, day: DayOfYear) -> bool:
        told = as_told(day)
        was = known.dates.get(kind)
        if was == told or self.overruled.is_decided(known, f"{DAY}{kind}", parts_text(told)):
            return False
        if was is not None and not known.is_new:
            notes = self.overruled.day(known, kind)
            if notes:
                self._note(known, notes)
                known.fields.update(notes)
            known.day_sources[kind] = "import"
            self.changed_dates[(known.id, kind)] = day
        known.dates[kind] = told
        if was is None:
            self.dates.append((known.id, kind, day))
        return True


def _told_of(known: Known, row: LoadRow) -> dict[str, Any]:
    """Return what a row says of a person's columns; a key and an advisor that are there stay."""
    wanted = {name: value for name, value in row.fields.items() if value not in ("", None)}
    wanted |= {name: getattr(row, name) for name in KEYS if getattr(row, name) and not known.fields.get(name)}
    if row.owner_id and not known.fields.get("owner_id"):
        wanted["owner_id"] = row.owner_id
    return wanted


def as_told(day: DayOfYear) -> tuple[Any, ...]:
    """Return a day as the archive keeps it: calendar, month, day, leap month, year."""
    return (day.calendar, day.month, day.day, day.is_leap_month, day.year)


def _refuse_contradiction(known: Known, changes: dict[str, Any], row: LoadRow) -> None:
    """A file that says two things of one person is believed in neither: the first row stays, the later is refused."""
    for name in changes:
        if known.fields.get(name) not in ("", None):
            raise RowFault(name, "says_otherwise", text=str(plain(known.fields[name]))[:40])
    for kind, day in row.dates:
        if known.dates.get(kind) not in (None, as_told(day)):
            raise RowFault(kind, "says_otherwise", text="")


def _refuse_child(row: LoadRow, known: Known | None, now: datetime) -> None:
    """Of somebody under 14 nothing is kept without a guardian's yes."""
    days = [day for kind, day in row.dates if kind == "birthday"]
    # The last place on earth decides: a file knows no shop's clock, and a day longer a child is the safer mistake.
    today = (now - timedelta(hours=12)).date()
    if not days or not is_child_born_on(days=days, today=today):
        return
    if known is None or known.is_new or not has_guardian(customer=known.id):
        raise RowFault("birthday", "child_without_guardian")
