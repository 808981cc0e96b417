"""One piece with all that is known of it, as far as the viewer sees it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from django.conf import settings

from zhenke.basics.picture_files import picture_path
from zhenke.catalogue.models import Inspection, Piece, PieceOwner, PiecePhoto, Valuation
from zhenke.catalogue.queries.pieces import PieceUnknown, SeenPiece, is_shown_whole, piece_for, seen_piece
from zhenke.catalogue.rules import CertificateDraft, StoneDraft, masked_number
from zhenke.customers.queries import seen_name, visible
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.models import Viewer


@dataclass(frozen=True, slots=True)
class HandChange:
    """One change of hands; names "" for people whom the viewer may not know of, or nobody."""

    how: str
    on_date: date
    from_name: str
    to_name: str


@dataclass(frozen=True, slots=True)
class WholePiece:
    """One piece: of stones without weights, of certificates only the last four signs, unless `seen.is_whole`."""

    seen: SeenPiece
    owner_name: str
    is_owner_seen: bool
    wearer_name: str
    stones: tuple[StoneDraft, ...]
    certificates: tuple[CertificateDraft, ...]
    inspections: tuple[Inspection, ...]
    valuations: tuple[Valuation, ...]
    photos: tuple[int, ...]
    owners: tuple[HandChange, ...]
    price_minor: int | None
    currency: str


def whole_piece(*, viewer: Viewer, piece: Piece, is_revealed: bool = False) -> WholePiece:
    """Return what the viewer sees of a piece that `piece_for` gave.

    `is_revealed` is for `operations.show_piece`, which has written down who looks and why.

    Shape:  stones in the order of the piece, inspections, valuations and changes of hands the newest first.
    Sees:   by `pieces_shown`; photos, price and inspections also where numbers are masked until revealed,
            the auditor and programs see neither photos nor valuations.
    Budget: 7 SQL queries.
    """
    sight = sight_of(viewer.role).pieces
    is_whole = is_revealed or is_shown_whole(viewer=viewer, piece=piece)
    has_photos = sight in (Shown.FULL, Shown.REVEAL)
    changes = list(piece.owners.select_related("from_customer", "to_customer").order_by("-on_date", "-id"))
    people = [piece.customer_id, piece.wearer_id, *(one.from_customer_id for one in changes)]
    keys = {key for key in people if key is not None}
    known = set(visible(viewer=viewer).filter(pk__in=keys).values_list("pk", flat=True))
    seen = seen_piece(piece=piece, is_whole=is_whole, has_photos=has_photos)
    owner, wearer = piece.customer, piece.wearer
    return WholePiece(
        seen=seen,
        owner_name=seen_name(viewer=viewer, customer=owner) if owner and owner.pk in known else "",
        is_owner_seen=owner is not None and owner.pk in known,
        wearer_name=seen_name(viewer=viewer, customer=wearer) if wearer and wearer.pk in known else "",
        stones=tuple(_stones(piece, is_whole=is_whole)),
        certificates=tuple(_certificates(piece, is_whole=is_whole)),
        inspections=tuple(piece.inspections.select_related("by").order_by("-on_date")),
        valuations=tuple(piece.valuations.order_by("-on_date", "-id")) if is_whole else (),
        photos=tuple(sorted(photo.pk for photo in piece.photos.all())) if has_photos else (),
        owners=tuple(_hand_change(viewer, one, known) for one in changes),
        price_minor=piece.price_minor,
        currency=piece.currency,
    )


def _hand_change(viewer: Viewer, row: PieceOwner, known: set[int]) -> HandChange:
    names = [
        seen_name(viewer=viewer, customer=person) if person and person.pk in known else ""
        for person in (row.from_customer, row.to_customer)
    ]
    return HandChange(row.how, row.on_date, names[0], names[1])


def _stones(piece: Piece, *, is_whole: bool) -> list[StoneDraft]:
    names = [field.name for field in fields(StoneDraft)]
    hidden = set() if is_whole else {"carat_thousandths", "measurements"}
    told = []
    for row in piece.stones.order_by("position"):
        values = {name: getattr(row, name) for name in names if name not in hidden}
        told.append(StoneDraft(**values))
    return told


def _certificates(piece: Piece, *, is_whole: bool) -> list[CertificateDraft]:
    return [
        CertificateDraft(
            lab=row.lab,
            number=row.number if is_whole else masked_number(row.number),
            issued_date=row.issued_date,
            # The link of a laboratory often carries the number.
            check_url=row.check_url if is_whole else "",
            inscription=row.inscription if is_whole else masked_number(row.inscription),
            is_original=row.is_original,
            recheck=row.recheck,
        )
        for row in sorted(piece.certificates.all(), key=lambda one: one.pk)
    ]


def inspection_of(*, viewer: Viewer, piece: Piece, id: int, today: date) -> Inspection:
    """Return one inspection of a piece. Errors: PieceUnknown if it is none of this piece's, or out of sight.

    Sees:   as `piece_for`.
    """
    piece_for(viewer=viewer, id=piece.pk, today=today)
    found = Inspection.objects.filter(pk=id, piece=piece).first()
    if found is None:
        raise PieceUnknown
    return found


def photo_for(*, viewer: Viewer, piece: int, id: int, today: date) -> PiecePhoto:
    """Return one photo of a piece.

    Errors: PieceUnknown if there is none, the piece is out of sight, or the role is shown no photos.
    Sees:   as `piece_for`, but not the auditor and programs.
    """
    found = piece_for(viewer=viewer, id=piece, today=today)
    photo = PiecePhoto.objects.filter(pk=id, piece=found).first()
    if photo is None or sight_of(viewer.role).pieces not in (Shown.FULL, Shown.REVEAL):
        raise PieceUnknown
    return photo


def known_piece_photos(*, names: Collection[str]) -> set[str]:
    """Return which of these names of files belong to a photo.

    Sees:   no viewer: names that nobody can guess, for the house's own tidying.
    """
    return set(PiecePhoto.objects.filter(file_name__in=list(names)).values_list("file_name", flat=True))


def photo_folder() -> Path:
    """Return the folder of photos, outside of everything that a web server shows."""
    return Path(settings.HOME) / "pieces"


def photo_file(*, photo: PiecePhoto, is_small: bool) -> Path:
    """Return where a photo lies, large or small."""
    return picture_path(folder=photo_folder(), name=photo.file_name, is_small=is_small)
