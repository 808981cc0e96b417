"""What pages about one customer say of her importance and of the people who serve her."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhenke.customers.models import Customer
from zhenke.customers.queries.watch import team_of
from zhenke.customers.rules.importance import Importance
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.doors.words.importance import IMPORTANCE_WORDS, PART_WORDS
from zhenke.staff.models import StaffMember
from zhenke.staff.rules import May


def to_call(customer: Customer) -> str:
    """Return who is called for her, by name and never by number: her advisor, and who stands in."""
    people = [one.name for one in (customer.owner, customer.cover) if one is not None and one.is_active]
    return _(" or ").join(people)


def service_of(*, viewer: StaffMember, customer: Customer) -> dict[str, object]:
    """Return the words about importance and service team; the team is read of important customers alone.

    Shape: no SQL query for an ordinary customer without hotline, else one.
    Sees:  the grade only who is shown it (rules/sight.py); the team whoever may see her.
    """
    is_ranked = customer.importance != Importance.ORDINARY
    may_rank = viewer.may(May.SET_IMPORTANCE)
    has_team = is_ranked or customer.has_hotline
    team = team_of(viewer=viewer, customer=customer) if has_team else []
    is_shown = sight_of(viewer.role).of("importance") == Shown.FULL
    return {
        "importance": IMPORTANCE_WORDS[customer.importance] if is_ranked and is_shown else "",
        "may_rank": may_rank,
        "team": [(one.member.name, PART_WORDS[one.part]) for one in team if one.member.is_active],
        "to_call": to_call(customer) if has_team else "",
    }
