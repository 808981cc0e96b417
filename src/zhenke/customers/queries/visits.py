"""What visits to the counter tell besides their words, and the words by which a timeline is searched."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from zhenke.customers.models import Customer, Visit, VisitCompanion, VisitPiece
from zhenke.customers.queries.archive import belonging_to, visible
from zhenke.customers.rules.notes import SENSITIVE
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Viewer


@dataclass(slots=True)
class SeenVisit:
    """The details of one visit as a viewer may know them. `companions` are those in sight, `unseen` counts others."""

    minutes: int | None
    stopped_by: list[str]
    companions_text: str
    agreed: str
    agreed_date: date | None
    pieces: list[VisitPiece] = field(default_factory=list)
    companions: list[Customer] = field(default_factory=list)
    unseen: int = 0


def visits_of(*, viewer: Viewer, customer: Customer, interactions: Collection[int]) -> dict[int, SeenVisit]:
    """Return the details of a customer's visits, by the keys of their interactions.

    Shape:  one for each that has any; at most four SQL queries, none for none.
    Sees:   as `interactions_of`: nobody who sees no notes, and no free words of level 4 who sees none of those. Who
            came along only to who sees families, and of a person out of sight neither name nor key.
    """
    sight = sight_of(viewer.role)
    if not interactions or not sight.notes:
        return {}
    hers = belonging_to(viewer=viewer, customer=customer, field="interaction__customer")
    visits = Visit.objects.filter(hers, interaction__in=interactions).select_related("interaction")
    rows = {row.pk: row for row in visits}
    if not rows:
        return {}
    told = {
        key: SeenVisit(row.minutes, row.stopped_by, row.companions_text, row.agreed, row.agreed_date)
        for key, row in rows.items()
    }
    for key, row in rows.items() if not sight.sensitive_notes else ():
        if row.interaction.level >= SENSITIVE:
            told[key].companions_text = told[key].agreed = ""
    for piece in VisitPiece.objects.filter(visit__in=rows).order_by("visit", "position"):
        told[piece.visit_id].pieces.append(piece)
    if sight.family:
        _with_companions(viewer, told)
    return {rows[key].interaction_id: one for key, one in told.items()}


def _with_companions(viewer: Viewer, told: dict[int, SeenVisit]) -> None:
    pairs = list(VisitCompanion.objects.filter(visit__in=told).order_by("pk").values_list("visit_id", "customer_id"))
    seen = visible(viewer=viewer).in_bulk([key for _, key in pairs]) if pairs else {}
    for visit, key in pairs:
        if key in seen:
            told[visit].companions.append(seen[key])
        else:
            told[visit].unseen += 1


def told_of(*, customer: Customer, words: str) -> Q:
    """Return the filter "this interaction of hers speaks of these words": its text, pieces, companions, next step.

    Every word must be found, wherever. It is about one customer, so that no database reads everybody's visits for it.

    Sees:   nothing by itself: the rows that it filters are the viewer's already.
    """
    hers, wanted = {"interaction__customer": customer.pk}, Q()
    for word in words.replace("\x00", "").split()[:8]:
        pieces = VisitPiece.objects.filter(
            Q(name__icontains=word) | Q(style_no__icontains=word), visit__interaction__customer=customer.pk
        )
        said = Q(companions_text__icontains=word) | Q(agreed__icontains=word) | Q(pk__in=pieces.values("visit_id"))
        visits = Visit.objects.filter(said, **hers)
        wanted &= Q(text__icontains=word) | Q(pk__in=visits.values("interaction_id"))
    return wanted
