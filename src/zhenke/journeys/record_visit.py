"""Somebody came to the counter and was looked after: the visit is written down, and what was agreed becomes a task."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from zhenke.care.models import Task
from zhenke.care.operations import add_task
from zhenke.catalogue.queries import style_by_no
from zhenke.customers.models import Customer, Interaction
from zhenke.customers.operations import add_visit
from zhenke.customers.operations.note_photos import drawn_anew, kept_or_gone
from zhenke.customers.rules.notes import SENSITIVE, level_of_words
from zhenke.customers.rules.traits import MASK
from zhenke.customers.rules.visits import VisitDraft, laid_out
from zhenke.staff.models import Shop, StaffMember


@dataclass(frozen=True, slots=True)
class RecordedVisit:
    """A visit, and the follow-up that was agreed; None if nothing was."""

    visit: Interaction
    task: Task | None


def record_visit(
    *,
    customer: Customer,
    draft: VisitDraft,
    looked_at: Iterable[str],
    tried: Iterable[str],
    text: str,
    key: str,
    at: datetime,
    shop: Shop | None,
    assignee: StaffMember,
    by: StaffMember,
    today: date,
    now: datetime,
    named: Collection[int] = (),
    photos: Sequence[bytes] = (),
) -> RecordedVisit:
    """Write down one visit to the counter; numbers of styles get the names that the catalogue has today.

    `key` comes from the form or the caller, so that sending it again is no second visit. `looked_at` and `tried` are
    numbers of styles or words; they take the place of the draft's pieces. `named` are keys of
    colleagues, `photos` files.

    Writes: the visit with its details, colleagues named and photos; one task for `assignee` on the agreed day.
    Twice:  the same visit and task again; nothing more is written.
    Errors: those of `add_visit` and `add_task`; NotAPicture, PictureTooLarge. Then nothing is written, nor any file.
    """
    draft = _with_names(draft, list(looked_at), list(tried))
    drawn = drawn_anew(photos)
    with kept_or_gone(drawn), transaction.atomic():
        visit = add_visit(
            customer=customer,
            draft=draft,
            text=text,
            at=at,
            by=by,
            shop=shop,
            source_key=key,
            today=today,
            now=now,
            named=named,
            photos=drawn,
        )
        return RecordedVisit(visit, _agreed(visit, customer, draft, assignee, by, today, now))


def _agreed(
    visit: Interaction,
    customer: Customer,
    draft: VisitDraft,
    assignee: StaffMember,
    by: StaffMember,
    today: date,
    now: datetime,
) -> Task | None:
    if draft.agreed_date is None:
        return None
    due, key = draft.agreed_date, f"visit:{visit.pk}"
    # A task is read by everybody who cares for her; private words stay with the visit.
    note = draft.agreed if level_of_words(draft.agreed) < SENSITIVE else MASK
    return add_task(customer=customer, assignee=assignee, due_date=due, note=note, key=key, by=by, today=today, now=now)


def _with_names(draft: VisitDraft, looked: list[str], worn: list[str]) -> VisitDraft:
    words = [*looked, *worn]
    styles = style_by_no([*words, *(word.upper() for word in words)])
    names = {number: style.name or number for number, style in styles.items()}
    return replace(draft, pieces=laid_out(looked_at=looked, tried=worn, names=names))
