"""One customer as a file tells of her, on the way into the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zhenke.basics.days import DayOfYear
from zhenke.customers.rules.intake import RowFault
from zhenke.customers.rules.notes import WordsTooPrivate, fault_of_words

FIELDS = (
    "name", "gender", "kind", "region", "language", "channel", "hour_preference", "source", "caution", "notes",
    "first_met_date",
)  # fmt: skip
KEYS = ("card_number", "source_key")


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One customer as a file tells of her; contacts are (kind, spelling kept); empty values say nothing.

    `several` are the keys of the shop's own fields that hold more than one value. `private` are words of level 4,
    which become a note of their own (`with_private_words`). `work` is an organisation, by key or name, and a job.
    """

    row: int
    shop_id: int
    owner_id: int | None
    fields: Mapping[str, Any]
    card_number: str | None = None
    source_key: str | None = None
    contacts: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[str, DayOfYear], ...] = ()
    traits: tuple[tuple[str, str], ...] = ()
    several: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    private: str = ""
    work: tuple[str, str] = ("", "")


def with_private_words(row: LoadRow) -> LoadRow:
    """Return a row whose remarks and caution, if they speak of health, faith, papers or accounts, are no part of the
    archive, which everybody who serves her reads, but `private`.

    Errors: RowFault for the number of a paper, card or account in them.
    Source: promises.md §3.2.
    """
    for column in ("notes", "caution"):
        text = str(row.fields.get(column) or "")
        fault = fault_of_words(text)
        if fault == WordsTooPrivate.code:
            private = "\n".join(filter(None, (row.private, text)))
            row = replace(row, private=private, fields={**row.fields, column: ""})
        elif fault:
            raise RowFault(column, fault)
    return row


@dataclass(slots=True, eq=False)
class Known:
    """What the database (or an earlier row of the file) says of one customer; eq is identity.

    `claims` are what sources said otherwise, by (field, source, index of the value): key and decision.
    """

    id: int
    fields: dict[str, Any]
    is_new: bool
    in_scope: bool = True
    contacts: set[str] = field(default_factory=set)
    dates: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    day_sources: dict[str, str] = field(default_factory=dict)
    claims: dict[tuple[Any, ...], tuple[int, str]] = field(default_factory=dict)
    traits: dict[str, set[str]] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)


def is_same_person(row: LoadRow, known: Known) -> bool:
    """Return whether a row with this customer's phone may mean this customer: name and keys do not speak against it."""
    name = row.fields.get("name")
    if name and known.fields.get("name") not in ("", None, name):
        return False
    return not any(
        getattr(row, key) and known.fields.get(key) and getattr(row, key) != known.fields[key] for key in KEYS
    )
