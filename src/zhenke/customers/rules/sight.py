"""Which role sees what of a customer: names, contacts, birthdays, notes, pieces; one table for every query and page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Birthday(StrEnum):
    """How much of a birthday is shown."""

    WHOLE = "whole"
    MONTH_DAY = "month_day"
    AGE_BAND = "age_band"
    MASKED = "masked"


class Pieces(StrEnum):
    """How much is shown of the pieces that a customer owns: certificates, serial numbers, weights, valuations."""

    WHOLE = "whole"
    REVEAL = "reveal"
    """Masked, and whole for a reason that is written down."""
    MASKED = "masked"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one role sees of the customers within its scope; a customer outside the scope it does not see at all."""

    names: bool = True
    contacts: bool = True
    reveals: frozenset[str] = frozenset({"phone", "email", "wechat"})
    birthday: Birthday = Birthday.MONTH_DAY
    notes: bool = True
    pieces: Pieces = Pieces.REVEAL


_EVERY_CONTACT = frozenset({"phone", "email", "wechat", "address"})
_FLOOR = Sight()
_SHOP = Sight(reveals=_EVERY_CONTACT)
_NOTHING = Sight(
    names=False,
    contacts=False,
    reveals=frozenset(),
    birthday=Birthday.AGE_BAND,
    notes=False,
    pieces=Pieces.NOTHING,
)

# promises.md §3.3; the owner stands for its "CRM admin", an integration reads masks like everybody and reveals nothing.
SIGHT: dict[str, Sight] = {
    "system": Sight(reveals=_EVERY_CONTACT, birthday=Birthday.WHOLE, pieces=Pieces.WHOLE),
    "owner": Sight(reveals=_EVERY_CONTACT, birthday=Birthday.WHOLE),
    "area_manager": _SHOP,
    "shop_manager": _SHOP,
    "advisor": Sight(pieces=Pieces.WHOLE),
    "service": _FLOOR,
    "integration": Sight(reveals=frozenset(), birthday=Birthday.WHOLE, pieces=Pieces.MASKED),
    "marketing": _NOTHING,
    "auditor": Sight(names=False, reveals=frozenset(), birthday=Birthday.MASKED, notes=False, pieces=Pieces.MASKED),
}


def sight_of(role: str) -> Sight:
    """Return what a role sees; an unknown role sees nothing.

    Source: promises.md §3.3.
    """
    return SIGHT.get(role, _NOTHING)
