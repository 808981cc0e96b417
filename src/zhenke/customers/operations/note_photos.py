"""Keeps and drops photos of notes: files in the home folder, rows beside the note, neither without the other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from zhenke.basics.errors import RuleBroken
from zhenke.basics.picture_files import drop_picture, drop_stray_pictures, new_picture_name, write_picture
from zhenke.basics.pictures import Picture, redrawn
from zhenke.customers.models import Interaction, NotePhoto
from zhenke.customers.operations.permission import require
from zhenke.customers.queries.notes import known_note_photos, note_photo_folder
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer
from zhenke.staff.rules import May

MOST_PHOTOS = 6
_STRAY_AFTER = timedelta(days=1)


class TooManyNotePhotos(RuleBroken):
    """A note has half a dozen photos at most. Facts: `most`."""

    code = "too_many_note_photos"
    message = "A note takes {most} photos at most."


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A photo that was drawn anew and is not kept yet."""

    name: str
    content_hash: str
    picture: Picture


def drawn_anew(raws: Sequence[bytes]) -> tuple[NewPhoto, ...]:
    """Return photos drawn anew, the same file once; nothing is written yet.

    Errors: TooManyNotePhotos; NotAPicture, PictureTooLarge.
    """
    once = {hashlib.sha256(raw).hexdigest(): raw for raw in raws}
    if len(once) > MOST_PHOTOS:
        raise TooManyNotePhotos(most=MOST_PHOTOS)
    return tuple(NewPhoto(new_picture_name(), content_hash, redrawn(raw)) for content_hash, raw in once.items())


@contextmanager
def kept_or_gone(photos: Sequence[NewPhoto]) -> Iterator[None]:
    """Take the files of new photos away again if the transaction inside does not end well.

    It stands around the transaction, so that a refusal after the files were written leaves none behind.
    """
    try:
        yield
    except BaseException:
        for photo in photos:
            drop_picture(folder=note_photo_folder(), name=photo.name)
        raise


def keep_photos(*, interaction: Interaction, photos: Sequence[NewPhoto], by: Viewer, now: datetime) -> None:
    """Keep photos with an interaction, inside `kept_or_gone` and a transaction.

    The files are there before the rows are, so that no row ever points at nothing.

    Errors: TooManyNotePhotos, together with those that it has.
    Writes: two files and one NotePhoto each; one audit line.
    Twice:  a photo that it has is not kept again.
    """
    if not photos:
        return
    known = set(NotePhoto.objects.filter(interaction=interaction).values_list("content_hash", flat=True))
    fresh = [photo for photo in photos if photo.content_hash not in known]
    if len(known) + len(fresh) > MOST_PHOTOS:
        raise TooManyNotePhotos(most=MOST_PHOTOS)
    for photo in fresh:
        write_picture(folder=note_photo_folder(), name=photo.name, picture=photo.picture)
    NotePhoto.objects.bulk_create(
        NotePhoto(
            interaction=interaction,
            file_name=photo.name,
            content_hash=photo.content_hash,
            width=photo.picture.width,
            height=photo.picture.height,
            added_by_id=by.id,
            added_at=now,
        )
        for photo in fresh
    )
    if fresh:
        facts = {"interaction": interaction.pk, "photos": len(fresh)}
        key = interaction.customer_id
        record(action="customer.note_photos", by=by, now=now, subject_kind="customer", subject_id=key, **facts)


def drop_note_photo(*, photo: NotePhoto, by: Viewer, now: datetime) -> bool:
    """Take one photo off its note; return whether it was there.

    Errors: NotAllowed.
    Writes: deletes NotePhoto, one audit line; the files when that is certain.
    Twice:  False.
    """
    require(by, May.EDIT_CUSTOMERS)
    with transaction.atomic():
        gone, _ = NotePhoto.objects.filter(pk=photo.pk).delete()
        if gone:
            facts = {
                "subject_id": photo.interaction.customer_id,
                "interaction": photo.interaction_id,
                "photo": photo.pk,
            }
            record(action="customer.note_photo_dropped", by=by, now=now, subject_kind="customer", **facts)
            transaction.on_commit(lambda: drop_picture(folder=note_photo_folder(), name=photo.file_name))
    return gone > 0


def drop_files_of(*, interactions: Collection[int] = (), customer_id: int | None = None) -> int:
    """Let the files of photos go with notes about to be deleted, once the transaction has ended; return how many.

    Writes: files, after the transaction; the rows go with their notes.
    Twice:  nothing more to take away.
    """
    rows = NotePhoto.objects.filter(interaction__in=interactions)
    if customer_id is not None:
        rows = NotePhoto.objects.filter(interaction__customer=customer_id)
    names = list(rows.values_list("file_name", flat=True))

    def drop() -> None:
        for name in names:
            drop_picture(folder=note_photo_folder(), name=name)

    if names:
        transaction.on_commit(drop)
    return len(names)


def drop_stray_photos(*, now: datetime) -> int:
    """Take away files of photos that no note knows, a day after they were written; return how many pictures.

    A power cut between file and row, or between row and file, leaves such files behind.

    Writes: files.
    Twice:  nothing more to take away.
    """
    before = (now - _STRAY_AFTER).timestamp()
    return drop_stray_pictures(
        folder=note_photo_folder(), before=before, known=lambda names: known_note_photos(names=names)
    )
