"""Open the demo shop in an installation: its rows go the way that a real shop's rows go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar

from zhenke.basics.days import DayImpossible, DayOfYear, local_date
from zhenke.basics.errors import BadInput
from zhenke.catalogue.operations import load_styles
from zhenke.catalogue.rules import StyleDraft
from zhenke.customers.operations.bulk import LoadInteraction, load_interactions, set_ties
from zhenke.customers.operations.loading import load_customers
from zhenke.customers.rules.contacts import contact_spelling
from zhenke.customers.rules.intake import Written
from zhenke.customers.rules.loading import LoadRow
from zhenke.customers.rules.traits import kept_value
from zhenke.doors.demo.rows import CustomerRow, DateRow, DemoShop, InteractionRow, SaleRow
from zhenke.doors.demo.shop import make_demo_shop
from zhenke.sales.operations.loading import load_lines
from zhenke.sales.rules.loading import LoadLine
from zhenke.staff import SYSTEM
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.operations import add_shop, add_staff
from zhenke.staff.rules import Role

BATCH = 1_000
Row = TypeVar("Row")
_METALS = {
    "gold_999": "gold",
    "gold_heritage": "gold_antique",
    "gold_3d": "gold_hard",
    "ag925": "silver",
    "ag999": "silver",
}
_TRAITS = {"ring_size_hk": "ring_size", "budget": "budget_band", "partner_ring_size_hk": "partner_ring_size"}
_DATE_KINDS = {
    ("birthday", "self"): "birthday",
    ("birthday", "spouse"): "spouse_birthday",
    ("birthday", "child"): "child_birthday",
    ("birthday", "mother"): "mother_birthday",
    ("full_month", "child"): "full_month",
    ("wedding", "both"): "wedding",
    ("registration", "both"): "registration",
    ("proposal", "both"): "engagement",
    ("met", "both"): "met",
}
_INTERACTION_KINDS = {"visit": "visit", "call": "call", "wechat": "message", "service": "service"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class OpenedShop:
    """The demo shop as it stands in the database: keys by the codes of the rows."""

    rows: DemoShop
    today: date
    shops: dict[str, Shop] = field(default_factory=dict)
    staff: dict[str, StaffMember] = field(default_factory=dict)
    styles: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)


def batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows in lists of a thousand."""
    walk = iter(rows)
    while part := list(islice(walk, BATCH)):
        yield part


def open_demo_shop(
    *, password: str, now: datetime, customers: int = 3_000, say: Callable[[str], None] = lambda words: None
) -> OpenedShop:
    """Write shops, people, styles, customers, sales and contacts of the demo shop; grades and care follow in `live.py`.

    Twice: the rows that are there stay; the caller asks `is_demo_open` first.
    """
    today = local_date(now, "Asia/Shanghai")
    say("making 珍宝阁: three shops, twelve people, three years")
    opened = OpenedShop(make_demo_shop(today=today, customers=customers), today)
    _open_places(opened, password, now)
    drafts = [_style(style) for style in opened.rows.styles]
    opened.styles = {number: style.pk for number, style in load_styles(drafts=drafts, now=now).items()}
    say(f"{len(opened.rows.customers):,} customers")
    for part in batched(opened.rows.customers):
        rows = [_customer(opened, number, row) for number, row in enumerate(part)]
        loaded = load_customers(rows=rows, by=SYSTEM, now=now, written=Written())
        opened.customers |= {row.customer_no: loaded.keys[number] for number, row in enumerate(part)}
    set_ties(ties=_ties(opened))
    say(f"{len(opened.rows.sales):,} receipts")
    for receipts in batched(opened.rows.sales):
        lines = [line for receipt in receipts for line in _lines(opened, receipt)]
        load_lines(lines=[line._replace(row=number) for number, line in enumerate(lines)], now=now, written=Written())
    say(f"{len(opened.rows.interactions):,} visits, calls and notes")
    for contacts in batched(enumerate(opened.rows.interactions)):
        load_interactions(rows=[_contact(opened, number, row) for number, row in contacts])
    return opened


def _open_places(opened: OpenedShop, password: str, now: datetime) -> None:
    for row in opened.rows.shops:
        hours: dict[str, list[list[str]]] = {}
        for span in row.hours:
            hours.setdefault(_WEEKDAYS[span.weekday - 1], []).append([span.opens, span.closes])
        opened.shops[row.code] = add_shop(
            code=row.code,
            name=row.name,
            kind=row.kind,
            parent=opened.shops.get(row.parent_code),
            city=row.city,
            time_zone=row.zone,
            hours=hours or None,
            by=SYSTEM,
            now=now,
        )
    for person in opened.rows.staff:
        opened.staff[person.username] = add_staff(
            username=person.username,
            name=person.name,
            role=Role(person.role),
            shop=opened.shops[person.place_code],
            password=password if person.is_demo_login else None,
            pinyin=person.name_en.lower().replace(" ", ""),
            by=SYSTEM,
            now=now,
        )


def _style(row: Any) -> StyleDraft:
    return StyleDraft(
        style_no=row.style_no,
        name=row.name,
        category=row.category,
        metal=_METALS.get(row.metal, row.metal),
        purity_permille=row.purity_permille or None,
        stone=row.stone,
        price_mode=row.price_mode,
        weight_mg=row.weight_mg or None,
        tag_price_minor=row.tag_minor or None,
    )


def _customer(opened: OpenedShop, number: int, row: CustomerRow) -> LoadRow:
    texts = [
        *(("phone", text) for text in row.phones),
        ("wechat", row.wechat_id),
        ("email", row.email),
        ("address", row.address),
    ]
    owner = opened.staff.get(row.advisor)
    fields = {
        "name": row.name,
        "gender": row.gender,
        "kind": row.kind,
        "region": row.region.split(" ", 1)[-1],
        "source": row.source,
        "language": "" if row.language.lower() == "zh-hans" else row.language,
        "caution": row.allergy or row.do_not_gift,
        "notes": row.remark,
        "first_met_date": row.known_since,
    }
    return LoadRow(
        row=number,
        shop_id=opened.shops[row.shop_code].id,
        owner_id=owner.id if owner else None,
        fields=fields,
        card_number=row.customer_no,
        source_key=f"demo:{row.customer_no}",
        contacts=tuple(_contacts(texts)),
        dates=tuple(_dates(row.dates)),
        traits=tuple(
            dict.fromkeys(
                (key := _TRAITS.get(trait.kind, trait.kind), kept_value(key, _METALS.get(trait.value, trait.value)))
                for trait in row.traits
            )
        ),
        tags=row.tags,
    )


def _contacts(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for kind, text in texts:
        try:
            if text:
                yield kind, contact_spelling(kind, text)
        except BadInput:
            continue  # a guest's number from abroad that no numbering plan knows: the archive is kept without it


def _dates(rows: Iterable[DateRow]) -> Iterator[tuple[str, DayOfYear]]:
    seen = set()
    for row in rows:
        kind = _DATE_KINDS.get((row.kind, row.whose))
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        try:
            yield kind, DayOfYear(row.month, row.day, row.calendar, row.is_leap_month, row.year)
        except DayImpossible:
            yield kind, DayOfYear(row.month, row.day, row.calendar, row.is_leap_month)


def _ties(opened: OpenedShop) -> Iterator[tuple[int, int | None, int | None]]:
    for row in opened.rows.customers:
        cover = opened.staff.get(row.cover_advisor)
        referrer = opened.customers.get(row.referrer_no)
        if cover or referrer:
            yield opened.customers[row.customer_no], referrer, cover.id if cover else None


def _lines(opened: OpenedShop, receipt: SaleRow) -> Iterator[LoadLine]:
    names = {style.style_no: style.name for style in opened.rows.styles} if not opened.styles else {}
    for line in receipt.lines:
        yield LoadLine(
            row=0,
            sale_key=f"demo:{receipt.receipt_no}",
            line_key=f"#{line.line_no}",
            number=receipt.receipt_no,
            customer_id=opened.customers.get(receipt.customer_no),
            shop_id=opened.shops[receipt.shop_code].id,
            advisor_id=opened.staff[receipt.advisor].id if receipt.advisor in opened.staff else None,
            sold_at=receipt.sold_at.astimezone(UTC),
            sold_date=receipt.sold_at.date(),
            currency=receipt.currency,
            style_id=opened.styles[line.style_no],
            description=names.get(line.style_no, ""),
            quantity=line.quantity,
            weight_mg=line.weight_mg or None,
            tag_minor=line.tag_minor or None,
            amount_minor=line.paid_minor,
            cost_minor=line.cost_minor,
            is_gift=line.is_gift,
            note="",
        )


def _contact(opened: OpenedShop, number: int, row: InteractionRow) -> LoadInteraction:
    facts = {
        "why_not": row.why_not if row.kind != "visit" else "",
        "score": row.score,
        "promise": row.promise,
        "about": row.kind if row.kind in ("complaint", "satisfaction") else "",
    }
    person = opened.staff.get(row.by)
    return LoadInteraction(
        source_key=f"demo:{number}",
        customer_id=opened.customers[row.customer_no],
        kind=_INTERACTION_KINDS.get(row.kind, "note"),
        at=row.happened_at.astimezone(UTC),
        by_id=person.id if person else None,
        shop_id=opened.shops[row.shop_code].id,
        text=row.text,
        result="",
        facts={name: value for name, value in facts.items() if value},
    )
