"""`zhenke points`: the ledger looked at, its night done by hand, what is owed."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from tests.cast import NOW, Cast
from tests.membership.test_ledger import earned

from zhenke.doors.commands.points import points
from zhenke.journeys.expire_points import expire_points
from zhenke.membership.models import PointsAccount, PointsNight
from zhenke.membership.rules.clocks import Tick

pytestmark = pytest.mark.django_db


def asked(*words: str, code: int = 0) -> str:
    """Run the command and return what it says."""
    done = CliRunner().invoke(points, list(words), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


class TestVerify:
    def test_says_that_the_ledger_is_whole(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        assert asked("verify") == "The ledger is whole.\n"
        assert json.loads(asked("verify", "--json")) == {"faults": [], "count": 0}

    def test_fails_when_it_is_not(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1")
        account = PointsAccount.objects.get(customer=cast.mrs_zhou, kind="member")
        PointsAccount.objects.filter(pk=account.pk).update(customer=None)
        assert asked("verify", code=1) == f"points_of_nobody {account.pk}\n1 faults\n"


class TestExpire:
    def test_ends_nothing_when_the_clock_jumped_until_somebody_says_so(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1)
        start = NOW - timedelta(days=400)
        expire_points(tick=Tick(start.date(), start, "another running", 5))
        held = json.loads(asked("expire", "--json"))
        assert held["held"] == 1 and held["expired"] == 0
        assert "If today is" in asked("expire")
        done = json.loads(asked("expire", "--confirm", "2999-12-31", "--json"))
        assert done["held"] == 0
        assert PointsNight.objects.get().held_date is None


class TestLiability:
    def test_is_told_for_people_programs_and_the_bookkeeper(self, cast: Cast) -> None:
        earned(cast.mrs_zhou, 100, "1", months=1_200)
        assert "not enough data" in asked("liability")
        told = json.loads(asked("liability", "--json"))
        assert told["months"][0]["spendable"] == 100 and told["method"][0]["share_permille"] is None
        rows = list(csv.reader(io.StringIO(asked("liability", "--csv"))))
        assert rows[0] == ["programme", "month", "spendable", "pending", "expected_unspent"]
        assert rows[1] == ["main", "2126-11", "100", "0", ""]
