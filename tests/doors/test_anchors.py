"""P20: the end of the trail is kept outside; a tail cut off, an edit and another database are found."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from pytest_django import Settings

from tests.cast import NOW, Cast
from tests.doors.pages.world import queries_of, text_of
from zhenke.doors.anchors import anchor_file, anchor_state, write_anchor
from zhenke.doors.commands.doctor import anchors_finding
from zhenke.doors.commands.night import night
from zhenke.staff.audit import broken_links, record
from zhenke.staff.models import AuditEntry
from zhenke.staff.rules import chain_hash

pytestmark = pytest.mark.django_db
LINES = 300


@pytest.fixture
def trail(cast: Cast, settings: Settings, tmp_path: Path) -> Cast:
    """A trail of its own, anchored every hundred lines; ten more stand behind the last anchor."""
    settings.HOME = tmp_path
    AuditEntry.objects.all().delete()
    for number in range(1, LINES + 11):
        record(action="test.step", by=cast.mei, now=NOW, subject_kind="customer", subject_id=7, step=number)
        if number % 100 == 0:
            write_anchor(now=NOW + timedelta(days=number // 100))
    return cast


def forge_from(position: int) -> None:
    """Change one line and make everything behind it fit again, as who can write to the database would."""
    previous = AuditEntry.objects.get(position=position - 1).hash if position > 1 else "0" * 64
    for entry in AuditEntry.objects.filter(position__gte=position).order_by("position"):
        step = 9_999 if entry.position == position else entry.facts["step"]
        sealed = {
            "id": entry.id,
            "position": entry.position,
            "at": entry.at.astimezone(NOW.tzinfo).isoformat(timespec="microseconds"),
            "actor": entry.actor_id,
            "action": entry.action,
            "subject_kind": entry.subject_kind,
            "subject_id": entry.subject_id,
            "facts": {"step": step},
        }
        own = chain_hash(previous_hash=previous, entry=sealed)
        AuditEntry.objects.filter(pk=entry.pk).update(facts={"step": step}, previous_hash=previous, hash=own)
        previous = own


class TestWriteAnchor:
    def test_adds_a_line_that_nobody_else_may_read(self, trail: Cast) -> None:
        assert len(anchor_file().read_text().splitlines()) == 3
        assert stat.S_IMODE(anchor_file().stat().st_mode) == 0o600
        assert stat.S_IMODE(anchor_file().parent.stat().st_mode) == 0o700

    def test_twice_adds_a_line_that_says_the_same(self, trail: Cast) -> None:
        first, second = write_anchor(now=NOW), write_anchor(now=NOW)
        assert first == second
        assert len(anchor_state().kept) == 5

    def test_goes_on_after_a_line_that_was_torn(self, trail: Cast) -> None:
        with anchor_file().open("a") as file:
            file.write("2026-11-25T02:30:00Z 31")
        write_anchor(now=NOW)
        state = anchor_state()
        assert (len(state.kept), state.unreadable, state.broken) == (4, 1, [])

    def test_has_nothing_to_say_of_an_empty_trail(self, db: None, settings: Settings, tmp_path: Path) -> None:
        settings.HOME = tmp_path
        AuditEntry.objects.all().delete()
        assert write_anchor(now=NOW) is None
        assert not anchor_file().exists()


class TestAnchorState:
    def test_is_quiet_when_all_is_well(self, trail: Cast) -> None:
        state = anchor_state()
        assert [one.anchor.position for one in state.kept] == [100, 200, 300]
        assert (state.broken, state.unreadable) == ([], 0)
        found = anchors_finding(state, NOW + timedelta(days=4))
        assert (found.is_well, found.is_warning, found.words) == (True, False, "3 agree")

    @pytest.mark.parametrize("cut", range(1, LINES + 1, 11))
    def test_finds_a_tail_that_was_cut_off(self, trail: Cast, cut: int) -> None:
        AuditEntry.objects.filter(position__gte=cut).delete()
        assert broken_links() == []  # the rest is a whole chain: only the anchors know
        broken = anchor_state().broken
        assert {link.fault for link in broken} == {"cut_off"}
        assert broken[0].position == -(-cut // 100) * 100
        assert not anchors_finding(anchor_state(), NOW).is_well

    @pytest.mark.parametrize("position", range(1, LINES + 1, 11))
    def test_finds_an_edit_that_made_everything_behind_it_fit(self, trail: Cast, position: int) -> None:
        forge_from(position)
        assert broken_links() == []
        broken = anchor_state().broken
        assert {link.fault for link in broken} == {"changed"}
        assert broken[0].position == -(-position // 100) * 100

    def test_finds_another_database_in_its_place(self, trail: Cast) -> None:
        AuditEntry.objects.all().delete()
        for number in range(LINES + 50):
            record(action="test.step", by=trail.mei, now=NOW, subject_kind="customer", subject_id=7, step=number)
        assert broken_links() == []
        assert [link.fault for link in anchor_state().broken] == ["changed"] * 3

    def test_finds_an_anchor_that_was_forged_beside_the_true_one(self, trail: Cast) -> None:
        forge_from(150)
        write_anchor(now=NOW)
        assert [link.position for link in anchor_state().broken] == [200, 300]

    @pytest.mark.parametrize("line", ["nonsense", "2026-99-25T02:30:00Z 5 " + "a" * 64, "\udcff", ""])
    def test_counts_lines_that_cannot_be_read(self, trail: Cast, line: str) -> None:
        with anchor_file().open("ab") as file:
            file.write(line.encode("utf-8", "surrogateescape") + b"\n")
        state = anchor_state()
        assert (len(state.kept), state.unreadable) == (3, 1)
        assert anchors_finding(state, NOW).is_warning

    def test_a_night_without_an_anchor_is_a_warning(self, trail: Cast) -> None:
        found = anchors_finding(anchor_state(), NOW + timedelta(days=6))
        assert (found.is_well, found.is_warning) == (True, True)
        assert "zhenke work" in found.words


class TestNight:
    def test_writes_an_anchor_first(self, cast: Cast, settings: Settings, tmp_path: Path) -> None:
        settings.HOME = tmp_path
        record(action="test.step", by=cast.mei, now=NOW)
        told = CliRunner().invoke(night, ["--json"])
        assert told.output.startswith('{"anchor_trail": {"position": ')
        assert len(anchor_state().kept) == 1


class TestPages:
    def test_show_the_anchors_and_what_they_found(self, trail: Cast, client: Client) -> None:
        client.force_login(trail.zhu)
        page = text_of(client, "/settings/anchors/")
        assert anchor_state().kept[-1].groups[3] in page
        assert "3 anchors outside agree." in text_of(client, "/settings/trail/")
        AuditEntry.objects.filter(position__gt=250).delete()
        for address in ("/settings/anchors/", "/settings/trail/"):
            assert "at line 300 it was changed, cut off or replaced" in text_of(client, address)
        assert len(queries_of(client, "/settings/anchors/")) <= 4
        client.force_login(trail.lin)
        assert client.get("/settings/anchors/").status_code == 403

    def test_are_empty_before_the_first_night(
        self, cast: Cast, client: Client, settings: Settings, tmp_path: Path
    ) -> None:
        settings.HOME = tmp_path
        client.force_login(cast.ji)
        assert "No anchor yet" in text_of(client, "/settings/anchors/")
