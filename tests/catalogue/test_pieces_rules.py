"""Rules of pieces as tables of cases."""

from __future__ import annotations

from datetime import date

import pytest

from zhenke.catalogue.rules import (
    BadPiece,
    CertificateDraft,
    PieceDraft,
    StoneDraft,
    ValuationDraft,
    check_certificate,
    check_piece,
    check_stone,
    check_valuation,
    masked_number,
    next_inspection,
    pieces_in_line,
    spellings,
    wants_inspection,
)

pytestmark = pytest.mark.one_database
DAY = date(2026, 11, 22)


class TestCheckPiece:
    @pytest.mark.parametrize(
        ("draft", "field"),
        [
            (PieceDraft(" "), "name"),
            (PieceDraft("x" * 161), "name"),
            (PieceDraft("戒指", serial="A\x00"), "serial"),
            (PieceDraft("戒指", purity_permille=1001), "purity_permille"),
            (PieceDraft("戒指", gross_mg=-1), "gross_mg"),
            (PieceDraft("戒指", gross_mg=100, metal_mg=101), "metal_mg"),
            (PieceDraft("戒指", price_minor=10**13 + 1), "price_minor"),
        ],
    )
    def test_refuses_and_names_the_field(self, draft: PieceDraft, field: str) -> None:
        with pytest.raises(BadPiece) as refused:
            check_piece(draft)
        assert refused.value.facts == {"field": field}

    def test_takes_a_name_alone(self) -> None:
        check_piece(PieceDraft("祖母的戒指"))


class TestCheckParts:
    @pytest.mark.parametrize(
        ("check", "draft", "field"),
        [
            (check_stone, StoneDraft(""), "kind"),
            (check_stone, StoneDraft("diamond", "synthetic"), "nature"),
            (check_stone, StoneDraft("diamond", count=0), "count"),
            (check_stone, StoneDraft("jadeite", jade_type="x" * 25), "jade_type"),
            (check_certificate, CertificateDraft("", "1"), "lab"),
            (check_certificate, CertificateDraft("GIA", "  "), "number"),
            (check_certificate, CertificateDraft("GIA", "1", check_url="javascript:alert(1)"), "check_url"),
            (check_certificate, CertificateDraft("GIA", "1", recheck="maybe"), "recheck"),
            (check_valuation, ValuationDraft("fun", 1, DAY), "purpose"),
            (check_valuation, ValuationDraft("insurance", -1, DAY), "value_minor"),
            (
                check_valuation,
                ValuationDraft("insurance", 1, DAY, valid_until_date=date(2026, 1, 1)),
                "valid_until_date",
            ),
        ],
    )
    def test_refuse_and_name_the_field(self, check: object, draft: object, field: str) -> None:
        with pytest.raises(BadPiece) as refused:
            check(draft)  # type: ignore[operator]
        assert refused.value.facts == {"field": field}


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "masked"), [("2141438171", "****8171"), ("AB12", "****2"), ("", ""), ("123456", "****3456")]
    )
    def test_are_masked_but_for_their_end(self, number: str, masked: str) -> None:
        assert masked_number(number) == masked

    def test_are_looked_for_without_blanks_and_capitals_too(self) -> None:
        assert spellings(" dr 24") == {"dr 24", "dr24", "DR 24", "DR24"}


class TestPiecesInLine:
    @pytest.mark.parametrize(
        ("category", "has_style", "weight_mg", "quantity", "count"),
        [
            ("ring", True, 3_500, 1, 1),
            ("ring", True, None, 3, 3),
            ("", False, None, 1, 1),
            ("", False, 10_000, 1, 0),
            ("bar", True, 50_000, 2, 0),
            ("bead", True, 1_000, 6, 0),
            ("ring", True, None, 21, 0),
            ("ring", True, None, -1, 0),
        ],
    )
    def test_counts(self, category: str, has_style: bool, weight_mg: int | None, quantity: int, count: int) -> None:
        got = pieces_in_line(category=category, has_style=has_style, weight_mg=weight_mg, quantity=quantity)
        assert got == count


class TestInspections:
    @pytest.mark.parametrize(
        ("category", "stone", "wanted"),
        [("ring", "diamond", True), ("ring", "", False), ("bangle", "jadeite", False), ("pendant", "ruby", True)],
    )
    def test_are_wanted_for_what_has_a_setting(self, category: str, stone: str, wanted: bool) -> None:
        assert wants_inspection(category=category, stone=stone) is wanted

    @pytest.mark.parametrize(
        ("day", "following"),
        [
            (date(2026, 1, 15), date(2026, 7, 15)),
            (date(2026, 8, 31), date(2027, 2, 28)),
            (date(2027, 8, 31), date(2028, 2, 29)),
            (date(2026, 12, 31), date(2027, 6, 30)),
            (date(2026, 7, 1), date(2027, 1, 1)),
        ],
    )
    def test_come_six_months_later(self, day: date, following: date) -> None:
        assert next_inspection(day) == following
