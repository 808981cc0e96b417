"""Promise P18: every page and answer, walked as each role, shows nothing whole that the table of sight masks.

Generated from the URL map. One customer carries canaries; what each role may read of them is the table itself, as it
stands before any fault is planted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.doors.matrix_world import World, gather_world
from tests.doors.pages.world import begin
from tests.doors.test_permission_matrix import SAMPLES
from zhenke.basics.days import DayOfYear
from zhenke.customers.models import Customer, CustomField
from zhenke.customers.operations import add_contact, add_date, add_interaction, add_link, change_customer, set_trait
from zhenke.customers.operations.notes import add_note
from zhenke.customers.rules import sight as table
from zhenke.customers.rules.sight import SIGHT, Shown
from zhenke.doors.checks import every_route
from zhenke.doors.permissions import ROUTES
from zhenke.grading.operations import regrade
from zhenke.sales.operations import add_sale
from zhenke.sales.rules import LineSlip, SaleSlip
from zhenke.staff.models import ApiToken, StaffMember
from zhenke.staff.queries import token_hash
from zhenke.staff.rules import Role

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.slow]

NAME, NOTE, TRAIT = "司马蕴真", "只在周二来", "怀孕三个月"
HEARD, CONFIDED = "紫砂壶匠人", "刚做完化疗"
CONTACTS = {
    "phone": "13912345678",
    "email": "canary.box@quiet.example",
    "wechat": "wx_canary_9",
    "address": "深圳市罗湖区翠竹路88号",
}
YEAR, AMOUNT_MINOR = 1937, 7_351_900
# How each canary looks on a page; spaces and dashes of numbers are taken out before.
SIGNS: dict[str, re.Pattern[str]] = {
    "name": re.compile("蕴真"),
    "phone": re.compile(CONTACTS["phone"]),
    "email": re.compile(r"canary\.box"),
    "wechat": re.compile("wx_canary_9"),
    "address": re.compile("翠竹路"),
    "birthday": re.compile(rf"(?<!\d){YEAR}(?!\d)"),
    "purchases": re.compile(r"(?<!\d)73,?519(?:00)?(?!\d)"),
    "notes": re.compile(NOTE),
    "family": re.compile("[Gg]rand(?:child|parent)"),
    "traits_level_3": re.compile(HEARD),
    "traits_level_4": re.compile(TRAIT),
    "notes_level_4": re.compile(CONFIDED),
}
ALLOWED = {
    role: {group for group in SIGNS if SIGHT[role].of(group) == Shown.FULL} for role in (one.value for one in Role)
}
TABS = ("timeline", "purchases", "dates", "family", "preferences", "tasks", "grade")
SECRET = "zk_only-for-the-walk"


@dataclass
class Found:
    """What the walk met: pages that answered, canaries where they may not be, groups that each role was shown."""

    pages: int = 0
    leaks: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)

    def look(self, role: str, address: str, text: str) -> None:
        """Look for every canary in an answer."""
        self.pages += 1
        plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), text)  # as JSON writes Chinese
        plain = re.sub(r"(?<=\d)[\s-](?=\d)", "", plain)
        told = {group for group, sign in SIGNS.items() if sign.search(plain)}
        self.seen.setdefault(role, set()).update(told)
        self.leaks += [f"{role} {address}: {group}" for group in sorted(told - ALLOWED[role])]


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def known(cast: Cast, settings: object) -> World:
    """The world with one customer of Mei's who carries the canaries."""
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    day = begin(cast)
    world = gather_world(cast)
    her, by = cast.mrs_zhou, cast.mei
    change_customer(customer=her, changes={"name": NAME, "notes": NOTE, "caution": NOTE}, by=by, now=NOW)
    for kind, text in CONTACTS.items():
        add_contact(customer=her, kind=kind, text=text, by=by, now=NOW)
    birthday = NOW + timedelta(days=8)
    add_date(customer=her, kind="birthday", day=DayOfYear(birthday.month, birthday.day, year=YEAR), by=by, now=NOW)
    CustomField.objects.create(key="health", name_en="Health", name_zh="健康", level=4)
    set_trait(customer=her, key="custom.health", text=TRAIT, by=by, now=NOW)
    set_trait(customer=her, key="occupation", text=HEARD, by=by, now=NOW)
    add_link(customer=her, other=cast.mr_zhou, kind="grandchild", by=by, now=NOW)
    add_interaction(customer=her, kind="note", at=NOW, by=by, shop=None, text=NOTE, now=NOW)
    beside = {"customer": her, "at": NOW, "by": by, "shop": None, "now": NOW}
    add_note(**beside, kind="note", text=f"{CONFIDED}，@{cast.lin.name}", source_key="desk:canary")
    slip = SaleSlip(
        source_key="till:canary",
        sold_at=NOW - timedelta(days=1),
        lines=(LineSlip(amount_minor=AMOUNT_MINOR, style_no="BG1001"),),
        note=NOTE,
    )
    sale = add_sale(slip=slip, customer=her, shop=cast.shop_a, advisor=by, by=by, now=NOW).sale
    regrade(customer=her, as_of=NOW.date(), reason="sale", now=NOW)
    Customer.objects.filter(pk=cast.mr_zhou.pk).update(referrer=her)
    for caller in (role.value for role in Role):
        for kind, row in (("customer", her), ("task", day.wear_check), ("sale", sale)):
            world.kept[kind, "own", caller] = row.pk
    return world


def addresses(world: World, role: str) -> Iterator[str]:
    """Yield every address that answers GET, with her keys in it, and the questions that ask after her."""
    for route in every_route():
        row = ROUTES[route.name]
        who = row.who("GET")
        if who is None or role not in who:
            continue
        kinds = {name: row.kind_of(name) for name in route.parameters}
        keys = {name: world.key(kind, "own", role) if kind else SAMPLES[name] for name, kind in kinds.items()}
        path = reverse(route.name, kwargs=keys)
        yield path
        if route.name == "customer":
            yield from (f"{path}?tab={tab}" for tab in TABS)
            yield f"/customers/{world.cast.mr_zhou.pk}/"
        if route.name == "customers":
            yield from (f"{path}?order={order}" for order in ("updated", "name", "newest"))
            yield from (
                f"{path}?{asked}" for asked in ("grade=A&grade=B&grade=C&grade=D&grade=E", "birthday=30", "open=on")
            )
        if route.name in ("search", "sale_buyers"):
            yield from (
                f"{path}?q={asked}" for asked in ("司马", "simayunzhen", "5678", "司马 5678", CONTACTS["phone"])
            )
        if route.name == "today":
            yield f"{path}?advisor={world.cast.mei.pk}"
        if route.name == "api-1:grades":
            yield from (f"{path}?letter={letter}" for letter in "ABCDE")
        if route.name == "api-1:customer-search":
            yield from (f"{path}?text={asked}" for asked in ("司马", "5678", CONTACTS["phone"]))


def echoed(address: str) -> str:
    """Return what the question itself said, which may stand on the page."""
    return address.partition("?")[2]


def walk(world: World, roles: list[str]) -> Found:
    """Walk everything as people of these roles: Mei herself, and the matrix's people for the others."""
    found = Found()
    for role in roles:
        member = world.cast.mei if role == Role.ADVISOR else world.members[role]
        client, headers = Client(), {}
        if role == Role.INTEGRATION:
            headers = {"Authorization": f"Bearer {SECRET}"}
            _let_in(member)
        else:
            client.force_login(member)
        for address in addresses(world, role):
            answer = client.get(address, headers=headers)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            text = f"{answer.headers} {body.decode(errors='replace')}"
            for asked in filter(None, re.split(r"[=&]", echoed(address))):
                text = text.replace(asked, "")
            if answer.status_code == 200:
                found.look(role, address, text)
        if role != Role.INTEGRATION:
            for asked in (CONTACTS["phone"], NAME, "5678"):
                answer = client.post(reverse("reception"), {"q": asked}, follow=True)
                found.look(role, f"reception {asked}", answer.content.decode().replace(f'value="{asked}"', ""))
    return found


def _let_in(account: StaffMember) -> None:
    scopes = sorted({f"{row.scope}:read" for row in ROUTES.values() if row.scope})
    ApiToken.objects.create(
        name="walk",
        acts_as=account,
        token_hash=token_hash(SECRET),
        hint="zk_",
        scopes=scopes,
        made_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )


class TestSight:
    @pytest.mark.parametrize("role", [role.value for role in Role])
    def test_is_what_the_table_says_on_every_page(
        self, known: World, role: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level("DEBUG")
        found = walk(known, [role])
        with capsys.disabled():
            print(f"\nsight of {role}: {found.pages} answers, whole: {sorted(found.seen[role])}")
        assert found.leaks == [], "\n".join(found.leaks)
        logged = "\n".join(record.getMessage() for record in caplog.records if "django.db" not in record.name)
        assert [group for group, sign in SIGNS.items() if group != "birthday" and sign.search(logged)] == []
        # The walk reached her: what the table shows whole was met whole.
        reached = ALLOWED[role] - (set() if role != Role.SERVICE else {"purchases"})
        assert reached <= found.seen[role] | {"traits_level_4"}, reached - found.seen[role]

    def test_of_a_colleague_is_nothing_at_all(self, known: World) -> None:
        client, found = Client(), Found()
        client.force_login(known.cast.tao)
        for address in addresses(known, Role.ADVISOR):
            answer = client.get(address)
            text = answer.content.decode(errors="replace")
            for asked in filter(None, re.split(r"[=&]", echoed(address))):
                text = text.replace(asked, "")
            found.look(Role.ADVISOR, address, text)
        assert found.seen[Role.ADVISOR] == set()


class TestTheWalkItself:
    """The walk finds masks that are taken out."""

    @pytest.mark.parametrize(
        ("role", "place", "fault", "finds"),
        [
            ("shop_manager", "zhenke.customers.queries.contacts.masked_contact", lambda kind, kept: kept, "phone"),
            ("integration", "zhenke.customers.queries.contacts.masked_contact", lambda kind, kept: kept, "wechat"),
            ("auditor", "zhenke.customers.queries.archive.mask_name", lambda name: name, "name"),
            ("advisor", "zhenke.doors.pages.profile.tabs.sight_of", lambda role: SIGHT["owner"], "birthday"),
            ("marketing", "zhenke.sales.queries.receipts.sight_of", lambda role: SIGHT["owner"], "purchases"),
            ("auditor", "zhenke.customers.queries.timeline.sight_of", lambda role: SIGHT["owner"], "notes"),
            ("advisor", "zhenke.customers.queries.timeline.sight_of", lambda role: SIGHT["owner"], "notes_level_4"),
            ("advisor", "zhenke.customers.queries.knowledge.hidden_traits", lambda viewer: set(), "traits_level_4"),
        ],
    )
    def test_finds_a_mask_taken_out(
        self,
        known: World,
        monkeypatch: pytest.MonkeyPatch,
        role: str,
        place: str,
        fault: Callable[..., object],
        finds: str,
    ) -> None:
        monkeypatch.setattr(place, fault)
        assert any(leak.endswith(f": {finds}") for leak in walk(known, [role]).leaks)

    @pytest.mark.parametrize("group", ["name", "family"])
    def test_finds_a_cell_of_the_table_opened(self, known: World, monkeypatch: pytest.MonkeyPatch, group: str) -> None:
        opened = replace(SIGHT["marketing"], shown={**SIGHT["marketing"].shown, group: Shown.FULL})
        monkeypatch.setitem(table.SIGHT, "marketing", opened)
        assert any(leak.endswith(f": {group}") for leak in walk(known, ["marketing"]).leaks)
