"""What `zhenke doctor` says of the disk."""

from __future__ import annotations

from zhenke.doors.commands.doctor import disk_finding

GB = 1_000_000_000


class TestDiskFinding:
    def test_is_well_and_silent_with_room(self) -> None:
        found = disk_finding(50 * GB, 250 * GB)
        assert (found.is_well, found.is_warning, found.words) == (True, False, "50.0 GB free (20%)")

    def test_warns_below_fifteen_percent_without_failing(self) -> None:
        found = disk_finding(37 * GB, 250 * GB)
        assert (found.is_well, found.is_warning) == (True, True)
        assert "make room" in found.words

    def test_fails_with_less_than_a_gigabyte(self) -> None:
        assert not disk_finding(GB - 1, 4 * GB).is_well
