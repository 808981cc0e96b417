"""Pieces through the door for programs: masked reads, one piece per key, inspections once a day."""

from __future__ import annotations

import pytest

from tests.catalogue.jewel_box import NUMBER, SERIAL, ring
from tests.doors.api.till import Till, piece_body, till_of
from zhenke.catalogue.models import Inspection, Piece

pytestmark = pytest.mark.django_db


def hers(till: Till) -> str:
    """Return the address of Mrs Zhou's pieces."""
    return f"/customers/{till.cast.mrs_zhou.pk}/pieces"


class TestListPieces:
    def test_tells_pieces_masked_page_by_page(self, till: Till) -> None:
        for number in range(3):
            ring(till.cast, key=f"desk:{number}", serial=SERIAL if number == 0 else "")
        first = till.get(hers(till), size=2).json()  # type: ignore[attr-defined]
        rest = till.get(hers(till), size=2, after=first["after"]).json()  # type: ignore[attr-defined]
        rows = [*first["rows"], *rest["rows"]]
        assert (len(first["rows"]), len(rows), rest["after"]) == (2, 3, "")
        assert rows[-1]["serial"] == "****6375"
        assert rows[-1]["certificates"] == [{"lab": "GIA", "number": "****0010"}]
        assert NUMBER not in str(rows)
        assert "gross_mg" not in rows[0]

    def test_is_absent_where_the_customer_is(self, till: Till) -> None:
        ring(till.cast)
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get(hers(till)).status_code == 404


class TestCreatePiece:
    def test_keeps_one_piece_per_key(self, till: Till) -> None:
        body = piece_body(source_key="old:1")
        first, again = till.post(hers(till), body), till.post(hers(till), body)
        assert (first.status_code, again.status_code) == (201, 200)
        piece = Piece.objects.get()
        assert (piece.origin, piece.gross_mg, piece.price_minor) == ("elsewhere", 2_700, 880_000)
        assert first.json()["id"] == again.json()["id"] == str(piece.pk)  # type: ignore[attr-defined]
        assert "2487710010" not in first.content.decode()

    def test_refuses_a_serial_that_another_has(self, till: Till) -> None:
        ring(till.cast)
        answer = till.post(hers(till), piece_body(serial=SERIAL))
        assert (answer.status_code, answer.json()["code"]) == (409, "serial_taken")  # type: ignore[attr-defined]
        assert Piece.objects.count() == 1


class TestGetPiece:
    def test_tells_one_with_stones_but_not_their_weight(self, till: Till) -> None:
        piece = ring(till.cast)
        told = till.get(f"/pieces/{piece.pk}").json()  # type: ignore[attr-defined]
        assert told["stones"][0]["colour"] == "G"
        assert "402" not in str(told["stones"])
        assert SERIAL not in str(told)

    @pytest.mark.parametrize("key", ["1", "x", "9" * 19])
    def test_is_absent_for_strangers_like_none(self, till: Till, key: str) -> None:
        piece = ring(till.cast)
        stranger = till_of(till.cast, shop=till.cast.other_brand)
        assert stranger.get(f"/pieces/{piece.pk}").status_code == till.get(f"/pieces/{key}").status_code == 404


class TestInspect:
    def test_keeps_one_a_day(self, till: Till) -> None:
        piece = ring(till.cast)
        told = [till.post(f"/pieces/{piece.pk}/inspections", {}).json() for _ in range(2)]  # type: ignore[attr-defined]
        assert told[0]["id"] == told[1]["id"]
        assert Inspection.objects.count() == 1

    def test_refuses_a_next_day_that_is_not_later(self, till: Till) -> None:
        piece = ring(till.cast)
        body = {"on_date": "2026-11-01", "next_date": "2026-11-01"}
        answer = till.post(f"/pieces/{piece.pk}/inspections", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_piece")  # type: ignore[attr-defined]

    def test_wants_the_scope(self, till: Till) -> None:
        piece = ring(till.cast)
        weak = till_of(till.cast, scopes=("pieces:read",))
        assert weak.post(f"/pieces/{piece.pk}/inspections", {}).status_code == 403
        assert not Inspection.objects.exists()
