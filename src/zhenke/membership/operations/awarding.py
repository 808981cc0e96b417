"""A receipt earns points line by line; pieces that come back take theirs with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import transaction

from zhenke.customers.models import Customer
from zhenke.membership.models import EarnedLine
from zhenke.membership.operations.earning import earn
from zhenke.membership.operations.reversing import reverse_earned
from zhenke.membership.operations.tiers import review_members
from zhenke.membership.queries.quoting import occasion_of
from zhenke.membership.queries.rules import RulesNow, rules_now, rules_with_key
from zhenke.membership.rules.earning import LinePoints, SoldLine, points_for_sale
from zhenke.membership.rules.ledger import Cause
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries import lines_back
from zhenke.staff.models import Viewer

SALE_LINE, CARRIED_LINE = "sale_line", "carried_line"
RETURN_LINE, RETURN_CARRIED = "return_line", "return_carried"
_REASONS = {Sale.Kind.SALE: "sale", Sale.Kind.RETURN: "return", Sale.Kind.EXCHANGE: "return"}


@dataclass(frozen=True, slots=True)
class Awarded:
    """What a receipt earned and took back, in points; both 0 or more."""

    earned: int = 0
    taken_back: int = 0


@dataclass
class _Carried:
    """Points that came back with old pieces, and from which day on they might be spent: an exchange keeps them."""

    parts: list[tuple[date, int]] = field(default_factory=list)

    def take(self, most: int) -> tuple[int, date | None]:
        """Return at most `most` of them, and the latest day of what was taken."""
        taken, active = 0, None
        while self.parts and taken < most:
            day, points = self.parts.pop(0)
            part = min(points, most - taken)
            if part < points:
                self.parts.insert(0, (day, points - part))
            taken, active = taken + part, max(day, active or day)
        return taken, active


@transaction.atomic(savepoint=False)
def answer_receipt(
    *,
    sale: Sale,
    lines: Sequence[SaleLine],
    customer: Customer,
    on: date,
    by: Viewer,
    now: datetime,
    less_minor: int = 0,
) -> Awarded:
    """Let a receipt earn by the rules in force, take back what old pieces had earned, and let her tier follow.

    The tier that she had before counts for what this receipt earns.

    An exchange earns on the difference only: what the old pieces had earned goes over to the new ones, and may be
    spent no later than it might have been; only what is beyond waits anew.

    Units:  `lines` are those just written, with their styles at hand; `on` is the day of the review; `less_minor` as
            `points_for_sale`.
    Writes: EarnedLine; entries of the ledger; Membership. In another currency than the programme's nothing is earned;
            in a house without a programme nothing is written.
    Twice:  the ledger writes each cause once; the caller asks once for each receipt.
    """
    held = rules_now()
    if held is None:
        return Awarded()
    awarded = _award(sale, lines, customer, held, by, now, less_minor) if sale.currency == held.currency else Awarded()
    review_members(customer_ids=[customer.pk], on=on, reason=_REASONS[Sale.Kind(sale.kind)], now=now)
    return awarded


def _award(
    sale: Sale,
    lines: Sequence[SaleLine],
    customer: Customer,
    held: RulesNow,
    by: Viewer,
    now: datetime,
    less_minor: int,
) -> Awarded:
    old = [line for line in lines if line.returned_line_id is not None]
    new = [line for line in lines if line.returned_line_id is None and line.quantity > 0]
    carried, taken = _take_back(sale, old, held, by, now)
    earned = _earn(sale, new, customer, held, carried, by, now, less_minor) if new else 0
    return Awarded(earned, taken)


def _take_back(
    sale: Sale, lines: Iterable[SaleLine], held: RulesNow, by: Viewer, now: datetime
) -> tuple[_Carried, int]:
    carried, rows, whole = _Carried(), [], 0
    by_key = {line.returned_line_id: line for line in lines}
    known = {
        row.pk: row for row in EarnedLine.objects.filter(pk__in=list(by_key)).select_related("line__sale").order_by()
    }
    if not known:
        return carried, 0
    back: dict[int, int] = {}
    for bought in {row.line.sale_id: row.line.sale for row in known.values()}.values():
        back |= lines_back(sale=bought)
    for key, earned in known.items():
        line = by_key[key]
        share = Fraction(back[key], earned.line.quantity)
        takes, hers = 0, 0
        for origin, cause in ((SALE_LINE, RETURN_LINE), (CARRIED_LINE, RETURN_CARRIED)):
            moved = reverse_earned(
                earned=Cause(origin, str(key)),
                cause=Cause(cause, str(line.pk)),
                share_back=min(share, Fraction(1)),
                on_date=sale.sold_date,
                by=by,
                now=now,
                shop=sale.shop,
            )
            hers -= moved.points if moved else 0
            takes -= moved.points + moved.expired if moved else 0
        waits = rules_with_key(earned.rules_id).earning.pending_days
        carried.parts.append((earned.line.sale.sold_date + timedelta(days=waits), max(hers, 0)))
        rows.append(EarnedLine(line=line, rules_id=held.id, points=-max(takes, 0)))
        whole += max(takes, 0)
    EarnedLine.objects.bulk_create(rows, ignore_conflicts=True)
    return carried, whole


def _earn(
    sale: Sale,
    lines: Sequence[SaleLine],
    customer: Customer,
    held: RulesNow,
    carried: _Carried,
    by: Viewer,
    now: datetime,
    less_minor: int,
) -> int:
    explained = points_for_sale(
        sold_lines(lines), occasion=occasion_of(customer=customer, shop=sale.shop, on=sale.sold_date, held=held),
        earning=held.rules.earning, less_minor=less_minor,
    )  # fmt: skip
    EarnedLine.objects.bulk_create(
        [EarnedLine(line_id=one.key, rules_id=held.id, points=one.points, why=one.to_plain()) for one in explained],
        ignore_conflicts=True,
    )
    for one in explained:
        _book(sale, one, customer, held, carried, by, now)
    return sum(one.points for one in explained)


def _book(
    sale: Sale, one: LinePoints, customer: Customer, held: RulesNow, carried: _Carried, by: Viewer, now: datetime
) -> None:
    """Give the points of one line to the ledger: what old pieces had earned under a cause of its own."""
    earning = held.rules.earning
    over, active = carried.take(one.points)
    waits = max((active - sale.sold_date).days, 0) if active else 0
    for kind, points, days in ((CARRIED_LINE, over, waits), (SALE_LINE, one.points - over, earning.pending_days)):
        if points:
            earn(
                customer=customer,
                points=points,
                cause=Cause(kind, str(one.key)),
                on_date=sale.sold_date,
                pending_days=days,
                months=earning.valid_months,
                by=by,
                now=now,
                shop=sale.shop,
                rules_version=held.version,
            )


def sold_lines(lines: Iterable[SaleLine]) -> list[SoldLine]:
    """Return the lines of a receipt as the rules of points look at them."""
    return [_sold(line) for line in lines]


def _sold(line: SaleLine) -> SoldLine:
    style = line.style
    is_by_gram = style is not None and style.price_mode == style.PriceMode.GRAM
    return SoldLine(line.pk, line.amount_minor, is_by_gram, style.category if style else "")
