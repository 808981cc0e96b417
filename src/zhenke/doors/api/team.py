"""Who serves a customer: for telephone systems and tills that want to reach the right person."""

from __future__ import annotations

from datetime import date

from ninja import Router
from ninja.decorators import decorate_view

from zhenke.basics.clock import now
from zhenke.customers.operations.importance import note_look
from zhenke.customers.queries import customer_for
from zhenke.customers.queries.watch import team_of
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Person, Problem, Told, person

router = Router(tags=["customers"])


class MemberTold(Told):
    """One member of the service team."""

    person: Person | None
    part: str
    from_date: date


class TeamTold(Told):
    """Her advisor, who stands in, the service team, and whether she is answered before others."""

    has_hotline: bool
    owner: Person | None
    cover: Person | None
    team: list[MemberTold]


@router.get(
    "/{customer_id}/team", url_name="team", response={200: TeamTold, REFUSALS: Problem}, summary="Who serves her"
)
@decorate_view(theirs("customer_id", customer_for))
def get_team(request: TokenCall, customer_id: str) -> TeamTold:
    """The people to call for her."""
    her = request.found
    note_look(customer=her, place="api", by=request.user, now=now())
    return TeamTold(
        has_hotline=her.has_hotline,
        owner=person(her.owner),
        cover=person(her.cover),
        team=[
            MemberTold(person=person(row.member), part=row.part, from_date=row.from_date)
            for row in team_of(viewer=request.user, customer=her)
            if row.member.is_active
        ],
    )
