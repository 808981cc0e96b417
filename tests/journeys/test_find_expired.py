"""Retention: nothing goes a day early, everything goes on its day, and each run leaves one line."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cast import NOW, Cast

from zhenke.customers.models import Customer, ImportReject, ImportRun, SignUpLink
from zhenke.customers.operations import add_interaction
from zhenke.customers.operations.holds import set_hold
from zhenke.doors.defaults.retention import RETENTION_DAYS
from zhenke.doors.jobs.retention import keep_retention, look_for_expired
from zhenke.journeys.find_expired import find_expired
from zhenke.sales.models import Sale
from zhenke.staff.models import AuditEntry

pytestmark = pytest.mark.django_db


def met(cast: Cast, name: str, at: datetime) -> Customer:
    return Customer.objects.create(name=name, shop=cast.shop_a, owner=cast.mei, created_at=at, updated_at=at)


def after(code: str, days: int, since: datetime = NOW) -> datetime:
    return since + timedelta(days=RETENTION_DAYS[code] + days)


class TestFindExpired:
    def test_finds_prospects_on_their_day_and_not_before(self, cast: Cast) -> None:
        met(cast, "何念", NOW)
        assert look_for_expired(after("prospects", 0)).prospects == ()
        found = look_for_expired(after("prospects", 1)).prospects
        assert set(found) == set(Customer.objects.values_list("pk", flat=True))

    def test_leaves_who_bought_or_was_in_touch(self, cast: Cast) -> None:
        buyer, visitor = met(cast, "买", NOW), met(cast, "来", NOW)
        Sale.objects.create(
            source_key="s", customer=buyer, shop=cast.shop_a, sold_at=NOW, sold_date=NOW.date(), amount_minor=1,
            created_at=NOW,
        )  # fmt: skip
        late = NOW + timedelta(days=100)
        add_interaction(customer=visitor, kind="visit", at=late, by=cast.mei, shop=cast.shop_a, text="", now=late)
        due = look_for_expired(after("prospects", 1))
        assert set(due.prospects) == {cast.mrs_zhou.pk, cast.mr_zhou.pk}
        assert due.silent_members == ()
        assert look_for_expired(after("silent_members", 1)).silent_members == (buyer.pk,)

    def test_goes_through_all_in_pieces_and_takes_no_more_than_it_may(self, cast: Cast) -> None:
        found = find_expired(days=RETENTION_DAYS, most=1, today=NOW.date(), now=after("prospects", 1))
        assert len(found.prospects) == 1


class TestKeepRetention:
    def test_takes_away_on_the_day_and_leaves_one_line(self, cast: Cast) -> None:
        run = ImportRun.objects.create(
            subject="customers", file_name="a.csv", file_hash="0" * 64, shop=cast.shop_a, started_at=NOW
        )
        ImportReject.objects.create(run=run, row=2, code="row_fault", cells=["x"])
        SignUpLink.objects.create(token_hash="0" * 64, shop=cast.shop_a, advisor=cast.mei, expires_at=NOW, made_at=NOW)
        assert set(keep_retention(NOW + timedelta(days=30)).values()) == {0}
        assert not AuditEntry.objects.filter(action="retention.kept").exists()
        done = keep_retention(NOW + timedelta(days=31))
        assert (done["rejects"], done["links"]) == (1, 1)
        assert not ImportReject.objects.exists() and not SignUpLink.objects.exists()
        keep_retention(NOW + timedelta(days=31))
        assert AuditEntry.objects.filter(action="retention.kept").count() == 1

    def test_forgets_prospects_for_good(self, cast: Cast) -> None:
        assert keep_retention(after("prospects", 1))["prospects"] == 2
        assert Customer.objects.count() == 0
        assert keep_retention(after("prospects", 2))["prospects"] == 0

    @pytest.mark.parametrize(
        ("people", "every_days"), [(24, 7), pytest.param(2_000, 1, marks=pytest.mark.soak, id="day by day")]
    )
    def test_over_eleven_years_is_never_early_and_never_more_than_a_week_late(
        self, cast: Cast, people: int, every_days: int
    ) -> None:
        Customer.objects.all().delete()
        starts = [number * 3_288 // people for number in range(people)]
        born = {met(cast, f"客{start}", NOW + timedelta(days=start)).pk: start for start in starts}
        most = people * 2 // 3
        held = {key: start for number, (key, start) in enumerate(born.items()) if number % 4 == 0 and number < most}
        for key, start in held.items():
            until = (NOW + timedelta(days=start + RETENTION_DAYS["prospects"] + 400)).date()
            set_hold(
                customer=Customer.objects.get(pk=key),
                reason="案",
                until_date=until,
                today=NOW.date(),
                by=cast.zhu,
                now=NOW,
            )
        gone: dict[int, int] = {}
        for day in range(0, 365 * 11, every_days):
            keep_retention(NOW + timedelta(days=day))
            here = set(Customer.objects.values_list("pk", flat=True))
            gone |= {key: day for key in born if key not in here and key not in gone and born[key] <= day}
        limit = RETENTION_DAYS["prospects"]
        early = [key for key, start in held.items() if key in gone and gone[key] <= start + limit + 400]
        assert early == [], "erased under a legal hold"
        assert set(gone) >= set(held)
        born = {key: start for key, start in born.items() if key not in held}
        gone = {key: day for key, day in gone.items() if key not in held}
        assert set(gone) == {key for key, start in born.items() if start + limit < 365 * 11 - every_days}
        assert all(limit < day - born[key] <= limit + every_days for key, day in gone.items())
