"""What is known of a customer besides her own columns, and which fields the shop defined itself."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from ninja.decorators import decorate_view
from pydantic import Field, StringConstraints

from zhenke.basics.clock import now
from zhenke.customers.models import Customer
from zhenke.customers.operations import set_traits
from zhenke.customers.queries import custom_fields, customer_for, traits_of
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Problem, Told
from zhenke.staff.models import Viewer

router = Router(tags=["customers"])
fields_router = Router(tags=["fields"])
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.]{0,59}$")]
Values = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=20)]


class TraitsAsked(Asked):
    """Each key that is named holds exactly these values afterwards, none for an empty list; others stay.

    `source` says from where it is known: till, survey, portal …
    """

    traits: Annotated[dict[Code, Values], Field(min_length=1, max_length=60)]
    source: Annotated[str, Field(max_length=24)] = "api"


class TraitsTold(Told):
    """All that is known and may be shown: keys with their values."""

    traits: dict[str, list[str]]


class ChoiceTold(Told):
    """One choice of a field: its code and what it is called."""

    code: str
    name_en: str
    name_zh: str


class FieldTold(Told):
    """One field of the shop's own; its values are traits with the key `custom.<key>`."""

    key: str
    name_en: str
    name_zh: str
    kind: str
    level: int
    group: str
    choices: list[ChoiceTold]
    is_retired: bool


class FieldsTold(Told):
    """The shop's own fields in their order."""

    rows: list[FieldTold]


def _told(viewer: Viewer, customer: Customer) -> TraitsTold:
    known = traits_of(viewer=viewer, customer=customer)
    return TraitsTold(traits={key: [row.text for row in rows] for key, rows in known.items()})


@router.get(
    "/{customer_id}/traits",
    url_name="customer-traits",
    response={200: TraitsTold, REFUSALS: Problem},
    summary="What is known of her",
)
@decorate_view(theirs("customer_id", customer_for))
def list_traits(request: TokenCall, customer_id: str) -> TraitsTold:
    """Taste, sizes, habits, papers of an organisation, the shop's own fields."""
    return _told(request.user, request.found)


@router.post(
    "/{customer_id}/traits",
    url_name="customer-traits",
    response={200: TraitsTold, REFUSALS: Problem},
    summary="Write what is known",
)
@decorate_view(theirs("customer_id", customer_for))
def write_traits(request: TokenCall, customer_id: str, body: TraitsAsked) -> TraitsTold:
    """Replace the values of the keys that are named, all or none; refused with `trait_wrong` and the reason."""
    set_traits(customer=request.found, values=body.traits, by=request.user, now=now(), source=body.source)
    return _told(request.user, request.found)


@fields_router.get("", url_name="fields", response={200: FieldsTold, REFUSALS: Problem}, summary="Own fields")
def list_fields(request: TokenCall) -> FieldsTold:
    """The fields that the shop defined itself, the retired ones marked."""
    rows = [
        FieldTold(
            key=field.key,
            name_en=field.name_en,
            name_zh=field.name_zh,
            kind=field.kind,
            level=field.level,
            group=field.group,
            choices=[_choice(code, field.choice_words.get(code, ())) for code in field.choices],
            is_retired=field.retired_at is not None,
        )
        for field in custom_fields(with_retired=True)
    ]
    return FieldsTold(rows=rows)


def _choice(code: str, words: list[str] | tuple[str, ...]) -> ChoiceTold:
    english, chinese = (words[0], words[1]) if len(words) > 1 else (code, code)
    return ChoiceTold(code=code, name_en=english, name_zh=chinese)
