"""What a file takes from another source, or says in vain: kept as claims, without one query for a row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhenke.basics.bulk import for_column
from zhenke.basics.cipher import FieldCipher
from zhenke.basics.images import plain
from zhenke.customers.models import Claim
from zhenke.customers.operations.claims import claim_indexes, sealed_claim
from zhenke.customers.rules.claims import CHOSEN, COLUMNS, DAY, IMPORT, REFUSED, Mark, Said, mark_of, noted, parts_text
from zhenke.customers.rules.intake import Written
from zhenke.customers.rules.loading import Known

CLAIMS = Claim._meta.db_table
CLAIM_COLUMNS = ("customer_id", "field", "sealed", "value_index", "source", "said_date", "said_by_id", "noted_at",
                 "decision", "decided_at", "decided_by_id", "former")  # fmt: skip


class Overruled:
    """The claims of one batch: new ones, and chosen ones that wait again because the file says otherwise."""

    def __init__(self, *, cipher: FieldCipher, by: int | None, now: datetime, on_date: date) -> None:
        self._cipher, self._by, self._now, self._on_date = cipher, by, now, on_date
        self.new: list[tuple[int, Said]] = []
        self.again: dict[int, str] = {}

    def is_decided(self, known: Known, field: str, value: object) -> bool:
        """Return whether somebody decided against this value of a file: then it does not win again."""
        return bool(known.claims) and self._found(known, field, IMPORT, value)[1] == REFUSED

    def _found(self, known: Known, field: str, source: str, value: object) -> tuple[int, str]:
        indexes = claim_indexes(self._cipher, field, str(value))
        return next(
            (known.claims[one] for index in indexes if (one := (field, source, index)) in known.claims), (0, "")
        )

    def keep(self, known: Known, said: Said) -> None:
        """Keep one value; the same of the same source is one claim, and one that was refused stays so."""
        key, decision = self._found(known, said.field, said.source, said.text)
        if key and decision == CHOSEN:
            self.again[key] = decision
        if key or decision:
            return
        known.claims[(said.field, said.source, claim_indexes(self._cipher, said.field, said.text)[0])] = (0, "new")
        self.new.append((known.id, said))

    def told_in_vain(self, known: Known, field: str, text: str) -> None:
        """Keep what the file says of a field that holds one value already."""
        self.keep(known, Said(field, text, IMPORT, self._on_date, self._by))

    def fields(self, known: Known, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Keep the confirmed values that changes take; return the archive's notes as they become, if they change."""
        marks = json.loads(known.fields.get("confirmed") or "{}")
        taken = [name for name in changes if name in COLUMNS and marks.get(name)]
        for name in taken:
            self._take(known, name, plain(known.fields.get(name)) or "", mark_of(marks, name))
        return self._renoted(marks, taken)

    def day(self, known: Known, kind: str) -> dict[str, Any]:
        """Keep a day that another source gave and that the file changes; return as `fields`."""
        marks = json.loads(known.fields.get("confirmed") or "{}")
        mark = mark_of(marks, kind)
        source = known.day_sources.get(kind, "")
        if mark is None and source not in ("", IMPORT):
            mark = Mark(self._on_date, None, source)
        self._take(known, f"{DAY}{kind}", parts_text(known.dates[kind]), mark)
        return self._renoted(marks, [kind] if kind in marks else [])

    def _take(self, known: Known, field: str, text: str, mark: Mark | None) -> None:
        if mark is not None and text and (mark.by is not None or mark.source != IMPORT):
            self.keep(known, Said(field, text, mark.source, mark.on_date, mark.by))

    def _renoted(self, marks: dict[str, Any], names: list[str]) -> dict[str, Any]:
        if not names:
            return {}
        return {"confirmed": noted(marks | {name: [self._on_date.isoformat(), "", IMPORT] for name in names})}

    def rows(self, *, vendor: str) -> tuple[list[int], list[tuple[Any, ...]]]:
        """Return the keys and the rows of `CLAIM_COLUMNS` that are new."""
        made = [sealed_claim(cipher=self._cipher, customer_id=key, said=said, now=self._now) for key, said in self.new]
        stamp = for_column(self._now, vendor=vendor)
        rows = [
            (row.customer_id, row.field, row.sealed, row.value_index, row.source,
             for_column(row.said_date, vendor=vendor), row.said_by_id, stamp, "", None, None, "{}")
            for row in made
        ]  # fmt: skip
        return [row.pk for row in made], rows

    def note_again(self, written: Written) -> list[tuple[str, int]]:
        """Remember for undo which claims wait again; return what to write."""
        for key, decision in self.again.items():
            written.add_change(CLAIMS, key, {"decision": decision}, {"decision": ""})
        return [("", key) for key in self.again]
