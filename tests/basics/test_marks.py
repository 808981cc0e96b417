"""Marks of the next page: what was written is read again, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from zhenke.basics.marks import MarkWrong, day_mark, mark_of, number_mark

pytestmark = pytest.mark.one_database


class TestMarks:
    def test_are_read_as_they_were_written(self) -> None:
        assert day_mark(mark_of(date(2026, 11, 22), 77)) == (date(2026, 11, 22), 77)
        assert number_mark(mark_of(-5, 2**63 - 1)) == (-5, 2**63 - 1)

    @pytest.mark.parametrize(
        "mark", ["x", "~", "5~", "~7", "5~x", "5~-7", f"5~{2**63}", "٣~7", "--5~7", "1" * 30 + "~7"]
    )
    def test_of_others_are_refused(self, mark: str) -> None:
        with pytest.raises(MarkWrong):
            number_mark(mark)
        with pytest.raises(MarkWrong):
            day_mark(mark)
