"""List, searches, profile and Today over HTTP with two web workers, against bare Django pages with the same rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from random import Random
from urllib.parse import quote

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.measure import Figure, percentile
from bench.places import Size
from bench.postgres import free_port
from bench.web import Server, ask, floor_command, product_command, serving
from zhenke.basics.names import pinyin_readings
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.queries.contacts import field_cipher, opened
from zhenke.customers.rules.contacts import TAIL_FIELD
from zhenke.staff.models import StaffMember

_TYPED = {"HX-Request": "true"}
_SEED = 7


@dataclass(frozen=True)
class Page:
    """One page as one person asks for it: pairs of our address and the floor's."""

    job: str
    who: str
    pairs: list[tuple[str, str]]
    headers: dict[str, str]
    target_ratio: float
    target_queries: int | None = None
    note: str = ""


def measure_pages(size: Size, today: date) -> list[Figure]:
    """Measure the list, the three searches and the profile, as the owner, a shop's manager and an advisor see them."""
    chosen = _chosen(size)
    return _measured(size, [page for who in ("owner", "manager0", "advisor0") for page in _pages(who, chosen, size)])


def measure_today(size: Size, today: date) -> list[Figure]:
    """Measure the list of the day of an advisor with 2,000 customers."""
    pair = (reverse("today"), f"/today/?day={today.isoformat()}")
    mine = Customer.objects.filter(owner__username="advisor0").count()
    note = f"advisor with {mine:,} customers"
    return _measured(size, [Page("Today list", "advisor0", [pair], {}, 0.5, 8, note)])


def _chosen(size: Size) -> list[Customer]:
    """Return customers of the first advisor, whom all three may see: half of them bought often, half as it comes."""
    rows = list(Customer.objects.filter(owner__username="advisor0").order_by("id"))
    return Random(_SEED).sample(rows, min(size.requests, len(rows)))


def _pages(who: str, chosen: list[Customer], size: Size) -> list[Page]:
    found, typed = reverse("search"), []
    for row in chosen:
        typed.append((row.name[:2], pinyin_readings(row.name), opened(ContactPoint.objects.get(customer=row))[-4:]))
    cipher = field_cipher()

    def word(text: str) -> tuple[str, str]:
        return f"{found}?q={quote(text)}", f"/word/?q={quote(text)}"

    initials = [_initials(readings.search_terms) for _, readings, _ in typed]
    tails = [tail for _, _, tail in typed]
    return [
        Page("customer list", who, [(reverse("customers"), "/list/")], {}, 0.4, 12),
        Page("search: name, two characters", who, [word(name) for name, _, _ in typed], _TYPED, 0.4, 12),
        Page("search: pinyin initials", who, [word(text) for text in initials if text], _TYPED, 0.4, 12),
        Page(
            "search: last four digits",
            who,
            [(f"{found}?q={tail}", f"/tail/?index={cipher.blind_index(TAIL_FIELD, tail)}") for tail in tails],
            _TYPED,
            0.4,
            12,
        ),
        Page(
            "profile",
            who,
            [(reverse("customer", args=[row.pk]), f"/profile/{row.pk}/") for row in chosen],
            {},
            0.4,
            12,
        ),
    ]


def _measured(size: Size, pages: list[Page]) -> list[Figure]:
    cookies = {page.who: _session(page.who) for page in pages}
    counts = [_queries(page) for page in pages]
    figures = []
    with ExitStack() as stack:
        ours, floor = (stack.enter_context(_served(command)) for command in (product_command, floor_command))
        for page, queries in zip(pages, counts, strict=True):
            headers = {"Cookie": f"zhenke_staff={cookies[page.who]}", "Accept-Language": "zh-hans"}
            figures.append(_one(page, size, ours, floor, {**headers, **page.headers}, queries))
    return figures


def _one(page: Page, size: Size, ours: Server, floor: Server, headers: dict[str, str], queries: int) -> Figure:
    figure = Figure(
        job=f"{page.job} ({page.who.rstrip('0')})",
        unit="req/s",
        queries=queries,
        target=f"≥ {page.target_ratio} × floor, p95 ≤ 100 ms, ≤ {page.target_queries} queries",
        target_ratio=page.target_ratio,
        target_p95_ms=100,
        target_queries=page.target_queries,
        note=page.note,
    )
    repeated = (page.pairs * (size.requests // len(page.pairs) + 1))[: size.requests]
    took: list[float] = []
    floor_took: list[float] = []
    for server, place in ((ours, 0), (floor, 1)):  # both warm: code, templates and the database's own memory
        ask(server, [pair[place] for pair in repeated[:16]], headers)
    for _ in range(size.rounds):
        answer = ask(ours, [pair[0] for pair in repeated], headers)
        figure.ours.append(answer.rate)
        figure.cpu_ours.append(answer.cpu)
        took += answer.took_ms
        answer = ask(floor, [pair[1] for pair in repeated], headers)
        figure.floors.append(answer.rate)
        figure.cpu_floors.append(answer.cpu)
        floor_took += answer.took_ms
    figure.p95_ms, figure.floor_p95_ms = percentile(took, 0.95), percentile(floor_took, 0.95)
    return figure


def _served(command: Callable[[int], list[str]]) -> ExitStack:
    port = free_port()
    return serving(command(port), os.environ, port)  # type: ignore[return-value]


def _session(username: str) -> str:
    """Sign somebody in without a password and return the session's key."""
    member = StaffMember.objects.get(username=username)
    store = SessionStore()
    store[SESSION_KEY] = str(member.pk)
    store[BACKEND_SESSION_KEY] = "zhenke.doors.pages.sign_in.backend.StaffBackend"
    store[HASH_SESSION_KEY] = member.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _queries(page: Page) -> int:
    """Return the most statements that the page needs, over a few of its addresses.

    The first is asked once before: what a process keeps from then on (settings, names of shops) is no part of a page.
    """
    client = Client()
    client.cookies["zhenke_staff"] = _session(page.who)
    counts = []
    client.get(page.pairs[0][0], headers={"Host": "localhost", **page.headers})
    for ours, _ in page.pairs[:6]:
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(ours, headers={"Host": "localhost", **page.headers})
        if answer.status_code != 200:
            raise RuntimeError(f"{ours}: {answer.status_code}")
        counts.append(len(caught))
    return max(counts)


def _initials(terms: Iterable[str]) -> str:
    return next((one for one in terms if one.isascii() and len(one) <= 3), "")
