"""Archives that were merged: which one answers for a key, and what was merged into one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from zhenke.basics.errors import NotFound
from zhenke.customers.models import Customer, FormerKey, Merge
from zhenke.customers.queries.archive import belonging_to, visible
from zhenke.staff.models import Viewer

MOST_MERGES = 20


class MergeUnknown(NotFound):
    """There is no such merge, or its archive is not the viewer's to see."""

    code = "merge_unknown"
    message = "This merge does not exist, or is not yours to see."


def standing_key(key: int) -> int:
    """Return the key of the archive that answers for `key`: the one it was merged into, else itself.

    Sees:   no viewer: a key leads to a key; who asks must be allowed to see what stands under it.
    """
    return (
        Merge.objects.filter(loser_key=key, state=Merge.State.DONE).values_list("winner_id", flat=True).first() or key
    )


def merge_of_loser(*, viewer: Viewer, loser_key: int) -> Merge | None:
    """Return the merge in which an archive went, or None.

    Sees:   as the archive that stays.
    """
    done = Merge.objects.filter(loser_key=loser_key, state=Merge.State.DONE).select_related("winner")
    return done.filter(winner__in=visible(viewer=viewer)).first()


def merges_of(*, viewer: Viewer, customer: Customer) -> list[Merge]:
    """Return what was merged into an archive, undone merges too, the newest first.

    Shape:  at most 20, without their images; may be empty.
    Sees:   as the customer.
    """
    rows = Merge.objects.filter(belonging_to(viewer=viewer, customer=customer, field="winner"))
    return list(rows.defer("moved").select_related("by", "undone_by").order_by("-id")[:MOST_MERGES])


def merge_for(*, viewer: Viewer, id: int) -> Merge:
    """Return one merge.

    Errors: MergeUnknown if there is none or its archive is not in sight.
    """
    found = Merge.objects.select_related("winner").filter(pk=id).first()
    if found is None or not visible(viewer=viewer).filter(pk=found.winner_id).exists():
        raise MergeUnknown
    return found


def with_key(rows: QuerySet[Customer], *, kind: str, text: str) -> Customer | None:
    """Return the one of `rows` that has this card number or outside key, or had it before it was merged."""
    found = rows.filter(**{kind: text}).first()
    return found or rows.filter(former_keys__kind=kind, former_keys__text=text).first()


def owners_of_former(*, kind: str, texts: Iterable[str]) -> list[int]:
    """Return the keys of archives that had one of these card numbers or outside keys before they were merged."""
    return list(FormerKey.objects.filter(kind=kind, text__in=list(texts)).values_list("customer_id", flat=True))


def is_former_key(*, kind: str, text: str) -> bool:
    """Return whether a card number or outside key belongs to an archive that was merged."""
    return FormerKey.objects.filter(kind=kind, text=text).exists()
