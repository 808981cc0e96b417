"""Legal holds: what is held is erased by nobody until its day has passed; owner and auditor alone read why."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cast import NOW, Cast

from zhenke.basics.errors import NotAllowed
from zhenke.customers.models import Customer, LegalHold
from zhenke.customers.operations.holds import lift_hold, set_hold
from zhenke.customers.queries import visible
from zhenke.customers.queries.holds import erasures_due, held_among, held_kinds, hold_on, legal_holds
from zhenke.customers.rules.holds import HELD_KINDS, HoldWrong
from zhenke.doors.defaults.retention import RETENTION_DAYS
from zhenke.journeys.forget_customer import forget_customer
from zhenke.staff import SYSTEM
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
UNTIL = TODAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def list_beside_keys(settings: Any, tmp_path: Any) -> None:
    key_file = tmp_path / "keys"
    key_file.write_bytes(Path(settings.KEY_FILE).read_bytes())
    key_file.chmod(0o600)
    settings.KEY_FILE = str(key_file)


def hold(cast: Cast, customer: Customer | None = None, **more: Any) -> LegalHold:
    how: dict[str, Any] = {"customer": customer, "reason": "案号 17", "until_date": UNTIL, "today": TODAY}
    return set_hold(**(how | {"by": cast.zhu, "now": NOW} | more))


class TestSetHold:
    def test_writes_it_once_and_the_trail_without_the_reason(self, cast: Cast) -> None:
        assert hold(cast, cast.mrs_zhou) == hold(cast, cast.mrs_zhou)
        line = AuditEntry.objects.get(action="hold.set")
        assert "17" not in str(line.facts.get("reason", "")) and "案号" not in str(line.facts)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "spam"},
            {"kind": "prospects", "reason": "  "},
            {"kind": "prospects", "until_date": date(2020, 1, 1)},
            {},
        ],
    )
    def test_refuses_what_says_nothing(self, cast: Cast, wrong: dict[str, Any]) -> None:
        with pytest.raises(HoldWrong):
            hold(cast, **wrong)

    def test_is_for_the_owner(self, cast: Cast) -> None:
        for who in (cast.lin, cast.ji, cast.mei):
            with pytest.raises(NotAllowed):
                hold(cast, cast.mrs_zhou, by=who)


class TestLegalHolds:
    def test_are_read_by_owner_and_auditor_alone(self, cast: Cast) -> None:
        found = hold(cast, cast.mrs_zhou)
        assert legal_holds(viewer=cast.zhu) == legal_holds(viewer=cast.ji) == [found]
        assert legal_holds(viewer=cast.lin) == legal_holds(viewer=cast.mei) == []


class TestHeld:
    def test_lasts_to_the_end_of_its_day_or_until_it_is_lifted(self, cast: Cast) -> None:
        first = hold(cast, cast.mrs_zhou)
        assert hold_on(customer_id=cast.mrs_zhou.pk, today=UNTIL) == first
        assert hold_on(customer_id=cast.mrs_zhou.pk, today=UNTIL + timedelta(days=1)) is None
        assert lift_hold(hold=first, by=cast.zhu, now=NOW) is True
        assert lift_hold(hold=first, by=cast.zhu, now=NOW) is False
        assert held_among(customer_ids=[cast.mrs_zhou.pk], today=TODAY) == set()

    def test_of_a_kind_is_one_of_what_the_night_takes_away(self, cast: Cast) -> None:
        hold(cast, kind="prospects")
        assert held_kinds(today=TODAY) == {"prospects"}
        assert set(HELD_KINDS) <= set(RETENTION_DAYS)


class TestForgetCustomer:
    def test_locks_a_held_archive_away_and_says_what_keeps_it(self, cast: Cast) -> None:
        found = hold(cast, cast.mrs_zhou)
        done = forget_customer(customer_id=cast.mrs_zhou.pk, by=cast.lin, now=NOW)
        assert (done.kept_by, done.counts) == (found, {})
        for nobody in (cast.mei, cast.lin, cast.ji, cast.qiao):
            assert not visible(viewer=nobody).filter(pk=cast.mrs_zhou.pk).exists()
        assert visible(viewer=cast.zhu).filter(pk=cast.mrs_zhou.pk).exists()
        assert erasures_due(today=UNTIL) == []
        assert erasures_due(today=UNTIL + timedelta(days=1)) == [cast.mrs_zhou.pk]

    def test_twice_writes_one_line(self, cast: Cast) -> None:
        hold(cast, cast.mrs_zhou)
        for _ in range(2):
            forget_customer(customer_id=cast.mrs_zhou.pk, by=cast.zhu, now=NOW)
        assert AuditEntry.objects.filter(action="hold.locked_away").count() == 1

    def test_erases_when_the_hold_is_over(self, cast: Cast) -> None:
        hold(cast, cast.mrs_zhou)
        forget_customer(customer_id=cast.mrs_zhou.pk, by=cast.zhu, now=NOW)
        later = NOW + timedelta(days=31)
        assert forget_customer(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=later).kept_by is None
        assert not Customer.objects.filter(pk=cast.mrs_zhou.pk).exists()
        assert not LegalHold.objects.exists()

    def test_erases_again_whatever_an_old_copy_holds(self, cast: Cast) -> None:
        hold(cast, cast.mrs_zhou)
        done = forget_customer(customer_id=cast.mrs_zhou.pk, by=SYSTEM, now=NOW, is_again=True)
        assert done.kept_by is None
