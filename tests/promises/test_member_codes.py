"""Promise P28 at its figure, for the member site: guesses, a flood of numbers, forged headers, and what time tells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from statistics import median
from time import perf_counter

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import NOW, Cast
from tests.doors.portal.conftest import HOST, Codes
from zhenke.customers.models import MemberSession, SignInCode
from zhenke.customers.operations import add_contact

pytestmark = [pytest.mark.soak, pytest.mark.django_db]
PHONE, UNKNOWN = "13800138000", "13900139000"


@pytest.fixture(autouse=True)
def plain_static(settings: Settings) -> None:
    """Serve static addresses without a manifest."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}


@pytest.fixture
def codes(cast: Cast, capsys: pytest.CaptureFixture[str], settings: Settings) -> Iterator[Codes]:
    """Mrs Zhou has a phone, and codes appear on the screen."""
    settings.PORTAL_CODES = "console"
    add_contact(customer=cast.mrs_zhou, kind="phone", text=PHONE, by=cast.mei, now=NOW)
    yield Codes(capsys)


def browser(**headers: str) -> Client:
    return Client(headers={"host": HOST, "accept-language": "en", **headers})


def ask(client: Client, contact: str, **more: str) -> int:
    return client.post("/sign-in/", {"contact": contact}, **more).status_code  # type: ignore[arg-type]


class TestGuesses:
    def test_of_ten_thousand_on_one_account_few_are_looked_at_and_none_gets_in(self, cast: Cast, codes: Codes) -> None:
        """A day and a half from 250 networks: a guess every 13 seconds, a new code whenever one is given."""
        rng, made, tried_before = Random(28), 0, 0
        client = browser()
        by_quarter: Counter[int] = Counter()
        for number in range(10_000):
            at = NOW + timedelta(seconds=13 * number)
            with time_machine.travel(at, tick=False):
                network = {"REMOTE_ADDR": f"10.1.{number % 250}.7"}
                if number % 8 == 0:
                    client = browser(**{"x-forwarded-for": f"10.9.{number % 200}.1"})
                    made += ask(client, PHONE, **network) == 302
                if client.cookies.get("zhenke_member_try"):
                    right = codes.last() if codes.all() else ""
                    guess = f"{rng.randrange(10**6):06d}"
                    if guess != right:
                        client.post("/sign-in/code/", {"code": guess}, **network)  # type: ignore[arg-type]
            tried = sum(SignInCode.objects.values_list("tries", flat=True))
            by_quarter[13 * number // 900] += tried - tried_before
            tried_before = tried
        most = max(by_quarter.values())
        most_a_code = max(SignInCode.objects.values_list("tries", flat=True))
        print(f"{made} codes, {tried_before} guesses taken, most in a quarter {most}, a code {most_a_code}")
        assert most_a_code <= 5 and most <= 10 and made <= 10
        assert not MemberSession.objects.exists()


class TestFlood:
    def test_of_a_thousand_numbers_a_network_asks_for_thirty_an_hour(self, codes: Codes) -> None:
        headers = [
            {"x-forwarded-for": f"10.0.{n % 250}.{n // 250}", "x-real-ip": f"10.2.0.{n % 250}"} for n in range(1_000)
        ]
        answers = Counter(ask(browser(**one), f"138{n:08d}") for n, one in enumerate(headers))
        print(f"answers {dict(answers)}")
        assert answers == {302: 30, 429: 970} and SignInCode.objects.count() == 30

    def test_the_house_sends_no_more_than_it_allows(self, cast: Cast, codes: Codes, settings: Settings) -> None:
        settings.PORTAL_CODES_A_DAY = 20
        for number in range(100):
            add_contact(customer=cast.mr_zhou, kind="phone", text=f"137{number:08d}", by=cast.mei, now=NOW)
        for number in range(100):
            ask(browser(), f"137{number:08d}", REMOTE_ADDR=f"10.3.{number}.1")
        assert len(codes.all()) == 20


class TestTime:
    def test_tells_nobody_whether_a_contact_is_known(self, codes: Codes) -> None:
        took: dict[bool, list[float]] = {True: [], False: []}
        lengths: dict[bool, set[int]] = {True: set(), False: set()}
        for number in range(2_000):
            is_known = number % 2 == 0
            SignInCode.objects.all().delete()
            client = browser()
            began = perf_counter()
            answer = client.post("/sign-in/", {"contact": PHONE if is_known else UNKNOWN})
            took[is_known].append(perf_counter() - began)
            lengths[is_known].add(len(answer.content) + len(re.sub(r"=[^;]+", "", str(answer.cookies))))
        gap = abs(median(took[True]) - median(took[False]))
        print(f"median known {median(took[True]):.6f} s, unknown {median(took[False]):.6f} s, gap {gap * 1000:.3f} ms")
        assert gap < 0.005 and lengths[True] == lengths[False]
