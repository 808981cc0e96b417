"""Advisor and manager of the demo shop write to each other in notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import NOW
from zhenke.customers.models import Mention, NotePhoto
from zhenke.customers.queries.notes import mentions_for
from zhenke.doors.demo.load import open_demo_shop
from zhenke.doors.demo.named import name_colleagues


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestNameColleagues:
    def test_leaves_each_a_line_and_the_same_the_second_time(self, settings: object, tmp_path: Path) -> None:
        settings.HOME = tmp_path  # type: ignore[attr-defined]
        opened = open_demo_shop(password="four quiet jade bangles", now=NOW, customers=200)
        assert [name_colleagues(opened=opened, now=NOW) for _ in range(2)] == [3, 3]
        assert (Mention.objects.count(), NotePhoto.objects.count()) == (3, 2)
        assert len(mentions_for(viewer=opened.staff["mei"])) == 2
        assert len(mentions_for(viewer=opened.staff["lin"])) == 1
