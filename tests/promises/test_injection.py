"""Promise P30: no text that anybody sends ever runs, is evaluated, breaks a page, or comes back altered.

Every form of the pages and every call of the contract, found by looking (`entries.py`), gets every class of naughty
strings (`naughty.py`) in every field; so do the names that pages read from their address, the cells, headings and names of
imported files, and headers. Then every page is shown: in a real browser where a script might run, and read as text.
A commit runs a sample that covers each class in each field; `./check soak` runs every string.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse

from tests.cast import Cast
from tests.doors.api.till import open_shop
from tests.doors.matrix_world import gather_world
from tests.doors.test_permission_matrix import Desk, _leave_and_connect, undone
from tests.promises.chromium import CHROMIUM, Window, chromium
from tests.promises.entries import Asking, Call, FormEntry, House, Stocked, calls, form_entries
from tests.promises.files import sent_files
from tests.promises.naughty import ACTIVE, BARE, KINDS, QUIET, chosen, everything
from tests.promises.witness import Sent, Watch, faults_of
from zhenke.staff.rules import Role

SEED = 20260
MARK = 9  # letters of a mark
Entry = FormEntry | Call
# What no database keeps, and what is longer than any box.
HOPELESS = ("broken", "long")
ALONE = 1  # classes that each closed field gets alone, beside all of them together with the others
KEEPABLE = tuple(kind for kind in QUIET if kind not in HOPELESS)
# Said of a style that the catalogue does not know; of a known one it is not written down again.
OF_A_NEW_STYLE = {"style_name", "category", "metal", "stone"}
# Forms about signing in end sessions and change passwords: each of their calls is undone.
UNDONE = ("form account_", "form usersessions_", "form mfa_")


@dataclass
class Run:
    """One run: what was sent, what was found."""

    house: House
    seed: int = SEED
    sent: Sent = field(default_factory=Sent)
    watch: Watch = field(default_factory=Watch)
    tally: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, None] = field(default_factory=dict)
    free: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, set[str]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    since: float = field(default_factory=time.monotonic)

    def text(self, kind: str, turn: int, most: int = 10_000) -> str:
        """Return one string of a class, with a mark of its own unless its point is to be nothing else."""
        text = chosen(kind, seed=self.seed + turn, most=max(most - MARK, 1))
        return text if kind in BARE else self.sent.marked(text)

    def clock(self, part: str) -> None:
        """Note how long a part took."""
        self.tally[f"{part} s"] = round(time.monotonic() - self.since)
        self.since = time.monotonic()

    def look(self, where: str, response: HttpResponse) -> None:
        """Note what is wrong with an answer."""
        faults = faults_of(response, self.sent) + self.watch.faults + self.watch.forged
        self.wrong.update(dict.fromkeys(f"{where}: {fault}" for fault in faults))
        self.watch.faults.clear()
        self.watch.forged.clear()
        self.tally["answers"] += 1

    def send(self, entry: Entry, world: Stocked, values: Mapping[str, str]) -> bool:
        """Send texts; return whether they were taken, which is to say that something was written."""
        self.watch.writes.clear()
        response = entry.send(world, values)
        self.look(f"{entry.name} {list(values)[:3]}", response)
        self.tally["texts"] += len(values)
        is_taken = response.status_code < 400 and bool(self.watch.writes.count)
        if is_taken:
            kept = self.kept.get(entry.name, set()) & set(values)
            altered = [values[name] for name in kept - self.unsure if not self.watch.writes.holds(values[name])]
            altered += self.watch.writes.altered(self.sent)
            self.wrong.update(dict.fromkeys(f"{entry.name}: not kept as sent: {text[-90:]!r}" for text in altered))
        self.tally["taken" if is_taken else "refused"] += 1
        return is_taken


def learn(run: Run, entry: Entry, world: Stocked) -> None:
    """Learn which fields of an entry take words, and which of them are kept as they are."""
    with undone():
        run.watch.writes.clear()
        first = entry.send(world, {})
        run.look(f"{entry.name}, well filled in", first)
        is_taken = first.status_code < 400
    if not is_taken:
        run.wrong[f"{entry.name}: refused although well filled in; say in FIRST what it needs: {first.status_code}"] = (
            None
        )
    run.free[entry.name], run.kept[entry.name] = [], set()
    for name in entry.fields:
        word = run.sent.marked("Lotus7")[-entry.limits.get(name, 40) :]
        with undone():
            if run.send(entry, world, {name: word}):
                run.free[entry.name].append(name)
                if run.watch.writes.holds(word):
                    run.kept[entry.name].add(name)
    words = {name: run.sent.marked("Lotus7")[-_most(entry, name) :] for name in run.free[entry.name]}
    with (
        undone()
    ):  # some fields are kept only while others are empty: what a new archive says when a known one is named
        run.unsure = set(words)
        if words and run.send(entry, world, words):
            run.kept[entry.name] &= {name for name, word in words.items() if run.watch.writes.holds(word)}
    run.kept[entry.name] -= {name for name in entry.fields if name.rsplit(".", 1)[-1] in OF_A_NEW_STYLE}
    run.unsure = set()
    run.tally["fields"] += len(entry.fields)
    run.tally["free fields"] += len(run.free[entry.name])


def strict(run: Run, entry: Entry, world: Stocked, rounds: int) -> None:
    """Send each class into the fields that take no words: into all at once, and into each alone, which hides nothing."""
    closed = [name for name in entry.fields if name not in run.free[entry.name]]
    for turn, kind in enumerate(KINDS * rounds if closed else ()):
        with undone():
            run.send(
                entry, world, {name: run.text(kind, turn + at, _most(entry, name)) for at, name in enumerate(closed)}
            )
    for place, name in enumerate(closed):
        for turn in range(ALONE * rounds):
            with undone():
                run.send(
                    entry, world, {name: run.text(KINDS[(place * 5 + turn) % len(KINDS)], turn, _most(entry, name))}
                )
    for name in run.free[entry.name]:  # what no field can keep would have all others refused with it
        for turn, kind in enumerate(HOPELESS * rounds):
            with undone():
                run.send(entry, world, {name: run.text(kind, turn + len(name), _most(entry, name))})


def _most(entry: Entry, name: str) -> int:
    return entry.limits.get(name) or 10_000


def round_of(run: Run, entry: Entry, world: Stocked, kinds: tuple[str, ...], turn: int) -> None:
    """Fill all fields that take words, each with another class; what is refused is sent alone, and then left out."""
    values = {}
    for place, name in enumerate(run.free[entry.name]):
        values[name] = run.text(kinds[(turn + place) % len(kinds)], turn * 31 + place, _most(entry, name))
    if not values:
        return
    is_undone = entry.name.startswith(UNDONE)
    with undone() if is_undone else nullcontext():
        is_taken = run.send(entry, world, values)
    if is_taken or is_undone:
        return
    taken = {}
    for name, text in values.items():
        with undone():
            if run.send(entry, world, {name: text}):
                taken[name] = text
    run.send(entry, world, taken)


def asked_of(run: Run, kinds: tuple[str, ...], world: Stocked) -> Iterator[tuple[str, str]]:
    """Send every class into every name that a page reads from its address; yield one active address for each page."""
    house = run.house
    for route, caller in house.pages():
        path = house.path(route, world, caller)
        request = house.desk.make.get(path)
        request.GET = spy = Asking({})  # type: ignore[misc, assignment]
        with undone():
            run.look(path, house.desk.response(request, caller))
        run.tally["names in addresses"] += len(spy.asked)
        for turn in range(len(kinds) if spy.asked else 0):
            given = {name: run.text(kinds[(turn + place) % len(kinds)], turn) for place, name in enumerate(spy.asked)}
            with undone():
                response = house.get(_address(path, given), caller)
                run.look(f"GET {route.name} {list(given)[:3]}", response)
            for name, text in given.items() if response.status_code >= 400 and len(given) > 1 else ():
                with undone():
                    run.look(f"GET {route.name} {name}", house.get(_address(path, {name: text}), caller))
        if spy.asked:
            given = {name: run.text(ACTIVE[place % len(ACTIVE)], place, 60) for place, name in enumerate(spy.asked)}
            yield _address(path, given), caller


def _address(path: str, given: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(given, errors='surrogatepass')}"


def addressed(run: Run, kinds: tuple[str, ...]) -> None:
    """Send every class as a part of the addresses of the contract, and as names in its queries."""
    for path in (
        "customers/%s",
        "sales/%s",
        "tasks/%s",
        "grades/%s",
        "imports/%s",
        "customers?after=%s",
        "sales?after=%s",
    ):
        for turn, kind in enumerate(kinds):
            text = quote(run.text(kind, turn, 200), safe="", errors="surrogatepass")
            request = run.house.desk.make.get(
                f"/api/v1/{path % text}", headers={"Authorization": "Bearer zk_only-for-the-matrix"}
            )
            with undone():
                run.look(f"GET {path}", run.house.desk.response(request, Role.INTEGRATION.value))


def shown(run: Run, world: Stocked, *, is_last: bool) -> None:
    """Read every page of a world as text; the pages of everybody once, at the end."""
    for address, response in run.house.crawl(world, is_whole=is_last):
        run.look(f"page {address}", response)
        run.tally["pages read"] += 1


def in_browser(run: Run, window: Window, address: str) -> None:
    """Show one page in the browser."""
    seen = window.visit(address)
    faults = seen.faults + run.sent.altered(seen.shown)
    run.wrong.update(dict.fromkeys(f"browser {address[:60]}: {fault}" for fault in faults))
    run.tally["pages in the browser"] += 1


def whole(cast: Cast, settings: object, *, rounds: int, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run all of it, each class `rounds` times."""
    settings.API_CALLS_A_MINUTE = 10**9  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.ACCOUNT_RATE_LIMITS = False  # type: ignore[attr-defined]
    open_shop()
    world = gather_world(cast)
    desk = Desk(world)
    _leave_and_connect(world)
    run = Run(House(desk))
    first = run.house.stocked()
    with run.watch.on():
        entries: list[Entry] = [*form_entries(run.house, first), *calls(desk)]
        for entry in entries:
            learn(run, entry, first)
            strict(run, entry, first, rounds)
        run.clock("strict")
        for turn in range(len(KEEPABLE) * rounds):
            world = run.house.stocked()
            for entry in entries:
                round_of(run, entry, world, KEEPABLE, turn)
            shown(run, world, is_last=turn == len(KEEPABLE) * rounds - 1)
        run.clock("quiet rounds")
        addressed(run, KINDS * rounds)
        reflected = list(asked_of(run, KINDS * rounds, first))
        sent_files(run, rounds)
        pages = {caller: [] for _, caller in run.house.pages()}  # type: dict[str, list[str]]
        for address, caller in reflected:
            pages[caller].append(address)
        run.clock("addresses and files")
        for turn in range(len(ACTIVE) * rounds):
            world = run.house.stocked()
            for entry in entries:
                round_of(run, entry, world, ACTIVE, turn)
            for route, caller in run.house.pages():
                if route.parameters or not turn:
                    pages[caller].append(run.house.path(route, world, caller))
                if route.name == "customer":
                    tabs = ("timeline", "purchases", "dates", "preferences", "tasks", "grade")
                    pages[caller] += [f"{pages[caller][-1]}?tab={tab}" for tab in tabs]
        run.clock("active rounds")
        for caller, addresses in pages.items():
            with chromium(lambda request, caller=caller: desk.response(request, caller)) as window:
                for address in addresses:
                    in_browser(run, window, address)
    run.clock("browser")
    run.tally |= {"entries": len(entries), "strings": len(everything())}
    with capsys.disabled():
        print(f"\ninjection, seed {run.seed}: {dict(run.tally)}")
    return run


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
class TestNoTextEverRuns:
    def test_in_a_sample_of_each_class_in_each_field(
        self, cast: Cast, settings: object, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run = whole(cast, settings, rounds=1, capsys=capsys)
        assert list(run.wrong) == [], f"{len(run.wrong)} faults:\n" + "\n".join(list(run.wrong)[:100])
