"""Whose receipts they are, when two archives become one or two again."""

from __future__ import annotations

from django.db import connection, transaction

from zhenke.basics.merging import LeftRow, Moved, Mover, Pointer, put_rows_back
from zhenke.sales.models import Sale, SaleLine

# One line for each column of this room that holds the key of a customer.
POINTERS = (Pointer("sales_sale"), Pointer("sales_saleline", "gift_for_id"))


@transaction.atomic
def move_customer(*, loser: int, winner: int) -> Moved:
    """Give the loser's receipts, and what others bought for her, to the winner; return what moved.

    What one of the two bought for the other is no gift to anybody any more.

    Writes: Sale, SaleLine.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        mover.follow(POINTERS, loser=loser, winner=winner)
        own = SaleLine.objects.filter(sale__customer=winner, gift_for=winner).values_list("pk", flat=True)
        mover.change("sales_saleline", {key: {"gift_for_id": None, "secret_until_date": None} for key in own})
    return mover.moved


@transaction.atomic
def move_customer_back(*, moved: Moved) -> list[LeftRow]:
    """Give the receipts back, and what came back of them since; return what something touched and stays.

    Writes: Sale, SaleLine.
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
