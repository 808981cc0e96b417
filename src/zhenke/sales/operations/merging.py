"""Whose receipts they are, when two archives become one or two again."""

from __future__ import annotations

from django.db import connection, transaction

from zhenke.basics.merging import LeftRow, Moved, Mover, Pointer, put_rows_back
from zhenke.sales.models import Sale

# One line for each column of this room that holds the key of a customer.
POINTERS = (Pointer("sales_sale"),)


@transaction.atomic
def move_customer(*, loser: int, winner: int) -> Moved:
    """Give the loser's receipts to the winner; return what moved.

    Writes: Sale.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        mover.follow(POINTERS, loser=loser, winner=winner)
    return mover.moved


@transaction.atomic
def move_customer_back(*, moved: Moved) -> list[LeftRow]:
    """Give the receipts back, and what came back of them since; return what something touched and stays.

    Writes: Sale.
    Twice:  the caller asks once.
    """
    told = moved.before.get("sales_sale", {})
    with connection.cursor() as cursor:
        left = put_rows_back(cursor, vendor=connection.vendor, moved=moved, keys={}, still=lambda table, image: True)
    for key, image in told.items():
        Sale.objects.filter(returns=int(key)).exclude(pk__in=list(map(int, told))).update(
            customer_id=image["customer_id"]
        )
    return left
