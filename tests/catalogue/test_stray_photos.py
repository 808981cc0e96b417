"""Files of photos that no piece knows go a day after they were written; known and fresh ones stay."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as house
from tests.cast import NOW, Cast
from tests.catalogue.jewel_box import picture, ring

from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations.photos import add_photo, drop_stray_piece_photos
from zhenke.catalogue.queries.whole import photo_folder
from zhenke.staff import SYSTEM

pytestmark = pytest.mark.django_db


def aged(name: str, at: datetime) -> list[Path]:
    paths = [photo_folder() / f"{name}{part}.jpg" for part in ("", ".small")]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (at.timestamp(), at.timestamp()))
    return paths


class TestDropStrayPiecePhotos:
    def test_takes_what_a_killed_erasure_left_and_nothing_else(
        self, cast: Cast, tmp_path: Path, settings: object
    ) -> None:
        settings.HOME = tmp_path  # type: ignore[attr-defined]
        assert tmp_path == house.HOME
        old = NOW - timedelta(days=2)
        piece = Piece.objects.get(pk=ring(cast).pk)
        known = aged(add_photo(piece=piece, raw=picture(), by=SYSTEM, now=NOW).file_name, old)
        stray, fresh = aged("stray", old), aged("fresh", NOW)
        assert [drop_stray_piece_photos(now=NOW) for _ in range(2)] == [1, 0]
        assert not any(path.exists() for path in stray)
        assert all(path.exists() for path in (*known, *fresh))
