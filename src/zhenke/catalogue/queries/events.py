"""What happened to a customer's pieces, for her timeline: they were looked at, they changed hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhenke.catalogue.models import Inspection, PieceOwner
from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to, visible
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.models import Viewer


@dataclass(frozen=True, slots=True)
class HandedOn:
    """One change of hands from one end: `other` is who had it before or got it, None for somebody out of sight."""

    row: PieceOwner
    is_hers_now: bool
    other: Customer | None


def looks_at_pieces(
    *, viewer: Viewer, customer: Customer, before: tuple[date, int] | None = None, size: int = 20, words: str = ""
) -> list[Inspection]:
    """Return the inspections of what a customer owns, with the piece and who looked; of `words` by the piece's name.

    A piece that she only wears is its owner's to tell of: a gift may still be a secret.

    Shape:  at most `size` rows, the newest day first, older than `before` (day and key). One SQL query.
    Sees:   as `pieces_of`; what was seen only who sees notes.
    """
    sight = sight_of(viewer.role)
    if sight.pieces == Shown.NOTHING:
        return []
    rows = Inspection.objects.filter(belonging_to(viewer=viewer, customer=customer, field="piece__customer"))
    for word in words.replace("\x00", "").split()[:8]:
        rows = rows.filter(piece__name__icontains=word)
    found = list(rows.filter(_older(before)).select_related("piece", "by").order_by("-on_date", "-id")[:size])
    if not sight.notes:
        for row in found:
            row.seen = ""
    return found


def changes_of_hands(
    *, viewer: Viewer, customer: Customer, before: tuple[date, int] | None = None, size: int = 20, words: str = ""
) -> list[HandedOn]:
    """Return the pieces that came to a customer from another one, or went from her to another.

    Shape:  as `looks_at_pieces`. Two SQL queries, one when there is none.
    Sees:   as `pieces_of`; of somebody out of sight neither name nor key. A gift is in the list from the day on which
            it was really handed on, never because it is meant for her.
    """
    if sight_of(viewer.role).pieces == Shown.NOTHING:
        return []
    came = belonging_to(viewer=viewer, customer=customer, field="to_customer")
    went = belonging_to(viewer=viewer, customer=customer, field="from_customer")
    rows = PieceOwner.objects.filter(came | went)
    for word in words.replace("\x00", "").split()[:8]:
        rows = rows.filter(piece__name__icontains=word)
    found = list(rows.filter(_older(before)).select_related("piece", "by").order_by("-on_date", "-id")[:size])
    others = {key for row in found for key in (row.from_customer_id, row.to_customer_id) if key and key != customer.pk}
    seen = visible(viewer=viewer).in_bulk(others) if others else {}
    return [_from_her_end(row, customer.pk, seen) for row in found]


def _from_her_end(row: PieceOwner, hers: int, seen: dict[int, Customer]) -> HandedOn:
    is_hers_now = row.to_customer_id == hers
    other = row.from_customer_id if is_hers_now else row.to_customer_id
    return HandedOn(row, is_hers_now, seen.get(other or 0))


def _older(before: tuple[date, int] | None) -> Q:
    return Q() if before is None else Q(on_date__lt=before[0]) | Q(on_date=before[0], pk__lt=before[1])
