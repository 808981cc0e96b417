"""Pieces as a viewer may see them: those of one customer, one of them, those found by a number, those due.

Whoever sees the archive of the owner sees that a piece is there; how much of it, customers/rules/sight.py says. On the
archive of the person a gift is for it does not exist before its day.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from zhenke.basics.errors import NotFound
from zhenke.catalogue.models import Certificate, Piece
from zhenke.catalogue.rules import masked_number, spellings
from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to, visible
from zhenke.customers.rules.importance import Importance
from zhenke.customers.rules.sight import Shown, pieces_shown, sight_of
from zhenke.customers.rules.surprise import is_still_secret
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer

_BESIDE = ("customer", "wearer", "shop", "style")
_SHORTEST_NUMBER = 4
_BATCH = 5_000


class PieceUnknown(NotFound):
    """There is no such piece, or the viewer may not know of it."""

    code = "piece_unknown"
    message = "This piece does not exist, or is not yours to see."


@dataclass(frozen=True, slots=True)
class SeenPiece:
    """One piece as the viewer sees it: masked numbers and no weights unless `is_whole`."""

    id: int
    name: str
    category: str
    metal: str
    purity_permille: int | None
    size: str
    hallmark: str
    maker: str
    setting: str
    origin: str
    serial: str
    gross_mg: int | None
    metal_mg: int | None
    certificates: tuple[tuple[str, str], ...]
    """Laboratory and number of each."""
    photo: int | None
    """The key of its first photo, None where there is none to be seen."""
    bought_date: date | None
    warranty: str
    next_inspection_date: date | None
    secret_until_date: date | None
    owner_id: int | None
    wearer: Customer | None
    is_whole: bool


def seen_piece(*, piece: Piece, is_whole: bool, has_photos: bool) -> SeenPiece:
    """Return a piece as far as it is shown; its certificates and photos are at hand or read."""
    photos = sorted(photo.pk for photo in piece.photos.all()) if has_photos else []
    papers = [(paper.lab, paper.number) for paper in piece.certificates.all()]
    return SeenPiece(
        id=piece.pk,
        name=piece.name,
        category=piece.category,
        metal=piece.metal,
        purity_permille=piece.purity_permille,
        size=piece.size,
        hallmark=piece.hallmark,
        maker=piece.maker,
        setting=piece.setting,
        origin=piece.origin,
        serial=(piece.serial or "") if is_whole else masked_number(piece.serial or ""),
        gross_mg=piece.gross_mg if is_whole else None,
        metal_mg=piece.metal_mg if is_whole else None,
        certificates=tuple((lab, number if is_whole else masked_number(number)) for lab, number in papers),
        photo=photos[0] if photos else None,
        bought_date=piece.bought_date,
        warranty=piece.warranty,
        next_inspection_date=piece.next_inspection_date,
        secret_until_date=piece.secret_until_date,
        owner_id=piece.customer_id,
        wearer=piece.wearer,
        is_whole=is_whole,
    )


def pieces_of(
    *, viewer: Viewer, customer: Customer, today: date, before: int | None = None, size: int = 30
) -> list[SeenPiece]:
    """Return what a customer owns, and what of others she wears and may know of, the newest first.

    Shape:  at most `size` rows, `before` the key of the last one seen; may be empty.
    Sees:   who sees the customer, by `pieces_shown`: whole, masked, or nothing (marketing). A gift to her
            that is still secret is not there.
    Budget: 3 SQL queries.
    """
    sight = sight_of(viewer.role).pieces
    if sight == Shown.NOTHING:
        return []
    is_open = Q(secret_until_date=None) | Q(secret_until_date__lte=today)
    hers = belonging_to(viewer=viewer, customer=customer)
    worn = belonging_to(viewer=viewer, customer=customer, field="wearer") & is_open & Q(customer__isnull=False)
    rows = Piece.objects.filter(hers | worn)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("wearer", "customer").prefetch_related("certificates", "photos").order_by("-id")
    return [
        seen_piece(piece=row, is_whole=is_shown_whole(viewer=viewer, piece=row), has_photos=sight != Shown.MASKED)
        for row in rows[:size]
    ]


def is_shown_whole(*, viewer: Viewer, piece: Piece) -> bool:
    """Return whether numbers, weights and valuations of a piece at hand are shown at once, without asking."""
    importance = piece.customer.importance if piece.customer else Importance.ORDINARY
    return pieces_shown(role=viewer.role, importance=importance) == Shown.FULL


def piece_for(*, viewer: Viewer, id: int, today: date) -> Piece:
    """Return one piece with owner, wearer, shop and style, for the room and for acts; pages show `whole_piece` of it.

    Errors: PieceUnknown if there is none, it came back to the shop, or neither its owner nor (when she may know of it)
            its wearer is within the viewer's sight; all look the same.
    Sees:   as `pieces_of`.
    """
    found = Piece.objects.select_related(*_BESIDE).filter(pk=id, customer__isnull=False).first()
    if found is None or sight_of(viewer.role).pieces == Shown.NOTHING or not _is_seen(viewer, found, today):
        raise PieceUnknown
    return found


def _is_seen(viewer: Viewer, piece: Piece, today: date) -> bool:
    if isinstance(viewer, SystemViewer):
        return True
    people = {piece.customer_id or 0}
    if piece.wearer_id and not is_still_secret(secret_until_date=piece.secret_until_date, today=today):
        people.add(piece.wearer_id)
    return visible(viewer=viewer).filter(pk__in=people).exists()


def find_pieces(*, viewer: Viewer, text: str, limit: int = 8) -> list[Piece]:
    """Return the pieces with this serial or certificate number, with their owners.

    The number must be whole: parts of a number that is masked must not be guessed one after the other.

    Shape:  at most `limit` rows, the newest first; empty for fewer than four signs.
    Sees:   pieces whose owner is in sight, for roles that are shown their numbers, at once or for a reason.
    """
    numbers = spellings(text)
    shown = sight_of(viewer.role).pieces
    if len(text.strip()) < _SHORTEST_NUMBER or "\x00" in text or shown not in (Shown.FULL, Shown.REVEAL):
        return []
    with_serial = Piece.objects.filter(serial__in=numbers).values_list("pk", flat=True)
    keys = with_serial.union(Certificate.objects.filter(number__in=numbers).values_list("piece_id", flat=True))
    found = Piece.objects.filter(pk__in=list(keys[: limit * 10]), customer__isnull=False)
    rows = list(found.select_related("customer").order_by("-id"))
    owners = visible(viewer=viewer).filter(pk__in={row.customer_id for row in rows}) if rows else []
    seen = {owner.pk for owner in owners}
    return [row for row in rows if row.customer_id in seen][:limit]


def pieces_due(*, viewer: SystemViewer, first: date, last: date) -> QuerySet[Piece]:
    """Return the pieces that are to be looked at from `first` to `last`, with their owners.

    Shape:  one row per piece, the earliest first; may be empty.
    Sees:   everything: this is the night's question, which only the house asks.
    """
    rows = Piece.objects.filter(next_inspection_date__range=(first, last), customer__isnull=False)
    return rows.select_related("customer").order_by("next_inspection_date", "id")


def holders_of_pieces(*, customer_ids: Collection[int]) -> set[int]:
    """Return those of the customers who own, wear or once owned a piece: their archives must stay.

    Shape:  keys; a query per 5,000.
    Sees:   no viewer: keys in, keys out.
    """
    wanted = sorted(customer_ids)
    found: set[int] = set()
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        rows = Piece.objects.filter(Q(customer__in=part) | Q(wearer__in=part) | Q(owners__from_customer__in=part))
        for keys in rows.values_list("customer_id", "wearer_id", "owners__from_customer_id"):
            found.update(key for key in keys if key is not None)
    return found & set(customer_ids)
