"""Which role is shown what of a customer: one table, read by every query, page, list order, count and log.

A line is a group of fields: its level (promises.md §3.1) and, role by role, what is shown. A new group is one new line.
Rows out of scope are no matter of this table: who is not the viewer's customer looks as if she did not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from zhenke.customers.rules.contacts import KINDS
from zhenke.customers.rules.importance import Importance


class Shown(StrEnum):
    """How much of a group is shown: whole, day and month, masked until revealed, masked, a band, nothing."""

    FULL = "full"
    DAY = "day"
    REVEAL = "reveal"
    MASKED = "masked"
    BAND = "band"
    NOTHING = "nothing"


class Birthday(StrEnum):
    """How much of a birthday is shown."""

    WHOLE = "whole"
    MONTH_DAY = "month_day"
    AGE_BAND = "age_band"
    MASKED = "masked"


# promises.md §3.3. "manager" stands for the managers of a shop and of a region, "owner" for its CRM admin: the owner of
# a jeweller's shop serves, so names, days, amounts and notes are whole. An integration reads masks like everybody and
# reveals nothing. A band of amounts is for ten people or more: of one person it shows nothing.
_COLUMNS = ("owner", "manager", "advisor", "service", "integration", "marketing", "auditor")
_TABLE: dict[str, tuple[int, str]] = {
    # group            level  owner    manager  advisor  service  program  marketing auditor
    "name":            (3, "  full     full     full     full     full     masked    masked "),
    "phone":           (3, "  reveal   reveal   reveal   reveal   masked   nothing   masked "),
    "email":           (3, "  reveal   reveal   reveal   reveal   masked   nothing   masked "),
    "wechat":          (3, "  reveal   reveal   reveal   reveal   masked   nothing   masked "),
    "address":         (4, "  reveal   reveal   masked   masked   masked   nothing   nothing"),
    "birthday":        (3, "  full     day      day      day      full     band      masked "),
    "dates":           (3, "  full     day      day      day      full     nothing   nothing"),
    "purchases":       (3, "  full     full     full     full     full     band      full   "),
    "points":          (3, "  full     full     full     full     full     band      full   "),
    "notes":           (3, "  full     full     full     full     full     nothing   nothing"),
    "notes_level_4":   (4, "  full     full     nothing  nothing  nothing  nothing   nothing"),
    "family":          (3, "  full     full     full     full     full     nothing   nothing"),
    "pieces":          (4, "  reveal   reveal   full     reveal   masked   nothing   masked "),
    "traits":          (2, "  full     full     full     full     full     full      full   "),
    "traits_level_3":  (3, "  full     full     full     full     full     nothing  nothing"),
    "traits_level_4":  (4, "  full     full     nothing  nothing  nothing  nothing   nothing"),
    "consent":         (2, "  full     masked   masked   masked   masked   masked    full   "),
    "looks":           (3, "  full     full     nothing  nothing  nothing  nothing   full   "),
    "importance":      (3, "  full     full     full     nothing  nothing  nothing   full   "),
}  # fmt: skip
_BIRTHDAYS = {Shown.FULL: Birthday.WHOLE, Shown.DAY: Birthday.MONTH_DAY, Shown.BAND: Birthday.AGE_BAND}


@dataclass(frozen=True, slots=True)
class Sight:
    """What one role sees of the customers within its scope; a customer outside the scope it does not see at all."""

    shown: Mapping[str, Shown]

    def of(self, group: str) -> Shown:
        """Return how much of a group is shown. Errors: KeyError for a group that the table does not have."""
        return self.shown[group]

    @property
    def names(self) -> bool:
        """Whether names are whole."""
        return self.shown["name"] == Shown.FULL

    @property
    def contact_kinds(self) -> frozenset[str]:
        """The kinds of contacts that are shown at all, masked."""
        return frozenset(kind for kind in KINDS if self.shown[kind] != Shown.NOTHING)

    @property
    def contacts(self) -> bool:
        """Whether any contact is shown, masked."""
        return bool(self.contact_kinds)

    @property
    def reveals(self) -> frozenset[str]:
        """The kinds of contacts of which the whole is shown for a reason."""
        return frozenset(kind for kind in KINDS if self.shown[kind] == Shown.REVEAL)

    @property
    def birthday(self) -> Birthday:
        """How much of a birthday."""
        return _BIRTHDAYS.get(self.shown["birthday"], Birthday.MASKED)

    @property
    def dates(self) -> bool:
        """Whether the days that come back are shown, at least day and month."""
        return self.shown["dates"] in (Shown.FULL, Shown.DAY)

    @property
    def points(self) -> bool:
        """Whether a customer's points are shown, with how they came about; a band is of nobody in particular."""
        return self.shown["points"] == Shown.FULL

    @property
    def notes(self) -> bool:
        """Whether notes, what was said and what is planned are shown."""
        return self.shown["notes"] == Shown.FULL

    @property
    def sensitive_notes(self) -> bool:
        """Whether words of notes that speak of health, faith, papers or accounts are shown."""
        return self.shown["notes_level_4"] == Shown.FULL

    @property
    def purchases(self) -> bool:
        """Whether one person's purchases and amounts are shown."""
        return self.shown["purchases"] == Shown.FULL

    @property
    def family(self) -> bool:
        """Whether it is shown who belongs to whom."""
        return self.shown["family"] == Shown.FULL

    @property
    def pieces(self) -> Shown:
        """How much of what she owns: certificates, serial numbers, weights, valuations."""
        return self.shown["pieces"]

    @property
    def only_crowds(self) -> bool:
        """Whether amounts and counts are shown of ten people or more only."""
        return self.shown["purchases"] == Shown.BAND


def _column(name: str) -> Sight:
    place = _COLUMNS.index(name)
    return Sight(MappingProxyType({group: Shown(cells.split()[place]) for group, (_, cells) in _TABLE.items()}))


LEVELS: dict[str, int] = {group: level for group, (level, _) in _TABLE.items()}
SIGHT: dict[str, Sight] = {
    "system": Sight(
        MappingProxyType({group: Shown.REVEAL if group in KINDS else Shown.FULL for group in _TABLE}),
    ),
    "owner": _column("owner"),
    "area_manager": _column("manager"),
    "shop_manager": _column("manager"),
    "advisor": _column("advisor"),
    "service": _column("service"),
    "integration": _column("integration"),
    "marketing": _column("marketing"),
    "auditor": _column("auditor"),
}


def pieces_shown(*, role: str, importance: int) -> Shown:
    """Return how much of what one customer owns a role is shown at once.

    Of a protected customer nobody is shown it whole without asking (class S+: each look needs a second person).

    Source:  promises.md §3.2, §3.3.
    Example: an advisor, importance 3 -> REVEAL
    """
    shown = sight_of(role).pieces
    return Shown.REVEAL if shown == Shown.FULL and importance >= Importance.PROTECTED and role != "system" else shown


def sight_of(role: str) -> Sight:
    """Return what a role sees; an unknown role sees no more than marketing.

    Source: promises.md §3.3.
    """
    return SIGHT.get(role, SIGHT["marketing"])
