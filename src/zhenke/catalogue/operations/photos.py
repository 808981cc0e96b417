"""Keeps and drops photos of pieces: files in the home folder under names that nobody can guess."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from zhenke.basics.errors import RuleBroken
from zhenke.basics.picture_files import drop_picture, drop_stray_pictures, new_picture_name, write_picture
from zhenke.basics.pictures import redrawn
from zhenke.catalogue.models import Piece, PiecePhoto
from zhenke.catalogue.operations.permission import require_edit
from zhenke.catalogue.queries.whole import known_piece_photos, photo_folder
from zhenke.staff.audit import record
from zhenke.staff.models import Viewer

MOST_PHOTOS = 12
_STRAY_AFTER = timedelta(days=1)


class TooManyPhotos(RuleBroken):
    """A piece has a dozen photos at most."""

    code = "too_many_photos"
    message = "This piece has enough photos. Take one away first."


def add_photo(*, piece: Piece, raw: bytes, by: Viewer, now: datetime) -> PiecePhoto:
    """Draw a photo anew and keep it.

    The files are there before the row is, so that no row ever points at nothing; without the row they go again.

    Errors: NotAllowed; NotAPicture, PictureTooLarge; TooManyPhotos.
    Writes: two files, one PiecePhoto, one audit line.
    Twice:  the same file again: the photo that is there, nothing is written.
    """
    require_edit(by)
    content_hash = hashlib.sha256(raw).hexdigest()
    known = piece.photos.filter(content_hash=content_hash).first()
    if known is not None:
        return known
    if piece.photos.count() >= MOST_PHOTOS:
        raise TooManyPhotos
    picture = redrawn(raw)
    row = PiecePhoto(
        piece=piece,
        file_name=new_picture_name(),
        content_hash=content_hash,
        width=picture.width,
        height=picture.height,
        added_by_id=by.id,
        added_at=now,
    )
    write_picture(folder=photo_folder(), name=row.file_name, picture=picture)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record(action="piece.photo", by=by, now=now, subject_kind="piece", subject_id=piece.pk, photo=row.pk)
    except IntegrityError:  # the same photo at the same moment: the other one stays
        _unlink(row)
        return piece.photos.get(content_hash=content_hash)
    except BaseException:
        _unlink(row)
        raise
    return row


def drop_photo(*, photo: PiecePhoto, by: Viewer, now: datetime) -> bool:
    """Take a photo away; return whether it was there.

    Errors: NotAllowed.
    Writes: deletes the row, one audit line, and the files when that is certain.
    Twice:  False.
    """
    require_edit(by)
    with transaction.atomic():
        gone, _ = PiecePhoto.objects.filter(pk=photo.pk).delete()
        if gone:
            record(
                action="piece.photo_dropped",
                by=by,
                now=now,
                subject_kind="piece",
                subject_id=photo.piece_id,
                photo=photo.pk,
            )
            transaction.on_commit(lambda: _unlink(photo))
    return gone > 0


def _unlink(photo: PiecePhoto) -> None:
    drop_picture(folder=photo_folder(), name=photo.file_name)


def drop_photo_files(photos: Iterable[PiecePhoto]) -> None:
    """Take the files of photos away whose rows are gone.

    Writes: the home folder.
    Twice:  nothing more to take away.
    """
    for photo in photos:
        _unlink(photo)


def drop_stray_piece_photos(*, now: datetime) -> int:
    """Take away files of photos that no piece knows, a day after they were written; return how many pictures.

    A power cut between file and row, or between row and file, leaves such files behind.

    Writes: files.
    Twice:  nothing more to take away.
    """
    before = (now - _STRAY_AFTER).timestamp()
    return drop_stray_pictures(
        folder=photo_folder(), before=before, known=lambda names: known_piece_photos(names=names)
    )
