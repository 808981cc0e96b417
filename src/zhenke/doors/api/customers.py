"""Customers: lists, search, one archive, a new one, and changes to what it says of the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Query, Router, Status
from ninja.decorators import decorate_view
from pydantic import Field, StringConstraints

from zhenke.basics.clock import now
from zhenke.customers.models import Customer, CustomerDate
from zhenke.customers.operations import change_customer
from zhenke.customers.operations.importance import note_look
from zhenke.customers.queries import (
    contacts_of,
    customer_for,
    customer_page,
    dates_of,
    search,
    seen_name,
    tags_of,
    traits_of,
)
from zhenke.customers.rules import CustomerDraft, DateDraft
from zhenke.customers.rules.filters import CustomerFilters, Order
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.grades import GradeTold, grade_told
from zhenke.doors.api.guardian import GuardianAsked, guardian_word
from zhenke.doors.api.shapes import (
    REFUSALS,
    Asked,
    Day,
    Key,
    Mark,
    Person,
    Place,
    Problem,
    Size,
    Told,
    key,
    person,
    place,
)
from zhenke.doors.api.tasks import TaskTold, tasks_told
from zhenke.grading.queries import grade_for
from zhenke.journeys.welcome_customer import welcome_customer
from zhenke.sales.queries import counter_of
from zhenke.staff.models import Shop, StaffMember, Viewer

router = Router(tags=["customers"])
Kind = Literal["person", "company", "government", "partner"]
Gender = Literal["", "f", "m"]
Words = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=20)]
Tag = Annotated[str, Field(min_length=1, max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.]{0,59}$")]


class CustomerFiltersAsked(Asked):
    """Every filter that is given must hold."""

    kind: Kind | None = None
    gender: Literal["f", "m"] | None = None
    owner_id: Key | None = None
    shop_id: Key | None = None
    has_owner: bool | None = None
    region: Annotated[str, Field(max_length=80)] = ""
    source: Annotated[str, Field(max_length=40)] = ""
    tag: Annotated[str, Field(max_length=40)] = ""
    created_since: datetime | None = None
    order: Order = Order.UPDATED
    after: Mark
    size: Size


class SearchAsked(Asked):
    """Name, pinyin, initials, whole phone, last four digits, or card number."""

    text: Annotated[str, Field(min_length=1, max_length=80)]
    limit: Annotated[int, Field(ge=1, le=20)] = 20


class DateAsked(Day):
    """A day of hers that comes back: birthday, wedding, child_birthday …; `label` tells several of one kind apart."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.]{0,23}$")]
    label: Annotated[str, Field(max_length=60)] = ""


class CustomerAbout(Asked):
    """What an archive says of the person; every field may be left out."""

    name: Annotated[str, Field(max_length=120)] = ""
    kind: Kind = "person"
    gender: Gender = ""
    card_number: Annotated[str, Field(max_length=40)] | None = None
    region: Annotated[str, Field(max_length=80)] = ""
    language: Annotated[str, Field(max_length=8)] = ""
    channel: Annotated[str, Field(max_length=16)] = ""
    hour_preference: Annotated[str, Field(max_length=40)] = ""
    source: Annotated[str, Field(max_length=40)] = ""
    caution: Annotated[str, Field(max_length=200)] = ""
    notes: Annotated[str, Field(max_length=20_000)] = ""
    first_met_date: date | None = None


class CustomerKnown(CustomerAbout):
    """Somebody new, as a till knows her: a name, a phone, a card number or a key of the till's own must be there."""

    source_key: Annotated[str, Field(max_length=120)] | None = None
    phones: Words = Field(default_factory=list)
    emails: Words = Field(default_factory=list)
    wechat_ids: Words = Field(default_factory=list)
    addresses: Words = Field(default_factory=list)
    birthday: Day | None = None
    dates: Annotated[list[DateAsked], Field(max_length=20)] = Field(default_factory=list)
    traits: Annotated[dict[Code, Words], Field(max_length=40)] = Field(default_factory=dict)
    tags: Annotated[list[Tag], Field(max_length=20)] = Field(default_factory=list)
    referrer_key: Annotated[str, Field(max_length=120)] = ""


class CustomerNew(CustomerKnown):
    """Somebody new, with shop (code) and advisor (user name); without shop, that of the token's account.

    Under 14 `guardian` must say how the guardian agreed.
    """

    shop: Annotated[str, Field(max_length=40)] = ""
    owner: Annotated[str, Field(max_length=60)] = ""
    guardian: GuardianAsked | None = None


class CustomerChanged(CustomerAbout):
    """Only the fields that are sent change."""


class ContactTold(Told):
    """A contact with its telling part hidden; the whole is shown to people, never to programs."""

    kind: str
    label: str
    masked: str
    is_primary: bool


class DateTold(Told):
    """A day that comes back."""

    kind: str
    label: str
    calendar: str
    month: int
    day: int
    is_leap_month: bool
    year: int | None


class CustomerTold(Told):
    """One customer on a list."""

    id: str
    kind: str
    name: str
    gender: str
    card_number: str | None
    source_key: str | None
    shop: Place
    owner: Person | None
    cover: Person | None
    source: str
    region: str
    language: str
    channel: str
    first_met_date: date | None
    tags: list[str]
    created_at: datetime
    updated_at: datetime


class CustomersTold(Told):
    """One page."""

    rows: list[CustomerTold]
    after: str


class CustomerWhole(CustomerTold):
    """One archive."""

    hour_preference: str
    caution: str
    notes: str
    contacts: list[ContactTold]
    dates: list[DateTold]
    traits: dict[str, list[str]]
    grade: GradeTold | None


class CustomerWelcomed(Told):
    """A new archive and what it caused; `is_new` is false when the key of the till's own was known."""

    customer: CustomerWhole
    is_new: bool
    tasks: list[TaskTold]


class HitTold(Told):
    """One customer that was found; `by` says how: name, phone, tail or card."""

    id: str
    name: str
    kind: str
    gender: str
    card_number: str
    shop_id: str
    owner_id: str | None
    by: str


class HitsTold(Told):
    """What was found, best first."""

    rows: list[HitTold]


def draft_of(body: CustomerKnown, *, owner: StaffMember | None, shop: Shop | None = None) -> CustomerDraft:
    """Return the new archive that a body describes. Errors: DayImpossible."""
    given = body.model_dump(include=set(CustomerAbout.model_fields) | {"source_key", "referrer_key"})
    return CustomerDraft(
        **given,
        phones=tuple(body.phones),
        emails=tuple(body.emails),
        wechat_ids=tuple(body.wechat_ids),
        addresses=tuple(body.addresses),
        birthday=body.birthday.day_of_year() if body.birthday else None,
        dates=tuple(DateDraft(one.kind, one.day_of_year(), one.label, "api") for one in body.dates),
        traits=body.traits,
        tags=tuple(body.tags),
        shop=shop,
        owner=owner,
    )


def customer_told(viewer: Viewer, row: Customer, tags: list[str]) -> CustomerTold:
    """Tell one customer with shop, owner and cover at hand."""
    return CustomerTold(
        id=str(row.pk),
        kind=row.kind,
        name=seen_name(viewer=viewer, customer=row),
        gender=row.gender,
        card_number=row.card_number,
        source_key=row.source_key,
        shop=place(row.shop),
        owner=person(row.owner),
        cover=person(row.cover),
        source=row.source,
        region=row.region,
        language=row.language,
        channel=row.channel,
        first_met_date=row.first_met_date,
        tags=tags,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _date(row: CustomerDate) -> DateTold:
    return DateTold(
        kind=row.kind,
        label=row.label,
        calendar=row.calendar,
        month=row.month,
        day=row.day,
        is_leap_month=row.is_leap_month,
        year=row.year,
    )


def whole_told(viewer: Viewer, row: Customer) -> CustomerWhole:
    """Tell one archive, contacts masked."""
    grade = grade_for(viewer=viewer, customer=row)
    traits = traits_of(viewer=viewer, customer=row)
    contacts = [
        ContactTold(kind=one.kind, label=one.label, masked=one.masked, is_primary=one.is_primary)
        for one in contacts_of(viewer=viewer, customer=row)
    ]
    told = customer_told(viewer, row, [tag.name for tag in tags_of(viewer=viewer, customer=row)])
    return CustomerWhole(
        **dict(told),
        hour_preference=row.hour_preference,
        caution=row.caution,
        notes=row.notes,
        contacts=contacts,
        dates=[_date(one) for one in dates_of(viewer=viewer, customer=row)],
        traits={name: [trait.text for trait in values] for name, values in traits.items()},
        grade=grade_told(grade, row.shop.currency) if grade else None,
    )


@router.get("", url_name="customers", response={200: CustomersTold, REFUSALS: Problem}, summary="List customers")
def list_customers(request: TokenCall, filters: Query[CustomerFiltersAsked]) -> CustomersTold:
    """Customers in sight, page after page."""
    wanted = filters.model_dump(exclude={"order", "after", "size", "owner_id", "shop_id", "kind", "gender"})
    asked = CustomerFilters(
        **wanted,
        kind=filters.kind or "",
        gender=filters.gender or "",
        owner_id=int(filters.owner_id) if filters.owner_id else None,
        shop_id=int(filters.shop_id) if filters.shop_id else None,
    )
    page = customer_page(
        viewer=request.user, filters=asked, order=filters.order, after=filters.after, size=filters.size
    )
    rows = [customer_told(request.user, row, [one.tag.name for one in row.tags.all()]) for row in page.rows]
    return CustomersTold(rows=rows, after=page.after)


@router.get("/search", url_name="customer-search", response={200: HitsTold, REFUSALS: Problem}, summary="Search")
def search_customers(request: TokenCall, asked: Query[SearchAsked]) -> HitsTold:
    """The customers that a text means, best first, at most 20."""
    hits = search(viewer=request.user, text=asked.text, limit=asked.limit)
    rows = [
        HitTold(
            id=str(hit.id),
            name=hit.name,
            kind=hit.kind,
            gender=hit.gender,
            card_number=hit.card_number,
            shop_id=str(hit.shop_id),
            owner_id=key(hit.owner_id),
            by=hit.by,
        )
        for hit in hits
    ]
    return HitsTold(rows=rows)


@router.post(
    "",
    url_name="customers",
    response={200: CustomerWelcomed, 201: CustomerWelcomed, REFUSALS: Problem},
    summary="Welcome somebody new",
)
def create_customer(request: TokenCall, body: CustomerNew) -> Status:
    """Open an archive: 201, or 200 with the one that has this `source_key`."""
    at = now()
    shop, owner = counter_of(viewer=request.user, shop=body.shop, advisor=body.owner)
    word = guardian_word(body.guardian, viewer=request.user) if body.guardian else None
    draft = replace(draft_of(body, shop=shop, owner=owner), guardian_word=word)
    welcomed = welcome_customer(draft=draft, by=request.user, now=at)
    is_new = welcomed.customer.created_at == at
    row = customer_for(viewer=request.user, id=welcomed.customer.pk)
    told = CustomerWelcomed(
        customer=whole_told(request.user, row),
        is_new=is_new,
        tasks=tasks_told(request.user, welcomed.tasks),
    )
    return Status(201 if is_new else 200, told)


@router.get("/{customer_id}", url_name="customer", response={200: CustomerWhole, REFUSALS: Problem}, summary="One")
@decorate_view(theirs("customer_id", customer_for))
def get_customer(request: TokenCall, customer_id: str) -> CustomerWhole:
    """One archive."""
    note_look(customer=request.found, place="api", by=request.user, now=now())
    return whole_told(request.user, request.found)


@router.patch("/{customer_id}", url_name="customer", response={200: CustomerWhole, REFUSALS: Problem}, summary="Change")
@decorate_view(theirs("customer_id", customer_for))
def update_customer(request: TokenCall, customer_id: str, body: CustomerChanged) -> CustomerWhole:
    """Change what an archive says of the person; only the fields that are sent."""
    changes = body.model_dump(exclude_unset=True)
    change_customer(customer=request.found, changes=changes, by=request.user, now=now())
    return whole_told(request.user, customer_for(viewer=request.user, id=request.found.pk))
