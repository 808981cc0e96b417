"""Promise P33, the way of a birthday through the house: stored, told, shown, taken in again, never a day off.

Every birthday from 1930 to 2025 is loaded into real archives (each of 96 customers has a year's days), told by the
door for programs, read back as the import reads a file, and stored again, while the server stands in each of six time
zones. Pages are shown for the days on which clocks and calendars do odd things, and browsers of three time zones read
and write them. What a rule makes of a day is proved in tests/basics/test_days_promise.py.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import sync_playwright

from tests.basics.test_days_promise import BIRTHDAYS, ZONES
from tests.cast import NOW, PASSWORD, Cast
from tests.doors.api.till import till_of
from zhenke.basics.days import DayOfYear
from zhenke.customers.models import Customer, CustomerDate
from zhenke.customers.operations import add_date
from zhenke.customers.operations.loading import load_customers
from zhenke.customers.queries import dates_of
from zhenke.customers.rules.columns import day_of_year
from zhenke.customers.rules.intake import Written
from zhenke.customers.rules.loading import LoadRow
from zhenke.staff import SYSTEM

pytestmark = [pytest.mark.slow]
CHROMIUM = Path("/usr/bin/chromium")
EVERY_COMMIT = ("Asia/Shanghai", "America/Los_Angeles")  # the others in ./check soak
CLIENT_ZONES = ("Pacific/Kiritimati", "Asia/Shanghai", "America/Los_Angeles")
YEARS = sorted({day.year for day in BIRTHDAYS})
# Leap days, ends of years, China's summer times and the days on which an ocean's clocks skipped one.
ODD_DAYS = tuple(
    date(year, month, day)
    for year, month, day in (
        (1930, 1, 1),
        (1940, 6, 1),
        (1986, 5, 4),
        (1988, 2, 29),
        (1991, 9, 15),
        (2000, 2, 29),
        (2011, 12, 30),
        (2025, 12, 31),
    )
)
# What the form offers, one for each of them.
KINDS = ["birthday", "wedding", "engagement", "met", "spouse_birthday", "child_birthday", "full_month", "other"]


@pytest.fixture(params=[zone if zone in EVERY_COMMIT else pytest.param(zone, marks=pytest.mark.soak) for zone in ZONES])
def server_zone(request: pytest.FixtureRequest, settings: Any) -> Iterator[str]:
    """The server stands in this zone: the machine, and Django's own."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    settings.TIME_ZONE = request.param
    with timezone.override(request.param):
        yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def _load(cast: Cast, days: dict[int, list[DayOfYear]], mark: str) -> dict[int, int]:
    """Write each year's days into one archive as the import does; return the archive's key by year."""
    rows = [
        LoadRow(
            row=number,
            shop_id=cast.shop_a.pk,
            owner_id=cast.mei.pk,
            fields={"name": f"{mark}{year}"},
            card_number=f"{mark}{year}",
            dates=tuple((f"d{place:03d}", day) for place, day in enumerate(days[year])),
        )
        for number, year in enumerate(days)
    ]
    loaded = load_customers(rows=rows, by=SYSTEM, now=NOW, written=Written())
    return {year: loaded.keys[number] for number, year in enumerate(days)}


def _stored(customer: Customer) -> list[tuple[int | None, int, int]]:
    rows = sorted(dates_of(viewer=SYSTEM, customer=customer), key=lambda row: row.kind)
    return [(row.year, row.month, row.day) for row in rows]


@pytest.mark.django_db
class TestEveryBirthday:
    def test_is_stored_told_read_again_and_stored_again(self, cast: Cast, server_zone: str) -> None:
        true = {year: [day for day in BIRTHDAYS if day.year == year] for year in YEARS}
        born = {year: [DayOfYear(day.month, day.day, year=day.year) for day in days] for year, days in true.items()}
        keys, till, again = _load(cast, born, "A"), till_of(cast), {}
        for year, key in keys.items():
            plain = [(day.year, day.month, day.day) for day in true[year]]
            assert _stored(Customer.objects.get(pk=key)) == plain
            told = till.get(f"/customers/{key}").json()["dates"]
            assert [(one["year"], one["month"], one["day"]) for one in told] == plain
            # As a file says it: 1988-02-29, and 1988年2月29日 in every other row.
            texts = [f"{one['year']}-{one['month']:02d}-{one['day']:02d}" for one in told]
            texts[::2] = [f"{one['year']}年{one['month']}月{one['day']}日" for one in told[::2]]
            again[year] = [day_of_year(text, column="birthday") for text in texts]
        for year, key in _load(cast, again, "B").items():
            assert _stored(Customer.objects.get(pk=key)) == [(day.year, day.month, day.day) for day in true[year]]
        assert CustomerDate.objects.count() == 2 * len(BIRTHDAYS)

    def test_is_shown_as_it_is(self, cast: Cast, server_zone: str) -> None:
        client = Client()
        client.force_login(cast.zhu)
        for place, day in enumerate(ODD_DAYS):
            birthday = DayOfYear(day.month, day.day, year=day.year)
            add_date(customer=cast.mrs_zhou, kind=f"d{place}", day=birthday, by=SYSTEM, now=NOW)
        page = client.get(f"/customers/{cast.mrs_zhou.pk}/?tab=dates").content.decode()
        shown = re.findall(r'class="list-why">(\d+ \w+ \d{4})<', page)
        assert sorted(shown) == sorted(f"{day.day} {day:%B} {day.year}" for day in ODD_DAYS)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
class TestBrowsers:
    @pytest.mark.parametrize("zone", CLIENT_ZONES)
    def test_of_any_zone_write_and_read_the_same_days(self, cast: Cast, live_server: Any, zone: str) -> None:
        with sync_playwright() as player:
            browser = player.chromium.launch(
                executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            page = browser.new_context(base_url=live_server.url, timezone_id=zone, locale="en-GB").new_page()
            page.goto("/accounts/login/")
            page.fill("input[name=login]", "zhu")
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(re.compile(r"/$"))
            for kind, day in zip(KINDS, ODD_DAYS, strict=True):
                page.goto(f"/customers/{cast.mrs_zhou.pk}/date/")
                page.select_option("select[name=kind]", kind)
                for name, value in (("month", day.month), ("day", day.day), ("year", day.year)):
                    page.fill(f"input[name={name}]", str(value))
                with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
                    page.locator("form.form button.is-filled").click()
                assert answer.value.status == 204
            page.goto(f"/customers/{cast.mrs_zhou.pk}/?tab=dates")
            shown = page.locator("#tab .list-why").all_inner_texts()
            browser.close()
        assert sorted(shown) == sorted(f"{day.day} {day:%B} {day.year}" for day in ODD_DAYS)
        rows = CustomerDate.objects.filter(customer=cast.mrs_zhou).values_list("kind", "year", "month", "day")
        kept = {kind: date(year, month, day) for kind, year, month, day in rows}
        assert kept == dict(zip(KINDS, ODD_DAYS, strict=True))
