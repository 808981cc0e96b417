"""Pieces that customers own: those of one, a piece from elsewhere, one whole, an inspection; numbers always masked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Query, Router, Status
from ninja.decorators import decorate_view
from pydantic import Field

from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations import add_piece
from zhenke.catalogue.queries import SeenPiece, WholePiece, piece_for, pieces_of, whole_piece
from zhenke.catalogue.rules import CertificateDraft, PieceDraft, StoneDraft, next_inspection
from zhenke.customers.queries import customer_for
from zhenke.doors.api.access import TokenCall, theirs
from zhenke.doors.api.shapes import REFUSALS, Asked, Mark, Money, Problem, Size, Told, key, minor
from zhenke.journeys.inspect_piece import inspect_piece
from zhenke.staff.models import StaffMember

of_customers = Router(tags=["pieces"])
router = Router(tags=["pieces"])
Weight = Annotated[int, Field(ge=0, le=100_000_000, description="Milligrams.")]
Carats = Annotated[int, Field(ge=0, le=100_000_000, description="Thousandths of a carat.")]


class StoneAsked(Asked):
    """One stone of a piece, the main one first."""

    kind: Annotated[str, Field(min_length=1, max_length=24)]
    nature: Literal["", "natural", "lab", "treated"] = ""
    count: Annotated[int, Field(ge=1, le=9_999)] = 1
    shape: Annotated[str, Field(max_length=24)] = ""
    carat_thousandths: Carats | None = None
    colour: Annotated[str, Field(max_length=24)] = ""
    clarity: Annotated[str, Field(max_length=24)] = ""
    cut: Annotated[str, Field(max_length=24)] = ""
    polish: Annotated[str, Field(max_length=24)] = ""
    symmetry: Annotated[str, Field(max_length=24)] = ""
    fluorescence: Annotated[str, Field(max_length=24)] = ""
    measurements: Annotated[str, Field(max_length=40)] = ""
    origin: Annotated[str, Field(max_length=40)] = ""
    jade_texture: Annotated[str, Field(max_length=24)] = ""
    jade_water: Annotated[str, Field(max_length=24)] = ""
    jade_colour: Annotated[str, Field(max_length=24)] = ""
    jade_type: Annotated[str, Field(max_length=24)] = ""


class CertificateAsked(Asked):
    """One paper of a laboratory."""

    lab: Annotated[str, Field(min_length=1, max_length=40)]
    number: Annotated[str, Field(min_length=1, max_length=60)]
    issued_date: date | None = None
    check_url: Annotated[str, Field(max_length=300, pattern=r"^(https?://.*)?$")] = ""
    inscription: Annotated[str, Field(max_length=60)] = ""
    is_original: bool = True


class PieceNew(Asked):
    """A piece that was bought elsewhere. What is sold here comes by its sale."""

    source_key: Annotated[str, Field(min_length=1, max_length=110)]
    name: Annotated[str, Field(min_length=1, max_length=160)]
    serial: Annotated[str, Field(max_length=60)] = ""
    category: Annotated[str, Field(max_length=40)] = ""
    metal: Annotated[str, Field(max_length=24)] = ""
    purity_permille: Annotated[int, Field(ge=1, le=1000)] | None = None
    gross_mg: Weight | None = None
    metal_mg: Weight | None = None
    size: Annotated[str, Field(max_length=40)] = ""
    hallmark: Annotated[str, Field(max_length=60)] = ""
    maker: Annotated[str, Field(max_length=80)] = ""
    setting: Annotated[str, Field(max_length=24)] = ""
    bought_date: date | None = None
    price: Money | None = None
    warranty: Annotated[str, Field(max_length=300)] = ""
    next_inspection_date: date | None = None
    stones: Annotated[list[StoneAsked], Field(max_length=40)] = Field(default_factory=list)
    certificates: Annotated[list[CertificateAsked], Field(max_length=40)] = Field(default_factory=list)


class InspectionAsked(Asked):
    """A look at a piece; no day means today, no next day six months later."""

    on_date: date | None = None
    next_date: date | None = None
    seen: Annotated[str, Field(max_length=300)] = ""


class PiecesAsked(Asked):
    """Which page."""

    after: Mark
    size: Size


class PaperTold(Told):
    """A certificate, its number masked."""

    lab: str
    number: str


class PieceTold(Told):
    """One piece; serial and certificate numbers masked, weights left out."""

    id: str
    owner_id: str | None
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
    certificates: list[PaperTold]
    bought_date: date | None
    warranty: str
    next_inspection_date: date | None


class PiecesTold(Told):
    """One page."""

    rows: list[PieceTold]
    after: str


class StoneTold(Told):
    """A stone, without its weight."""

    kind: str
    nature: str
    count: int
    shape: str
    colour: str
    clarity: str


class InspectionTold(Told):
    """One look at a piece."""

    id: str
    on_date: date
    next_date: date
    seen: str


class PieceWhole(PieceTold):
    """One piece with its stones and inspections."""

    stones: list[StoneTold]
    inspections: list[InspectionTold]


def _today(member: StaffMember) -> date:
    return local_date(now(), member.shop.time_zone)


def _its_piece(*, viewer: StaffMember, id: int) -> Piece:
    return piece_for(viewer=viewer, id=id, today=_today(viewer))


def _told(seen: SeenPiece) -> PieceTold:
    return PieceTold(
        id=str(seen.id),
        owner_id=key(seen.owner_id),
        name=seen.name,
        category=seen.category,
        metal=seen.metal,
        purity_permille=seen.purity_permille,
        size=seen.size,
        hallmark=seen.hallmark,
        maker=seen.maker,
        setting=seen.setting,
        origin=seen.origin,
        serial=seen.serial,
        certificates=[PaperTold(lab=lab, number=number) for lab, number in seen.certificates],
        bought_date=seen.bought_date,
        warranty=seen.warranty,
        next_inspection_date=seen.next_inspection_date,
    )


def _whole(piece: WholePiece) -> PieceWhole:
    stones = [
        StoneTold(
            kind=one.kind,
            nature=one.nature,
            count=one.count,
            shape=one.shape,
            colour=one.colour,
            clarity=one.clarity,
        )
        for one in piece.stones
    ]
    looks = [
        InspectionTold(id=str(one.pk), on_date=one.on_date, next_date=one.next_date, seen=one.seen)
        for one in piece.inspections
    ]
    return PieceWhole(**dict(_told(piece.seen)), stones=stones, inspections=looks)


@of_customers.get(
    "/{customer_id}/pieces",
    url_name="customer-pieces",
    response={200: PiecesTold, REFUSALS: Problem},
    summary="Pieces of one customer",
)
@decorate_view(theirs("customer_id", customer_for))
def list_pieces(request: TokenCall, customer_id: str, asked: Query[PiecesAsked]) -> PiecesTold:
    """What she owns, the newest first."""
    before = int(asked.after) if asked.after.isascii() and asked.after.isdecimal() and len(asked.after) < 19 else None
    rows = pieces_of(
        viewer=request.user,
        customer=request.found,
        today=_today(request.user),
        before=before,
        size=asked.size + 1,
    )
    shown = rows[: asked.size]
    after = str(shown[-1].id) if len(rows) > len(shown) else ""
    return PiecesTold(rows=[_told(row) for row in shown], after=after)


@of_customers.post(
    "/{customer_id}/pieces",
    url_name="customer-pieces",
    response={200: PieceWhole, 201: PieceWhole, REFUSALS: Problem},
    summary="Write down a piece from elsewhere",
)
@decorate_view(theirs("customer_id", customer_for))
def create_piece(request: TokenCall, customer_id: str, body: PieceNew) -> Status:
    """Keep a piece: 201, or 200 with the one that has this `source_key`."""
    at = now()
    given = body.model_dump(exclude={"source_key", "stones", "certificates", "price"})
    currency = body.price.currency if body.price else request.found.shop.currency
    row = add_piece(
        customer=request.found,
        draft=PieceDraft(**given, price_minor=minor(body.price), currency=currency),
        source_key=f"api:{body.source_key}",
        stones=[StoneDraft(**one.model_dump()) for one in body.stones],
        certificates=[CertificateDraft(**one.model_dump()) for one in body.certificates],
        by=request.user,
        now=at,
    )
    told = _whole(whole_piece(viewer=request.user, piece=row))
    return Status(201 if row.created_at == at else 200, told)


@router.get("/{piece_id}", url_name="piece", response={200: PieceWhole, REFUSALS: Problem}, summary="One piece")
@decorate_view(theirs("piece_id", _its_piece))
def get_piece(request: TokenCall, piece_id: str) -> PieceWhole:
    """One piece."""
    return _whole(whole_piece(viewer=request.user, piece=request.found))


@router.post(
    "/{piece_id}/inspections",
    url_name="piece-inspections",
    response={200: InspectionTold, REFUSALS: Problem},
    summary="Write down an inspection",
)
@decorate_view(theirs("piece_id", _its_piece))
def inspect(request: TokenCall, piece_id: str, body: InspectionAsked) -> InspectionTold:
    """Keep an inspection; the same piece and day again is the same one."""
    on_date = body.on_date or _today(request.user)
    made = inspect_piece(
        piece=request.found,
        on_date=on_date,
        seen=body.seen,
        next_date=body.next_date or next_inspection(on_date),
        by=request.user,
        now=now(),
    )
    return InspectionTold(id=str(made.pk), on_date=made.on_date, next_date=made.next_date, seen=made.seen)
