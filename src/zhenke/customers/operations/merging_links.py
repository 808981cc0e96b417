"""Who belongs to whom, when two archives become one or two again."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from zhenke.basics.ids import new_id
from zhenke.basics.merging import Moved, Mover
from zhenke.customers.models import CustomerLink
from zhenke.customers.rules.household import other_end, pair_of

LINKS = CustomerLink._meta.db_table


def merge_links(mover: Mover, *, loser: int, winner: int) -> None:
    """Give the loser's links to the winner: nobody belongs to herself, and of two links with one person the winner's
    stays unless only the other one stands.
    """
    about = Q(first=loser) | Q(second=loser)
    links = list(CustomerLink.objects.filter(about))
    standing: dict[int, int] = {}
    mover.take_out(LINKS, {link.pk: 0 for link in links})
    for link in links:
        other, kind = (link.second_id, link.kind) if link.first_id == loser else (link.first_id, other_end(link.kind))
        if other == winner:
            continue
        pair = pair_of(customer=winner, other=other, kind=kind)
        there = CustomerLink.objects.filter(first_id=pair.first, second_id=pair.second).first()
        if there is None:
            there = CustomerLink.objects.create(
                id=new_id(),
                first_id=pair.first,
                second_id=pair.second,
                kind=pair.kind,
                job=link.job,
                made_at=link.made_at,
                made_by_id=link.made_by_id,
                dropped_at=link.dropped_at,
            )
            mover.moved.note_created(LINKS, [there.pk])
        elif there.dropped_at is not None and link.dropped_at is None:
            mover.change(LINKS, {there.pk: {"kind": pair.kind, "job": link.job, "dropped_at": None}})
        standing[link.pk] = there.pk
    mover.moved.twins.setdefault(LINKS, {}).update({str(gone): stays for gone, stays in standing.items()})


def dropped_since(moved: Moved, *, merged_at: datetime) -> dict[int, datetime]:
    """Return which of the loser's links somebody took away since the merge, under the row that stood for them."""
    twins = moved.twins.get(LINKS, {})
    rows = CustomerLink.objects.filter(pk__in=twins.values(), dropped_at__gt=merged_at)
    when = {row.pk: row.dropped_at for row in rows if row.dropped_at is not None}
    return {int(gone): when[stays] for gone, stays in twins.items() if stays in when}


def drop_again(dropped: dict[int, datetime]) -> None:
    """Take the links away that came back although somebody had taken them away."""
    for key, when in dropped.items():
        CustomerLink.objects.filter(pk=key, dropped_at=None).update(dropped_at=when)
