"""What a sheet asks before one value is shown whole: a proof of who looks, and where it must be a second person."""

from __future__ import annotations

from zhenke.customers.queries.permits import Look, alone_wait, is_alone
from zhenke.customers.rules.permits import is_proof_fresh
from zhenke.doors.pages.sign_in.proof import has_other_proof, prove_by_password, proved_at
from zhenke.doors.pages.staff_request import Moment, StaffRequest
from zhenke.doors.words.days import exact_moment


def look_words(request: StaffRequest, look: Look, moment: Moment) -> dict[str, object]:
    """Return what the parts `permits/_proof.html` and `permits/_second.html` show."""
    asks_proof = look.needs_proof and not is_proved(request, moment)
    return {
        "look": look,
        "asks_proof": asks_proof,
        "has_other_proof": asks_proof and has_other_proof(request),
        "today": moment.today,
        "alone_from": exact_moment(look.permit.alone_from) if look.permit and look.permit.alone_from else "",
        "alone_hours": _alone_hours(request, look),
    }


def is_proved(request: StaffRequest, moment: Moment) -> bool:
    """Return whether this person has proved within some minutes who it is."""
    return is_proof_fresh(proved_at=proved_at(request), now=moment.now)


def _alone_hours(request: StaffRequest, look: Look) -> int:
    """Return how long this person will wait who has nobody else to ask, 0 for everybody else."""
    if not look.needs_second or look.permit is not None or not is_alone(member=request.user):
        return 0
    return alone_wait(member=request.user).hours


def proof_refused(request: StaffRequest, look: Look, moment: Moment) -> str:
    """Take in the password that came with a look, if one is asked for; return what was wrong, "" if nothing was."""
    if not look.needs_proof or is_proved(request, moment):
        return ""
    return prove_by_password(request, request.POST.get("password", ""))
