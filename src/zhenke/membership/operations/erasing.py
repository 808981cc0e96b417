"""A customer is forgotten: her points end, what she owes is let go, and the accounts are nobody's."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from zhenke.membership.models import PointsAccount, PointsProposal
from zhenke.membership.operations.accounts import held_accounts
from zhenke.membership.operations.writing import Kind, Why, write_entry, write_legs
from zhenke.membership.queries.accounts import held_in
from zhenke.membership.queries.movements import programmes_of
from zhenke.membership.rules.ledger import Cause, Place, closed_legs
from zhenke.staff.models import Viewer

# Each column of this room that points at a customer, and what becomes of its rows.
ERASED = {
    "membership_pointsaccount.customer_id": "unlinked, empty; entries keep numbers, codes and keys of receipts",
    "membership_pointsproposal.customer_id": "deleted",
}


@transaction.atomic
def erase_customer(*, customer_id: int, on_date: date, by: Viewer, now: datetime) -> dict[str, int]:
    """Close a customer's accounts: what she has ends unspent, what she owes is let go; return how many.

    The ledger still adds up, and nobody stands behind its figures.

    Writes: one entry for each programme in which she has or owes something; PointsAccount; deletes PointsProposal.
    Twice:  changes nothing more.
    """
    with connection.cursor() as cursor:
        for programme in programmes_of(cursor, customer_id=customer_id):
            accounts = held_accounts(cursor, customer_id=customer_id, programme=programme)
            legs = closed_legs(held_in(cursor, accounts)) if accounts else ()
            if accounts is None or not legs:
                continue
            why = Why(Cause("erasure", str(accounts.keys[Place.MEMBER])), on_date, now, by)
            entry = write_entry(cursor, kind=Kind.CLOSE, programme=accounts.programme, why=why)
            if entry is None:
                raise LookupError("these accounts were closed before and are somebody's")
            write_legs(cursor, entry=entry, legs=legs, accounts=accounts)
    PointsProposal.objects.filter(customer=customer_id).delete()
    closed = PointsAccount.objects.filter(customer=customer_id).update(customer=None, closed_at=now)
    return {"points_accounts": closed}
