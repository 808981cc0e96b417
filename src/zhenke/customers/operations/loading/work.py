"""Who works where, as a file tells it: the one organisation that is meant, and the link with the job."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from zhenke.basics.bulk import for_column, insert_rows, update_rows
from zhenke.basics.ids import new_ids
from zhenke.customers.models import Customer, CustomerLink
from zhenke.customers.queries.archive import visible
from zhenke.customers.rules.household import Pair, pair_of
from zhenke.customers.rules.intake import RowFault, Written
from zhenke.customers.rules.loading import KEYS, Known, LoadRow
from zhenke.staff.models import Viewer

LINKS = CustomerLink._meta.db_table
_COLUMNS = ("first_id", "second_id", "kind", "job", "made_at", "made_by_id")
Work = tuple[Pair, str]


class Employers:
    """The organisations of the archive and of the batch's rows so far, and what the rows say of who works there."""

    def __init__(self, *, by: Viewer) -> None:
        self._by = by
        self._here: dict[str, set[int]] = {}
        self._known: dict[str, set[int]] = {}
        self._jobs: dict[tuple[int, int], str] = {}
        self.new: list[Work] = []
        self.changed: dict[int, tuple[str, str]] = {}

    def remember(self, known: Known) -> None:
        """Let a new organisation of the batch be found by its name and keys."""
        for name in ("name", *KEYS):
            if known.fields.get("kind") != Customer.Kind.PERSON and known.fields.get(name):
                self._here.setdefault(str(known.fields[name]), set()).add(known.id)

    def organisation(self, text: str) -> int:
        """Return the key of the one organisation in sight that has this card number, outside key or name.

        Errors: RowFault employer_unknown, employer_ambiguous.
        """
        if text not in self._known:
            named = Q(card_number=text) | Q(source_key=text) | Q(source_key=f"import:{text}") | Q(name=text)
            rows = visible(viewer=self._by).filter(named).exclude(kind=Customer.Kind.PERSON)
            self._known[text] = set(rows.values_list("pk", flat=True)[:2])
        found = self._known[text] | self._here.get(text, set())
        if len(found) != 1:
            raise RowFault("employer", "employer_ambiguous" if found else "employer_unknown", text=text[:40])
        return min(found)

    def of(self, row: LoadRow) -> int:
        """Return the organisation where the row's person works, 0 if it says none.

        Errors: RowFault as `organisation`; job_of_organisation if the row is no person.
        """
        if not row.work[0]:
            return 0
        if row.fields.get("kind") not in ("", None, Customer.Kind.PERSON):
            raise RowFault("job", "job_of_organisation", text=row.work[1][:24])
        return self.organisation(row.work[0])

    def take(self, person: Known, organisation: int, job: str) -> bool:
        """Remember that somebody works there (0: nowhere); return whether that is news.

        Errors: RowFault link_otherwise if the two are known to be something else, or the link was dropped by hand.
        """
        if not organisation:
            return False
        if organisation == person.id or person.fields.get("kind") != Customer.Kind.PERSON:
            raise RowFault("job", "job_of_organisation", text=job[:24])
        pair = pair_of(customer=person.id, other=organisation, kind="company")
        told = self._jobs.setdefault((pair.first, pair.second), job)
        if told != job:
            raise RowFault("job", "says_otherwise", text=told[:40])
        link = None if person.is_new else _link(pair)
        if link is None:
            is_told = any(one == pair for one, _ in self.new)
            self.new += [] if is_told else [(pair, job)]
            return not is_told
        if link.kind != pair.kind or link.dropped_at is not None:
            raise RowFault("employer", "link_otherwise")
        if link.job == job or link.pk in self.changed:
            return False
        self.changed[link.pk] = (link.job, job)
        return True

    def write(self, *, now: datetime, written: Written) -> None:
        """Write the links; keys and images go into `written`. Writes: CustomerLink. Twice: the caller asks once."""
        vendor = connection.vendor
        stamp = for_column(now, vendor=vendor)
        keys = new_ids(len(self.new))
        rows: Iterable[tuple[Any, ...]] = [
            (key, pair.first, pair.second, pair.kind, job, stamp, self._by.id)
            for key, (pair, job) in zip(keys, self.new, strict=True)
        ]
        with connection.cursor() as cursor:
            if self.new:
                insert_rows(cursor, vendor=vendor, table=LINKS, columns=("id", *_COLUMNS), rows=rows)
                written.add_keys(LINKS, keys)
            for key, (old, job) in self.changed.items():
                written.add_change(LINKS, key, {"job": old}, {"job": job})
            changes = [(job, key) for key, (_, job) in self.changed.items()]
            update_rows(cursor, table=LINKS, columns=("job",), rows=changes)


def _link(pair: Pair) -> CustomerLink | None:
    return CustomerLink.objects.filter(first_id=pair.first, second_id=pair.second).first()
