"""A piece shown whole: for a reason, counted as a contact is, with what its owner's importance asks for."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.cast import NOW, Cast
from tests.catalogue.jewel_box import NUMBER, TODAY, ring

from zhenke.basics.errors import NotAllowed
from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations.pieces import LookReasonMissing
from zhenke.catalogue.operations.shares import share_piece
from zhenke.catalogue.queries import PieceUnknown, WholePiece, pieces_of, whole_piece
from zhenke.customers.models import Customer, RevealTally
from zhenke.customers.operations import add_contact, reveal_contact
from zhenke.customers.operations.permits import ask_permit, decide_permit
from zhenke.customers.operations.reveals import set_quotas
from zhenke.customers.rules.permits import ProofMissing, SecondPersonMissing
from zhenke.customers.rules.reveals import RevealsUsedUp
from zhenke.journeys.reveal_piece import reveal_piece
from zhenke.staff.models import AuditEntry, StaffMember

pytestmark = pytest.mark.django_db


def look(member: StaffMember, piece: Piece, *, reason: str = "service", proved_at: datetime | None = NOW) -> WholePiece:
    return reveal_piece(viewer=member, piece=piece.pk, reason=reason, proved_at=proved_at, today=TODAY, now=NOW)


def made(cast: Cast, importance: int) -> Piece:
    piece = ring(cast)
    Customer.objects.filter(pk=cast.mrs_zhou.pk).update(importance=importance, importance_reason="asked")
    cast.mrs_zhou.refresh_from_db()
    piece.refresh_from_db()
    return piece


def nothing_happened() -> bool:
    return not RevealTally.objects.exists() and not AuditEntry.objects.filter(action="piece.revealed").exists()


class TestRevealPiece:
    def test_shows_all_counts_it_and_writes_down_who_looked_each_time(self, cast: Cast) -> None:
        piece = ring(cast)
        for _ in range(2):
            whole = look(cast.lin, piece)
        assert whole.certificates[0].number == NUMBER
        assert whole.seen.gross_mg == 2_700
        entries = list(AuditEntry.objects.filter(action="piece.revealed"))
        assert [(entry.actor_id, entry.facts["reason"]) for entry in entries] == [(cast.lin.pk, "service")] * 2
        assert {entry.subject_id for entry in entries} == {cast.mrs_zhou.pk}
        assert RevealTally.objects.get().shown == 2

    def test_counts_against_the_same_limit_as_a_contact(self, cast: Cast) -> None:
        piece = ring(cast)
        phone = add_contact(customer=cast.mrs_zhou, kind="phone", text="13800138000", by=cast.mei, now=NOW).pk
        set_quotas(quotas={("shop_manager", 1): 2}, by=cast.zhu, now=NOW)
        look(cast.lin, piece)
        reveal_contact(viewer=cast.lin, contact=phone, reason="call", now=NOW)
        with pytest.raises(RevealsUsedUp):
            look(cast.lin, piece)
        with pytest.raises(RevealsUsedUp):
            reveal_contact(viewer=cast.lin, contact=phone, reason="call", now=NOW)
        assert AuditEntry.objects.filter(action="piece.revealed").count() == 1

    @pytest.mark.parametrize("who", ["ji", "an", "mei", "qiao", "other"])
    def test_is_for_roles_that_reveal_and_pieces_in_sight(self, cast: Cast, who: str) -> None:
        with pytest.raises((NotAllowed, PieceUnknown)):
            look(getattr(cast, who), ring(cast))
        assert nothing_happened()

    @pytest.mark.parametrize("reason", ["", "x" * 41, "she asked me", "13800138000"])
    def test_wants_a_reason_that_is_a_code(self, cast: Cast, reason: str) -> None:
        with pytest.raises(LookReasonMissing):
            look(cast.lin, ring(cast), reason=reason)
        assert nothing_happened()

    def test_wants_a_fresh_proof(self, cast: Cast) -> None:
        with pytest.raises(ProofMissing):
            look(cast.lin, ring(cast), proved_at=None)
        assert nothing_happened()

    @pytest.mark.parametrize(("importance", "who"), [(2, "lin"), (3, "mei"), (3, "zhu")])
    def test_wants_a_second_person_for_who_is_special(self, cast: Cast, importance: int, who: str) -> None:
        piece, member = made(cast, importance), getattr(cast, who)
        with pytest.raises(SecondPersonMissing):
            look(member, piece)
        assert nothing_happened()
        permit = ask_permit(
            customer=cast.mrs_zhou, group="pieces", subject=piece.pk, reason="service", by=member, now=NOW
        )
        decide_permit(permit=permit, agree=True, because="known", by=cast.hua, now=NOW)
        assert look(member, piece).certificates[0].number == NUMBER
        with pytest.raises(SecondPersonMissing):
            look(member, piece)


class TestPiecesOfAProtectedCustomer:
    def test_are_covered_for_her_advisor_too_and_never_shared(self, cast: Cast) -> None:
        piece = made(cast, 3)
        assert not whole_piece(viewer=cast.mei, piece=piece).seen.is_whole
        [listed] = pieces_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY)
        assert NUMBER not in str(listed)
        with pytest.raises(NotAllowed):
            share_piece(piece=piece, hours=24, shows=["certificate"], by=cast.mei, now=NOW)
        assert whole_piece(viewer=cast.mei, piece=ring_of_another(cast)).seen.is_whole


def ring_of_another(cast: Cast) -> Piece:
    other = ring(cast, key="desk:2", serial="DR2")
    other.customer = cast.mr_zhou
    other.save()
    return other
