"""What was taken for points, and coupons, go along when two archives become one; two again, each has its own."""

from __future__ import annotations

from django.db import connection, transaction

from zhenke.basics.merging import LeftRow, Moved, Mover, Pointer, put_rows_back

# One line for each column of these tables that holds the key of a customer.
POINTERS = (Pointer("membership_redemption"), Pointer("membership_coupon"))


@transaction.atomic
def move_customer(*, loser: int, winner: int) -> Moved:
    """Give the winner what the loser put aside and took, and her coupons; return what moved.

    Writes: Redemption, Coupon.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        mover.follow(POINTERS, loser=loser, winner=winner)
    return mover.moved


@transaction.atomic
def move_customer_back(*, moved: Moved) -> list[LeftRow]:
    """Give both their own again; return what something touched since.

    Writes: Redemption, Coupon.
    Twice:  the caller asks once.
    """
    with connection.cursor() as cursor:
        return put_rows_back(cursor, vendor=connection.vendor, moved=moved, keys={}, still=lambda table, image: True)
