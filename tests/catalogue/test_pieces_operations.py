"""Writes about pieces: what they write, what a repeat does, who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast import NOW, Cast
from tests.catalogue.jewel_box import NUMBER, SERIAL, TODAY, picture, ring

from zhenke.basics.errors import NotAllowed
from zhenke.basics.pictures import NotAPicture
from zhenke.catalogue.models import (
    Certificate,
    Inspection,
    Piece,
    PieceOwner,
    PiecePhoto,
    PieceShare,
    Stone,
    Valuation,
)
from zhenke.catalogue.operations import (
    NotHanded,
    SerialTaken,
    add_certificate,
    add_inspection,
    add_photo,
    add_piece,
    add_valuation,
    change_piece,
    count_view,
    drop_inspection,
    drop_photo,
    drop_stone,
    hand_on,
    keep_sold,
    load_details,
    put_stone,
    revoke_share,
    set_surprise,
    share_piece,
    take_back_sold,
)
from zhenke.catalogue.queries import photo_file
from zhenke.catalogue.rules import (
    BadPiece,
    CertificateDraft,
    PieceDetails,
    PieceDraft,
    SoldPiece,
    StoneDraft,
    ValuationDraft,
)
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db


def trail() -> int:
    """Return how many lines the trail has."""
    return AuditEntry.objects.count()


def sold(cast: Cast, count: int = 2, key: str = "7") -> list[SoldPiece]:
    """Return pieces of one line as a sale hands them over."""
    return [
        SoldPiece(f"line:{key}:{number}", cast.mrs_zhou.pk, cast.shop_a.pk, TODAY, PieceDraft("耳钉"))
        for number in range(1, count + 1)
    ]


class TestAddPiece:
    def test_writes_a_piece_with_stones_and_papers_once(self, cast: Cast) -> None:
        first = ring(cast)
        lines = trail()
        assert ring(cast).pk == first.pk
        assert (Piece.objects.count(), Stone.objects.count(), Certificate.objects.count()) == (1, 1, 1)
        assert first.origin == Piece.Origin.ELSEWHERE
        assert trail() == lines
        entry = AuditEntry.objects.get(action="piece.added")
        assert NUMBER not in str(entry.facts)
        assert SERIAL not in str(entry.facts)

    def test_refuses_the_key_of_somebody_elses_piece(self, cast: Cast) -> None:
        ring(cast)
        with pytest.raises(BadPiece):
            add_piece(customer=cast.mr_zhou, draft=PieceDraft("戒指"), source_key="desk:1", by=cast.mei, now=NOW)

    def test_refuses_a_serial_that_is_worn_already_and_leaves_nothing(self, cast: Cast) -> None:
        ring(cast)
        lines = trail()
        with pytest.raises(SerialTaken):
            ring(cast, key="desk:2", serial=f" {SERIAL} ")
        assert Piece.objects.count() == 1
        assert trail() == lines

    def test_takes_the_serial_of_a_piece_that_came_back(self, cast: Cast) -> None:
        piece = ring(cast)
        Piece.objects.filter(pk=piece.pk).update(customer=None)
        assert ring(cast, key="desk:2").serial == SERIAL

    @pytest.mark.parametrize("who", ["an", "ji"])
    def test_is_for_who_may_edit(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotAllowed):
            add_piece(customer=cast.mrs_zhou, draft=PieceDraft("戒指"), source_key="x", by=getattr(cast, who), now=NOW)
        assert not Piece.objects.exists()


class TestChangePiece:
    def test_changes_what_is_said_and_names_the_fields_only(self, cast: Cast) -> None:
        piece = ring(cast)
        change_piece(piece=piece, changes={"size": "港度 13", "serial": " B2 "}, by=cast.mei, now=NOW)
        piece.refresh_from_db()
        assert (piece.size, piece.serial, piece.gross_mg) == ("港度 13", "B2", 2_700)
        assert AuditEntry.objects.get(action="piece.changed").facts == {"fields": ["serial", "size"]}

    def test_writes_nothing_twice(self, cast: Cast) -> None:
        piece = ring(cast)
        change_piece(piece=piece, changes={"size": "13"}, by=cast.mei, now=NOW)
        lines = trail()
        change_piece(piece=piece, changes={"size": "13"}, by=cast.mei, now=NOW + timedelta(hours=1))
        assert trail() == lines

    def test_refuses_a_serial_that_is_taken(self, cast: Cast) -> None:
        ring(cast)
        other = ring(cast, key="desk:2", serial="B2")
        with pytest.raises(SerialTaken):
            change_piece(piece=other, changes={"serial": SERIAL}, by=cast.mei, now=NOW)


class TestStones:
    def test_are_put_in_order_changed_and_dropped(self, cast: Cast) -> None:
        piece = ring(cast)
        put_stone(piece=piece, position=None, draft=StoneDraft("ruby", count=2), by=cast.mei, now=NOW)
        put_stone(piece=piece, position=None, draft=StoneDraft("pearl"), by=cast.mei, now=NOW)
        put_stone(piece=piece, position=2, draft=StoneDraft("sapphire", count=2), by=cast.mei, now=NOW)
        assert drop_stone(piece=piece, position=1, by=cast.mei, now=NOW)
        rows = list(Stone.objects.order_by("position").values_list("position", "kind"))
        assert rows == [(1, "sapphire"), (2, "pearl")]

    def test_are_not_doubled_by_a_repeat(self, cast: Cast) -> None:
        piece = ring(cast)
        for _ in range(2):
            put_stone(piece=piece, position=None, draft=StoneDraft("ruby"), by=cast.mei, now=NOW)
            put_stone(piece=piece, position=1, draft=StoneDraft("diamond", colour="D"), by=cast.mei, now=NOW)
        assert Stone.objects.count() == 2
        assert AuditEntry.objects.filter(action="piece.stone").count() == 2
        assert not drop_stone(piece=piece, position=9, by=cast.mei, now=NOW)

    def test_refuse_a_place_that_is_not_there(self, cast: Cast) -> None:
        with pytest.raises(BadPiece):
            put_stone(piece=ring(cast), position=5, draft=StoneDraft("ruby"), by=cast.mei, now=NOW)


class TestAddCertificate:
    def test_brings_the_same_paper_up_to_date_and_repeats_nothing(self, cast: Cast) -> None:
        piece = ring(cast)
        again = CertificateDraft("GIA", f" {NUMBER} ", recheck="same")
        for _ in range(2):
            add_certificate(piece=piece, draft=again, by=cast.mei, now=NOW)
        assert Certificate.objects.get().recheck == "same"
        assert AuditEntry.objects.filter(action="piece.certificate").count() == 1


class TestInspections:
    def test_set_the_next_day_once_a_day(self, cast: Cast) -> None:
        piece = ring(cast)
        for _ in range(2):
            made = add_inspection(
                piece=piece, on_date=TODAY, seen="爪松", next_date=date(2027, 5, 22), by=cast.mei, now=NOW
            )
        piece.refresh_from_db()
        assert Inspection.objects.get() == made
        assert (piece.next_inspection_date, made.due_date) == (date(2027, 5, 22), TODAY)

    def test_are_taken_back_to_the_day_before_once(self, cast: Cast) -> None:
        piece = ring(cast)
        made = add_inspection(piece=piece, on_date=TODAY, seen="", next_date=date(2027, 5, 22), by=cast.mei, now=NOW)
        assert drop_inspection(inspection=made, by=cast.mei, now=NOW)
        piece.refresh_from_db()
        assert piece.next_inspection_date == TODAY
        lines = trail()
        made.pk = made.id
        assert not drop_inspection(inspection=made, by=cast.mei, now=NOW)
        assert trail() == lines

    @pytest.mark.parametrize(
        ("on_date", "next_date", "field"),
        [
            (TODAY + timedelta(days=3), date(2027, 5, 22), "on_date"),
            (TODAY, TODAY, "next_date"),
            (TODAY, date(2050, 1, 1), "next_date"),
        ],
    )
    def test_refuse_days_that_cannot_be(self, cast: Cast, on_date: date, next_date: date, field: str) -> None:
        with pytest.raises(BadPiece) as refused:
            add_inspection(piece=ring(cast), on_date=on_date, seen="", next_date=next_date, by=cast.mei, now=NOW)
        assert refused.value.facts == {"field": field}


class TestAddValuation:
    def test_keeps_one_a_day_and_purpose(self, cast: Cast) -> None:
        piece, draft = ring(cast), ValuationDraft("insurance", 1_760_000, TODAY, insurer="平安财险")
        for _ in range(2):
            add_valuation(piece=piece, draft=draft, by=cast.mei, now=NOW)
        add_valuation(piece=piece, draft=replace(draft, value_minor=1_800_000), by=cast.mei, now=NOW)
        assert Valuation.objects.get().value_minor == 1_800_000
        entries = AuditEntry.objects.filter(action="piece.valued")
        assert [entry.facts for entry in entries] == [{"purpose": "insurance"}] * 2


class TestPhotos:
    def test_are_kept_once_out_of_reach_under_a_name_of_chance(self, cast: Cast) -> None:
        piece = ring(cast)
        photo = add_photo(piece=piece, raw=picture(), by=cast.mei, now=NOW)
        assert add_photo(piece=piece, raw=picture(), by=cast.mei, now=NOW).pk == photo.pk
        paths = [photo_file(photo=photo, is_small=is_small) for is_small in (False, True)]
        assert all(path.exists() and path.stat().st_mode & 0o077 == 0 for path in paths)
        assert len(photo.file_name) >= 32
        assert PiecePhoto.objects.count() == 1

    def test_leave_no_file_where_the_row_is_refused(self, cast: Cast) -> None:
        piece = ring(cast)
        with pytest.raises(NotAPicture):
            add_photo(piece=piece, raw=b"<svg/>", by=cast.mei, now=NOW)
        assert not PiecePhoto.objects.exists()

    def test_go_with_their_files(self, cast: Cast, django_capture_on_commit_callbacks: object) -> None:
        photo = add_photo(piece=ring(cast), raw=picture((1, 2, 3)), by=cast.mei, now=NOW)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            assert drop_photo(photo=PiecePhoto.objects.get(), by=cast.mei, now=NOW)
        assert not photo_file(photo=photo, is_small=False).exists()
        assert not photo_file(photo=photo, is_small=True).exists()
        assert not drop_photo(photo=photo, by=cast.mei, now=NOW)


class TestHandOn:
    def test_changes_the_owner_keeps_history_and_closes_links(self, cast: Cast) -> None:
        piece = ring(cast)
        set_surprise(piece=piece, wearer=cast.mr_zhou, until_date=date(2027, 1, 1), by=cast.mei, now=NOW)
        share, _ = share_piece(piece=piece, hours=24, shows=["photos"], by=cast.mei, now=NOW)
        change = hand_on(piece=piece, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.mei, now=NOW)
        piece.refresh_from_db()
        share.refresh_from_db()
        assert change is not None
        assert (change.from_customer_id, change.to_customer_id) == (cast.mrs_zhou.pk, cast.mr_zhou.pk)
        assert (piece.customer_id, piece.wearer_id, piece.secret_until_date) == (cast.mr_zhou.pk, None, None)
        assert share.revoked_at == NOW

    def test_writes_nothing_twice(self, cast: Cast) -> None:
        piece = ring(cast)
        for expected in (1, 1):
            hand_on(piece=piece, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.mei, now=NOW)
            assert PieceOwner.objects.count() == expected
        assert AuditEntry.objects.filter(action="piece.handed_on").count() == 1

    @pytest.mark.parametrize("how", ["returned", "stolen", ""])
    def test_refuses_ways_that_are_none(self, cast: Cast, how: str) -> None:
        with pytest.raises(NotHanded):
            hand_on(piece=ring(cast), to=cast.mr_zhou, how=how, on_date=TODAY, by=cast.mei, now=NOW)


class TestSetSurprise:
    def test_is_kept_once_and_never_for_the_owner(self, cast: Cast) -> None:
        piece = ring(cast)
        for _ in range(2):
            set_surprise(piece=piece, wearer=cast.mr_zhou, until_date=TODAY, by=cast.mei, now=NOW)
        assert AuditEntry.objects.filter(action="piece.meant_for").count() == 1
        with pytest.raises(BadPiece):
            set_surprise(piece=piece, wearer=cast.mrs_zhou, until_date=None, by=cast.mei, now=NOW)


class TestShares:
    def test_keep_only_a_hash_and_end(self, cast: Cast) -> None:
        share, token = share_piece(piece=ring(cast), hours=168, shows={"stones", "photos"}, by=cast.mei, now=NOW)
        assert token.split(".")[1] not in share.token_hash
        assert share.expires_at == NOW + timedelta(days=7)
        assert share.shows == ["photos", "stones"]
        assert token.split(".")[1] not in str(AuditEntry.objects.get(action="piece.shared").facts)

    def test_are_closed_once(self, cast: Cast) -> None:
        piece = ring(cast)
        share, _ = share_piece(piece=piece, hours=24, shows=["stones"], by=cast.mei, now=NOW)
        assert revoke_share(piece=piece, id=share.pk, by=cast.mei, now=NOW)
        assert not revoke_share(piece=piece, id=share.pk, by=cast.mei, now=NOW)
        assert AuditEntry.objects.filter(action="piece.share_closed").count() == 1

    def test_count_looks(self, cast: Cast) -> None:
        share, _ = share_piece(piece=ring(cast), hours=24, shows=["stones"], by=cast.mei, now=NOW)
        for _ in range(3):
            count_view(share=share, now=NOW)
        assert PieceShare.objects.get().views == 3

    @pytest.mark.parametrize(("hours", "shows"), [(1, ["stones"]), (24, []), (24, ["price"])])
    def test_refuse_other_lengths_and_parts(self, cast: Cast, hours: int, shows: list[str]) -> None:
        with pytest.raises(BadPiece):
            share_piece(piece=ring(cast), hours=hours, shows=shows, by=cast.mei, now=NOW)

    @pytest.mark.parametrize("who", ["lin", "zhu", "ji", "an"])
    def test_are_not_for_roles_that_see_masks(self, cast: Cast, who: str) -> None:
        piece = ring(cast)
        assert sight_of(getattr(cast, who).role).pieces != Shown.FULL
        with pytest.raises(NotAllowed):
            share_piece(piece=piece, hours=24, shows=["stones"], by=getattr(cast, who), now=NOW)


class TestSold:
    def test_are_kept_once_and_what_was_written_since_stays(self, cast: Cast) -> None:
        assert keep_sold(sold=sold(cast), now=NOW) == 2
        Piece.objects.update(name="她的耳钉")
        keep_sold(sold=sold(cast), now=NOW)
        assert list(Piece.objects.values_list("name", flat=True)) == ["她的耳钉"] * 2

    def test_take_one_insert(self, cast: Cast, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            keep_sold(sold=sold(cast, 20), now=NOW)
        with django_assert_num_queries(0):  # type: ignore[operator]
            keep_sold(sold=[], now=NOW)

    def test_details_are_loaded_once(self, cast: Cast) -> None:
        keep_sold(sold=sold(cast), now=NOW)
        told = PieceDetails(
            "line:7:1",
            (StoneDraft("pearl"),),
            (CertificateDraft("NGTC", " A1 "),),
            ((TODAY, TODAY + timedelta(days=182)),),
        )
        for _ in range(2):
            assert load_details(details=[told], now=NOW) == 1
        assert (Stone.objects.count(), Certificate.objects.get().number, Inspection.objects.count()) == (1, "A1", 1)

    def test_come_back_the_last_first_and_only_those_that_are_hers(self, cast: Cast) -> None:
        keep_sold(sold=sold(cast, 3), now=NOW)
        third = Piece.objects.get(source_key="line:7:3")
        hand_on(piece=third, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.mei, now=NOW)
        back = {"counts": {"7": 1}, "customer_id": cast.mrs_zhou.pk, "on_date": TODAY, "by": cast.mei, "now": NOW}
        assert len(take_back_sold(**back)) == 1  # type: ignore[arg-type]
        owners = dict(Piece.objects.values_list("source_key", "customer_id"))
        assert owners == {"line:7:1": cast.mrs_zhou.pk, "line:7:2": None, "line:7:3": cast.mr_zhou.pk}
        assert PieceOwner.objects.filter(how="returned", to_customer=None).count() == 1
