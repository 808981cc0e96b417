"""Promise P13: nothing of somebody else's comes out by its key, whatever key is put where.

Everything that a route takes in is found by looking: parts of its address, the names that its view reads from the
query, the fields of its form, the places of its JSON body. Into each goes, instead of what would be there, the key of
somebody else's thing: a colleague's, a sister shop's, another brand's, a protected customer's, one that is not there,
and what is no key at all; into those that take words, what names such a thing. Every field of every foreign thing is a
canary (`foreign_world.py`). No canary may be in an answer, its headers, a line of the log, a mail, a written row or an
exported file, and for a foreign key the answer must be the very one for a key that is not there, so that no count tells
either.

A commit asks each place that takes a key, as one caller and of two foreign things by turns; `./check soak` asks every
place of everything, as four callers.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings
from django.urls import NoReverseMatch, resolve, reverse

from tests.cast import gather
from tests.doors.api.till import open_shop
from tests.doors.matrix_world import MAKERS, SEEN_AS, gather_world
from tests.doors.test_permission_matrix import SAMPLES, SECRET, Desk, _leave_and_connect, keys_of, undone
from tests.promises.entries import Asking, Call, FormEntry, House, Stocked, calls, filled, form_entries, put
from tests.promises.foreign_world import ASKING, ELSEWHERE, Foreign, canaries_for, is_foreign, own_things
from tests.promises.witness import body_of, strings_in
from tests.standing import standing
from zhenke.basics.clock import now
from zhenke.customers.models import Export
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.api.contract import offered
from zhenke.doors.checks import Route, every_route
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.exports import file_of
from zhenke.doors.permissions import ROUTES
from zhenke.journeys.make_export import make_export
from zhenke.staff import SYSTEM
from zhenke.staff.rules import Role

ABSENT, MALFORMED = "none", "malformed"
WHOLE_ADDRESS = "all keys"  # a thing and what it hangs on, both somebody else's
NO_KEYS = ("-1", "0", "1e9", "9" * 40, "x", "１２", "%", "1;2", "")
PROGRAM = Role.INTEGRATION.value
# Kinds of things by the names that forms and queries give their keys.
NAMED = {
    **dict.fromkeys(("other", "gift_for", "recipient", "companions", "companion_ids", "chosen", "buyer"), "customer"),
    **dict.fromkeys(("assignee", "advisor", "owner", "member"), "staff"),
    "parent": "shop",
    "line": "line",
    "line_id": "line",
    "key": "customer",
}
# The form's own key of the act, which opens nothing: the answer tells a code that is new each time.
ONLY_NEW = {("reward_redeem", "key")}
# What differs between two answers to the same question: keys, tokens of forms, nonces, moments.
_CHANGES = re.compile(
    r"[0-9a-f]{32}|\d{15,}|\b[A-Za-z0-9]{64}\b|nonce-[\w+/=-]+|nonce=\"[^\"]+\""
    r"|\d\d:\d\d(?::\d\d)?(?:\.\d+)?|(?<=何念)[0-9a-f]{6}|(?<=栏)[0-9a-f]{6}|(?<=field )[0-9a-f]{6}"
    r"|\b[uSC][0-9a-f]{8,10}\b"
)
_GAPS = re.compile(r"(?<=\d)[\s,-](?=\d)")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Place:
    """One place that takes something in: of which way in, by which method, in which part of it, under which name."""

    where: str
    method: str
    part: str
    name: str
    kind: str
    is_key: bool


@dataclass
class Outcome:
    """What came of it."""

    asked: int = 0
    places: set[Place] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)
    by_relation: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class _Overheard(logging.Handler):
    """Keeps what is logged, but for the statements of the database."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("django.db"):
            self.said.append(self.format(record))


@dataclass
class Way:
    """One way in: a route by one method, with the form or the call that it takes."""

    route: Route
    method: str
    entry: FormEntry | Call | None = None

    @property
    def name(self) -> str:
        """What it is called in a report."""
        fixed = list(self.entry.fixed.values())[:1] if isinstance(self.entry, FormEntry) else []
        return " ".join([self.route.name, *map(str, fixed)])


class Asker:
    """Asks every way in, with one thing in it somebody else's, and looks at what comes of it."""

    def __init__(self, house: House, own: Stocked, foreign: Foreign) -> None:
        self.house, self.own, self.foreign, self.out = house, own, foreign, Outcome()
        self.kinds = {str(key): kind for (kind, relation, _), key in own.kept.items() if relation == "own"}
        self.kinds |= {own.contact: "contact", **dict.fromkeys(own.lines, "line")}
        self._signs = {caller: canaries_for(caller) for caller in ASKING}
        self._kept = {caller: canaries_for(caller, with_years=False) for caller in ASKING}
        self.relations = {str(foreign.thing("customer", relation)): relation for relation in ELSEWHERE}
        self._turn, self._log, self._written = count(), _Overheard(), list[str]()
        forms = form_entries(house, own)
        self.entries: dict[tuple[str, str], list[FormEntry | Call]] = {}
        for entry in (*forms, *calls(house.desk)):
            is_form = isinstance(entry, FormEntry)
            path = "" if is_form else entry.path(own)
            name = entry.route.name if is_form else resolve(path).view_name
            self.entries.setdefault((name, "POST" if is_form else entry.method), []).append(entry)

    def ways(self) -> Iterator[Way]:
        """Yield every way in."""
        for route in every_route():
            for method in ROUTES[route.name].methods:
                for entry in self.entries.get((route.name, method), [None]):
                    yield Way(route, method, entry)

    def callers(self, way: Way) -> list[str]:
        """Return those of ours who may use it."""
        who = ROUTES[way.route.name].who(way.method) or frozenset()
        return [one for one in ASKING if one in who]

    def places(self, way: Way, caller: str) -> Iterator[Place]:
        """Yield each place of a way in."""
        kinds = keys_of(way.route)
        for name in way.route.parameters:
            yield Place(way.name, way.method, "path", name, kinds.get(name, "customer"), name in kinds)
        if len(kinds) > 1 and any(SEEN_AS[kind] != "house" for kind in kinds.values()):
            yield Place(way.name, way.method, "path", WHOLE_ADDRESS, "customer", is_key=True)
        if way.method == "GET":
            if ROUTES[way.route.name].scope:
                names = sorted(offered("GET", resolve(self.path(way, caller)).route)[0])
            else:
                spy = Asking({})
                self._send(way, caller, query=spy)
                names = spy.asked
            for name in names:
                yield self._place(way, "query", name, None)
        for name in way.entry.fields if way.entry else ():
            if (way.route.name, name) in ONLY_NEW:
                continue
            yield self._place(way, "body", name, self._given(way).get(name))

    def _place(self, way: Way, part: str, name: str, value: Any) -> Place:
        last = next(step for step in reversed(re.split(r"[.]", name)) if not step.isdigit())
        stem = last.removesuffix("_id")
        kind = self.kinds.get(str(value)) or NAMED.get(last) or NAMED.get(stem) or (stem if stem in MAKERS else "")
        is_key = bool(kind) or last in {"to", "view", "date", "tag", "q", "text", "after", "card_number", "source_key"}
        return Place(way.name, way.method, part, name, kind or "customer", is_key)

    def _given(self, way: Way) -> dict[str, Any]:
        if isinstance(way.entry, FormEntry):
            return way.entry.given(self.own)
        return {}

    def path(self, way: Way, caller: str, **other: object) -> str:
        """Return the address, with keys of one's own things but for those said."""
        keys: dict[str, object] = {name: self.own.key(kind, "own", caller) for name, kind in keys_of(way.route).items()}
        words = {name: SAMPLES[name] for name in way.route.parameters if name not in keys}
        return reverse(way.route.name, kwargs={**words, **keys, **other})

    def _send(
        self, way: Way, caller: str, *, query: Any = None, put_in: dict[str, Any] | None = None, path: str = ""
    ) -> HttpResponse:
        path, make = path or self.path(way, caller), self.house.desk.make
        headers = {"Authorization": f"Bearer {SECRET}"} if caller == PROGRAM else {}
        if way.method == "GET":
            request = make.get(path, {} if isinstance(query, Asking) else query or {}, headers=headers)
            if isinstance(query, Asking):
                request.GET = query  # type: ignore[misc]
        elif caller == PROGRAM:
            request = make.generic(
                way.method, path, self._json(way, put_in or {}), "application/json",
                headers={**headers, "Idempotency-Key": f"f-{next(self._turn)}"},
            )  # fmt: skip
        else:
            self.own.restock()
            request = make.post(path, self.own.own({**self._given(way), **(put_in or {})}))
        self._log.said.clear()
        self._written.clear()
        with undone():
            response = self.house.desk.response(request, caller)
            body_of(response)
            if way.route.name == "export_new" and response.status_code == 302:
                response.exported = _exported(response)  # type: ignore[attr-defined]
        return response

    def _json(self, way: Way, put_in: dict[str, Any]) -> str:
        if not isinstance(way.entry, Call):
            return "{}"
        call = way.entry
        body = filled(call.schema, call.operation, self.own)
        for name, text in put_in.items():
            put(body, name.split("."), text, call.schema, call.operation, self.own)
        return json.dumps(body)

    def ask(self, way: Way, caller: str, place: Place, value: str) -> HttpResponse | None:
        """Send one question with this value in this place; None if no such address can be written."""
        if place.part == "path":
            other: dict[str, object] = {place.name: value}
            if place.name == WHOLE_ADDRESS:
                relation = self.relations.get(value, ABSENT)
                other = {name: self.foreign.thing(kind, relation) for name, kind in keys_of(way.route).items()}
            try:
                path = self.path(way, caller, **other)
            except NoReverseMatch:
                return None
            return self._send(way, caller, path=path)
        if place.part == "query":
            return self._send(way, caller, query={place.name: value})
        return self._send(way, caller, put_in={place.name: value})

    def judge(self, way: Way, caller: str, place: Place, relation: str, value: str, reference: Any = None) -> Any:
        """Ask, look for canaries, compare with the answer for a key that is not there; return what can be compared."""
        response = self.ask(way, caller, place, value)
        if response is None:
            return None
        self.out.asked += 1
        self.out.by_relation[relation] += 1
        self.out.places.add(place)
        self.out.routes.add(way.route.name)
        name = f"{way.method} {place.where}, {place.part} {place.name}, {relation}'s {place.kind}, as {caller}"
        answer = _plain(f"{response.headers}\n{body_of(response).decode('utf-8', 'replace')}")
        told = {"answer": answer, "log": _plain("\n".join(self._log.said)), "row": _plain("\n".join(self._written))}
        told["file"] = _plain(getattr(response, "exported", ""))
        told["mail"] = _plain("\n".join(str(one.message()) for one in mail.outbox))
        for what, text in told.items():
            signs = self._kept if what == "row" else self._signs
            found = set(signs[caller].findall(text.replace(_plain(value), "") if value else text))
            found = {one for one in found if one.upper() not in value}  # a name is also kept in small letters
            if found:
                self.out.wrong.append(f"{name}: {what} tells {sorted(found)[:3]}")
        if response.status_code >= 500:
            self.out.wrong.append(f"{name}: {response.status_code}")
        seen = response.status_code, _CHANGES.sub("#", answer.replace(_plain(value), "#") if value else answer)
        if place.is_key and reference is not None and seen != reference:
            self.out.wrong.append(f"{name}: {_difference(seen, reference)}")
        return seen

    def whole(self, way: Way, caller: str, place: Place) -> None:
        """Put every foreign thing into one place."""
        kinds = [place.kind] if place.part == "path" or place.kind == "customer" else [place.kind, "customer"]
        absent = self.judge(way, caller, place, ABSENT, str(self.foreign.absent))
        for kind in kinds:
            for relation in ELSEWHERE:
                if is_foreign(kind, relation, caller):
                    self.judge(way, caller, place, relation, str(self.foreign.thing(kind, relation)), absent)
        self.judge(way, caller, place, MALFORMED, NO_KEYS[next(self._turn) % len(NO_KEYS)])
        if place.part != "path":
            for relation in ELSEWHERE:
                if is_foreign("customer", relation, caller):
                    names = self.foreign.names[relation]
                    for _ in range(len(names) if place.is_key else 1):
                        self.judge(way, caller, place, relation, names[next(self._turn) % len(names)])

    def some(self, way: Way, caller: str, place: Place) -> None:
        """Put two foreign things into one place, or one and what is no key, by turns."""
        absent = self.judge(way, caller, place, ABSENT, str(self.foreign.absent))
        foreign = [one for one in ELSEWHERE if is_foreign(place.kind, one, caller)]
        turn = next(self._turn)
        for relation in {foreign[turn % len(foreign)], foreign[-1 - turn % len(foreign)]} if foreign else ():
            self.judge(way, caller, place, relation, str(self.foreign.thing(place.kind, relation)), absent)
        if turn % 3 == 0:
            self.judge(way, caller, place, MALFORMED, NO_KEYS[turn // 3 % len(NO_KEYS)])
        elif place.part != "path" and is_foreign("customer", "other_brand", caller):
            names = self.foreign.names["other_brand"]
            self.judge(way, caller, place, "other_brand", names[turn % len(names)])

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note what is logged and written meanwhile."""
        root = logging.getLogger()
        handlers, level = root.handlers, root.level
        root.handlers = [self._log]  # and not pytest's, which keeps every line
        root.setLevel(logging.DEBUG)
        try:
            with connection.execute_wrapper(self._note):
                yield
        finally:
            root.handlers = handlers
            root.setLevel(level)

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip()[:6].upper() in {"INSERT", "UPDATE"}:
            params = list(params or ())
            self._written += strings_in(params)
        return execute(sql, params, many, context)


def _exported(response: HttpResponse) -> str:
    """Make the file that was asked for and return what is in it."""
    export, kept = Export.objects.get(pk=resolve(response["Location"]).kwargs["export_id"]), list[bytes]()

    def write(rows: Any) -> tuple[str, str]:
        export.format = "csv"
        kept.append(file_of(export, rows, at=now()))
        return "0" * 64, "x"

    make_export(export=export, limits=EXPORT_LIMITS, write=write, clock=now)
    return kept[0].decode("utf-8", "replace") if kept else ""


def _plain(text: str) -> str:
    text = _ESCAPED.sub(lambda one: chr(int(one[1], 16)), text)
    return _GAPS.sub("", unquote(text))


def _difference(seen: tuple[int, str], reference: tuple[int, str]) -> str:
    if seen[0] != reference[0]:
        return f"answered {seen[0]}, and {reference[0]} when it is not there"
    place = next((i for i, (a, b) in enumerate(zip(seen[1], reference[1], strict=False)) if a != b), 0)
    return f"differs from what is not there: {seen[1][place - 30 : place + 60]!r}"


@pytest.fixture(scope="module")
def asker(django_db_setup: None, django_db_blocker: Any) -> Iterator[Asker]:
    """A house with own and foreign things in it, without the limits and the slow hashing that have their own tests."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = override_settings(API_CALLS_A_MINUTE=10**9, ACCOUNT_RATE_LIMITS=False, PASSWORD_HASHERS=hashers)
    with plain, standing(django_db_blocker):
        open_shop()
        load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=now())
        world = gather_world(gather())
        desk = Desk(world)
        _leave_and_connect(world)
        house = House(desk)
        own = own_things(house)
        foreign = Foreign(world.cast, world.members)
        foreign.fill()
        yield Asker(house, own, foreign)


def told(asker: Asker, capsys: pytest.CaptureFixture[str]) -> None:
    """Say what was asked."""
    out = asker.out
    with capsys.disabled():
        relations = dict(out.by_relation.most_common())
        print(f"\nforeign ids on {connection.vendor}: {out.asked} questions, {len(out.places)} places, {relations}")


@pytest.mark.slow
@pytest.mark.django_db
class TestNothingForeign:
    def test_comes_out_of_a_place_that_takes_a_key(self, asker: Asker, capsys: pytest.CaptureFixture[str]) -> None:
        asker.out = Outcome()
        with asker.listening():
            for turn, way in enumerate(way for way in asker.ways() if asker.callers(way)):
                callers = asker.callers(way)
                caller = callers[turn % len(callers)]
                for place in asker.places(way, caller):
                    if place.is_key:
                        asker.some(way, caller, place)
        told(asker, capsys)
        assert asker.out.wrong == [], f"{len(asker.out.wrong)} faults:\n" + "\n".join(asker.out.wrong[:100])
        assert len(asker.out.places) >= 290 and len(asker.out.routes) >= 115 and asker.out.asked >= 1_000
        assert set(asker.out.by_relation) == {*ELSEWHERE, ABSENT, MALFORMED}

    @pytest.mark.soak
    def test_comes_out_of_any_place_at_all(self, asker: Asker, capsys: pytest.CaptureFixture[str]) -> None:
        asker.out = Outcome()
        with asker.listening():
            for way in asker.ways():
                for caller in asker.callers(way):
                    for place in asker.places(way, caller):
                        asker.whole(way, caller, place)
        told(asker, capsys)
        assert asker.out.wrong == [], f"{len(asker.out.wrong)} faults:\n" + "\n".join(asker.out.wrong[:100])
        assert len(asker.out.places) >= 1_100 and len(asker.out.routes) >= 115 and asker.out.asked >= 20_000


# A check of the scope that is taken out, and the route whose answers must give it away.
FAULTS: Mapping[str, str] = {
    "zhenke.doors.pages.profile.views.customer_for": "customer",
    "zhenke.doors.pages.profile.reach.customer_for": "customer_call",
    "zhenke.doors.pages.profile.family.customer_for": "customer_link",
    "zhenke.doors.pages.pieces.views.piece_for": "piece",
    "zhenke.doors.pages.pieces.views.photo_for": "piece_photo",
    "zhenke.doors.pages.exports.views.export_for": "export",
    "zhenke.doors.pages.customers.bulk.visible": "customers_tag",
    "zhenke.doors.pages.customers.views.tags": "customers_filters",
    "zhenke.doors.pages.settings.people.staff_member": "settings_staff_member",
    "zhenke.doors.api.pieces.piece_for": "api-1:piece",
    "zhenke.doors.api.tasks.customer_for": "api-1:tasks",
}


@pytest.mark.slow
@pytest.mark.django_db
class TestTheHarnessItself:
    """The harness finds checks that are taken out."""

    @pytest.mark.parametrize(("check", "name"), FAULTS.items())
    def test_finds_a_check_of_the_scope_taken_out(
        self, asker: Asker, monkeypatch: pytest.MonkeyPatch, check: str, name: str
    ) -> None:
        room, _, query = check.rpartition(".")
        monkeypatch.setattr(check, _unscoped(getattr(import_module(room), query)))
        asker.out = Outcome()
        with asker.listening():
            for way in asker.ways():
                for caller in asker.callers(way) if way.route.name == name else ():
                    for place in asker.places(way, caller):
                        if place.is_key and not asker.out.wrong:
                            asker.some(way, caller, place)
        assert [fault for fault in asker.out.wrong if f" {name}" in fault]


def _unscoped(query: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *, viewer, **given: query(viewer=SYSTEM, **given)
