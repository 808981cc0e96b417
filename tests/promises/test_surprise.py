"""The surprise guard (K6): a secret gift does not exist on its recipient's archive, through every door.

A ring with a name, a note, a receipt number and an amount of its own is given to Mrs Zhou in secret. Then every GET
route of pages and programs is walked as every role. The walk is generated from the URL map, so that a new page is in it
tomorrow: each address is filled with the keys of her things, and asked again with her key and her name in every name
that its view was seen to look for. What comes is searched for the four canaries. They may stand on the giver's side
alone: in lists of the whole shop his rows are left out before they are searched.

On the day itself the same walk must find the ring on her page, so a walk that looks in the wrong places cannot pass.
When the guard is taken out (`is_still_secret` answers False) `test_finds_it_nowhere_while_it_is_a_secret` is red.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.urls import resolve, reverse

from tests.cast import NOW, Cast
from tests.doors.matrix_world import CALLERS, World, gather_world
from tests.doors.pages.world import begin
from tests.doors.test_permission_matrix import SAMPLES, SECRET, Desk, _leave_and_connect, _session, keys_of
from tests.promises.entries import Asking
from zhenke.basics.days import local_date
from zhenke.care.queries import tasks_of
from zhenke.customers.models import CustomerLink
from zhenke.customers.operations import add_link
from zhenke.customers.rules import BuyerSlip
from zhenke.doors.api.contract import offered
from zhenke.doors.checks import Route, every_route
from zhenke.doors.pages.profile.tabs import TABS
from zhenke.doors.permissions import ANONYMOUS, ROUTES
from zhenke.doors.stream.timeline import KINDS
from zhenke.grading.queries import grade_for
from zhenke.journeys.plan_care import plan_care
from zhenke.journeys.record_sale import record_sale
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.sales.models import Sale
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff import SYSTEM
from zhenke.staff.rules import Role

pytestmark = [pytest.mark.one_database, pytest.mark.slow]
PIECE, NOTE, NUMBER = "星月藏心戒", "悄悄话别告诉她", "KX-770077"
PAID_MINOR = 7_654_321
# The amount as pages write it and as programs are told it.
CANARIES = (PIECE, NOTE, NUMBER, "76,543.21", str(PAID_MINOR))
SECRET_DAYS = 12
ADVISOR = "mei"


@dataclass
class Told:
    """What a walk read: how many pages and answers as whom, and each place that tells of the gift."""

    read: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)


@pytest.fixture
def house(cast: Cast) -> tuple[World, Sale]:
    """The couple and the gift, a program with a token of every scope; Mr Zhou has follow-ups of the sale."""
    with time_machine.travel(NOW, tick=False):
        begin(cast)
        world = gather_world(cast)
        world.members[ADVISOR] = cast.mei
        add_link(customer=cast.mrs_zhou, other=cast.mr_zhou, kind="spouse", by=cast.mei, now=NOW)
        gift = _give(cast)
        plan_care(today=NOW.date(), now=NOW)
    return world, gift


def _give(cast: Cast) -> Sale:
    slip = SaleSlip(
        source_key="till:secret",
        number=NUMBER,
        sold_at=NOW - timedelta(hours=2),
        lines=(LineSlip(amount_minor=PAID_MINOR, description=PIECE),),
        buyer=BuyerSlip(customer_id=cast.mr_zhou.pk),
        gift_for=cast.mrs_zhou.pk,
        secret_until_date=local_date(NOW, "Asia/Shanghai") + timedelta(days=SECRET_DAYS),
        note=NOTE,
    )
    return record_sale(slip=slip, by=cast.mei, now=NOW).sale


def _hers(world: World, kind: str, caller: str) -> list[int]:
    """Return keys of her things of one kind; of settings and imports, one that the caller may see."""
    her = world.cast.mrs_zhou
    if kind == "customer":
        return [her.pk]
    if kind == "sale":
        return list(Sale.objects.filter(customer=her).values_list("pk", flat=True))
    if kind == "task":
        return [task.pk for task in tasks_of(viewer=SYSTEM, customer=her, size=3)]
    if kind == "link":
        return list(CustomerLink.objects.values_list("pk", flat=True))
    return [world.key(kind, "own", caller)]


def _addresses(route: Route, world: World, caller: str) -> Iterator[str]:
    """Yield each address of a route that leads to her."""
    kinds = keys_of(route)
    words = {name: SAMPLES[name] for name in route.parameters if name not in kinds}
    for keys in product(*(_hers(world, kind, caller) for kind in kinds.values())):
        yield reverse(route.name, kwargs={**words, **dict(zip(kinds, keys, strict=True))})


class Walker:
    """Asks every address as one caller, and reads what comes."""

    def __init__(self, desk: Desk, world: World, gift: Sale) -> None:
        self.desk, self.world, self.told = desk, world, Told()
        him = world.cast.mr_zhou
        theirs = [f"tasks/{task.pk}/" for task in tasks_of(viewer=SYSTEM, customer=him, size=100)]
        self.his_marks = (str(him.pk), str(gift.pk), *theirs)

    def walk(self, callers: Collection[str] = CALLERS) -> Told:
        """Walk every route that can be read, as everybody of the callers who may read it."""
        for route in every_route():
            who = ROUTES[route.name].who("GET") or frozenset()
            for caller in callers:
                if caller in who and caller != ANONYMOUS:
                    self._route(route, ADVISOR if caller == Role.ADVISOR else caller)
        return self.told

    def _route(self, route: Route, caller: str) -> None:
        for address in _addresses(route, self.world, caller):
            names = self._read(route, address, {}, caller)
            if ROUTES[route.name].scope:
                names = sorted(offered("GET", resolve(address).route)[0])
            for query in self._questions(route, names):
                self._read(route, address, query, caller)
                if route.name == "customer":
                    for target in ("tab", "pager", "profile"):
                        self._read(route, address, query, caller, target=target)

    def _questions(self, route: Route, names: list[str]) -> Iterator[dict[str, str]]:
        """Yield her key and her name under every name that the view looks for, and every tab of a profile."""
        her = self.world.cast.mrs_zhou
        for name in names:
            yield {name: str(her.pk)}
            yield {name: her.name}
            yield {name: her.name, "customer_id" if ROUTES[route.name].scope else "customer": str(her.pk)}
        if route.name == "customer":
            yield from ({"tab": tab} for tab in TABS)
            yield from ({"tab": "timeline", "kind": kind} for kind in KINDS)
        if route.name == "sale_recipient":
            yield from ({"is_gift": "on", name: str(her.pk)} for name in ("customer", "gift_for"))

    def _read(self, route: Route, address: str, query: dict[str, str], caller: str, target: str = "") -> list[str]:
        """Ask once, note what is told of the gift, and return which names the view looked for."""
        headers = {"HX-Request": "true", "HX-Target": target} if target else {}
        if caller == Role.INTEGRATION:
            headers = {"Authorization": f"Bearer {SECRET}"}
        request = self.desk.make.get(address, query, headers=headers)
        request.GET = Asking(query)  # type: ignore[misc]
        response = self.desk.response(request, caller)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        text = body.decode("utf-8", "replace")
        self.told.read[caller] += response.status_code == 200
        assert response.status_code < 500, (address, query, caller, text[:200])
        is_json = "json" in response.headers.get("Content-Type", "")
        if is_json:  # as people read it, not as it is escaped
            text = json.dumps(json.loads(text), ensure_ascii=False)
        mine = text if keys_of(route) else self._without_his(text, is_json=is_json)
        for one in CANARIES:
            if one in mine:
                self.told.places.append(f"{route.name} {query} as {caller}: {one}")
        return [name for name in request.GET.asked if name not in ("next", "after")]

    def _without_his(self, text: str, *, is_json: bool) -> str:
        """Return a list of the whole shop without the rows of the giver: they are his side."""
        if is_json:
            rows = json.loads(text).get("rows") or []
            parts = [json.dumps(row, ensure_ascii=False) for row in rows]
        else:
            parts = re.split(r"(?=<li\b)|(?=<tr\b)|(?<=</li>)|(?<=</tr>)", text)
        return "".join(part for part in parts if not any(mark in part for mark in self.his_marks))


def _desk(world: World) -> Desk:
    desk = Desk(world)
    desk.cookies[ADVISOR] = _session(world.cast.mei)
    return desk


def walk(house: tuple[World, Sale], at: datetime, callers: Collection[str] = CALLERS) -> Told:
    """Walk at a moment; grades and care are those of the night before it."""
    world, gift = house
    with time_machine.travel(at, tick=False):
        regrade_customers(as_of=at.date(), reason="night", now=at)
        plan_care(today=at.date(), now=at)
        _leave_and_connect(world)
        return Walker(_desk(world), world, gift).walk(callers)


# Who could give a surprise away, at every commit; everybody in ./check soak.
ON_THE_FLOOR = (Role.ADVISOR, Role.OWNER, Role.INTEGRATION)


@pytest.mark.django_db(transaction=False)
class TestSurprise:
    @pytest.mark.parametrize("callers", [ON_THE_FLOOR, pytest.param(tuple(CALLERS), marks=pytest.mark.soak)])
    def test_finds_it_nowhere_while_it_is_a_secret(self, house: tuple[World, Sale], callers: tuple[str, ...]) -> None:
        told = walk(house, NOW, callers)
        assert told.places == []
        assert min(told.read[caller] for caller in (*told.read, ADVISOR, "integration")) > 20, told.read
        assert told.read.total() > 150 * len(callers)

    def test_finds_the_piece_on_her_page_on_its_day_but_never_what_it_cost(self, house: tuple[World, Sale]) -> None:
        told = walk(house, NOW + timedelta(days=SECRET_DAYS), ON_THE_FLOOR)
        for place in ("customer {'tab': 'timeline'} as mei", "customer {'tab': 'purchases'} as mei", "api-1:gifts {}"):
            assert [one for one in told.places if one.startswith(place)], place
        assert {one.rsplit(": ", 1)[1] for one in told.places} == {PIECE}

    def test_stands_on_the_givers_page_all_the_while(self, house: tuple[World, Sale]) -> None:
        world, gift = house
        with time_machine.travel(NOW, tick=False):
            desk = _desk(world)
            for address in (f"/customers/{world.cast.mr_zhou.pk}/?tab=purchases", f"/sales/{gift.pk}/"):
                page = desk.response(desk.make.get(address), ADVISOR).content.decode()
                assert PIECE in page and "76,543.21" in page

    def test_never_counts_in_her_own_grade(self, house: tuple[World, Sale]) -> None:
        cast = house[0].cast
        regrade_customers(as_of=NOW.date(), reason="night", now=NOW)
        hers, his = grade_for(viewer=SYSTEM, customer=cast.mrs_zhou), grade_for(viewer=SYSTEM, customer=cast.mr_zhou)
        assert hers is not None and his is not None
        assert (hers.frequency, hers.amount_minor) == (1, 1_280_000)
        assert his.amount_minor == PAID_MINOR
