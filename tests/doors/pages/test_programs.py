"""Programs that were stopped when a backup was put back: shown as such, let in again by the owner alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.cast import NOW
from tests.doors.api.till import till_of
from tests.doors.pages.world import World, text_of
from zhenke.basics.clock import now
from zhenke.basics.errors import BadInput
from zhenke.doors.commands.tokens import resume_token_command, revoke_token_command, tokens_command
from zhenke.journeys.end_restored_access import end_restored_access
from zhenke.staff.models import ApiToken, StaffMember

pytestmark = pytest.mark.django_db
Desk = Callable[[str], Client]
PAGE = "/settings/programs/"


class TestPage:
    def test_lets_a_stopped_program_in_again(self, world: World, desk: Desk) -> None:
        till = till_of(world.cast)
        assert "stopped since" not in text_of(desk("zhu"), PAGE)
        end_restored_access(made_at=NOW, keeps_tokens=False, now=now())
        StaffMember.objects.filter(username="zhu").update(language="en")
        token = ApiToken.objects.get()
        assert till.get("/customers").status_code == 401
        zhu = desk("zhu")
        assert "stopped since a backup was put back" in text_of(zhu, PAGE)
        assert desk("lin").post(f"{PAGE}{token.pk}/resume/").status_code == 403
        assert desk("other").post(f"{PAGE}{token.pk}/resume/").status_code in (403, 404)
        assert zhu.post(f"{PAGE}{token.pk}/resume/").status_code == 302
        assert till.get("/customers").status_code == 200
        assert "stopped since" not in text_of(zhu, PAGE)


class TestCommands:
    def test_list_let_in_again_and_shut_out(self, world: World) -> None:
        till = till_of(world.cast)
        end_restored_access(made_at=NOW, keeps_tokens=False, now=now())
        run = CliRunner()
        assert "stopped" in run.invoke(tokens_command, [], catch_exceptions=False).output
        key = str(ApiToken.objects.get().pk)
        assert '{"resumed": 1}' in run.invoke(resume_token_command, [key, "--json"], catch_exceptions=False).output
        assert '{"resumed": 0}' in run.invoke(resume_token_command, ["--all", "--json"], catch_exceptions=False).output
        assert till.get("/customers").status_code == 200
        for _ in range(2):
            assert "is shut out" in run.invoke(revoke_token_command, [key], catch_exceptions=False).output
        assert till.get("/customers").status_code == 401
        assert '"state": "ended"' in run.invoke(tokens_command, ["--json"], catch_exceptions=False).output
        for wrong in ("1", "x", "9" * 40):
            with pytest.raises(BadInput):
                run.invoke(revoke_token_command, [wrong], catch_exceptions=False)
