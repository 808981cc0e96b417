"""What a viewer sees of pieces: whole, masked or nothing; gifts hidden until their day; links that end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import NOW, Cast
from tests.catalogue.jewel_box import NUMBER, SERIAL, TODAY, picture, ring

from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations import add_photo, add_valuation, hand_on, revoke_share, set_surprise, share_piece
from zhenke.catalogue.queries import (
    PieceUnknown,
    find_pieces,
    holders_of_pieces,
    inspection_of,
    photo_for,
    piece_for,
    pieces_due,
    pieces_of,
    shared_photo,
    shared_piece,
    shares_of,
    whole_piece,
)
from zhenke.catalogue.rules import ValuationDraft
from zhenke.journeys.inspect_piece import inspect_piece
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db
STRANGERS = ("tao", "qiao", "other", "an")
TOMORROW = TODAY + timedelta(days=1)


def secret(cast: Cast, until: date | None = TOMORROW) -> Piece:
    """Write a ring of Mrs Zhou's that is for Mr Zhou."""
    return set_surprise(piece=ring(cast), wearer=cast.mr_zhou, until_date=until, by=cast.mei, now=NOW)


class TestPiecesOf:
    def test_shows_an_advisor_her_own_customers_pieces_whole(self, cast: Cast) -> None:
        ring(cast)
        [seen] = pieces_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY)
        assert (seen.serial, seen.gross_mg, seen.certificates) == (SERIAL, 2_700, (("GIA", NUMBER),))

    @pytest.mark.parametrize("who", ["lin", "zhu", "hua", "shu", "ji"])
    def test_covers_numbers_and_weights_for_the_others(self, cast: Cast, who: str) -> None:
        ring(cast)
        [seen] = pieces_of(viewer=getattr(cast, who), customer=cast.mrs_zhou, today=TODAY)
        assert (seen.serial, seen.gross_mg, seen.metal_mg) == ("****6375", None, None)
        assert seen.certificates == (("GIA", "****0010"),)
        assert NUMBER not in repr(seen)

    @pytest.mark.parametrize("who", STRANGERS)
    def test_shows_strangers_and_marketing_nothing(self, cast: Cast, who: str) -> None:
        ring(cast)
        assert pieces_of(viewer=getattr(cast, who), customer=cast.mrs_zhou, today=TODAY) == []

    def test_shows_the_auditor_no_photo(self, cast: Cast) -> None:
        add_photo(piece=ring(cast), raw=picture(), by=cast.mei, now=NOW)
        photos = {
            who: pieces_of(viewer=getattr(cast, who), customer=cast.mrs_zhou, today=TODAY)[0].photo
            for who in ("mei", "lin", "ji")
        }
        assert photos["mei"] == photos["lin"] is not None
        assert photos["ji"] is None

    def test_hides_a_gift_on_the_wearers_archive_until_its_day(self, cast: Cast) -> None:
        secret(cast)
        assert pieces_of(viewer=cast.mei, customer=cast.mr_zhou, today=TODAY) == []
        assert len(pieces_of(viewer=cast.mei, customer=cast.mr_zhou, today=TOMORROW)) == 1
        assert len(pieces_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY)) == 1

    def test_goes_on_by_key(self, cast: Cast) -> None:
        keys = [ring(cast, key=f"desk:{number}", serial="").pk for number in range(5)]
        first = pieces_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY, size=2)
        rest = pieces_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY, size=9, before=first[-1].id)
        assert [one.id for one in (*first, *rest)] == keys[::-1]

    def test_asks_three_times_however_many_there_are(self, cast: Cast, django_assert_num_queries: object) -> None:
        for number in range(6):
            ring(cast, key=f"desk:{number}", serial="")
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert len(pieces_of(viewer=cast.mei, customer=cast.mrs_zhou, today=TODAY)) == 6


class TestPieceFor:
    @pytest.mark.parametrize("who", STRANGERS)
    def test_is_absent_for_strangers_like_one_that_is_not_there(self, cast: Cast, who: str) -> None:
        piece = ring(cast)
        for key in (piece.pk, piece.pk + 1):
            with pytest.raises(PieceUnknown) as refused:
                piece_for(viewer=getattr(cast, who), id=key, today=TODAY)
            assert refused.value.facts == {}

    def test_is_absent_when_it_came_back_to_the_shop(self, cast: Cast) -> None:
        piece = ring(cast)
        Piece.objects.update(customer=None)
        with pytest.raises(PieceUnknown):
            piece_for(viewer=SYSTEM, id=piece.pk, today=TODAY)

    def test_opens_through_the_wearer_only_when_she_may_know(self, cast: Cast) -> None:
        piece = secret(cast)
        type(cast.mr_zhou).objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.tao)
        with pytest.raises(PieceUnknown):
            piece_for(viewer=cast.tao, id=piece.pk, today=TODAY)
        assert piece_for(viewer=cast.tao, id=piece.pk, today=TOMORROW).pk == piece.pk
        whole = whole_piece(viewer=cast.tao, piece=piece_for(viewer=cast.tao, id=piece.pk, today=TOMORROW))
        assert (whole.owner_name, whole.is_owner_seen, whole.wearer_name) == ("", False, "周建国")


class TestWholePiece:
    def test_tells_all_to_her_advisor_and_covers_it_for_the_others(self, cast: Cast) -> None:
        piece = ring(cast)
        add_valuation(piece=piece, draft=ValuationDraft("insurance", 1, TODAY, policy="PA1"), by=cast.mei, now=NOW)
        mine = whole_piece(viewer=cast.mei, piece=piece)
        assert (mine.stones[0].carat_thousandths, mine.valuations[0].policy) == (402, "PA1")
        for viewer in (cast.lin, cast.zhu, cast.ji):
            told = whole_piece(viewer=viewer, piece=piece)
            assert told.stones[0].carat_thousandths is None
            assert told.valuations == ()
            assert told.certificates[0].check_url == ""
            assert NUMBER not in repr(told.certificates)
        assert whole_piece(viewer=cast.ji, piece=piece).owner_name == "周**"

    def test_names_no_earlier_owner_out_of_sight(self, cast: Cast) -> None:
        piece = ring(cast)
        hand_on(piece=piece, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.mei, now=NOW)
        type(cast.mrs_zhou).objects.filter(pk=cast.mrs_zhou.pk).update(owner=cast.tao)
        whole = whole_piece(viewer=cast.mei, piece=piece_for(viewer=cast.mei, id=piece.pk, today=TODAY))
        assert [(one.from_name, one.to_name) for one in whole.owners] == [("", "周建国")]


class TestParts:
    def test_a_photo_is_for_who_sees_photos_of_this_very_piece(self, cast: Cast) -> None:
        piece = ring(cast)
        other = ring(cast, key="desk:2", serial="")
        photo = add_photo(piece=piece, raw=picture(), by=cast.mei, now=NOW)
        assert photo_for(viewer=cast.lin, piece=piece.pk, id=photo.pk, today=TODAY) == photo
        for viewer, key in ((cast.ji, piece.pk), (cast.qiao, piece.pk), (cast.mei, other.pk)):
            with pytest.raises(PieceUnknown):
                photo_for(viewer=viewer, piece=key, id=photo.pk, today=TODAY)

    def test_an_inspection_is_of_its_own_piece(self, cast: Cast) -> None:
        piece, other = ring(cast), ring(cast, key="desk:2", serial="")
        made = inspect_piece(piece=piece, on_date=TODAY, seen="", next_date=TOMORROW, by=cast.mei, now=NOW)
        assert inspection_of(viewer=cast.mei, piece=piece, id=made.pk, today=TODAY) == made
        for viewer, where in ((cast.qiao, piece), (cast.mei, other)):
            with pytest.raises(PieceUnknown):
                inspection_of(viewer=viewer, piece=where, id=made.pk, today=TODAY)


class TestFindPieces:
    @pytest.mark.parametrize("text", [SERIAL, SERIAL.lower(), NUMBER, f" {NUMBER[:4]} {NUMBER[4:]}"])
    def test_finds_by_whole_serial_or_certificate(self, cast: Cast, text: str) -> None:
        piece = ring(cast)
        assert find_pieces(viewer=cast.mei, text=text) == [piece]
        assert find_pieces(viewer=cast.lin, text=text) == [piece]

    @pytest.mark.parametrize("text", [NUMBER[:-1], SERIAL[:-1], "001", "", "\x00" * 5])
    def test_finds_nothing_by_a_part(self, cast: Cast, text: str) -> None:
        ring(cast)
        assert find_pieces(viewer=cast.mei, text=text) == []

    @pytest.mark.parametrize("who", [*STRANGERS, "ji"])
    def test_finds_nothing_for_strangers_and_roles_that_see_masks(self, cast: Cast, who: str) -> None:
        ring(cast)
        assert find_pieces(viewer=getattr(cast, who), text=NUMBER) == []

    def test_does_not_find_a_gift_through_its_wearer(self, cast: Cast) -> None:
        secret(cast, until=None)
        type(cast.mr_zhou).objects.filter(pk=cast.mr_zhou.pk).update(owner=cast.tao)
        assert find_pieces(viewer=cast.tao, text=NUMBER) == []


class TestPiecesDue:
    def test_are_those_of_the_days_that_somebody_owns(self, cast: Cast) -> None:
        due = ring(cast)
        ring(cast, key="desk:2", serial="", due=TODAY + timedelta(days=30))
        Piece.objects.filter(pk=ring(cast, key="desk:3", serial="").pk).update(customer=None)
        assert list(pieces_due(viewer=SYSTEM, first=TODAY, last=TOMORROW)) == [due]


class TestHoldersOfPieces:
    def test_are_owners_wearers_and_owners_before(self, cast: Cast) -> None:
        everybody = [cast.mrs_zhou.pk, cast.mr_zhou.pk]
        assert holders_of_pieces(customer_ids=everybody) == set()
        piece = secret(cast)
        assert holders_of_pieces(customer_ids=everybody) == set(everybody)
        hand_on(piece=piece, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.mei, now=NOW)
        assert holders_of_pieces(customer_ids=everybody) == set(everybody)


class TestSharedPiece:
    def test_shows_only_the_parts_that_were_chosen(self, cast: Cast) -> None:
        piece = ring(cast)
        add_photo(piece=piece, raw=picture(), by=cast.mei, now=NOW)
        _, token = share_piece(piece=piece, hours=24, shows=["stones"], by=cast.mei, now=NOW)
        shown = shared_piece(token=token, now=NOW)
        assert shown is not None
        assert (len(shown.stones), shown.certificates, shown.photo_count) == (1, (), 0)
        assert shared_photo(token=token, number=1, now=NOW) is None

    def test_shows_photos_by_number(self, cast: Cast) -> None:
        piece = ring(cast)
        photo = add_photo(piece=piece, raw=picture(), by=cast.mei, now=NOW)
        _, token = share_piece(piece=piece, hours=24, shows=["photos"], by=cast.mei, now=NOW)
        assert shared_photo(token=token, number=1, now=NOW) == photo
        for number in (0, 2, 101, 10**30):
            assert shared_photo(token=token, number=number, now=NOW) is None

    def test_is_dead_after_its_end_when_closed_and_when_the_piece_changed_hands(self, cast: Cast) -> None:
        piece = ring(cast)
        share, token = share_piece(piece=piece, hours=24, shows=["stones"], by=cast.mei, now=NOW)
        assert shared_piece(token=token, now=NOW + timedelta(hours=23, minutes=59)) is not None
        assert shared_piece(token=token, now=NOW + timedelta(hours=24)) is None
        revoke_share(piece=piece, id=share.pk, by=cast.mei, now=NOW)
        assert shared_piece(token=token, now=NOW) is None
        _, second = share_piece(piece=piece, hours=24, shows=["stones"], by=cast.mei, now=NOW)
        hand_on(piece=piece, to=cast.mr_zhou, how="gift", on_date=TODAY, by=cast.mei, now=NOW)
        assert shared_piece(token=second, now=NOW) is None

    def test_opens_for_no_other_token(self, cast: Cast) -> None:
        share, token = share_piece(piece=ring(cast), hours=24, shows=["stones"], by=cast.mei, now=NOW)
        key, secret_part = token.split(".")
        other, other_token = share_piece(piece=ring(cast), hours=24, shows=["stones"], by=cast.mei, now=NOW)
        wrong = [
            "",
            key,
            f"{key}.",
            f"{key}.{secret_part[:-1]}",
            f"{key}.{secret_part}x",
            f"{other.pk:x}.{secret_part}",
            f"{key}.{other_token.split('.')[1]}",
            f"{'f' * 16}.{secret_part}",
            f"{'f' * 40}.{secret_part}",
            f"-1.{secret_part}",
            f"{key}.{share.token_hash}",
            f"{key}.密",
        ]
        assert [text for text in wrong if shared_piece(token=text, now=NOW) is not None] == []

    def test_lists_open_links_to_who_may_share(self, cast: Cast) -> None:
        piece = ring(cast)
        share, _ = share_piece(piece=piece, hours=24, shows=["stones"], by=cast.mei, now=NOW)
        assert shares_of(viewer=cast.mei, piece=piece, now=NOW) == [share]
        assert shares_of(viewer=cast.lin, piece=piece, now=NOW) == []
        assert shares_of(viewer=cast.mei, piece=piece, now=NOW + timedelta(days=2)) == []
