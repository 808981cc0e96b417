"""What the house knows of a customer's pieces, for her own copy."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhenke.catalogue.models import Piece, Stone, Valuation
from zhenke.customers.models import Customer
from zhenke.customers.queries import belonging_to
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.models import Viewer

Row = dict[str, Any]
_OF_A_STONE = (
    "nature", "shape", "colour", "clarity", "cut", "polish", "symmetry", "fluorescence", "measurements", "origin",
    "jade_texture", "jade_water", "jade_colour", "jade_type",
)  # fmt: skip
_VALUED = ("piece__name", "on_date", "purpose", "value_minor", "currency", "valid_until_date", "insurer", "policy")


def piece_keys_of(*, viewer: Viewer, customer: Customer) -> list[int]:
    """Return the keys of a customer's pieces.

    Sees:   as `customers.queries.visible`, roles to whom the table of sight shows pieces.
    """
    if sight_of(viewer.role).pieces == Shown.NOTHING:
        return []
    rows = Piece.objects.filter(belonging_to(viewer=viewer, customer=customer))
    return list(rows.values_list("pk", flat=True))


def pieces_told(*, customer: Customer, today: date) -> dict[str, list[Row]]:
    """Return what a customer owns and wears, by section; whose a worn piece is, is not hers to know.

    Shape:  rows of plain values. A piece that is a surprise for her is not there before its day.
    Sees:   no viewer: `gather_access_pack` asks who may make a copy.
    """
    rows = Piece.objects.filter(customer=customer).select_related("shop", "style")
    hers = rows.prefetch_related("stones", "certificates", "inspections", "photos")
    valued = Valuation.objects.filter(piece__customer=customer)
    worn = Piece.objects.filter(wearer=customer).exclude(secret_until_date__gt=today)
    return {
        "pieces": [_piece(piece) for piece in hers.order_by("pk")],
        "valuations": [dict(row) for row in valued.order_by("pk").values(*_VALUED)],
        "worn": [{"name": piece.name, "category": piece.category} for piece in worn.order_by("pk")],
    }


def _stone(stone: Stone) -> str:
    carats = f"{stone.carat_thousandths / 1000} ct" if stone.carat_thousandths else ""
    return " ".join(
        [
            stone.kind,
            *([carats] if carats else []),
            *(str(getattr(stone, name)) for name in _OF_A_STONE if getattr(stone, name)),
        ]
    )


def _piece(piece: Piece) -> Row:
    return {
        "name": piece.name,
        "serial": piece.serial,
        "category": piece.category,
        "metal": piece.metal,
        "purity_permille": piece.purity_permille,
        "gross_mg": piece.gross_mg,
        "size": piece.size,
        "hallmark": piece.hallmark,
        "maker": piece.maker,
        "setting": piece.setting,
        "origin": piece.origin,
        "bought_date": piece.bought_date,
        "price_minor": piece.price_minor,
        "currency": piece.currency,
        "warranty": piece.warranty,
        "next_date": piece.next_inspection_date,
        "stones": [_stone(stone) for stone in piece.stones.all()],
        "certificates": [f"{one.lab} {one.number} {one.inscription}".strip() for one in piece.certificates.all()],
        "inspected": [look.on_date for look in piece.inspections.all()],
        "photos": len(piece.photos.all()),
    }
