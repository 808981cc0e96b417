"""What a link shows of a piece to whoever has it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, fields
from datetime import datetime

from zhenke.catalogue.models import Piece, PiecePhoto, PieceShare
from zhenke.catalogue.rules import CertificateDraft, StoneDraft
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.models import Viewer
from zhenke.staff.queries import token_hash

_LONGEST_KEY = 16  # hex digits of a key


@dataclass(frozen=True, slots=True)
class SharedPiece:
    """A piece as strangers see it: never a price, a serial, an owner, a shop's address."""

    share: PieceShare
    name: str
    category: str
    metal: str
    purity_permille: int | None
    stones: tuple[StoneDraft, ...]
    certificates: tuple[CertificateDraft, ...]
    photo_count: int


def live_share(*, token: str, now: datetime) -> PieceShare | None:
    """Return the share that a link opens, with its piece; None if unknown, expired or taken back.

    The row is found by its key, and the secret compared in a time that does not tell how much of it is right; where
    there is no row, something is compared as well.

    Sees:   no viewer: who holds the link holds the piece's description.
    """
    key, _, secret = token.partition(".")
    is_key = 0 < len(key) <= _LONGEST_KEY and all(sign in "0123456789abcdef" for sign in key)
    number = int(key, 16) if is_key else 0
    found = PieceShare.objects.select_related("piece").filter(pk=number).first() if 0 < number < 2**63 else None
    kept = found.token_hash if found else token_hash("")
    if not hmac.compare_digest(kept, token_hash(secret)) or found is None:
        return None
    is_live = found.revoked_at is None and found.expires_at > now and found.piece.customer_id is not None
    return found if is_live else None


def shared_piece(*, token: str, now: datetime) -> SharedPiece | None:
    """Return what a link shows, None if it shows nothing (any more).

    Sees:   no viewer, as `live_share`; only the parts that the share names.
    Budget: 4 SQL queries.
    """
    share = live_share(token=token, now=now)
    if share is None:
        return None
    piece, shows = share.piece, set(share.shows)
    stones, papers = [field.name for field in fields(StoneDraft)], [field.name for field in fields(CertificateDraft)]
    return SharedPiece(
        share=share,
        name=piece.name,
        category=piece.category,
        metal=piece.metal,
        purity_permille=piece.purity_permille,
        stones=tuple(
            StoneDraft(**{name: getattr(row, name) for name in stones})
            for row in (piece.stones.order_by("position") if "stones" in shows else ())
        ),
        certificates=tuple(
            CertificateDraft(**{name: getattr(row, name) for name in papers})
            for row in (piece.certificates.order_by("id") if "certificate" in shows else ())
        ),
        photo_count=piece.photos.count() if "photos" in shows else 0,
    )


def shared_photo(*, token: str, number: int, now: datetime) -> PiecePhoto | None:
    """Return the photo of this number (from 1) behind a link, None if it shows none.

    Sees:   as `shared_piece`.
    """
    share = live_share(token=token, now=now)
    if share is None or "photos" not in share.shows or not 0 < number <= 100:
        return None
    return share.piece.photos.order_by("id")[number - 1 : number].first()


def shares_of(*, viewer: Viewer, piece: Piece, now: datetime) -> list[PieceShare]:
    """Return the links of a piece that are still open, the newest first.

    Sees:   roles that are shown pieces whole, of a piece that `piece_for` gave; never the secrets, which are not kept.
    """
    if sight_of(viewer.role).pieces != Shown.FULL:
        return []
    rows = piece.shares.filter(revoked_at=None, expires_at__gt=now)
    return list(rows.order_by("-made_at", "-id"))
