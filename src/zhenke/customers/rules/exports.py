"""What may leave the house as a file: which columns a role is offered, and when a second person must agree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.rules.sight import LEVELS, Shown, Sight

SENSITIVE = 4
FORMATS = ("xlsx", "csv")
LONGEST_PURPOSE = 200


class ExportWrong(BadInput):
    """An export that says no purpose, no column, or one that this role is not offered. Facts: `field`."""

    code = "export_wrong"
    message = "Check {field}: an export needs a purpose in words and columns that your role is shown."


class NobodyToExport(BadInput):
    """There is nobody in the list."""

    code = "nobody_to_export"
    message = "There is nobody in this list."


class ExportTooLarge(RuleBroken):
    """More rows than one file or one day may have. Facts: `rows`, `most`."""

    code = "export_too_large"
    message = "{rows} customers are more than the {most} that may still be exported today. Narrow the list."


class CopiesUsedUp(RuleBroken):
    """One person handed out as many copies of everything as one person may. Facts: `a_day`, `a_month`."""

    code = "copies_used_up"
    message = "One person hands out at most {a_day} copies of everything in a day and {a_month} in 30 days."


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column, and the group of the table of sight that it belongs to."""

    code: str
    group: str

    @property
    def level(self) -> int:
        """Its sensitivity, promises.md §3.1."""
        return LEVELS[self.group]


# Household, gifts and pieces are not here: what is secret between two customers never stands in a list.
COLUMNS = (
    ExportColumn("name", "name"),
    ExportColumn("card_number", "name"),
    ExportColumn("phone", "phone"),
    ExportColumn("email", "email"),
    ExportColumn("wechat", "wechat"),
    ExportColumn("address", "address"),
    ExportColumn("birthday", "birthday"),
    ExportColumn("gender", "traits"),
    ExportColumn("kind", "traits"),
    ExportColumn("shop", "traits"),
    ExportColumn("advisor", "traits"),
    ExportColumn("source", "traits"),
    ExportColumn("region", "traits"),
    ExportColumn("tags", "traits"),
    ExportColumn("first_met", "traits"),
    ExportColumn("grade", "importance"),
    ExportColumn("last_bought", "purchases"),
    ExportColumn("purchases", "purchases"),
    ExportColumn("spent", "purchases"),
)
FIRST = ("name", "shop", "advisor", "tags")
BY_CODE = {column.code: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class ExportLimits:
    """Numbers of one house, as data: see doors/defaults/exports.py.

    Units: rows; copies of everything about one customer; `hours` that a file lives. A person's rows of the last day and
    the last 30 days count together, and a copy is a row.
    """

    alone_rows_a_day: int
    alone_rows_a_month: int
    rows_a_day: int
    hours: int
    copies_a_day: int
    copies_a_month: int


def offered_columns(sight: Sight) -> tuple[ExportColumn, ...]:
    """Return the columns that a role may choose: what is shown of each single person, masked where it is masked.

    Who is shown only crowds is offered none.
    """
    if sight.only_crowds:
        return ()
    return tuple(column for column in COLUMNS if sight.of(column.group) not in (Shown.NOTHING, Shown.BAND))


def checked_columns(codes: Collection[str], sight: Sight) -> list[str]:
    """Return the chosen columns in their fixed order. Errors: ExportWrong."""
    offered = [column.code for column in offered_columns(sight)]
    if not codes or not set(codes) <= set(offered):
        raise ExportWrong(field="columns")
    return [code for code in offered if code in codes]


def checked_purpose(text: str) -> str:
    """Return the purpose on one line, whole. Errors: ExportWrong."""
    purpose = " ".join(text.split())
    if len(purpose) < 4 or len(purpose) > LONGEST_PURPOSE or "\x00" in purpose:
        raise ExportWrong(field="purpose")
    return purpose


def why_second(*, columns: Collection[str], rows: int, rows_a_day: int, rows_a_month: int, limits: ExportLimits) -> str:
    """Return why a second person must agree: "sensitive", "rows", "rows_a_month"; "" if nobody must.

    Units:  `rows_a_day` and `rows_a_month` are the person's rows before this export.
    Source: promises.md P19.
    Example: 60 rows after 60 others on the same day, 100 allowed alone -> "rows"
    """
    if any(BY_CODE[code].level >= SENSITIVE for code in columns):
        return "sensitive"
    if rows_a_day + rows > limits.alone_rows_a_day:
        return "rows"
    return "rows_a_month" if rows_a_month + rows > limits.alone_rows_a_month else ""


def is_last_copy(*, copies_a_day: int, copies_a_month: int, limits: ExportLimits) -> bool:
    """Return whether the copy that is about to be handed out is the last that one person may.

    Units:  the person's copies of the last 24 hours and of the last 30 days, before this one.
    Errors: CopiesUsedUp.
    Source: promises.md P19: a copy holds what is specially protected, of which 25 are a crime of an insider.
    Example: 4 copies today, 5 allowed -> True
    """
    left = min(limits.copies_a_day - copies_a_day, limits.copies_a_month - copies_a_month)
    if left <= 0:
        raise CopiesUsedUp(a_day=limits.copies_a_day, a_month=limits.copies_a_month)
    return left == 1
