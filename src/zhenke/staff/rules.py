"""Pure rules of the staff: roles, what each may do, how far each sees, and the audit chain's hash."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import available_timezones

from zhenke.basics.errors import BadInput

# The accounts library does not say whose secret it seals, so all stand in one place; the column is still bound to it.
DEVICE_PLACE = "mfa_authenticator.data:secret"


class Role(StrEnum):
    """What a member of staff is in the shop; the word on screen lives in doors."""

    OWNER = "owner"
    MARKETING = "marketing"
    AREA_MANAGER = "area_manager"
    SHOP_MANAGER = "shop_manager"
    ADVISOR = "advisor"
    SERVICE = "service"
    AUDITOR = "auditor"
    INTEGRATION = "integration"


class Scope(StrEnum):
    """How far a viewer sees: own customers, own shop, region, brand, or (the system) everything."""

    OWN = "own"
    SHOP = "shop"
    REGION = "region"
    BRAND = "brand"
    ALL = "all"


class May(StrEnum):
    """Acts that need more than seeing; `ROLE_MAY` says which role has them."""

    EDIT_CUSTOMERS = "edit_customers"
    RECORD_SALES = "record_sales"
    FINISH_TASKS = "finish_tasks"
    REASSIGN = "reassign"
    IMPORT = "import"
    EXPORT = "export"
    SEE_GRADING = "see_grading"
    PUBLISH_GRADING = "publish_grading"
    OVERRIDE_GRADE = "override_grade"
    SEE_BOARD = "see_board"
    EDIT_SETTINGS = "edit_settings"
    EDIT_STAFF = "edit_staff"
    SEE_AUDIT = "see_audit"
    HONOUR_RIGHTS = "honour_rights"
    SET_IMPORTANCE = "set_importance"
    GIVE_RIGHTS = "give_rights"
    SEE_PROGRAMME = "see_programme"
    PUBLISH_PROGRAMME = "publish_programme"
    ADJUST_POINTS = "adjust_points"
    SEE_MESSAGES = "see_messages"


ROLE_SCOPE: dict[Role, Scope] = {
    Role.OWNER: Scope.BRAND,
    Role.MARKETING: Scope.BRAND,
    Role.AREA_MANAGER: Scope.REGION,
    Role.SHOP_MANAGER: Scope.SHOP,
    Role.ADVISOR: Scope.OWN,
    Role.SERVICE: Scope.SHOP,
    Role.AUDITOR: Scope.BRAND,
    Role.INTEGRATION: Scope.REGION,
}

_SHOP_FLOOR = {May.EDIT_CUSTOMERS, May.RECORD_SALES, May.FINISH_TASKS, May.GIVE_RIGHTS}
_SHOP_DESK = frozenset(
    _SHOP_FLOOR
    | {
        May.REASSIGN,
        May.SEE_BOARD,
        May.SEE_GRADING,
        May.OVERRIDE_GRADE,
        May.IMPORT,
        May.EXPORT,
        May.HONOUR_RIGHTS,
        May.SET_IMPORTANCE,
        May.SEE_PROGRAMME,
        May.ADJUST_POINTS,
        May.SEE_MESSAGES,
    }
)
ROLE_MAY: dict[Role, frozenset[May]] = {
    Role.OWNER: frozenset(May),
    Role.MARKETING: frozenset(
        {
            May.SEE_GRADING,
            May.PUBLISH_GRADING,
            May.SEE_BOARD,
            May.IMPORT,
            May.SEE_PROGRAMME,
            May.PUBLISH_PROGRAMME,
        }
    ),
    Role.AREA_MANAGER: _SHOP_DESK,
    Role.SHOP_MANAGER: _SHOP_DESK,
    Role.ADVISOR: frozenset(_SHOP_FLOOR),
    Role.SERVICE: frozenset({May.EDIT_CUSTOMERS, May.FINISH_TASKS, May.GIVE_RIGHTS}),
    Role.AUDITOR: frozenset({May.SEE_BOARD, May.SEE_GRADING, May.SEE_AUDIT, May.SEE_PROGRAMME}),
    Role.INTEGRATION: frozenset(
        {
            May.EDIT_CUSTOMERS,
            May.RECORD_SALES,
            May.FINISH_TASKS,
            May.IMPORT,
            May.SEE_GRADING,
            May.GIVE_RIGHTS,
            May.SEE_PROGRAMME,
        }
    ),
}


@dataclass(frozen=True)
class SystemViewer:
    """The house itself: journeys that must see more than a person pass this, visibly."""

    id: None = None
    role: str = "system"
    is_active: bool = True

    def may(self, act: May) -> bool:
        """Return True: the system may do every act."""
        return True


SYSTEM = SystemViewer()


def chain_hash(*, previous_hash: str, entry: dict[str, object]) -> str:
    """Return the hash of one audit entry, bound to the entry before it.

    Units:  64 hex digits of SHA-256 over the previous hash and the entry as sorted JSON.
    Source: promises.md P20.
    """
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous_hash}\n{text}".encode()).hexdigest()


class BadTimeZone(BadInput):
    """Not a name of the time-zone table; no facts, because the text may be hostile."""

    code = "bad_time_zone"
    message = "This is not a time zone; write it like Asia/Shanghai."


class BadHours(BadInput):
    """Hours that are not week day → list of [from, to]."""

    code = "bad_hours"
    message = "Opening hours are given by day as from and to, such as 10:00 to 21:30."


class BadCurrency(BadInput):
    """Not a three-letter code."""

    code = "bad_currency"
    message = "A currency is a code of three letters, such as CNY."


class BadUsername(BadInput):
    """A user name that could not be typed the same way twice."""

    code = "bad_username"
    message = "A user name has 2 to 40 small letters, digits, dots, dashes or underscores."


WEEK_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def needs_shop(role: Role) -> bool:
    """Return whether people of this role belong to one shop and not to a region."""
    return role in {Role.SHOP_MANAGER, Role.ADVISOR, Role.SERVICE}


def checked_time_zone(name: str) -> str:
    """Return the name if the time-zone table has it. Errors: BadTimeZone."""
    if name not in available_timezones():
        raise BadTimeZone
    return name


def checked_currency(code: str) -> str:
    """Return the code in capitals. Errors: BadCurrency."""
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise BadCurrency
    return code.upper()


def checked_username(username: str) -> str:
    """Return the user name in the one spelling that is stored. Errors: BadUsername."""
    spelled = username.strip().lower()
    if not _USERNAME.fullmatch(spelled):
        raise BadUsername
    return spelled


def checked_hours(hours: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    """Return opening hours as they are stored.

    Units:  week day ("mon" …) → intervals ["10:00", "21:30"] in shop time, each later than the one before.
    Errors: BadHours.
    """
    for day, intervals in hours.items():
        if day not in WEEK_DAYS or not isinstance(intervals, list):
            raise BadHours
        times = [time for interval in intervals for time in interval]
        pairs = all(isinstance(interval, list) and len(interval) == 2 for interval in intervals)
        known = all(isinstance(time, str) and _CLOCK.fullmatch(time) for time in times)
        if not pairs or not known or times != sorted(set(times)):
            raise BadHours
    return hours
