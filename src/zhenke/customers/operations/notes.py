"""Writes a note with the colleagues it names and its photos, all or nothing; takes one back; marks a line as seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError

from zhenke.basics.errors import NotFound, RuleBroken
from zhenke.customers.models import Customer, Interaction, Mention, Visit
from zhenke.customers.operations.note_photos import NewPhoto, drawn_anew, drop_files_of, keep_photos, kept_or_gone
from zhenke.customers.operations.timeline import add_interaction
from zhenke.customers.queries.notes import mention_for, those_who_see
from zhenke.customers.rules.notes import names_called
from zhenke.staff.models import Shop, StaffMember, Viewer
from zhenke.staff.queries import staff_within

MOST_NAMED = 8
_UNDO_WITHIN = timedelta(hours=1)


class NamedCannotSee(RuleBroken):
    """Somebody is named who may not see the customer, or the words. Facts: `names`."""

    code = "named_cannot_see"
    message = "{names} may not see this note. Name somebody who looks after the customer, or those who lead."


class TooManyNamed(RuleBroken):
    """A note names a handful of people. Facts: `most`."""

    code = "too_many_named"
    message = "A note names {most} people at most."


class NoteStays(RuleBroken):
    """What somebody else wrote, what is older than an hour, and what other things hang on is not taken back."""

    code = "note_stays"
    message = "This note can no longer be taken back."


def add_note(
    *,
    customer: Customer,
    kind: str,
    text: str,
    named: Collection[int] = (),
    photos: Sequence[bytes] = (),
    at: datetime,
    by: Viewer,
    shop: Shop | None,
    source_key: str,
    now: datetime,
) -> Interaction:
    """Write down one interaction with the colleagues whom it names and the photos that belong to it; return it.

    `named` are keys of colleagues; who is called by "@name" in the words is named as well.

    Errors: as `add_interaction`; NotFound for a colleague out of sight, NamedCannotSee, TooManyNamed; NotAPicture,
            PictureTooLarge, TooManyNotePhotos. Then nothing is written, neither row nor file.
    Writes: Interaction, Mention, NotePhoto with two files each; one audit line when there are photos.
    Twice:  the same `source_key` again returns the note that is there, and adds nothing to it.
    """
    drawn = drawn_anew(photos)
    with kept_or_gone(drawn), transaction.atomic():
        is_new = not Interaction.objects.filter(source_key=source_key).exists()
        row = add_interaction(
            customer=customer, kind=kind, at=at, by=by, shop=shop, text=text, source_key=source_key, now=now
        )
        if is_new:
            attach(interaction=row, customer=customer, text=text, named=named, photos=drawn, by=by, now=now)
    return row


def attach(
    *,
    interaction: Interaction,
    customer: Customer,
    text: str,
    named: Collection[int],
    photos: Sequence[NewPhoto],
    by: Viewer,
    now: datetime,
) -> None:
    """Let an interaction that was just written name colleagues and keep photos; the caller holds the transaction.

    Errors: NotFound, NamedCannotSee, TooManyNamed; TooManyNotePhotos.
    Writes: Mention, NotePhoto with its files.
    Twice:  whoever is named stays named once and has seen what she has seen; the same photo is kept once.
    """
    people = _named_people(customer, interaction.level, text, named, by)
    Mention.objects.bulk_create(
        (Mention(interaction=interaction, member=person, by_id=by.id, at=now) for person in people),
        ignore_conflicts=True,
    )
    keep_photos(interaction=interaction, photos=photos, by=by, now=now)


def _named_people(customer: Customer, level: int, text: str, named: Collection[int], by: Viewer) -> list[StaffMember]:
    around = staff_within(viewer=by).filter(is_active=True)
    picked = {person.pk: person for person in around.filter(pk__in=named)} if named else {}
    if len(picked) < len(set(named)):
        raise NotFound(kind="staff")
    if "@" in text or "＠" in text:
        names = {key: (name, username) for key, name, username in around.values_list("pk", "name", "username")}
        called = names_called(text, names)
        picked |= {person.pk: person for person in around.filter(pk__in=called)}
    picked.pop(by.id or 0, None)  # who names herself knows of it
    if len(picked) > MOST_NAMED:
        raise TooManyNamed(most=MOST_NAMED)
    seeing = StaffMember.objects.filter(those_who_see(customer, level=level), pk__in=picked)
    blind = sorted(picked.keys() - set(seeing.values_list("pk", flat=True))) if picked else []
    if blind:
        raise NamedCannotSee(names=", ".join(picked[key].name for key in blind))
    return list(picked.values())


def drop_note(*, note: Interaction, by: Viewer, now: datetime) -> bool:
    """Take back a note that oneself wrote within the last hour, with its photos; return whether it was there.

    Errors: NoteStays for anything else: another's, an older one, a visit with its details, what a sale goes back to.
    Writes: deletes Interaction with what hangs on it; its files when that is certain.
    Twice:  False.
    """
    with transaction.atomic():
        row = Interaction.objects.select_for_update(of=("self",)).filter(pk=note.pk).first()
        if row is None:
            return False
        is_mine = row.by_id is not None and row.by_id == by.id and now - row.at <= _UNDO_WITHIN
        if not is_mine or Visit.objects.filter(interaction=row).exists():
            raise NoteStays
        drop_files_of(interactions=[row.pk])
        try:
            row.delete()
        except ProtectedError:
            raise NoteStays from None
    return True


@transaction.atomic
def mark_seen(*, mention: Mention, by: Viewer, now: datetime) -> bool:
    """Note that the viewer has seen the note that names her; return whether that is new.

    Errors: MentionUnknown unless it is hers and the customer in sight.
    Writes: Mention.
    Twice:  False; the first instant stays.
    """
    found = mention_for(viewer=by, id=mention.pk)
    return Mention.objects.filter(pk=found.pk, seen_at=None).update(seen_at=now) > 0


@transaction.atomic
def mark_unseen(*, mention: Mention, by: Viewer) -> bool:
    """Put a line back that was put away by mistake; return whether it was away.

    Errors: MentionUnknown unless it is hers and the customer in sight.
    Writes: Mention.
    Twice:  False.
    """
    found = mention_for(viewer=by, id=mention.pk)
    return Mention.objects.filter(pk=found.pk, seen_at__isnull=False).update(seen_at=None) > 0
