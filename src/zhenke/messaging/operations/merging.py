"""Whose messages they are, when two archives become one or two again."""

from __future__ import annotations

from django.db import connection, transaction

from zhenke.basics.merging import LeftRow, Moved, Mover, Pointer, put_rows_back
from zhenke.messaging.models import Message

# One line for each column of this room that holds the key of a customer.
POINTERS = (Pointer("messaging_message"),)
_MESSAGES = Message._meta.db_table


@transaction.atomic
def move_customer(*, loser: int, winner: int) -> Moved:
    """Give the loser's messages to the winner; return what moved. One person gets one of two of the same intent.

    Of two that wait the loser's is skipped as "merged"; so is one that waits beside one that went, whosever it was.

    Writes: Message.
    Twice:  moves nothing more.
    """
    with connection.cursor() as cursor:
        mover = Mover(cursor, connection.vendor)
        own = set(Message.objects.filter(customer=winner).values_list("pk", flat=True))
        mover.follow(POINTERS, loser=loser, winner=winner)
        # What went comes first, then the winner's own: the first of each intent stays.
        rows = Message.objects.filter(customer=winner).exclude(state=Message.State.SKIPPED)
        ordered = sorted(rows, key=lambda row: (row.state == Message.State.QUEUED, row.pk not in own, row.pk))
        seen: set[tuple[object, ...]] = set()
        for row in ordered:
            intent = (row.cause_kind, row.cause_id, row.asked_channel, row.occurrence)
            if intent in seen and row.state == Message.State.QUEUED:
                mover.change(_MESSAGES, {row.pk: {"state": str(Message.State.SKIPPED), "reason": "merged"}})
            seen.add(intent)
    return mover.moved


@transaction.atomic
def move_customer_back(*, moved: Moved) -> list[LeftRow]:
    """Give the messages back; return what something touched since and stays.

    Writes: Message.
    Twice:  the caller asks once.
    """
    with connection.cursor() as cursor:
        return put_rows_back(cursor, vendor=connection.vendor, moved=moved, keys={}, still=lambda table, image: True)
