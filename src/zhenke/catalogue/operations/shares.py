"""Opens and closes links by which a piece is shown to others for a while, and counts how often they are used."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from zhenke.basics.errors import NotAllowed
from zhenke.catalogue.models import Piece, PieceShare
from zhenke.catalogue.operations.permission import require_edit, require_whole
from zhenke.catalogue.rules import SHARE_HOURS, SHOWABLE, BadPiece
from zhenke.staff.audit import record
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import token_hash
from zhenke.staff.rules import May

_SECRET_BYTES = 32


@transaction.atomic
def share_piece(
    *, piece: Piece, hours: int, shows: Collection[str], by: Viewer, now: datetime
) -> tuple[PieceShare, str]:
    """Open a link to a piece; return it and its token, which is told this once and kept only as a hash.

    Errors: NotAllowed for roles that are not shown pieces whole; BadPiece `hours`, `shows`.
    Writes: one PieceShare, one audit line.
    Twice:  another link: each is closed by itself.
    """
    require_whole(by, piece)
    if hours not in SHARE_HOURS:
        raise BadPiece(field="hours")
    if not shows or not set(shows) <= set(SHOWABLE):
        raise BadPiece(field="shows")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    share = PieceShare.objects.create(
        piece=piece,
        token_hash=token_hash(secret),
        shows=[part for part in SHOWABLE if part in shows],
        expires_at=now + timedelta(hours=hours),
        made_by_id=by.id,
        made_at=now,
    )
    record(
        action="piece.shared",
        by=by,
        now=now,
        subject_kind="piece",
        subject_id=piece.pk,
        share=share.pk,
        hours=hours,
        shows=share.shows,
    )
    return share, f"{share.pk:x}.{secret}"


@transaction.atomic
def revoke_share(*, piece: Piece, id: int, by: Viewer, now: datetime) -> bool:
    """Close a link of a piece; return whether it was open.

    Errors: NotAllowed.
    Writes: the PieceShare, one audit line.
    Twice:  False, nothing is written.
    """
    require_edit(by)
    closed = PieceShare.objects.filter(pk=id, piece=piece, revoked_at=None).update(revoked_at=now)
    if closed:
        record(action="piece.share_closed", by=by, now=now, subject_kind="piece", subject_id=piece.pk, share=id)
    return closed > 0


@transaction.atomic
def end_shares(*, made_by: StaffMember, by: Viewer, now: datetime) -> int:
    """Close all links of somebody who leaves, or gets another role or shop; return how many were open.

    Errors: NotAllowed for who may not edit people.
    Writes: PieceShare, one audit line if any was open.
    Twice:  0.
    """
    if not by.may(May.EDIT_STAFF):
        raise NotAllowed
    rows = PieceShare.objects.filter(made_by=made_by, revoked_at=None, expires_at__gt=now)
    closed = rows.update(revoked_at=now)
    if closed:
        action = "piece.share_closed"
        record(action=action, by=by, now=now, subject_kind="staff", subject_id=made_by.pk, links=closed)
    return closed


@transaction.atomic
def end_every_share(*, now: datetime) -> int:
    """Close the open links of everybody; return how many. Writes: PieceShare. Twice: 0."""
    return PieceShare.objects.filter(revoked_at=None, expires_at__gt=now).update(revoked_at=now)


def count_view(*, share: PieceShare, now: datetime) -> None:
    """Count one look through a link.

    Writes: the PieceShare's counter.
    Twice:  two looks.
    """
    PieceShare.objects.filter(pk=share.pk).update(views=F("views") + 1, last_viewed_at=now)
