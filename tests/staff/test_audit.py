"""The trail: no gaps, no personal values, and no quiet edit."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.cast import NOW, Cast

from zhenke.staff import SYSTEM
from zhenke.staff.audit import audit_head, broken_links, record
from zhenke.staff.models import AuditEntry


def _five(cast: Cast) -> list[AuditEntry]:
    return [
        record(action="test.step", by=cast.mei, now=NOW, subject_kind="customer", subject_id=7, step=n)
        for n in range(5)
    ]


@pytest.mark.django_db
class TestRecord:
    def test_chains_entries_without_gaps(self, cast: Cast) -> None:
        entries = _five(cast)
        assert [entry.position for entry in entries] == [1, 2, 3, 4, 5]
        assert entries[3].previous_hash == entries[2].hash
        assert broken_links() == []

    def test_writes_a_second_line_when_called_twice(self, cast: Cast) -> None:
        first = record(action="a.b", by=SYSTEM, now=NOW)
        second = record(action="a.b", by=SYSTEM, now=NOW)
        assert second.position == first.position + 1
        assert second.actor_id is None

    def test_leaves_no_gap_when_a_transaction_is_undone(self, cast: Cast) -> None:
        record(action="kept", by=cast.mei, now=NOW)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(action="undone", by=cast.mei, now=NOW)
            raise ZeroDivisionError
        assert record(action="next", by=cast.mei, now=NOW).position == 2
        assert broken_links() == []

    @pytest.mark.parametrize(
        "value",
        ["周丽华", "13800138000", "+86 138 0013 8000", "+8613800138000", "138-0013-8000", "a b", "x@y.cn", 1.5, {}],
    )
    def test_refuses_what_may_be_personal(self, cast: Cast, value: object) -> None:
        with pytest.raises(ValueError, match="note"):
            record(action="a.b", by=cast.mei, now=NOW, note=value)
        assert AuditEntry.objects.count() == 0

    def test_keeps_keys_codes_counts_and_days(self, cast: Cast) -> None:
        entry = record(
            action="a.b",
            by=cast.mei,
            now=NOW,
            key="123456789012345678",
            day=date(2026, 1, 2),
            moved=3,
            done=True,
            fields={"name", "gender"},
            role=cast.mei.role,
        )
        entry.refresh_from_db()
        assert entry.facts == {
            "key": "123456789012345678",
            "day": "2026-01-02",
            "moved": 3,
            "done": True,
            "fields": ["gender", "name"],
            "role": "advisor",
        }
        assert broken_links() == []


@pytest.mark.django_db
class TestBrokenLinks:
    def _faults(self) -> set[tuple[int, str]]:
        return {(link.position, link.fault) for link in broken_links()}

    @pytest.mark.parametrize(
        "change",
        [{"action": "x"}, {"facts": {"step": 9}}, {"subject_id": 8}, {"actor_id": None}, {"at": "2026-01-01T00:00Z"}],
    )
    def test_finds_a_changed_line(self, cast: Cast, change: dict[str, object]) -> None:
        entries = _five(cast)
        AuditEntry.objects.filter(pk=entries[2].pk).update(**change)
        assert (3, "changed") in self._faults()

    def test_finds_a_line_that_was_changed_and_hashed_anew(self, cast: Cast) -> None:
        entries = _five(cast)
        forged = "f" * 64
        AuditEntry.objects.filter(pk=entries[2].pk).update(hash=forged)
        AuditEntry.objects.filter(pk=entries[3].pk).update(previous_hash=forged)
        assert {(3, "changed"), (4, "changed")} <= self._faults()

    @pytest.mark.parametrize("gone", [1, 3])
    def test_finds_a_deleted_line(self, cast: Cast, gone: int) -> None:
        _five(cast)
        AuditEntry.objects.filter(position=gone).delete()
        assert (gone, "missing") in self._faults()

    def test_finds_a_deleted_line_whose_followers_moved_up(self, cast: Cast) -> None:
        _five(cast)
        AuditEntry.objects.filter(position=3).delete()
        for position in (4, 5):
            AuditEntry.objects.filter(position=position).update(position=position - 1)
        assert self._faults()

    def test_finds_lines_in_another_order(self, cast: Cast) -> None:
        _five(cast)
        for old, new in ((2, 99), (3, 2), (99, 3)):
            AuditEntry.objects.filter(position=old).update(position=new)
        assert {position for position, _ in self._faults()} >= {2, 3}

    def test_finds_a_cut_tail_with_an_anchor_from_outside(self, cast: Cast) -> None:
        _five(cast)
        anchor = audit_head()
        assert anchor is not None
        assert broken_links(anchor=anchor) == []
        AuditEntry.objects.filter(position__gte=4).delete()
        assert broken_links() == []
        assert [(link.position, link.fault) for link in broken_links(anchor=anchor)] == [(5, "cut_off")]


@pytest.mark.django_db(transaction=True)
class TestRecordTogether:
    def test_keeps_the_chain_whole_when_many_write_at_once(self, tmp_path: Path) -> None:
        gate, faults = threading.Barrier(8), []

        def write() -> None:
            gate.wait()
            try:
                for step in range(15):
                    record(action="test.race", by=SYSTEM, now=NOW, step=step)
            except Exception as fault:
                faults.append(fault)
            finally:
                connection.close()

        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert list(AuditEntry.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 121))
        assert broken_links() == []
