"""What a slip must hold before it is believed; each refusal names the line and says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.rules.notes import open_words
from zhenke.sales.rules.slips import LineSlip, ReturnSlip, SaleSlip

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Clocks of tills run ahead; a sale later than this after our own clock is refused."""
AMOUNT_LIMIT = 10**13
"""100,000 million yuan on one line is a fault of the till, not a sale."""
WEIGHT_LIMIT_MG = 10**9
QUANTITY_LIMIT = 1_000_000
LINE_LIMIT = 1_000
_LINE_TEXTS = {"line_key": 60, "style_no": 60, "description": 160}
_SLIP_TEXTS = {"source_key": 160, "number": 60, "note": 300}


WRONGS = {
    "source_key_missing": "A receipt needs a key that is its own for ever.",
    "sold_at_without_zone": "The time of sale needs its time zone.",
    "returned_before_sold": "The pieces were bought at {bought_at}, after the time of this return.",
    "text_not_readable": "{field} holds a character that is no text.",
    "text_too_long": "{field} is longer than {limit} characters.",
    "currency_unknown": "{currency} is not the code of a currency.",
    "sale_without_lines": "A receipt needs at least one line.",
    "return_without_lines": "A return needs at least one line that comes back.",
    "too_many_lines": "A receipt has at most {limit} lines.",
    "line_key_twice": "Two lines have the key {line}.",
    "line_unknown": "The receipt has no line {line} that can come back.",
    "quantity_wrong": "Line {line}: a quantity is a whole number from 1 up.",
    "amount_wrong": "Line {line}: an amount is 0 or more, in minor units.",
    "weight_wrong": "Line {line}: a weight is more than 0 mg and at most 1,000 kg.",
    "weight_missing": "Line {line}: style {style_no} is sold by gram and needs a weight.",
    "style_missing": "Line {line} needs a style number or a description.",
    "style_unknown": "Line {line}: the catalogue has no style {style_no}.",
    "total_differs": "The lines add up to {lines_minor}, the receipt says {total_minor}.",
    "shop_unknown": "There is no shop {shop} in which you sell.",
    "recipient_unknown": "Nobody in sight has the key that the gift is for.",
    "recipient_buys": "A gift is for somebody else than who buys it.",
    "advisor_unknown": "There is no advisor {advisor} in that shop.",
}
"""Every code of `BadSlip` with its sentence."""


class BadSlip(BadInput):
    """A slip that cannot be believed; the code says why, one of `WRONGS`."""

    code = "bad_slip"

    def __init__(self, wrong: str, **facts: object) -> None:
        super().__init__(WRONGS[wrong], **facts)
        self.code = wrong


class SaleKeyReused(RuleBroken):
    """The key of this receipt already belongs to a receipt that says something else."""

    code = "sale_key_reused"
    message = "The key {source_key} belongs to another receipt, which differs in: {differences}."


class SoldInFuture(RuleBroken):
    """The sale claims to happen after this moment."""

    code = "sold_in_future"
    message = "The sale is dated {sold_at}, which is still to come."


class CurrencyMismatch(RuleBroken):
    """The receipt is in another currency than the shop keeps its books in."""

    code = "currency_mismatch"
    message = "The receipt is in {currency}, the shop sells in {shop_currency}."


class AlreadyReturned(RuleBroken):
    """More is brought back than was bought and is still out."""

    code = "already_returned"
    message = "Line {line}: {left} can still come back, {wanted} were brought."


class RefundTooHigh(RuleBroken):
    """More money would be paid back than was paid and is still kept."""

    code = "refund_too_high"
    message = "Line {line}: at most {left_minor} can be paid back, {wanted_minor} were asked."


class NotReturnable(RuleBroken):
    """The receipt named is a return itself, so nothing of it can come back."""

    code = "not_returnable"
    message = "The receipt {sale} is a return; name the sale in which the pieces were bought."


def keyed_lines(lines: Iterable[LineSlip]) -> dict[str, LineSlip]:
    """Return the lines by their key, in order; a line without one is known by its position, counted from 1.

    Errors: BadSlip `line_key_twice` if two lines have the same key.
    """
    keyed: dict[str, LineSlip] = {}
    for position, line in enumerate(lines, start=1):
        key = line.line_key or str(position)
        if key in keyed:
            raise BadSlip("line_key_twice", line=key)
        keyed[key] = line
    return keyed


def check_sale(slip: SaleSlip, *, shop_currency: str, now: datetime) -> dict[str, LineSlip]:
    """Return the keyed lines of a receipt that can be believed.

    Units:  amounts in minor units for the whole line, weights in milligrams for the whole line.
    Errors: BadSlip with the codes source_key_missing, text_not_readable, text_too_long, sale_without_lines,
            too_many_lines, line_key_twice, quantity_wrong, amount_wrong, weight_wrong, style_missing, total_differs,
            currency_unknown, sold_at_without_zone; SoldInFuture; CurrencyMismatch; as `open_words` for words that not
            everybody may read.
    """
    _check_head(slip, now=now)
    if slip.currency and not (len(slip.currency) == 3 and slip.currency.isascii() and slip.currency.isupper()):
        raise BadSlip("currency_unknown", currency=slip.currency[:20])
    if slip.currency and slip.currency != shop_currency:
        raise CurrencyMismatch(currency=slip.currency, shop_currency=shop_currency)
    if not slip.lines:
        raise BadSlip("sale_without_lines")
    keyed = check_lines(slip.lines)
    total = sum(line.amount_minor for line in slip.lines)
    if slip.total_minor is not None and slip.total_minor != total:
        raise BadSlip("total_differs", lines_minor=total, total_minor=slip.total_minor)
    return keyed


def check_return(slip: ReturnSlip, *, now: datetime) -> dict[str, LineSlip]:
    """Return the keyed new lines of a return that can be believed (empty unless it is an exchange).

    Errors: as `check_sale`, with return_without_lines; a bought line may be named once.
    """
    _check_head(slip, now=now)
    if not slip.lines:
        raise BadSlip("return_without_lines")
    named: set[str] = set()
    for line in slip.lines:
        if line.line_key in named:
            raise BadSlip("line_key_twice", line=line.line_key)
        named.add(line.line_key)
        if line.quantity is not None and not 0 < line.quantity <= QUANTITY_LIMIT:
            raise BadSlip("quantity_wrong", line=line.line_key)
        if line.amount_minor is not None and not 0 <= line.amount_minor <= AMOUNT_LIMIT:
            raise BadSlip("amount_wrong", line=line.line_key)
    return check_lines(slip.new_lines)


def check_lines(lines: tuple[LineSlip, ...]) -> dict[str, LineSlip]:
    """Return bought lines by key once each of them can be believed. Errors: as `check_sale`."""
    if len(lines) > LINE_LIMIT:
        raise BadSlip("too_many_lines", limit=LINE_LIMIT)
    keyed = keyed_lines(lines)
    for key, line in keyed.items():
        _check_texts(line, _LINE_TEXTS, line=key)
        open_words(line.description, field="description", line=key)
        if not 0 < line.quantity <= QUANTITY_LIMIT:
            raise BadSlip("quantity_wrong", line=key)
        amounts = (line.amount_minor, line.tag_minor, line.cost_minor)
        if any(amount is not None and not 0 <= amount <= AMOUNT_LIMIT for amount in amounts):
            raise BadSlip("amount_wrong", line=key)
        if line.weight_mg is not None and not 0 < line.weight_mg <= WEIGHT_LIMIT_MG:
            raise BadSlip("weight_wrong", line=key)
        if not line.style_no and not line.description:
            raise BadSlip("style_missing", line=key)
    return keyed


def check_weights(keyed: Mapping[str, LineSlip], *, gram_styles: Iterable[str]) -> None:
    """Refuse a line of a style sold by gram that does not say what it weighed. Errors: BadSlip `weight_missing`."""
    by_gram = set(gram_styles)
    for key, line in keyed.items():
        if line.style_no in by_gram and line.weight_mg is None:
            raise BadSlip("weight_missing", line=key, style_no=line.style_no)


def _check_head(slip: SaleSlip | ReturnSlip, *, now: datetime) -> None:
    if not slip.source_key:
        raise BadSlip("source_key_missing")
    _check_texts(slip, _SLIP_TEXTS)
    open_words(slip.note, field="note")
    if slip.sold_at.tzinfo is None:
        raise BadSlip("sold_at_without_zone")
    if slip.sold_at > now + CLOCK_TOLERANCE:
        raise SoldInFuture(sold_at=slip.sold_at.isoformat())


def _check_texts(slip: object, limits: Mapping[str, int], **facts: object) -> None:
    for field, limit in limits.items():
        text = getattr(slip, field)
        if "\x00" in text:
            raise BadSlip("text_not_readable", field=field, **facts)
        if len(text) > limit:
            raise BadSlip("text_too_long", field=field, limit=limit, **facts)
