"""Writes a visit to the counter: the interaction and its details in one piece."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction

from zhenke.basics.ids import new_id
from zhenke.customers.models import Customer, Interaction, Visit, VisitCompanion, VisitPiece
from zhenke.customers.operations.note_photos import NewPhoto
from zhenke.customers.operations.notes import attach
from zhenke.customers.operations.timeline import add_interaction
from zhenke.customers.queries.archive import CustomerUnknown, visible
from zhenke.customers.rules.visits import VisitDraft, VisitWrong, checked_visit
from zhenke.staff import audit
from zhenke.staff.models import Shop, Viewer


@transaction.atomic
def add_visit(
    *,
    customer: Customer,
    draft: VisitDraft,
    text: str,
    at: datetime,
    by: Viewer,
    shop: Shop | None,
    source_key: str,
    today: date,
    now: datetime,
    named: Collection[int] = (),
    photos: Sequence[NewPhoto] = (),
) -> Interaction:
    """Write down one visit with what was laid out, who came along and what stopped the purchase; return it.

    `named` and `photos` as in `attach`, inside `kept_or_gone`.

    Errors: VisitWrong; those of `add_interaction` and `attach`; CustomerUnknown if a companion is out of sight of `by`.
    Writes: Interaction, Visit, VisitPiece, VisitCompanion, Mention, NotePhoto with its files; one audit line.
    Twice:  the same `source_key` again returns the visit that is there and writes nothing.
    """
    checked_visit(draft, today=today)
    kind = Interaction.Kind.VISIT
    beside = (draft.companions_text, draft.agreed, *(piece.name for piece in draft.pieces))
    row = add_interaction(
        customer=customer, kind=kind, at=at, by=by, shop=shop, text=text, source_key=source_key, beside=beside, now=now
    )
    visit, is_new = Visit.objects.get_or_create(
        interaction=row,
        defaults={
            "minutes": draft.minutes,
            "stopped_by": list(dict.fromkeys(draft.stopped_by)),
            "companions_text": _plain(draft.companions_text),
            "agreed": _plain(draft.agreed),
            "agreed_date": draft.agreed_date,
        },
    )
    if not is_new:
        return row
    companions = _companions(draft, customer, by)
    VisitPiece.objects.bulk_create(_pieces(visit, draft))
    VisitCompanion.objects.bulk_create(VisitCompanion(visit=visit, customer_id=companion) for companion in companions)
    attach(interaction=row, customer=customer, text=text, named=named, photos=photos, by=by, now=now)
    facts = {"visit": visit.pk, "pieces": len(draft.pieces)}
    audit.record(action="visit_added", by=by, now=now, subject_kind="customer", subject_id=customer.pk, **facts)
    return row


def load_visits(*, drafts: Sequence[tuple[str, VisitDraft]]) -> int:
    """Give visits that were loaded their details, by the source keys of their interactions; return how many.

    Writes: Visit, VisitPiece.
    Twice:  a visit that has its details is left alone: 0.
    """
    keys = [key for key, _ in drafts]
    rows = dict(Interaction.objects.filter(source_key__in=keys, visit=None).values_list("source_key", "pk"))
    made = [
        (
            Visit(
                id=new_id(),
                interaction_id=rows[key],
                minutes=draft.minutes,
                stopped_by=list(draft.stopped_by),
                companions_text=draft.companions_text,
                agreed=draft.agreed,
                agreed_date=draft.agreed_date,
            ),
            draft,
        )
        for key, draft in drafts
        if key in rows
    ]
    Visit.objects.bulk_create(visit for visit, _ in made)
    VisitPiece.objects.bulk_create(piece for visit, draft in made for piece in _pieces(visit, draft))
    return len(made)


def _pieces(visit: Visit, draft: VisitDraft) -> list[VisitPiece]:
    return [
        VisitPiece(
            id=new_id(),
            visit=visit,
            position=place,
            style_no=piece.style_no,
            name=_plain(piece.name),
            is_tried=piece.is_tried,
        )
        for place, piece in enumerate(draft.pieces)
    ]


def _companions(draft: VisitDraft, customer: Customer, by: Viewer) -> list[int]:
    """Return the keys of who came along. Errors: CustomerUnknown for somebody out of sight; VisitWrong for herself."""
    wanted = list(dict.fromkeys(draft.companions))
    if customer.pk in wanted:
        raise VisitWrong(field="companions")
    if wanted and visible(viewer=by).filter(pk__in=wanted).count() != len(wanted):
        raise CustomerUnknown
    return wanted


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()
