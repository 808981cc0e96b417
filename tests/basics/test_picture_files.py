"""Pictures lie in a folder of ours, closed to others, under names that nobody can guess."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zhenke.basics.picture_files import drop_picture, new_picture_name, picture_names, picture_path, write_picture
from zhenke.basics.pictures import Picture

pytestmark = pytest.mark.one_database
PICTURE = Picture(b"large", b"small", 2, 1)


class TestWritePicture:
    def test_writes_both_sizes_for_nobody_else(self, tmp_path: Path) -> None:
        folder = tmp_path / "new"
        write_picture(folder=folder, name="one", picture=PICTURE)
        large, small = (picture_path(folder=folder, name="one", is_small=is_small) for is_small in (False, True))
        assert (large.read_bytes(), small.read_bytes()) == (b"large", b"small")
        assert [path.stat().st_mode & 0o077 for path in (folder, large, small)] == [0, 0, 0]

    def test_is_undone_once(self, tmp_path: Path) -> None:
        write_picture(folder=tmp_path, name="one", picture=PICTURE)
        for _ in range(2):
            drop_picture(folder=tmp_path, name="one")
        assert list(tmp_path.iterdir()) == []


class TestNewPictureName:
    def test_is_never_the_same_and_fits_a_file(self) -> None:
        names = {new_picture_name() for _ in range(1_000)}
        assert len(names) == 1_000
        assert all(len(name) == 32 and name.replace("-", "").replace("_", "").isalnum() for name in names)


class TestPictureNames:
    def test_are_those_written_before_an_instant(self, tmp_path: Path) -> None:
        for name, moment in (("old", 100), ("new", 300)):
            write_picture(folder=tmp_path, name=name, picture=PICTURE)
            for is_small in (False, True):
                os.utime(picture_path(folder=tmp_path, name=name, is_small=is_small), (moment, moment))
        (tmp_path / "other.txt").touch()
        assert picture_names(folder=tmp_path, before=200) == {"old"}
        assert picture_names(folder=tmp_path / "none", before=200) == set()
