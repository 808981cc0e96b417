"""Promise P30: no text that anybody sends ever runs, is evaluated, breaks a page, or comes back altered.

Every form of the pages and every call of the contract, found by looking (`entries.py`), gets every class of naughty
strings (`naughty.py`) in every field; so do the names that pages read from their address, headers, and the cells,
headings and names of imported files. Then every page is shown: in a real browser where a script might run, and read as
text.
A commit runs a sample that covers each class in each field (of a name in an address every other class); `./check soak`
runs every string at every door.
"""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse
from django.template import Context, Engine
from django.urls import reverse

from tests.cast import Cast
from tests.doors.api.till import open_shop
from tests.doors.matrix_world import gather_world
from tests.doors.test_permission_matrix import SECRET, Desk, _leave_and_connect, undone
from tests.promises.chromium import CHROMIUM, Window, chromium
from tests.promises.entries import Asking, Call, FormEntry, House, Stocked, calls, form_entries
from tests.promises.files import CALLER, Shown, computed, sent_files
from tests.promises.naughty import ACTIVE, BARE, KINDS, QUIET, RAN, corpus, everything
from tests.promises.outgoing import outgoing
from tests.promises.witness import MARK, PARTED, Learned, Run, Sent, Writes, faults_of, has_texts, is_page, received
from zhenke.basics.clock import now
from zhenke.customers.models import ContactPoint
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.permissions import ANONYMOUS
from zhenke.staff import SYSTEM
from zhenke.staff.rules import Role

SEED = 20260
SOAK_ROUNDS = 8
Entry = FormEntry | Call
# What no database keeps, and what is longer than any box: no page ever shows it.
HOPELESS = ("broken", "long")
KEEPABLE = tuple(kind for kind in QUIET if kind not in HOPELESS)
DOORS = ("form", "call", "address", "file")
# Said of a style that the catalogue does not know; of a known one it is not written down again.
OF_A_NEW_STYLE = {"style_name", "category", "metal", "stone"}
# Forms about signing in end sessions and change passwords: each of their calls is undone. Nobody but the owner of a
# password or a key can fill them in.
UNDONE = ("form account_", "form usersessions_", "form mfa_", "form export_download")
# The world's own export waits for nobody: tests/doors/pages/test_exports.py hands hostile reasons in.
WRITES_NOTHING = (*UNDONE, "form new_customer_hints", "form customers_forget", "form reception", "form export_decide")
# Filled in rightly it would take away who the others are about; tests/doors has it.
WRITES_NOTHING += ("form customer_forget", "call merge_pair")
# Nobody proves once more who she is, nobody else must agree, nothing waits; tests/doors/pages/test_permits.py has them.
WRITES_NOTHING += ("form piece_reveal", "form permit_decide", "form customer_ask_permit", "form piece_ask_permit")
WRITES_NOTHING += ("form permit_alone",)
# It takes a code that was told once; tests/doors/pages/test_rewards.py has it.
WRITES_NOTHING += ("form hand_over",)
# No kind of coupon is there to give; tests/doors/pages/test_rewards.py has it.
WRITES_NOTHING += ("form coupon_give",)
# A quote writes nothing, and nobody here has points to hold; tests/doors/api/test_points.py has them.
WRITES_NOTHING += ("call quote_points", "call hold_for_sale", "call cancel_held")
# Kept in parts, each as it is.
IN_PARTS = PARTED | {"choices"}
TABS = ("timeline", "purchases", "dates", "preferences", "tasks", "grade")
TOLD_BY_BROWSERS = (
    "User-Agent",
    "Referer",
    "Accept-Language",
    "Cookie",
    "HX-Current-URL",
    "HX-Target",
    "HX-Trigger",
    "HX-Trigger-Name",
    "HX-Prompt",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Request-ID",
)
# A run that meets less than this has lost sight of something.
LEAST = {
    "entries": 55,
    "fields": 400,
    "free fields": 118,
    "texts": 9_000,
    "taken": 900,
    "names in addresses": 105,
    "files": 21,
    "rows of files": 700,
    "refused rows read back": 350,
    "contacts uncovered": 30,
    "pages read": 500,
    "pages in the browser": 120,
    "texts in the browser": 500,
    "strings": 780,
}


@dataclass
class Stage:
    """What a run is about: the house, the ways in, and the addresses that the browser shall show, by who opens them."""

    run: Run
    house: House
    first: Stocked
    rounds: int
    entries: list[Entry] = field(default_factory=list)
    pages: dict[str, list[str]] = field(default_factory=dict)
    out_of_files: Shown = field(default_factory=Shown)


def opened(cast: Cast, settings: object, *, rounds: int) -> Stage:
    """Open the house, without the limits and the slow hashing that have their own tests."""
    settings.API_CALLS_A_MINUTE = 10**9  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.ACCOUNT_RATE_LIMITS = False  # type: ignore[attr-defined]
    open_shop()
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=now())
    world = gather_world(cast)
    desk = Desk(world)
    _leave_and_connect(world)
    house = House(desk)
    return Stage(Run(SEED), house, house.stocked(), rounds)


def find_entries(stage: Stage) -> None:
    """Find the ways in, and learn what each takes."""
    stage.entries = [*form_entries(stage.house, stage.first), *calls(stage.house.desk)]
    stage.pages = {caller: [] for _, caller in stage.house.pages()}
    for entry in stage.entries:
        stage.run.learned[entry.name] = learned(stage.run, entry, stage.first)
        stage.run.tally["fields"] += len(entry.fields)
        stage.run.tally["free fields"] += len(stage.run.learned[entry.name].free)
    stage.run.tally["entries"] = len(stage.entries)


def learned(run: Run, entry: Entry, world: Stocked) -> Learned:
    """Learn which fields of an entry take words, and which of them are kept as they are; a series is all alike."""
    with undone():
        is_taken = run.send(entry, world, {})
    if not is_taken and not entry.name.startswith(WRITES_NOTHING):
        run.fault(f"{entry.name}: nothing is written although it is well filled in; say in FIRST what it needs")
    found = Learned()
    known: dict[str, tuple[bool, bool]] = {}
    for name in entry.fields:
        if name in entry.chosen or name in entry.buttons:
            continue
        if series_of(name) not in known:
            word = _word(run, entry, name)
            with undone():
                is_free = run.send(entry, world, {name: word})
                known[series_of(name)] = is_free, is_free and run.watch.writes.holds(word)
        is_free, is_exact = known[series_of(name)]
        found.free += [name] if is_free else []
        found.exact |= {name} if is_exact else set()
    words = {name: _word(run, entry, name) for name in found.free}
    with undone():
        # Some are kept only while others are empty: what a new archive says when a known one is named.
        if len(words) > 1 and run.send(entry, world, words):
            found.exact &= {name for name, word in words.items() if run.watch.writes.holds(word)}
    found.exact -= {name for name in entry.fields if name.rsplit(".", 1)[-1] in OF_A_NEW_STYLE}
    found.exact -= IN_PARTS
    return found


def series_of(name: str) -> str:
    """Return what the names of a series have in common: `step-0-code` and `step-1-code` are one."""
    return re.sub(r"\d+", "0", name)


def _word(run: Run, entry: Entry, name: str) -> str:
    return run.sent.marked("Lotus7")[-entry.limits.get(name, 40) :]


def be_strict(stage: Stage) -> None:
    """Send each class into the fields that take no words: into all at once, and one into each alone, to hide nothing.

    Then what no field can keep into those that take words, each alone: all others would be refused with it.
    """
    run, world = stage.run, stage.first
    for entry in stage.entries:
        free = run.learned[entry.name].free
        closed = [name for name in entry.fields if name not in free]
        together = [name for name in closed if name not in entry.buttons]
        for kind in KINDS * stage.rounds if together else ():
            with undone():
                run.send(entry, world, {name: run.field_text(entry, name, kind) for name in together})
        is_alone = together == closed and len(closed) == 1
        alone = [
            (name, KINDS[(place * 5 + turn) % len(KINDS)])
            for turn in range(stage.rounds)
            for place, name in enumerate(one_of_each(closed, turn) if not is_alone else ())
        ]
        for name, kind in [*alone, *product(free, HOPELESS * stage.rounds)]:
            with undone():
                run.send(entry, world, {name: run.field_text(entry, name, kind, is_free=name in free)})


def one_of_each(names: list[str], turn: int) -> list[str]:
    """Return the names, of a series one alone, in each turn another."""
    series: dict[str, list[str]] = {}
    for name in names:
        series.setdefault(series_of(name), []).append(name)
    return [alike[turn % len(alike)] for alike in series.values()]


def fill_in(run: Run, entry: Entry, world: Stocked, kinds: tuple[str, ...], turn: int) -> None:
    """Fill all fields that take words, each with another class; if that is refused, those that are taken."""
    values = {
        name: run.field_text(entry, name, kinds[(turn + place) % len(kinds)], is_free=True)
        for place, name in enumerate(run.learned[entry.name].free)
    }
    if not values:
        return
    is_undone = entry.name.startswith(UNDONE)
    with undone() if is_undone else nullcontext():
        is_taken = run.send(entry, world, values)
    if not is_taken and not is_undone:
        run.send(entry, world, taken_of(run, entry, world, values))


def taken_of(run: Run, entry: Entry, world: Stocked, refused: dict[str, str]) -> dict[str, str]:
    """Return those of some refused texts that an entry takes, found by halves."""
    found: dict[str, str] = {}
    texts, half = list(refused.items()), len(refused) // 2
    for part in (dict(texts[:half]), dict(texts[half:])) if half else ():
        with undone():
            is_taken = run.send(entry, world, part)
        found |= part if is_taken else taken_of(run, entry, world, part)
    return found


def be_quiet(stage: Stage) -> None:
    """Send the classes that no browser runs, and read every page: each world's own, at the end those of everybody."""
    turns = len(KEEPABLE) * stage.rounds
    for turn in range(turns):
        world = stage.house.stocked()
        for entry in stage.entries:
            fill_in(stage.run, entry, world, KEEPABLE, turn)
        reveal(stage, world)
        for address, response in stage.house.crawl(world, is_whole=turn == turns - 1):
            stage.run.look(f"page {address}", response)
            stage.run.tally["pages read"] += 1


def be_active(stage: Stage) -> None:
    """Send the classes that a browser might run; the pages are for the browser, in a sample by turns."""
    for turn in range(len(ACTIVE) * stage.rounds):
        world = stage.house.stocked()
        for entry in stage.entries:
            fill_in(stage.run, entry, world, ACTIVE, turn)
        for contact, response in reveal(stage, world):
            stage.run.answered[f"contact {contact}"] = response
        for place, (route, caller) in enumerate(stage.house.pages()):
            address = stage.house.path(route, world, caller)
            if stage.rounds == 1 and route.parameters and (place + turn) % 2:
                stage.run.look(f"page {address}", stage.house.get(address, caller))
                stage.run.tally["pages read"] += 1
            elif route.parameters or not turn:
                stage.pages[caller].append(address)
                stage.pages[caller] += [f"{address}?tab={tab}" for tab in TABS if route.name == "customer"]


def reveal(stage: Stage, world: Stocked) -> list[tuple[int, HttpResponse]]:
    """Uncover every contact of a world's customer; return the answers."""
    customer, found = world.key("customer", "own", CALLER), []
    for contact in ContactPoint.objects.filter(customer_id=customer).values_list("pk", flat=True):
        address = reverse("customer_reveal", args=[customer])
        request = stage.house.desk.make.post(address, {"contact": str(contact), "reason": "call"})
        found.append((contact, stage.house.desk.response(request, CALLER)))
        stage.run.look(f"contact {contact}", found[-1][1])
    stage.run.tally["contacts uncovered"] += len(found)
    return found


def ask_pages(stage: Stage) -> None:
    """Send every class into every name that a page reads from its address; keep one active address of each."""
    run, house = stage.run, stage.house
    for route, caller in house.pages():
        path = house.path(route, stage.first, caller)
        request = house.desk.make.get(path)
        request.GET = spy = Asking({})  # type: ignore[misc, assignment]
        with undone():
            run.look(path, house.desk.response(request, caller))
        run.tally["names in addresses"] += len(spy.asked)
        if spy.asked:
            ask_page(stage, path, caller, spy.asked)
            given = {name: _asked_text(run, ACTIVE, place, most=60) for place, name in enumerate(spy.asked)}
            stage.pages[caller].append(_address(path, given))


def ask_page(stage: Stage, path: str, caller: str, names: list[str]) -> None:
    """Send every class into every name: together, but for names and classes that are refused, which hide the others."""
    run, kinds = stage.run, tuple(kind for kind in KINDS if kind not in HOPELESS)
    word = run.sent.marked("Lotus7")
    shy = [name for name in names if len(names) > 1 and _asked(stage, path, caller, {name: word}) >= 400]
    bold = [name for name in names if name not in shy]
    # In the sample every other class for each name; its neighbour gets the ones between.
    for turn in range(0, len(kinds) * stage.rounds, 2 if stage.rounds == 1 and len(names) > 1 else 1):
        given = {name: _asked_text(run, kinds, turn + place) for place, name in enumerate(bold)}
        if given and _asked(stage, path, caller, given) >= 400 and len(given) > 1:
            for name, text in given.items():
                _asked(stage, path, caller, {name: text})
        for place, name in enumerate(shy):
            _asked(stage, path, caller, {name: _asked_text(run, kinds, turn + place)})
    for turn in range(len(HOPELESS) * stage.rounds):
        if len(names) > 1:
            _asked(stage, path, caller, {name: _asked_text(run, HOPELESS, turn) for name in names})
        for place, name in enumerate(one_of_each(names, turn)):
            _asked(stage, path, caller, {name: _asked_text(run, HOPELESS, turn + place)})


def _asked_text(run: Run, kinds: tuple[str, ...], turn: int, *, most: int = 10_000) -> str:
    return run.text("address", kinds[turn % len(kinds)], most=most)


def _asked(stage: Stage, path: str, caller: str, given: Mapping[str, str]) -> int:
    with undone():
        response = stage.house.get(_address(path, given), caller)
        stage.run.look(f"GET {path} {list(given)[:3]}", response)
    stage.run.tally["texts"] += len(given)
    return response.status_code


def _address(path: str, given: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(given, errors='surrogatepass')}"


def ask_contract(stage: Stage) -> None:
    """Send every class as a part of the addresses of the contract, and as a name in its queries."""
    places = ("customers/%s", "sales/%s", "tasks/%s", "grades/%s", "imports/%s", "customers?after=%s", "sales?after=%s")
    for place in places:
        for kind in KINDS * stage.rounds:
            text = quote(stage.run.text("address", kind, most=200), safe="", errors="surrogatepass")
            headers = {"Authorization": f"Bearer {SECRET}"}
            request = stage.house.desk.make.get(f"/api/v1/{place % text}", headers=headers)
            with undone():
                stage.run.look(f"GET {place}", stage.house.desk.response(request, Role.INTEGRATION.value))


def tell_headers(stage: Stage) -> None:
    """Send every class in what browsers and tills tell beside an address: as the bytes that a server lets through."""
    house, run = stage.house, stage.run
    for kind in KINDS * stage.rounds:
        told = {name: _header(run, kind) for name in TOLD_BY_BROWSERS}
        told["Cookie"] = f"theme={told['Cookie']}; django_language={told['Cookie']}; messages={told['Cookie']}"
        for name, caller in (("today", "advisor"), ("board", CALLER), ("account_login", ANONYMOUS)):
            with undone():
                run.look(f"GET {name}, headers", house.get(reverse(name), caller, headers=told))
        headers = {"Authorization": _header(run, kind), "Idempotency-Key": _header(run, kind)}
        for some in (headers, {**headers, "Authorization": f"Bearer {SECRET}"}):
            request = house.desk.make.generic("POST", "/api/v1/customers", "{}", "application/json", headers=some)
            with undone():
                run.look("POST customers, headers", house.desk.response(request, Role.INTEGRATION.value))
        run.tally["texts"] += len(told) + len(headers)


def _header(run: Run, kind: str) -> str:
    """Return the next text as a server hands it on: bytes as Latin letters, no ends of lines, nothing outside."""
    text = run.text("address", kind, most=2_000, marked=str)
    sent = text.encode("utf-8", "surrogatepass").decode("latin-1")
    sent = "".join(" " if sign in "\r\n\0" else sign for sign in sent)
    return sent if kind in BARE else run.sent.marked(sent)


def ask(stage: Stage) -> None:
    """Send every class in addresses and headers."""
    ask_pages(stage)
    ask_contract(stage)
    tell_headers(stage)


def hand_in(stage: Stage) -> None:
    """Send every class in files."""
    stage.out_of_files = sent_files(stage.run, stage.house, rounds=stage.rounds)
    stage.pages[CALLER] += stage.out_of_files.addresses


def browse(stage: Stage) -> None:
    """Show in the browser the pages of active texts, the forms that refused such, and the steps of their files."""
    house, who = stage.house, [CALLER]
    read = {
        caller: {address: house.get(address, caller) for address in addresses}
        for caller, addresses in stage.pages.items()
    }
    with chromium(lambda request: house.desk.response(request, who[0])) as window:
        for name, response in {**stage.run.answered, **stage.out_of_files.answers}.items():
            in_browser(stage.run, window, name, response)
        for who[0], answers in read.items():
            for address, response in answers.items():
                # A page without any of the texts has nothing to run, unless it fetches more by itself.
                if is_page(response) and (has_texts(response) or b'hx-trigger="load' in response.content):
                    in_browser(stage.run, window, address, response, address)


def in_browser(run: Run, window: Window, place: str, response: HttpResponse, address: str = "/recorded") -> None:
    """Show one answer that was recorded."""
    seen = window.show(response, address)
    for fault in seen.faults + run.sent.altered(seen.shown):
        run.fault(f"browser {place[:60]}: {fault}")
    run.seen_in_browser |= set(MARK.findall(seen.shown))
    run.tally["pages in the browser"] += 1
    run.tally["texts in the browser"] = len(run.seen_in_browser)


def whole(stage: Stage, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run all of it, each class as many rounds as the stage says."""
    run = stage.run
    # Searching for rings of dead objects is a tenth of the time, and nearly none of them die before the end.
    found = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    with run.watch.on(), outgoing() as called:
        for part in (find_entries, be_strict, be_quiet, ask, hand_in, be_active, browse):
            part(stage)
            run.clock(part.__name__)
    for words in called:
        run.fault(f"called out: {words}")
    met = set[str]().union(*(run.dealt(door) for door in DOORS))
    run.tally["strings"] = len(met)
    gc.set_threshold(*found)
    with capsys.disabled():
        print(f"\ninjection, seed {run.seed}, {len(everything())} strings: {dict(run.tally)}")
    return run


def short_of(run: Run) -> dict[str, int]:
    """Return what a run met too little of."""
    return {name: run.tally[name] for name, least in LEAST.items() if run.tally[name] < least}


# What a page or a call does with a text is the same on both databases.
@pytest.mark.one_database
@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
class TestNoTextEverRuns:
    def test_in_a_sample_of_each_class_in_each_field(
        self, cast: Cast, settings: object, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run = whole(opened(cast, settings, rounds=1), capsys)
        assert list(run.wrong) == [], f"{len(run.wrong)} faults:\n" + "\n".join(list(run.wrong)[:100])
        assert short_of(run) == {}

    @pytest.mark.soak
    def test_in_any_string_at_any_door(self, cast: Cast, settings: object, capsys: pytest.CaptureFixture[str]) -> None:
        run = whole(opened(cast, settings, rounds=SOAK_ROUNDS), capsys)
        assert list(run.wrong) == [], f"{len(run.wrong)} faults:\n" + "\n".join(list(run.wrong)[:100])
        assert short_of(run) == {}
        assert {door: set(everything()) - run.dealt(door) for door in DOORS} == {door: set() for door in DOORS}


RUNS = f"<img src=x onerror={RAN}>"
LOUD = {"Content-Security-Policy": "default-src 'self'"}
# A careless page, a text, what the reader of pages says of it, and what the browser says ("" if it cannot know).
PLANTED = (
    ("<p>{{ text|safe }}</p>", RUNS, "text became markup: <img onerror", "a script ran"),
    ("<input value={{ text }}>", f"x autofocus onfocus={RAN} ", "text became markup: <input onfocus", "a script ran"),
    ("<script>var a = '{{ text|safe }}'</script>", f"';{RAN};//", "text inside a script", "a script ran"),
    ("<a href='{{ text }}'>x</a>", f"javascript:{RAN};//", "address runs", "text became markup: <a href"),
    ("<p>{{ text|slice:'6:' }}</p>", "West Mall", "sent 'WestMallZQ", "sent 'WestMallZQ"),
    ("<p>1369{{ text|slice:'9:' }}</p>", "{{37*37}}", "evaluated: '{{37*37}}", "evaluated: '{{37*37}}"),
    ("<p>{{ text|striptags }}</p>", "a<b>c", "sent 'a<b>cZQ", "sent 'a<b>cZQ"),
    ('<button hx-vals=\'{"a": "{{ text|safe }}"}\'></button>', '"', "not JSON any more", ""),
)


def planted(page: str, text: str, headers: Mapping[str, str]) -> HttpResponse:
    """Return the answer of a careless page."""
    return HttpResponse(Engine().from_string(page).render(Context({"text": text})), headers=dict(headers))


@pytest.mark.one_database
class TestTheHarnessItself:
    """The harness finds faults that are planted, and none where a text is only shown."""

    def test_reads_a_careful_page_without_a_fault(self) -> None:
        for text in everything():
            sent = Sent()
            page = "<p title='{{ text }}'>{{ text }}</p>{{ text|json_script:'x' }}"
            assert faults_of(planted(page, received(sent.marked(text)), {}), sent) == [], text

    @pytest.mark.parametrize(("page", "text", "finds"), [planted[:3] for planted in PLANTED])
    def test_finds_a_planted_fault_in_a_page(self, page: str, text: str, finds: str) -> None:
        sent = Sent()
        assert any(fault.startswith(finds) for fault in faults_of(planted(page, sent.marked(text), {}), sent))

    @pytest.mark.browser
    @pytest.mark.django_db
    @pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
    def test_finds_a_planted_fault_in_the_browser(self) -> None:
        run = Run(SEED)
        with chromium(lambda request: HttpResponse(status=404)) as window:
            in_browser(run, window, "careful", planted("<p>{{ text }}</p>", run.sent.marked(RUNS), {}))
            assert run.wrong == {}
            for page, text, _, finds in PLANTED:
                run.wrong.clear()
                in_browser(run, window, "page", planted(page, run.sent.marked(text), {}))
                assert any(finds and finds in fault for fault in run.wrong) == bool(finds), (page, run.wrong)
            for page, finds in (("{{ text|safe }}", "script-src-attr"), ("<img src='//evil.example/'>", "img-src")):
                run.wrong.clear()
                in_browser(run, window, "page", planted(page, run.sent.marked(RUNS), LOUD))
                assert any(f"policy: {finds}" in fault for fault in run.wrong), run.wrong
            in_browser(run, window, "fault", HttpResponse("broken", status=500))
            assert any("/recorded: 500" in fault for fault in run.wrong)

    def test_finds_texts_that_are_written_otherwise_than_sent(self) -> None:
        sent, writes = Sent(), Writes()
        text = sent.marked("a  <b>")
        writes(lambda *_: None, "INSERT INTO x", iter([text.replace("<b>", "")]), False, {})
        assert not writes.holds(text)
        assert len(writes.altered(sent)) == 1
        writes.clear()
        writes(lambda *_: None, "INSERT INTO x", [f" {text.replace('  ', ' ')}"], False, {})
        assert writes.holds(text)
        assert writes.altered(sent) == []

    def test_finds_a_forged_line_of_the_log(self) -> None:
        run = Run(SEED)
        with run.watch.on():
            logging.getLogger("zhenke").warning("no %s here", run.sent.marked("a\nERROR root forged"))
        assert len(run.watch.forged) == 1

    def test_finds_cells_that_a_spreadsheet_would_compute(self) -> None:
        assert len(computed([["=1+1", " =1+1", "-1+2", "@SUM(A1)", "\t=1", "＝1"], ["'=1", "-12.50", "a=b", ""]])) == 6

    def test_deals_every_string_before_any_comes_again(self) -> None:
        run = Run(SEED)
        for kind, strings in corpus().items():
            dealt = [run.text("form", kind, marked=str) for _ in strings]
            assert sorted(dealt) == sorted(strings)
        assert run.dealt("form") == set(everything())
