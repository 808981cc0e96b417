"""The mark in a text: unseen, whole in every cell, and never guessed from noise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhenke.basics.watermarks import codes_in, marked, new_code, plain, written, written_in

CODES = st.integers(0, 2**40 - 1).map(lambda number: f"{number:010x}")


class TestMarked:
    @given(st.text(max_size=60), CODES)
    def test_names_its_code_and_reads_as_before(self, text: str, code: str) -> None:
        assert codes_in(marked(text, code)) == {code: 1}
        assert plain(marked(text, code)) == plain(text)

    def test_marked_again_names_only_the_last(self) -> None:
        one, two = new_code(), new_code()
        assert codes_in(marked(marked("周丽华", one), two)) == {two: 1}


class TestCodesIn:
    @given(CODES, st.integers(0, 47))
    def test_a_damaged_mark_names_nobody(self, code: str, place: int) -> None:
        text = list(marked("", code))
        text[1 + place] = "\u200b" if text[1 + place] == "\u200c" else "\u200c"
        assert codes_in("".join(text)) == {}

    @given(st.text(max_size=200))
    def test_nothing_is_found_where_nothing_was_put(self, text: str) -> None:
        assert codes_in(plain(text)) == {}


class TestWritten:
    @given(st.text(max_size=20), CODES, st.text(max_size=20))
    def test_is_read_again_between_words(self, before: str, code: str, after: str) -> None:
        assert code in written_in(f"{before} {written(code)} {after}")

    def test_another_number_names_nobody(self) -> None:
        number = written("3fa2c4d5e6")
        others = [f"{number[:-1]}{digit}" for digit in "0123456789abcdef" if digit != number[-1]]
        others += ["1390013900-1", f"a{number}", f"{number}0", "2026-11-22"]
        assert [one for one in others if written_in(one)] == []
