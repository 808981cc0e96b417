"""The yes of the guardian of somebody under 14, without which nothing of her is kept."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Router
from ninja.decorators import decorate_view
from pydantic import StringConstraints

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_date
from zhenke.customers.operations.children import write_guardian
from zhenke.customers.queries import customer_for
from zhenke.customers.queries.children import has_guardian
from zhenke.customers.queries.consent import is_child_of
from zhenke.customers.rules.drafts import GuardianWord
from zhenke.doors.api.access import TokenCall, key_of, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Day, Key, Problem, Told
from zhenke.staff.models import Viewer

router = Router(tags=["customers"])


class GuardianAsked(Asked):
    """How the guardian agreed, where the proof is, and the guardian's own archive, if there is one: the two are linked.

    A program passes on what a person at the counter was shown or told; it does not agree for anybody.
    """

    proof: Literal["paper", "spoken", "message"]
    proof_note: Annotated[str, StringConstraints(max_length=120)] = ""
    guardian_id: Key | None = None


class GuardianOfOne(GuardianAsked):
    """The same for an archive that is there; with `birthday` her birthday is written in the same step."""

    birthday: Day | None = None


class GuardianTold(Told):
    """Whether she is under 14, and whether a guardian's yes stands."""

    is_under_14: bool
    has_agreed: bool


def guardian_word(body: GuardianAsked, *, viewer: Viewer) -> GuardianWord:
    """Return what a body says of the guardian. Errors: CustomerUnknown for one who is not in sight."""
    found = customer_for(viewer=viewer, id=key_of(body.guardian_id)) if body.guardian_id else None
    return GuardianWord(body.proof, body.proof_note, found)


def _told(customer: Customer) -> GuardianTold:
    today = local_date(now(), customer.shop.time_zone)
    return GuardianTold(
        is_under_14=is_child_of(customer=customer, today=today), has_agreed=has_guardian(customer=customer.pk)
    )


@router.get(
    "/{customer_id}/guardian",
    url_name="guardian",
    response={200: GuardianTold, REFUSALS: Problem},
    summary="Whether a guardian has agreed",
)
@decorate_view(theirs("customer_id", customer_for))
def get_guardian(request: TokenCall, customer_id: str) -> GuardianTold:
    """Whether she is under 14 and a guardian's yes stands; it is taken back by a no for the purpose under_14."""
    return _told(request.found)


@router.post(
    "/{customer_id}/guardian",
    url_name="guardian",
    response={200: GuardianTold, REFUSALS: Problem},
    summary="The guardian agrees",
)
@decorate_view(theirs("customer_id", customer_for))
def take_guardian(request: TokenCall, customer_id: str, body: GuardianOfOne) -> GuardianTold:
    """Write down that the guardian agreed, and who that is; of somebody who is 14 or older nothing; again the same."""
    at, word = now(), guardian_word(body, viewer=request.user)
    if body.birthday is None:
        write_guardian(customer=request.found, word=word, by=request.user, now=at)
    else:
        day = body.birthday.day_of_year()
        add_date(
            customer=request.found,
            kind="birthday",
            day=day,
            source="api",
            guardian_word=word,
            by=request.user,
            now=at,
        )
    return _told(request.found)
