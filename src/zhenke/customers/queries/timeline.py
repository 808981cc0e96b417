"""What happened between a customer and the shop, newest first, and the last word that reached the customer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhenke.basics.prepared import Prepared
from zhenke.customers.models import Customer, Interaction, Mention, NotePhoto
from zhenke.customers.queries.archive import belonging_to
from zhenke.customers.queries.notes import readable
from zhenke.customers.queries.visits import told_of
from zhenke.customers.rules.codes import UNREACHED
from zhenke.customers.rules.notes import SENSITIVE
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer

TOUCHES = (Interaction.Kind.CALL, Interaction.Kind.MESSAGE)


def _touches(seen: Q, since: datetime, before: datetime) -> QuerySet[Interaction]:
    rows = Interaction.objects.filter(seen, kind__in=TOUCHES, by__isnull=False, at__lt=before, at__gte=since)
    return rows.exclude(result__in=UNREACHED).order_by("-at", "-id")[:1]


_TOUCH = Prepared(
    lambda customer, since, before: _touches(Q(customer_id=customer), since, before),
    customer=int,
    since=datetime,
    before=datetime,
)


def interactions_of(
    *,
    viewer: Viewer,
    customer: Customer,
    before: tuple[datetime, int] | None = None,
    size: int = 20,
    kind: str = "",
    words: str = "",
    key: int | None = None,
) -> list[Interaction]:
    """Return a piece of a customer's timeline, with who and where; of `words` only what speaks of them all.

    With a `key` it is that one row, if it is hers.

    `has_photos` and `has_mentions` tell whether anything hangs on a row (`attached_to`).

    Shape:  at most `size` rows, newest first, older than `before` (`at` and key of the last row of the piece before).
    Sees:   as `visible`; nothing for who sees no notes (marketing, auditor). Whoever is not shown words of level 4 gets
            such rows with `is_closed` and without their words, not to be saved, and finds none of them by a word.
    """
    sight = sight_of(viewer.role)
    if not sight.notes:
        return []
    rows = Interaction.objects.filter(belonging_to(viewer=viewer, customer=customer))
    if key is not None:
        rows = rows.filter(pk=key)
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(told_of(customer=customer, words=words), readable(viewer))
    if before is not None:
        at, key = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=key), at__lte=at)
    rows = rows.annotate(
        has_photos=Exists(NotePhoto.objects.filter(interaction=OuterRef("pk"))),
        has_mentions=Exists(Mention.objects.filter(interaction=OuterRef("pk"))),
    )
    found: list[Interaction] = list(rows.select_related("by", "shop").order_by("-at", "-id")[:size])
    for row in found if not sight.sensitive_notes else ():
        if row.level >= SENSITIVE:
            row.text, row.is_closed = "", True
    return found


def latest_touch(*, viewer: Viewer, customer: Customer, before: datetime, within_days: int = 30) -> Interaction | None:
    """Return the last call or message by which staff reached the customer before an instant; None if there is none.

    Units:  `within_days` times 24 hours back from `before`.
    Sees:   as `visible`.
    Source: rules.md, "Attribution 30 days last touch".
    """
    since = before - timedelta(days=within_days)
    found: Interaction | None
    if isinstance(viewer, SystemViewer):  # at every sale
        found = _TOUCH.first(connection, customer=customer.pk, since=since, before=before)
    else:
        found = _touches(belonging_to(viewer=viewer, customer=customer), since, before).first()
    return found
