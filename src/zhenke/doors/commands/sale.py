"""`zhenke record-sale`: one sale as the till would send it, and what it caused."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from zhenke.basics.clock import now
from zhenke.basics.errors import BadInput
from zhenke.basics.money import Money, parse_money
from zhenke.customers.queries import visible
from zhenke.customers.rules import BuyerSlip, CustomerDraft
from zhenke.journeys.record_sale import RecordedSale, record_sale
from zhenke.sales.queries import counter_of
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff import SYSTEM

_LINE = "STYLE,QUANTITY,AMOUNT or STYLE,QUANTITY,AMOUNT,GRAMS"


def _lines(texts: tuple[str, ...], currency: str) -> tuple[LineSlip, ...]:
    return tuple(_line(text, currency) for text in texts)


def _line(text: str, currency: str) -> LineSlip:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) not in (3, 4) or not (parts[1].isascii() and parts[1].isdecimal()):
        raise BadInput(f"“{text}” is not a line; write {_LINE}, the amount as 3999.00.")
    style_no, quantity, amount = parts[:3]
    grams = _milligrams(parts[3], text) if len(parts) == 4 else None
    return LineSlip(
        amount_minor=parse_money(amount, currency).minor, quantity=int(quantity), style_no=style_no, weight_mg=grams
    )


def _milligrams(grams: str, text: str) -> int:
    try:
        milligrams = Decimal(grams) * 1000
    except InvalidOperation:
        milligrams = Decimal("0.5")
    if not milligrams.is_finite() or milligrams != milligrams.to_integral_value() or not 0 < milligrams <= 10**9:
        raise BadInput(f"“{text}” has no weight in grams, such as 12.345.")
    return int(milligrams)


def _moment(text: str | None, at: datetime) -> datetime:
    if text is None:
        return at
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901  (refused in the next line, for want of a zone)
    if moment.tzinfo is None:
        raise BadInput(f"“{text}” is not a moment with its zone, such as 2026-11-22T11:00:00+08:00.")
    return moment


def _recipient(card: str) -> int | None:
    if not card:
        return None
    found = visible(viewer=SYSTEM).filter(card_number=card).values_list("pk", flat=True).first()
    if found is None:
        raise BadInput(f"Nobody has the card number “{card}” that the gift is for.")
    return found


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}” is not a day, such as 2026-12-24.") from None


def _answer(recorded: RecordedSale) -> dict[str, Any]:
    sale, customer, grade = recorded.sale, recorded.customer, recorded.grade
    told: dict[str, Any] = {
        "sale": {
            "id": str(sale.pk),
            "source_key": sale.source_key,
            "sold_date": sale.sold_date.isoformat(),
            "amount": {"minor": sale.amount_minor, "currency": sale.currency},
            "lines": sale.line_count,
        },
        "is_new": recorded.is_new,
        "customer": {"id": str(customer.pk), "name": customer.name} if customer else None,
        "grade": None,
        "tasks": [
            {"id": str(task.pk), "step": task.step, "due_date": task.due_date.isoformat(), "state": task.state}
            for task in recorded.tasks
        ],
    }
    if grade is not None:
        told["grade"] = {
            "letter": grade.letter,
            "stage": grade.stage,
            "score": grade.score,
            "lifecycle": grade.lifecycle,
        }
    return told


def _words(recorded: RecordedSale) -> str:
    sale, grade = recorded.sale, recorded.grade
    amount = Money(sale.amount_minor, sale.currency)
    lines = [f"{'Recorded' if recorded.is_new else 'Known already'}: {sale.source_key}, {amount}, sale {sale.pk}."]
    if recorded.customer is not None:
        letter = (grade.letter or grade.stage.lower()) if grade else "·"
        lines.append(f"{recorded.customer}: grade {letter}{f', score {grade.score}' if grade else ''}.")
    lines += [f"  {task.due_date}  {task.step}" for task in recorded.tasks]
    return "\n".join(lines)


@click.command("record-sale")
@click.option("--shop", required=True, help="Code of the shop.")
@click.option("--advisor", default="", help="User name of who sold it.")
@click.option("--source-key", required=True, help="The receipt's own key; the same key again is the same sale.")
@click.option("--line", "lines", multiple=True, required=True, help=f"{_LINE}; may be given often.")
@click.option("--phone", default=None, help="Phone of the buyer.")
@click.option("--card", default=None, help="Card number of the buyer.")
@click.option("--customer-key", default=None, help="The till's own key of the buyer.")
@click.option("--name", default="", help="Name of a buyer who is new.")
@click.option("--at", "sold_at", default=None, help="When, with its zone: 2026-11-22T11:00:00+08:00; default now.")
@click.option("--number", default="", help="Receipt number as printed.")
@click.option("--gift", "is_gift", is_flag=True, help="It is a gift.")
@click.option("--gift-for", default="", help="Card number of the customer whom the gift is for.")
@click.option("--secret-until", default=None, help="Until this day her archive knows nothing: 2026-12-24.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def record_sale_command(
    shop: str,
    advisor: str,
    source_key: str,
    lines: tuple[str, ...],
    phone: str | None,
    card: str | None,
    customer_key: str | None,
    name: str,
    sold_at: str | None,
    number: str,
    is_gift: bool,
    gift_for: str,
    secret_until: str | None,
    as_json: bool,
) -> None:
    """Record one sale, as the till would, and say what it caused: the grade and the tasks.

    A buyer whom nobody knows yet gets an archive of her own, given to the advisor. The same --source-key twice is one
    sale.
    """
    at = now()
    place, seller = counter_of(viewer=SYSTEM, shop=shop, advisor=advisor)
    draft = CustomerDraft(name=name, owner=seller, shop=place) if any((phone, card, customer_key, name)) else None
    slip = SaleSlip(
        source_key=source_key,
        sold_at=_moment(sold_at, at),
        lines=_lines(lines, place.currency),
        shop=shop,
        advisor=advisor,
        buyer=BuyerSlip(card_number=card, source_key=customer_key, phone=phone, draft=draft),
        number=number,
        is_gift=is_gift,
        gift_for=_recipient(gift_for),
        secret_until_date=_day(secret_until),
        may_add_styles=True,
    )
    recorded = record_sale(slip=slip, by=SYSTEM, now=at)
    click.echo(json.dumps(_answer(recorded), ensure_ascii=False) if as_json else _words(recorded))
