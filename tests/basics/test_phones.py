"""Phone numbers as people and spreadsheets write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhenke.basics.errors import BadInput
from zhenke.basics.phones import PhoneRefused, mask_phone, normalise_phone, phone_tail

MOBILE = "+8613800138000"

SAME_MOBILE = [
    "13800138000",
    " 13800138000 ",
    "138 0013 8000",
    "138-0013-8000",
    "138.0013.8000",
    "１３８００１３８０００",
    "１３８－００１３－８０００",
    "138\u00a00013\u20038000",
    "138—0013–8000",
    "\ufeff13800138000\u200b",
    "\u202d13800138000\u202c",
    "(138)00138000",
    "（138）00138000",
    "'13800138000",
    "tel:13800138000",
    "+8613800138000",
    "+86 138 0013 8000",
    "＋86 13800138000",
    "+86-138-0013-8000",
    "(+86)13800138000",
    "86 13800138000",
    "8613800138000",
    "008613800138000",
    "0086 138 0013 8000",
    "013800138000",
    "13800138000.0",
    "13800138000.00",
    "13800138000.",
    "1.3800138000E+10",
    "1.38001380000e10",
    "8613800138000.0",
    13800138000,
    13800138000.0,
]

OTHERS = [
    ("0755-8888 6666", "CN", "+8675588886666"),
    ("(0755)88886666", "CN", "+8675588886666"),
    ("0755.88886666", "CN", "+8675588886666"),
    ("+86 0755 88886666", "CN", "+8675588886666"),
    ("+86 755 88886666", "CN", "+8675588886666"),
    ("010-88886666", "CN", "+861088886666"),
    ("021 6888 8888", "CN", "+862168888888"),
    ("400-800-1234", "CN", "+864008001234"),
    ("+852 9123 4567", "CN", "+85291234567"),
    ("00852 91234567", "CN", "+85291234567"),
    ("9123 4567", "HK", "+85291234567"),
    ("+853 6612 3456", "CN", "+85366123456"),
    ("0912-345-678", "TW", "+886912345678"),
    ("+1 (212) 555-1234", "CN", "+12125551234"),
    ("+33 6 12 34 56 78", "CN", "+33612345678"),
    ("+86 138 0013 8000", "US", MOBILE),
    ("19912345678", "CN", "+8619912345678"),
    ("14012345678", "CN", "+8614012345678"),
]

REFUSED = [
    ("", "phone_empty"),
    ("  ", "phone_empty"),
    ("\u3000-", "phone_empty"),
    ("'", "phone_empty"),
    ("1.38E+10", "phone_ruined_by_spreadsheet"),
    ("1.38E10", "phone_ruined_by_spreadsheet"),
    ("1.3800138E+10", "phone_ruined_by_spreadsheet"),
    ("1.38e+10", "phone_ruined_by_spreadsheet"),
    ("１.38E＋10", "phone_ruined_by_spreadsheet"),
    ("13800138000.5", "phone_ruined_by_spreadsheet"),
    ("1.38001380005E+9", "phone_ruined_by_spreadsheet"),
    (13800138000.5, "phone_ruined_by_spreadsheet"),
    (float("nan"), "phone_ruined_by_spreadsheet"),
    (float("inf"), "phone_ruined_by_spreadsheet"),
    ("138001380001", "phone_wrong_length"),
    ("1380013800", "phone_wrong_length"),
    ("138001380", "phone_wrong_length"),
    ("1", "phone_wrong_length"),
    ("1" * 18, "phone_wrong_length"),
    ("9" * 5000, "phone_wrong_length"),
    ("+85212", "phone_wrong_length"),
    ("周" * 5000, "phone_unreadable"),
    ("\ufdfa" * 79, "phone_unreadable"),
    ("12345678901", "phone_unknown_range"),
    ("10000138000", "phone_unknown_range"),
    ("+999123456789", "phone_unknown_range"),
    ("88886666", "phone_needs_area_code"),
    ("6888888", "phone_needs_area_code"),
    ("无", "phone_unreadable"),
    ("13800138000(微信)", "phone_unreadable"),
    ("138O0138000", "phone_unreadable"),
    ("138****8000", "phone_unreadable"),
    ("-13800138000x", "phone_unreadable"),
    ("++8613800138000", "phone_unreadable"),
    ("N/A", "phone_unreadable"),
    ("13800138000/13900139000", "phone_several"),
    ("13800138000、13900139000", "phone_several"),
    ("138 0013 8000；0755-88886666", "phone_several"),
    ("010-88886666转123", "phone_has_extension"),
    ("010-88886666 ext 123", "phone_has_extension"),
    ("010-88886666#8", "phone_has_extension"),
]


class TestNormalisePhone:
    @pytest.mark.parametrize("text", SAME_MOBILE)
    def test_reads_every_usual_spelling_of_one_mobile(self, text: str | int | float) -> None:
        assert normalise_phone(text) == MOBILE

    @pytest.mark.parametrize(("text", "region", "expected"), OTHERS)
    def test_reads_landlines_and_foreign_numbers(self, text: str, region: str, expected: str) -> None:
        assert normalise_phone(text, region) == expected

    @pytest.mark.parametrize(("text", "code"), REFUSED)
    def test_refuses_with_a_stable_reason(self, text: str, code: str) -> None:
        with pytest.raises(PhoneRefused) as caught:
            normalise_phone(text)
        assert caught.value.code == code
        assert isinstance(caught.value, BadInput)

    def test_never_quotes_the_number_in_its_refusal(self) -> None:
        with pytest.raises(PhoneRefused) as caught:
            normalise_phone("138001380001")
        assert "1380013" not in f"{caught.value} {caught.value.facts}"

    @given(st.text(max_size=40))
    def test_answers_every_text_with_e164_or_a_refusal(self, text: str) -> None:
        try:
            phone = normalise_phone(text)
        except PhoneRefused:
            return
        assert phone[0] == "+"
        assert phone[1:].isdigit()
        assert phone.isascii()

    @given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
    def test_keeps_its_own_answer(self, mobile: str) -> None:
        phone = normalise_phone(mobile)
        assert phone == "+86" + mobile
        assert normalise_phone(phone) == phone
        assert normalise_phone(f"{mobile[:3]} {mobile[3:7]}-{mobile[7:]}") == phone

    @pytest.mark.parametrize(("text", "region", "expected"), OTHERS)
    def test_keeps_its_own_answer_for_every_kind(self, text: str, region: str, expected: str) -> None:
        assert normalise_phone(expected) == expected

    @pytest.mark.parametrize("text", ["9" * 1_000_000, "1-" * 500_000, "(" * 1_000_000, "1/" * 39, " " * 79 + "x"])
    def test_refuses_a_hostile_cell_at_once(self, text: str) -> None:
        started = time.process_time()
        with pytest.raises(PhoneRefused):
            normalise_phone(text)
        assert time.process_time() - started < 0.5

    def test_reads_mobiles_fast_enough_for_a_million_rows(self) -> None:
        started = time.process_time()
        for number in range(100_000):
            normalise_phone(f"138{number:08d}")
        assert time.process_time() - started < 1.0


class TestMaskPhone:
    @pytest.mark.parametrize(
        ("phone", "masked"),
        [
            (MOBILE, "138****8000"),
            ("+8675588886666", "0755-****6666"),
            ("+861088886666", "010-****6666"),
            ("+862168888888", "021-****8888"),
            ("+864008001234", "400****234"),
            ("+85291234567", "+852 ****4567"),
            ("+12125551234", "+1 ****1234"),
            ("+33612345678", "+33 ****5678"),
            ("+68231234", "+682 ****34"),
            ("", "****"),
            ("nonsense", "****"),
        ],
    )
    def test_hides_the_middle(self, phone: str, masked: str) -> None:
        assert mask_phone(phone) == masked

    @given(st.from_regex(r"\+(86|852|1|33|886|65)[1-9][0-9]{6,10}", fullmatch=True))
    def test_leaves_at_least_three_digits_to_guess(self, phone: str) -> None:
        shown = sum(sign.isdigit() for sign in mask_phone(phone).replace("-", "").lstrip("0"))
        assert len(phone) - 1 - shown >= 3


class TestPhoneTail:
    def test_is_the_last_four_digits(self) -> None:
        assert phone_tail(MOBILE) == "8000"
