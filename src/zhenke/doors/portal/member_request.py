"""What every view of the member site begins with: who asks, and when it is in her shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.customers.queries.members import Member


class MemberRequest(HttpRequest):
    """A request behind the walls: a member asks, or somebody who gave a code."""

    member: Member
    token: str


@dataclass(frozen=True, slots=True)
class Moment:
    """When a request came: the instant, and the local day of the member's shop."""

    now: datetime
    today: date


def moment_of(request: MemberRequest) -> Moment:
    """Read the clock, once for a request."""
    at = now()
    return Moment(at, local_date(at, request.member.customer.shop.time_zone))


def network_of(request: HttpRequest) -> str:
    """Return the network that asks: the address, of IPv6 the /64. Forwarded headers are not believed: anybody can
    write them.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    return ":".join(address.split("%")[0].split(":")[:4]) if ":" in address else address
