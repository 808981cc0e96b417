"""Sales: a till pushes one with one call and sees the grade and the tasks it caused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Query, Router, Status
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.customers.models import Customer
from zhenke.customers.queries import seen_name
from zhenke.customers.queries.protection import is_hidden_from
from zhenke.customers.rules import BuyerSlip
from zhenke.doors.api.access import TokenCall, key_of, theirs
from zhenke.doors.api.customers import CustomerKnown, draft_of
from zhenke.doors.api.grades import GradeTold, grade_told
from zhenke.doors.api.shapes import (
    REFUSALS,
    Asked,
    Key,
    Mark,
    Moment,
    Money,
    Person,
    Place,
    Problem,
    Size,
    Told,
    key,
    minor,
    money,
    one_currency,
    person,
    place,
)
from zhenke.doors.api.tasks import TaskTold, colleague, tasks_told
from zhenke.journeys.record_sale import RecordedSale, record_sale
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries import sale_for
from zhenke.sales.queries.listing import SalesAsked, sale_page, with_lines
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff.models import Viewer
from zhenke.staff.queries import shop_paths

router = Router(tags=["sales"])
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
SecretUntil = Annotated[
    date | None, Field(description="Before it her archive knows nothing of the gift; left out: her next occasion.")
]
Milligrams = Annotated[int, Field(strict=True, ge=1, le=10**9)]


class SaleFilters(Asked):
    """Every filter that is given must hold; `shop` is a code, the days are both in."""

    customer_id: Key | None = None
    shop: Annotated[str, Field(max_length=40)] = ""
    kind: Literal["sale", "return", "exchange"] | None = None
    from_date: date | None = None
    to_date: date | None = None
    after: Mark
    size: Size


class LineAsked(Asked):
    """One line; `style_name` … `price_mode` describe a style that the catalogue does not know yet."""

    amount: Money
    quantity: Count = 1
    style_no: Annotated[str, Field(max_length=60)] = ""
    description: Annotated[str, Field(max_length=160)] = ""
    weight_mg: Milligrams | None = None
    tag: Money | None = None
    cost: Money | None = None
    is_gift: bool = False
    gift_for: Key | None = None
    secret_until_date: SecretUntil = None
    line_key: Annotated[str, Field(max_length=60)] = ""
    style_name: Annotated[str, Field(max_length=120)] = ""
    category: Annotated[str, Field(max_length=40)] = ""
    metal: Annotated[str, Field(max_length=24)] = ""
    stone: Annotated[str, Field(max_length=24)] = ""
    price_mode: Literal["fixed", "gram"] = "fixed"


class BuyerAsked(Asked):
    """Who bought, as the till knows it: the first that is known wins; `new` opens an archive when none is."""

    customer_id: Key | None = None
    card_number: Annotated[str, Field(max_length=40)] | None = None
    source_key: Annotated[str, Field(max_length=120)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    new: CustomerKnown | None = None


class SaleAsked(Asked):
    """One receipt. `shop` is a code, `advisor` a user name; `source_key` is the receipt's own for ever."""

    source_key: Annotated[str, Field(min_length=1, max_length=160)]
    sold_at: Moment
    lines: Annotated[list[LineAsked], Field(min_length=1, max_length=1_000)]
    shop: Annotated[str, Field(max_length=40)] = ""
    advisor: Annotated[str, Field(max_length=60)] = ""
    buyer: BuyerAsked | None = None
    number: Annotated[str, Field(max_length=60)] = ""
    total: Money | None = None
    is_gift: bool = False
    gift_for: Annotated[Key | None, Field(description="Whom it is for: a customer in sight.")] = None
    secret_until_date: SecretUntil = None
    note: Annotated[str, Field(max_length=300)] = ""
    spend_points: Annotated[
        int,
        Field(strict=True, ge=0, le=1_000_000_000, description="Points that pay a part; amounts are before points."),
    ] = 0


class LineTold(Told):
    """One line; what came back is negative and names the line it was bought on."""

    id: str
    line_key: str
    style_no: str
    description: str
    quantity: int
    weight_mg: int | None
    tag: Money | None
    amount: Money
    is_gift: bool
    gift_for_id: str | None
    secret_until_date: date | None
    returned_line_id: str | None


class SaleTold(Told):
    """One receipt of any kind; `returns_sale_id` names the sale that pieces came back from."""

    id: str
    source_key: str
    number: str
    kind: str
    customer_id: str | None
    shop: Place
    advisor: Person | None
    sold_at: datetime
    sold_date: date
    amount: Money
    lines: list[LineTold]
    is_gift: bool
    note: str
    returns_sale_id: str | None
    created_at: datetime


class SalesTold(Told):
    """One page."""

    rows: list[SaleTold]
    after: str


class BuyerTold(Told):
    """The buyer in short."""

    id: str
    name: str
    card_number: str | None


class SaleRecorded(Told):
    """The receipt and what it caused; `is_new` is false when its `source_key` was known.

    `customer` and `grade` are null for a buyer without a name, or one whose archive is out of the token's sight.
    """

    sale: SaleTold
    is_new: bool
    customer: BuyerTold | None
    grade: GradeTold | None
    tasks: list[TaskTold]
    points_earned: int
    points_spent: int
    paid_with_points: Money


def line_slips(lines: Iterable[LineAsked]) -> tuple[LineSlip, ...]:
    """Return the lines as the journeys take them."""
    return tuple(
        LineSlip(
            amount_minor=line.amount.minor,
            tag_minor=minor(line.tag),
            cost_minor=minor(line.cost),
            gift_for=key_of(line.gift_for) if line.gift_for else None,
            **line.model_dump(exclude={"amount", "tag", "cost", "gift_for"}),
        )
        for line in lines
    )


def currency_of(lines: Iterable[LineAsked], total: Money | None = None) -> str:
    """Return the one currency of a receipt. Errors: CurrencyMismatch."""
    return one_currency([total, *(one for line in lines for one in (line.amount, line.tag, line.cost))])


def _buyer(body: SaleAsked, viewer: Viewer) -> BuyerSlip | None:
    asked = body.buyer
    if asked is None:
        return None
    draft = draft_of(asked.new, owner=colleague(viewer, body.advisor)) if asked.new else None
    return BuyerSlip(
        customer_id=key_of(asked.customer_id) if asked.customer_id else None,
        card_number=asked.card_number,
        source_key=asked.source_key,
        phone=asked.phone,
        draft=draft,
    )


def sale_told(sale: Sale) -> SaleTold:
    """Tell a receipt with shop, advisor, lines and styles at hand."""
    return SaleTold(
        id=str(sale.pk),
        source_key=sale.source_key,
        number=sale.number,
        kind=sale.kind,
        customer_id=key(sale.customer_id),
        shop=place(sale.shop),
        advisor=person(sale.advisor),
        sold_at=sale.sold_at,
        sold_date=sale.sold_date,
        amount=Money(minor=sale.amount_minor, currency=sale.currency),
        lines=[_line(line, sale.currency) for line in sale.lines.all()],
        is_gift=sale.is_gift,
        note=sale.note,
        returns_sale_id=key(sale.returns_id),
        created_at=sale.created_at,
    )


def _line(line: SaleLine, currency: str) -> LineTold:
    return LineTold(
        id=str(line.pk),
        line_key=line.line_key,
        style_no=line.style.style_no if line.style else "",
        description=line.description,
        quantity=line.quantity,
        weight_mg=line.weight_mg,
        tag=money(line.tag_minor, currency),
        amount=Money(minor=line.amount_minor, currency=currency),
        is_gift=line.is_gift,
        gift_for_id=key(line.gift_for_id),
        secret_until_date=line.secret_until_date,
        returned_line_id=key(line.returned_line_id),
    )


def receipt_told(viewer: Viewer, sale: Sale, customer: Customer | None) -> SaleTold:
    """Tell a receipt just written, without the key of a protected buyer for whom the viewer is not named."""
    told = sale_told(with_lines(sale))
    if customer is not None and is_hidden_from(viewer=viewer, customer=customer):
        told.customer_id = None
    return told


def is_in_sight(viewer: Viewer, customer: Customer | None) -> bool:
    """Return whether what a sale caused may be told: a card finds its owner in the whole house, and shows nothing."""
    if customer is None or is_hidden_from(viewer=viewer, customer=customer):
        return False
    return customer.shop.path.startswith(tuple(shop_paths(viewer=viewer)))


def buyer_told(viewer: Viewer, customer: Customer) -> BuyerTold:
    """Tell a buyer in short."""
    return BuyerTold(
        id=str(customer.pk), name=seen_name(viewer=viewer, customer=customer), card_number=customer.card_number
    )


def recorded_told(viewer: Viewer, recorded: RecordedSale) -> SaleRecorded:
    """Tell a sale and what it caused, as far as the viewer may know of the buyer."""
    sale, customer, grade = recorded.sale, recorded.customer, recorded.grade
    known = is_in_sight(viewer, customer)
    return SaleRecorded(
        sale=receipt_told(viewer, sale, customer),
        is_new=recorded.is_new,
        customer=buyer_told(viewer, customer) if customer and known else None,
        grade=grade_told(grade, sale.currency) if grade and known else None,
        tasks=tasks_told(viewer, recorded.tasks, [sale.advisor]) if known else [],
        points_earned=recorded.awarded.earned if known else 0,
        points_spent=recorded.spent.points if known else 0,
        paid_with_points=Money(minor=recorded.spent.worth_minor if known else 0, currency=sale.currency),
    )


@router.get("", url_name="sales", response={200: SalesTold, REFUSALS: Problem}, summary="List sales")
def list_sales(request: TokenCall, filters: Query[SaleFilters]) -> SalesTold:
    """Receipts in sight, the newest day first: of one customer, one shop, some days."""
    asked = SalesAsked(
        customer_id=key_of(filters.customer_id) if filters.customer_id else None,
        shop=filters.shop,
        kind=filters.kind or "",
        from_date=filters.from_date,
        to_date=filters.to_date,
    )
    page = sale_page(viewer=request.user, asked=asked, after=filters.after, size=filters.size)
    return SalesTold(rows=[sale_told(sale) for sale in page.rows], after=page.after)


@router.post(
    "",
    url_name="sales",
    response={200: SaleRecorded, 201: SaleRecorded, REFUSALS: Problem},
    summary="Record a sale",
)
def create_sale(request: TokenCall, body: SaleAsked) -> Status:
    """Write down one receipt and answer with what it caused: 201, or 200 for a receipt that is known."""
    slip = SaleSlip(
        source_key=body.source_key,
        sold_at=body.sold_at,
        lines=line_slips(body.lines),
        shop=body.shop,
        advisor=body.advisor,
        buyer=_buyer(body, request.user),
        number=body.number,
        currency=currency_of(body.lines, body.total),
        total_minor=minor(body.total),
        is_gift=body.is_gift,
        gift_for=key_of(body.gift_for) if body.gift_for else None,
        secret_until_date=body.secret_until_date,
        note=body.note,
        spend_points=body.spend_points,
        may_add_styles=True,
    )
    recorded = record_sale(slip=slip, by=request.user, now=now())
    return Status(201 if recorded.is_new else 200, recorded_told(request.user, recorded))


@router.get("/{sale_id}", url_name="sale", response={200: SaleTold, REFUSALS: Problem}, summary="One sale")
@decorate_view(theirs("sale_id", sale_for))
def get_sale(request: TokenCall, sale_id: str) -> SaleTold:
    """One receipt."""
    return sale_told(request.found)
