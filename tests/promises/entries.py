"""Every way in for text: forms of pages, found in the pages and by watching what a view reads; calls of the contract.

Nothing here lists forms or endpoints. `FIRST` only says what a field needs so that a call is taken at all, by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, QueryDict
from django.urls import Resolver404, resolve, reverse

from tests.cast import PASSWORD
from tests.catalogue.jewel_box import picture
from tests.doors.matrix_world import MAKERS, World
from tests.doors.test_permission_matrix import SAMPLES, SECRET, Desk, keys_of, undone
from tests.promises.witness import body_of, is_page, page_of
from zhenke.basics.clock import now
from zhenke.basics.days import local_date
from zhenke.basics.ids import new_id
from zhenke.care.queries import care_plans
from zhenke.customers.models import ContactPoint, ImportRun
from zhenke.customers.operations import save_custom_field
from zhenke.customers.queries import current_texts
from zhenke.doors.api.contract import openapi
from zhenke.doors.checks import Route, every_route
from zhenke.doors.permissions import ANONYMOUS, ROUTES
from zhenke.staff import SYSTEM
from zhenke.staff.operations import add_shop, add_staff
from zhenke.staff.rules import Role

CALLERS = ("owner", "shop_manager", "advisor", ANONYMOUS)
ROUTE_OF = {route.name: route for route in every_route()}
MOST_VARIANTS = 8
# Pages that send away whoever is in.
FOR_STRANGERS = {"account_login"}
# What a form asks for other fields by.
VARIANTS = (
    ("customer_contact", {"kind": "address"}),
    ("customer_contact", {"kind": "wechat"}),
    ("counter_sale", {"buyer": "new", "new_name": "何念"}),
)
PEOPLE_FILE = "姓名,手机,卡号\n何念,13800138011,N1\n,1380013,N2\n"


_number = count()


def day(days: int = 1) -> str:
    """Return a day in so many days."""
    return (local_date(now(), "Asia/Shanghai") + timedelta(days=days)).isoformat()


def text_version() -> str:
    """Return the version in force of the text that the form of `SAMPLES` changes."""
    return str(current_texts()[str(SAMPLES["purpose"])].version)


# What a field must hold so that its form or call is taken; by its name, or "name:route" where one differs. None: it is
# left out, as are buttons of another act.
FIRST: dict[str, Any] = {
    "name": lambda world: f"何念{uuid4().hex[:6]}",
    "name_zh": lambda world: f"栏{uuid4().hex[:6]}",
    "name_en": lambda world: f"field {uuid4().hex[:6]}",
    "code": lambda world: f"S{uuid4().hex[:8]}",
    "username": lambda world: f"u{uuid4().hex[:8]}",
    "phone": "13800138009",
    "new_phone": "",
    "coupon": "",
    "new_name": "",
    "contact": lambda world: world.contact,
    "LINE0-quantity": "1",
    "year": "1990",
    "month": "5",
    "day": "6",
    "month_day": "",
    "due_date": lambda world: day(3),
    "next_date": lambda world: day(3),
    "until": lambda world: day(3),
    "until_date": lambda world: day(30),
    "key": lambda world: uuid4().hex,
    "key:customer_trait": "style",
    "text:customer_trait": "words",
    "ring_size:customer_traits": "12",
    "act": None,
    "zh:settings_consent": lambda world: f"文本{uuid4().hex}",
    "en:settings_consent": lambda world: f"text {uuid4().hex}",
    "meaning:settings_consent": "same",
    "version:settings_consent": lambda world: text_version(),
    "kind:settings_holds": "import_rejects",
    "reason:settings_holds": lambda world: f"case {uuid4().hex[:8]}",
    "who": "",
    "guardian": "",
    "guardian_note": "",
    "act:customer_team": "hotline",
    "act:message_template": "publish",
    "words:message_template": lambda world: f"text {uuid4().hex}",
    "delivered": "yes",
    "on:customer_team": lambda world: ("yes", "no")[next(_number) % 2],
    "member": lambda world: str(world.cast.tao.pk),
    "part": "stylist",
    "choice:customer_importance": lambda world: ("1:mistake", "2:valued")[next(_number) % 2],
    "advisor-1:reveals": lambda world: str(1 + next(_number) % 900),
    "add": None,
    "open": None,
    "retired": None,
    "name:customer_tag": lambda world: f"tag {next(_number)}",
    "city:settings_shop": lambda world: f"city {next(_number)}",
    "window_months:grading_publish": lambda world: str(12 + next(_number) % 100),
    "step-0-script_en:settings_plan": lambda world: f"words {next(_number)}",
    "language": "en",
    "next": "/me/",
    "text:customer_contact": "13800138019",
    "text": "words",
    "note": "words",
    "reason": "words",
    "reason:customer_reveal": "call",
    "reason:piece_reveal": "service",
    "password": PASSWORD,
    "reason:customer_ask_permit": "call",
    "reason:piece_ask_permit": "service",
    "word": "agree:known",
    "hours:permit_wait": lambda world: str(12 + next(_number) % 150),
    "right": "cleaning",
    "points": "100",
    "cost": "5",
    "kind:reward_new": "goods",
    "reward": lambda world: str(world.key("reward", "own", "owner")),
    "points:reward": lambda world: str(100 + next(_number) % 900),
    "offer_points": lambda world: str(1 + next(_number) % 9),
    "offer_first": lambda world: day(0),
    "offer_last": lambda world: day(30),
    "first_date": lambda world: day(-1),
    "last_date": lambda world: day(300),
    "goes_with": "ring",
    "reward_code": "words",
    "window_months:programme_publish": lambda world: str(12 + next(_number) % 100),
    "to:piece_hand_on": lambda world: str(world.cast.mr_zhou.pk),
    "to:piece_meant_for": lambda world: str(world.cast.mr_zhou.pk),
    "how": "gift",
    "seen": "words",
    "position": "",
    "category": "ring",
    "metal": "gold",
    "stone": "diamond",
    "kind:piece_stone": "diamond",
    "nature": "natural",
    "setting": "prong",
    "carat": "0.4",
    "gross": "2.7",
    "metal_weight": "2.6",
    "purity_permille": "750",
    "lab": "GIA",
    "number:piece_new": "2487710010",
    "number:piece_certificate": "2487710010",
    "check_url": "https://lab.example/",
    "recheck": "same",
    "purpose": "insurance",
    "purpose:take_consent": "care",
    "channels:take_consent": lambda world: ["phone"],
    "act:take_consent": "give",
    "proof_note": "words",
    "traits:write_traits": lambda world: {"style": [f"words {next(_number)}"]},
    "value": "8800",
    "on_date": lambda world: day(0),
    "on_date:inspect": lambda world: day(-3),  # the desk's form writes today's, and a piece has one a day
    "next_inspection_date": lambda world: day(30),
    "next_date:piece_inspection": lambda world: day(180),
    "bought_date": lambda world: day(-30),
    "issued_date": lambda world: day(-30),
    "valid_until_date": lambda world: day(300),
    "hours": "24",
    "shows": "stones",
    "letter": "B",
    "kind:customer_date": "birthday",
    "kind:customer_contact": "phone",
    "result": "reached",
    "other": lambda world: str(world.cast.mr_zhou.pk),
    "other_id": lambda world: str(world.cast.mr_zhou.pk),
    "gift_for": lambda world: str(world.cast.mr_zhou.pk),
    "link_id": lambda world: str(world.key("link", "own", "owner")),
    "line_id": lambda world: world.lines[0],
    "secret_until": lambda world: day(30),
    "secret_until_date": lambda world: day(30),
    "kind:customer_link": "spouse",
    "kind:create_link": "spouse",
    "to": lambda world: str(world.cast.tao.pk),
    "owner:customers_give": lambda world: str(world.cast.mei.pk),
    "chosen": lambda world: str(world.key("customer", "own", "owner")),
    "customer": lambda world: str(world.key("customer", "own", "owner")),
    "view": lambda world: str(world.key("view", "own", "owner")),
    "date": lambda world: str(world.key("date", "own", "owner")),
    "buyer": "known",
    "line": "1",
    "1-amount": "8800",
    "1-quantity": "1",
    "1-description": "words",
    "remember_as": "",
    "subject": "customers",
    "source_key": lambda world: f"in:{uuid4().hex}",
    "sold_at": lambda world: (now() - timedelta(hours=1)).isoformat(),
    "returned_at": lambda world: now().isoformat(),
    "customer_id": lambda world: str(world.key("customer", "own", "owner")),
    "assignee": "mei",
    "advisor": "mei",
    "owner": "mei",
    "shop": "A",
    "minor": 880000,
    "currency": "CNY",
    "line_key": "L1",
    "card_number": lambda world: f"C{uuid4().hex[:10]}",
    "buyer.card_number": "ZK000001",
    "phones": "13800138012",
    "emails": "a@shop.example",
    "wechat_ids": "lotus_1990",
    "addresses": "深圳市罗湖区1号",
    "referrer_key": "",
    "birthday": None,
    "sale_id": None,
    "buyer.customer_id": None,
    "sale_source_key": lambda world: world.sold,
    "date.kind": "birthday",
    "language:create_customer": "en",
    "channel": "phone",
    "from_date": "",
    "lines.quantity": 1,
    "looked_at": "words",
    "tried": "words",
    "stopped_by": "size",
    "minutes": "20",
    "minutes:create_visit": 20,
    "at": lambda world: now().isoformat(),
    "companion_ids": lambda world: str(world.cast.mr_zhou.pk),
    "companions": "words",
    "companions:customer_visit": None,
    "companions_text": "words",
    "named": lambda world: str(world.cast.lin.pk),
    "mentions": "lin",
    "agreed": "words",
    "agreed_date": lambda world: day(3),
    "field": "phone",
}


# Boxes whose every line is a thing of its own.
LINES = frozenset({"choices"})
# Keys of things of a world, and names that are used up: what stands in the page would be another's, or known already.
ALWAYS = frozenset({"key", "chosen", "view", "date", "customer", "contact", "LINE0-quantity", "name_zh", "name_en"})


def handed_in(where: str) -> SimpleUploadedFile:
    """Return the file that a form takes."""
    if where in ("piece_photo_add", "customer_note", "customer_visit"):
        return SimpleUploadedFile("ring.jpg", picture(), content_type="image/jpeg")
    return SimpleUploadedFile("people.csv", PEOPLE_FILE.encode())


def first_of(name: str, where: str, world: Stocked) -> Any:
    """Return what a field must hold, KeyError if nothing is said of it."""
    found = FIRST[f"{name}:{where}"] if f"{name}:{where}" in FIRST else FIRST[name]
    return found(world) if callable(found) else found


class Asking(QueryDict):
    """Given values that remember which names the view asked for."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__("", mutable=True)
        self.asked: list[str] = []
        self.fill(given)

    def copy(self) -> Asking:
        """Return a copy that notes into the same list."""
        made = Asking({})
        made.asked = self.asked
        made.fill(dict(self.lists()))
        return made

    def fill(self, given: Mapping[str, Any]) -> None:
        """Take values in."""
        for name, value in given.items():
            self.setlist(name, value if isinstance(value, list) else [value])

    def _note(self, name: object) -> None:
        if isinstance(name, str) and name not in self.asked:
            self.asked.append(name)

    def __getitem__(self, name):  # type: ignore[no-untyped-def]
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def get(self, name, default=None):  # type: ignore[no-untyped-def]
        """Read one."""
        self._note(name)
        return super().get(name, default)

    def getlist(self, name, default=None):  # type: ignore[no-untyped-def]
        """Read all."""
        self._note(name)
        return super().getlist(name, default)


class Forms(HTMLParser):
    """Every form of a page and every button that sends something by itself: where to, with what."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self.limits: dict[str, int] = {}
        self.chosen: set[str] = set()
        self._fields: dict[str, Any] | None = None
        self._choice = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a form, a field or a button in."""
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        self._note(tag, name, given)
        if tag == "form":
            self._fields = {}
            self.found.append((given.get("hx-post") or given.get("action", ""), self._fields))
        elif "hx-post" in given:
            self.found.append((given["hx-post"], dict(json.loads(given.get("hx-vals") or "{}"))))
        elif self._fields is None or (tag != "option" and not name) or name == "csrfmiddlewaretoken":
            return
        elif tag == "input":
            self._input(given, name, value)
        elif tag == "textarea":
            self._fields.setdefault(name, "")
        elif tag == "button":
            self._fields.setdefault(name, None)
        elif tag == "select":
            self._choice = name
            self._fields.setdefault(name, "")
        elif tag == "option" and self._choice and ("selected" in given or not self._fields[self._choice]):
            self._fields[self._choice] = value

    def _note(self, tag: str, name: str, given: dict[str, str]) -> None:
        if given.get("maxlength", "").isdecimal():
            self.limits[name] = int(given["maxlength"])
        if tag in {"button", "select"} or given.get("type") in {"checkbox", "radio"}:
            self.chosen.add(name)

    def _input(self, given: dict[str, str], name: str, value: str) -> None:
        kind = given.get("type", "text")
        fields = self._fields if self._fields is not None else {}
        if kind in {"radio", "checkbox"}:
            if "checked" in given or name not in fields:
                is_sent = "checked" in given or kind == "radio"
                fields[name] = given.get("value", "on") if is_sent else None  # a box without its tick is not sent
        elif kind == "file":
            fields[name] = SimpleUploadedFile("people.csv", PEOPLE_FILE.encode(), content_type="text/csv")
        elif kind not in {"submit", "button"}:
            fields.setdefault(name, value)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a list."""
        if tag == "form":
            self._fields = None
        if tag == "select":
            self._choice = ""


def wired(value: Any) -> Any:
    """Return a value as it goes over the wire: a text that is no text as the bytes that somebody might send."""
    is_broken = isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value)
    return [value.encode("utf-8", "surrogatepass")] if is_broken else value


@dataclass
class Stocked(World):
    """A world with a customer, a receipt of two pieces, and a file that was tried out, all of its own."""

    sold: str = ""
    contact: str = ""
    lines: list[str] = field(default_factory=list)
    file: Path = Path()

    def named(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return fields with the keys of this world's own lines taken out of their names."""
        return {self._named(name): value for name, value in fields.items()}

    def _named(self, name: str) -> str:
        head, dash, tail = name.partition("-")
        return f"LINE{self.lines.index(head)}-{tail}" if dash and head in self.lines else name

    def own(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return fields as this world's pages name them; those without a value are not sent."""
        return {
            re.sub(r"^LINE(\d)-", lambda found: f"{self.lines[int(found[1])]}-", name): wired(value)
            for name, value in fields.items()
            if value is not None
        }

    def restock(self) -> None:
        """Put the uploaded file back, which no transaction brings back."""
        self.file.write_text(PEOPLE_FILE)


@dataclass
class House:
    """How requests come in, and whose."""

    desk: Desk

    def stocked(self) -> Stocked:
        """Return a world of its own."""
        old = self.desk.world
        world = Stocked(old.cast, old.members, sold=f"sold:{uuid4().hex}")
        self._settle(world)
        for kind in MAKERS:  # now, because what is made inside a block that is undone would be gone
            for caller in CALLERS[:3]:
                world.key(kind, "own", caller)
            world.kept[kind, "own", Role.INTEGRATION.value] = world.key(kind, "own", "owner")
        self._sell(world)
        customer = world.key("customer", "own", "owner")
        request = self.desk.make.post(f"/customers/{customer}/contact/", {"kind": "phone", "text": "13800138031"})
        self.desk.response(request, "owner")
        world.contact = str(ContactPoint.objects.values_list("pk", flat=True).get(customer_id=customer))
        self._hand_in(world)
        return world

    def _settle(self, world: Stocked) -> None:
        """Settings may close a shop, let somebody go and change a field: each world has one of its own for that."""
        at, code = now(), f"S{new_id()}"
        shop = add_shop(code=code, name="小店", kind="shop", parent=world.cast.region, by=SYSTEM, now=at)
        member = add_staff(
            username=f"s{new_id()}", name="小员", role=Role.ADVISOR, shop=shop, password=None, by=SYSTEM, now=at
        )
        words = {"name_en": f"Size {new_id()}", "name_zh": f"尺寸{new_id()}", "kind": "text"}
        own_field = save_custom_field(key=f"f{new_id()}", **words, by=SYSTEM, now=at)
        plan = next((plan for plan in care_plans(only_active=False) if plan.trigger == "sale"), None)
        things = {"shop": shop, "staff": member, "member": member, "field": own_field, "plan": plan}
        for caller in CALLERS:
            world.kept |= {(kind, "own", caller): thing.pk for kind, thing in things.items() if thing}

    def _sell(self, world: Stocked) -> None:
        line = {"amount": {"minor": 880000, "currency": "CNY"}, "quantity": 900, "description": "words"}
        sold = {"source_key": world.sold, "sold_at": (now() - timedelta(hours=2)).isoformat(), "shop": "A"}
        sold |= {"advisor": "mei", "buyer": {"customer_id": str(world.key("customer", "own", "owner"))}}
        sold["lines"] = [{**line, "line_key": "L1"}, line]
        answer = Call(self.desk, "POST", "/api/v1/sales", {}, "create_sale").post(sold)
        assert answer.status_code == 201, answer.content.decode()
        told = json.loads(answer.content)["sale"]
        world.kept["sale", "own", "owner"] = int(told["id"])
        world.lines = [line["id"] for line in told["lines"]]

    def _hand_in(self, world: Stocked) -> None:
        file = SimpleUploadedFile("people.csv", PEOPLE_FILE.encode())
        given = {"subject": "customers", "shop": str(world.cast.shop_a.pk), "file": file}
        answer = self.desk.response(self.desk.make.post("/imports/", given), "owner")
        assert answer.status_code == 302, answer.status_code
        world.kept["import", "own", "owner"] = resolve(answer["Location"]).kwargs["import_id"]
        world.file = Path(ImportRun.objects.get(pk=world.key("import", "own", "owner")).file_path)

    def path(self, route: Route, world: Stocked, caller: str) -> str:
        """Return an address of a route, with keys of this world's own things."""
        keys: dict[str, Any] = {name: world.key(kind, "own", caller) for name, kind in keys_of(route).items()}
        words = {name: SAMPLES[name] for name in route.parameters if name not in keys}
        return reverse(route.name, kwargs={**words, **keys})

    def caller(self, route: Route, method: str) -> str:
        """Return somebody who may, "" if nobody of ours may."""
        who = ROUTES[route.name].who(method) or frozenset()
        if route.name in FOR_STRANGERS:
            return ANONYMOUS if ANONYMOUS in who else ""
        return next((one for one in CALLERS if one in who), "")

    def get(self, address: str, caller: str, **more: Any) -> HttpResponse:
        """Read a page."""
        return self.desk.response(self.desk.make.get(address, **more), caller)

    def crawl(self, world: Stocked, *, is_whole: bool = True) -> Iterator[tuple[str, HttpResponse]]:
        """Yield every page (or those of this world's own things), and each with other words that lead to it again."""
        seen: set[str] = set()
        pages = [(route, caller) for route, caller in self.pages() if is_whole or route.parameters]
        waiting = [(self.path(route, world, caller), caller) for route, caller in pages]
        while waiting:
            address, caller = waiting.pop(0)
            seen.add(address)
            response = self.get(address, caller)
            if not is_page(response):
                continue
            yield address, response
            path = urlsplit(address).path
            for link in page_of(response).links:
                there = path + link if link.startswith("?") else link
                is_same = urlsplit(there).path == path and "?" in there and "?" not in address
                if is_same and there not in seen and len([one for one in seen if one.startswith(path)]) < MOST_VARIANTS:
                    seen.add(there)
                    waiting.append((there, caller))

    def pages(self) -> list[tuple[Route, str]]:
        """Return every page that a person can open, and who opens it."""
        found = [(route, self.caller(route, "GET")) for route in every_route() if not ROUTES[route.name].scope]
        return [(route, caller) for route, caller in found if caller]


@dataclass
class FormEntry:
    """One form, or one button, of the pages."""

    door = "form"
    lines = LINES
    house: House
    route: Route
    caller: str
    base: dict[str, Any]
    fields: list[str] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    fixed: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return " ".join(["form", self.route.name, *list(self.fixed.values())[:1]])

    @property
    def buttons(self) -> set[str]:
        """The names that make another act of it, so that nothing else of it is read."""
        return {name for name in self.fields if name in FIRST and FIRST[name] is None}

    def given(self, world: Stocked) -> dict[str, Any]:
        """Return the form as somebody would send it who fills in what must be there."""
        given = dict(self.base)
        for name, value in given.items():
            is_said = f"{name}:{self.route.name}" in FIRST or name in ALWAYS or (name in FIRST and not value)
            is_said = is_said or name in self.buttons
            if isinstance(value, SimpleUploadedFile):
                given[name] = handed_in(self.route.name)
            elif is_said:
                given[name] = first_of(name, self.route.name, world)
        return {**given, **self.fixed}

    def send(self, world: Stocked, values: Mapping[str, str]) -> HttpResponse:
        """Send the form, with these texts instead of what would be there."""
        path = self.house.path(self.route, world, self.caller)
        if "import" in self.route.name:
            world.restock()
        request = self.house.desk.make.post(path, world.own({**self.given(world), **values}))
        return self.house.desk.response(request, self.caller)

    def probe(self, world: Stocked) -> bool:
        """Learn from the view itself which names it reads; return whether that is more than was known."""
        given = self.given(world)
        for name in ("line", "chosen", "customer", "date"):
            given.setdefault(name, first_of(name, self.route.name, world))
        world.restock()
        given = world.own(given)
        request = self.house.desk.make.post(self.house.path(self.route, world, self.caller), given)
        request.FILES  # noqa: B018  (read now, or reading it later would put the plain values back)
        request.POST = spy = Asking({name: one for name, one in given.items() if isinstance(one, str | list)})  # type: ignore[misc, assignment]
        with undone():
            self.house.desk.response(request, self.caller)
        asked = list(world.named(dict.fromkeys(spy.asked)))
        for name in (*asked, *self.base):
            is_file = isinstance(self.base.get(name), SimpleUploadedFile)
            if name not in self.fields and name != "csrfmiddlewaretoken" and not is_file:
                self.fields.append(name)
        more = {name: self._first(name, world) for name in asked if name not in self.base}
        self.base |= more
        return bool(more)

    def _first(self, name: str, world: Stocked) -> Any:
        try:
            return first_of(name, self.route.name, world)
        except KeyError:
            return ""


def form_entries(house: House, world: Stocked) -> list[FormEntry]:
    """Return every form of the pages; a route that is posted to from no page is in it too, by what its view reads."""
    found: dict[str, FormEntry] = {}
    for route in every_route():
        caller = house.caller(route, "POST")
        if caller and not ROUTES[route.name].scope:
            found[route.name] = FormEntry(house, route, caller, {})
    for address, response in house.crawl(world):
        page = Forms(body_of(response).decode())
        for action, fields in page.found:
            entry = found.get(_route_at(action or address))
            if entry is not None:
                entry.base = {**world.named(fields), **entry.base}
                entry.limits |= page.limits
                entry.chosen |= set(world.named(dict.fromkeys(page.chosen & set(fields))))
    for entry in found.values():
        while entry.probe(world):  # now that what it reads first is there, it reads on
            pass
    for name, fixed in VARIANTS:
        found[f"{name} {fixed}"] = variant = copy(found[name])
        variant.fixed = fixed
    return [entry for entry in found.values() if entry.fields]


def _route_at(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


@dataclass
class Call:
    """One writing call of the contract."""

    door = "call"
    lines = frozenset[str]()
    chosen = buttons = frozenset[str]()
    desk: Desk
    method: str
    template: str
    schema: dict[str, Any]
    operation: str
    fields: list[str] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"call {self.operation}"

    def path(self, world: Stocked) -> str:
        """Return the address, with keys of this world's own things."""
        path = self.template
        for kind in MAKERS:
            if f"{{{kind}_id}}" in path:
                path = path.replace(f"{{{kind}_id}}", str(world.key(kind, "own", Role.INTEGRATION.value)))
        return path

    def send(self, world: Stocked, values: Mapping[str, str]) -> HttpResponse:
        """Send the call, with these texts at their places."""
        body = filled(self.schema, self.operation, world)
        for place, text in values.items():
            put(body, place.split("."), text, self.schema, self.operation, world)
        return self.post(body, self.path(world))

    def post(self, body: object, path: str = "") -> HttpResponse:
        """Send a body."""
        headers = {"Authorization": f"Bearer {SECRET}", "Idempotency-Key": uuid4().hex}
        text = json.dumps(body)
        request = self.desk.make.generic(
            self.method, path or self.template, text, "application/json", headers=headers, secure=True
        )
        return self.desk.response(request, Role.INTEGRATION.value)


def calls(desk: Desk) -> Iterator[Call]:
    """Yield every call of the contract that takes a JSON body."""
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema:
                call = Call(desk, method.upper(), path, _known(schema), operation["operationId"])
                found = dict(places(call.schema))
                call.fields, call.limits = list(found), {name: limit for name, limit in found.items() if limit}
                yield call


def _known(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, and of several shapes take the one that is not null."""
    if "$ref" in schema:
        return _known(openapi()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in schema:
        return _known(next(one for one in schema["anyOf"] if one.get("type") != "null"))
    if "allOf" in schema:
        return _known(schema["allOf"][0])
    return schema


def places(schema: dict[str, Any], above: str = "") -> Iterator[tuple[str, int]]:
    """Yield where texts can stand in a body, the names dotted, and how long they may be (0 if nothing is said).

    In a list it is the first one, in a map its name ("*") and its value.
    """
    schema = _known(schema)
    for name, one in schema.get("properties", {}).items():
        yield from places(one, f"{above}.{name}" if above else name)
    if schema.get("type") == "array":
        yield from places(schema["items"], f"{above}.0")
    if isinstance(schema.get("additionalProperties"), dict):
        yield f"{above}.*", 0
        yield from places(schema["additionalProperties"], f"{above}.intent")
    if schema.get("type") == "string":
        yield above, schema.get("maxLength", 0)


def filled(schema: dict[str, Any], where: str, world: Stocked, above: str = "") -> Any:
    """Return the smallest body that a call takes."""
    schema = _known(schema)
    if schema.get("type") == "object" or "properties" in schema:
        body = {}
        for name, one in schema.get("properties", {}).items():
            if name in schema.get("required", ()) or _is_needed(name, where, above):
                value = _first(one, name, where, world, above)
                if value is not None:
                    body[name] = value
        return body
    if schema.get("type") == "array":
        return [filled(schema["items"], where, world, above)]
    return _first(schema, above.rsplit(".", 1)[-1], where, world, above)


def _is_needed(name: str, where: str, above: str) -> bool:
    needed = {"create_customer": {"name", "shop", "owner"}, "create_sale": {"shop", "advisor"}}
    needed["create_return"] = {"sale_source_key", "shop", "advisor"}
    needed["inspect"] = {"on_date"}
    if above:
        return (where, above, name) == ("create_sale", "lines", "description")
    return name in needed.get(where, ())


def _first(schema: dict[str, Any], name: str, where: str, world: Stocked, above: str) -> Any:
    known = _known(schema)
    if not above and f"{name}:{where}" in FIRST:
        return first_of(name, where, world)
    if known.get("type") in {"object", "array"} or "properties" in known:
        return filled(known, where, world, f"{above}.{name}" if above else name)
    for said in (f"{above}.{name}", name):
        try:
            return first_of(said, where, world)
        except KeyError:
            continue
    if "enum" in known:
        return known["enum"][0]
    return {"integer": 1, "number": 1, "boolean": False}.get(known.get("type", ""), "words")


def put(body: Any, steps: list[str], text: str, schema: dict[str, Any], where: str, world: Stocked) -> None:
    """Set a text at a place, making what must stand around it."""
    schema, step, rest = _known(schema), steps[0], steps[1:]
    if schema.get("type") == "array":
        while not body:
            body.append(filled(schema["items"], where, world) if rest else "")
        if rest:
            put(body[0], rest, text, schema["items"], where, world)
        else:
            body[0] = text
        return
    one = schema.get("properties", {}).get(step) or schema.get("additionalProperties", {})
    if step == "*":
        body[text] = [text]
    elif not rest:
        body[step] = text
    else:
        if body.get(step) is None:
            known = _known(one)
            body[step] = [] if known.get("type") == "array" else filled(known, where, world, step)
        put(body[step], rest, text, one, where, world)
