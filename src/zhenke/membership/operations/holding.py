"""Points of one sale: held while the till counts, spent with the sale, given back when it comes to nothing.

A hold is a spending of the ledger whose cause is the key of the sale. It stays when a sale with that key is written
down; otherwise it is cancelled, by the till or when its minutes are over. Nothing else says what is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import connection, transaction

from zhenke.basics.days import local_date
from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer
from zhenke.membership.models import PointsEntry
from zhenke.membership.operations.accounts import MAIN
from zhenke.membership.operations.spending import cancel_spend, spend
from zhenke.membership.operations.writing import Kind, Movement, earlier
from zhenke.membership.queries.holds import HOLD, RETURN, SALE_SPEND, open_holds, points_back, sale_spend
from zhenke.membership.queries.rules import NoProgrammeRules, rules_now
from zhenke.membership.rules.earning import SoldLine
from zhenke.membership.rules.ledger import Cause, CauseReused, MovementUnknown, PointsWrong
from zhenke.membership.rules.spending import HoldOver, PointsTooMany, most_points, points_due_back, worth_minor
from zhenke.sales.models import Sale, SaleLine
from zhenke.sales.queries import is_key_used, lines_back
from zhenke.sales.queries.locks import hold_key
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.rules import May


@dataclass(frozen=True, slots=True)
class HeldPoints:
    """Points that are held for one sale, what they are worth, and until when."""

    points: int
    worth_minor: int
    until_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class SpentPoints:
    """Points that a sale took, and what they paid of it in minor units."""

    points: int = 0
    worth_minor: int = 0


@transaction.atomic
def hold_points(
    *, key: str, customer: Customer, points: int, lines: Sequence[SoldLine], shop: Shop, by: Viewer, now: datetime
) -> HeldPoints:
    """Keep points back for one sale, so that no other spending can take them.

    Units:  whole points; held for the minutes that the rules say.
    Errors: NotAllowed; NoProgrammeRules; PointsTooMany for this bill; BalanceTooLow; CauseReused if the key held other
            points before; HoldOver if its hold is over or its sale is written down.
    Writes: one entry of the ledger; what other holds of hers that are over give back.
    Twice:  the first answer, `is_new` False.
    """
    if not by.may(May.RECORD_SALES):
        raise NotAllowed(act=May.RECORD_SALES.value)
    held = rules_now()
    if held is None:
        raise NoProgrammeRules(version=0)
    release_ended(customer=customer, by=by, now=now, also=key)
    cause, value = Cause(HOLD, key), held.rules.earning.value_points
    with connection.cursor() as cursor:
        is_over = earlier(cursor, kind=Kind.CANCEL, cause=cause, programme=MAIN) is not None
    if is_over or is_key_used(key):
        raise HoldOver
    most = most_points(lines, spending=held.rules.spending, value_points=value)
    if points > most:
        raise PointsTooMany(wanted=points, most=most)
    minutes = held.rules.spending.hold_minutes
    moved = spend(
        customer=customer, points=points, cause=cause, on_date=local_date(now, shop.time_zone), by=by, now=now,
        shop=shop, rules_version=held.version, reason=f"hold_{minutes}",
    )  # fmt: skip
    if not moved.is_new and customer.pk not in _holders(moved.entry_id):
        raise CauseReused(cause_kind=HOLD, cause_id=key)
    until = _until(PointsEntry.objects.get(pk=moved.entry_id))
    return HeldPoints(points, worth_minor(points, value_points=value), until, moved.is_new)


@transaction.atomic
def cancel_hold(*, key: str, customer: Customer, by: Viewer, now: datetime) -> Movement | None:
    """Give held points back to the lots they came from: the sale comes to nothing, or is paid otherwise.

    Errors: NotAllowed; MovementUnknown if nothing of hers was held under the key; HoldOver if its sale is written
            down.
    Writes: one entry of the ledger.
    Twice:  the first answer; also when the hold had ended by itself.
    """
    if not by.may(May.RECORD_SALES):
        raise NotAllowed(act=May.RECORD_SALES.value)
    hold_key(key)
    hold = PointsEntry.objects.filter(kind=Kind.SPEND, cause_kind=HOLD, cause_id=key, programme__key=MAIN).first()
    if hold is None or customer.pk not in _holders(hold.pk):
        raise MovementUnknown
    if is_key_used(key):
        raise HoldOver
    return _give_back(hold, by=by, now=now)


@transaction.atomic
def release_ended(*, customer: Customer | None = None, by: Viewer, now: datetime, also: str = "") -> int:
    """Give back what is held longer than it may be, of one customer or of everybody; return how many holds.

    Every key is held before anybody's points are: a sale holds its key first too, so nobody waits crosswise.

    Writes: an entry of the ledger for each hold that is over and has no sale.
    Twice:  nothing more.
    """
    ended = [one for one in open_holds(now=now, customer=customer) if _until(one) <= now]
    for key in sorted({one.cause_id for one in ended} | ({also} if also else set())):
        hold_key(key)
    over = [one for one in ended if not is_key_used(one.cause_id)]
    return sum(_give_back(one, by=by, now=now) is not None for one in over)


def spend_at_sale(
    *, sale: Sale, lines: Sequence[SoldLine], customer: Customer, points: int, by: Viewer, now: datetime
) -> SpentPoints:
    """Spend points with the sale that was just written: what was held for its key, or now.

    What was held otherwise (another number, another archive) is given back first.

    Errors: PointsTooMany, BalanceTooLow, NoProgrammeRules, PointsWrong: the sale is not written then either.
    Writes: at most two entries of the ledger.
    Twice:  the same sale once; the caller asks once for each receipt.
    """
    if points < 0:
        raise PointsWrong(points=points)
    hold = PointsEntry.objects.filter(kind=Kind.SPEND, cause_kind=HOLD, cause_id=sale.source_key).first()
    with connection.cursor() as cursor:
        cause = Cause(HOLD, sale.source_key)
        is_held = hold is not None and earlier(cursor, kind=Kind.CANCEL, cause=cause, programme=MAIN) is None
        had = earlier(cursor, kind=Kind.SPEND, cause=cause, programme=MAIN) if is_held else None
    held = rules_now() if points else None
    if points and (held is None or sale.currency != held.currency):
        raise NoProgrammeRules(version=0)
    if points and held is not None:
        most = most_points(lines, spending=held.rules.spending, value_points=held.rules.earning.value_points)
        if points > most:
            raise PointsTooMany(wanted=points, most=most)
    if hold is not None and had is not None and (had.points != -points or customer.pk not in _holders(hold.pk)):
        _give_back(hold, by=by, now=now)
        had = None
    if not points or held is None:
        return SpentPoints()
    if had is None:
        spend(
            customer=customer, points=points, cause=Cause(SALE_SPEND, str(sale.pk)), on_date=sale.sold_date, by=by,
            now=now, shop=sale.shop, rules_version=held.version, reason="sale",
        )  # fmt: skip
    return SpentPoints(points, worth_minor(points, value_points=held.rules.earning.value_points))


def give_back_for_return(*, bought: Sale, returned: Sale, lines: Sequence[SaleLine], by: Viewer, now: datetime) -> int:
    """Give back the points that a sale took, by the share of its payable lines that is back by now; return how many.

    `lines` are those of the sale that was bought, with their styles. The last piece brings the rest, also rounding's.

    Writes: one entry of the ledger, one more for lots that had ended.
    Twice:  one return gives back once.
    """
    origin = sale_spend(sale=bought)
    if origin is None or returned.source_key == bought.source_key:
        return 0
    back = lines_back(sale=bought)
    paying = _paying(lines)
    whole = sum(line.amount_minor for line in paying)
    came = sum((Fraction(line.amount_minor * back.get(line.pk, 0), line.quantity) for line in paying), Fraction(0))
    already = points_back(entry=origin.entry_id)
    share = came / whole if whole else Fraction(0)
    due = points_due_back(spent=origin.points, already=already, share_back=share)
    if not due:
        return 0
    moved = cancel_spend(
        spent=origin.cause, cause=Cause(RETURN, str(returned.pk)), on_date=returned.sold_date, by=by, now=now,
        points=due, shop=returned.shop, reason="return",
    )  # fmt: skip
    return moved.points if moved else 0


def _paying(lines: Sequence[SaleLine]) -> list[SaleLine]:
    bought = [line for line in lines if line.returned_line_id is None and line.amount_minor > 0]
    fixed = [line for line in bought if line.style is None or line.style.price_mode != line.style.PriceMode.GRAM]
    return fixed or bought


def _give_back(hold: PointsEntry, *, by: Viewer, now: datetime) -> Movement | None:
    cause = Cause(HOLD, hold.cause_id)
    zone = hold.shop.time_zone if hold.shop else "Asia/Shanghai"
    return cancel_spend(
        spent=cause, cause=cause, on_date=local_date(now, zone), by=by, now=now, shop=hold.shop, reason="hold_over"
    )


def _until(hold: PointsEntry) -> datetime:
    return hold.at + timedelta(minutes=int(hold.reason.removeprefix("hold_")))


def _holders(entry: int) -> set[int]:
    """Return whose points an entry moved, as the archives stand today."""
    found = PointsEntry.objects.filter(pk=entry).values_list(
        "legs__account__customer_id", "legs__account__merged_into__customer_id"
    )
    return {key for row in found for key in row if key is not None}
