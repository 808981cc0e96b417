"""Promise P15: who leaves, or gets another role or shop, is out in seconds, whatever they still hold.

A real installation with a real server, and a real worker that is making an export meanwhile. Three managers sign in
and take hold of everything there is to hold; then the owner lets one go, makes one an advisor, and moves one to another
shop. From the moment of that request on, everything they hold is tried until it is dead.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection

from tests.promises.test_api_kills import Shop, new_shop

__all__ = ["new_shop"]
pytestmark = pytest.mark.slow
LIMIT_SECONDS = 5
PLAIN = "def middleware(answer):\n    return answer\n"
PASSWORD, TOTP_SECRET = "four quiet jade bangles", "JBSWY3DPEHPK3PXP"
ACTS = ("leave", "demote", "move")
# The planted fault: the account ends, and nothing that was opened with it.
ACCOUNT_ALONE = """
import sys, django
django.setup()
from zhenke.basics.clock import now
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember
from zhenke.staff.operations import let_go
for key in sys.argv[1:]:
    let_go(member=StaffMember.objects.get(pk=key), by=SYSTEM, now=now())
"""
OPEN_WITHOUT_ACCOUNT = {
    "export that waits for a second person",
    "export that waits for the worker",
    "export that is being made",
    "export that is ready",
    "worker at work on an export",
    "link to a piece",
}
# Sixty customers, one at a time, a quarter of a second each: a quarter of a minute, if nobody ends it.
SLOW_WORKER = """
import sys, time, django
django.setup()
from zhenke.doors.jobs.export import export_task
from zhenke.journeys import make_export
make_export._BATCH, found = 1, make_export.exported_customers
def slowly(**asked):
    time.sleep(0.25)
    return found(**asked)
make_export.exported_customers = slowly
print(export_task.call(sys.argv[1]))
"""
SETTLE = f"""
import json
from dataclasses import replace
import django
django.setup()
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from zhenke.basics.clock import now
from zhenke.catalogue.models import Piece
from zhenke.catalogue.operations.shares import share_piece
from zhenke.customers.models import ContactPoint, Customer
from zhenke.customers.operations import add_contact
from zhenke.customers.operations.exports import ask_export
from zhenke.customers.operations.sign_up import open_sign_up
from zhenke.doors.defaults.exports import EXPORT_LIMITS
from zhenke.doors.jobs.export import export_task
from zhenke.staff import SYSTEM
from zhenke.staff.models import ApiToken, Shop
from zhenke.staff.operations import add_staff
from zhenke.staff.rules import Role
at, told = now(), {{}}
brand, shop = Shop.objects.get(code="ZBG"), Shop.objects.get(code="A")
def person(username, role, where):
    return add_staff(username=username, name=username, role=role, shop=where, password={PASSWORD!r}, by=SYSTEM, now=at)
person("zhu", Role.OWNER, brand)
taker = person("taker", Role.ADVISOR, shop)
limits = replace(EXPORT_LIMITS, alone_rows_a_day=10**6, alone_rows_a_month=10**6, rows_a_day=10**6)
strict = replace(limits, alone_rows_a_day=1, alone_rows_a_month=1)
for act in ("fault", *{ACTS!r}):
    one = person(act, Role.SHOP_MANAGER, shop)
    advisor = person(f"{{act}}-advisor", Role.ADVISOR, shop)
    late = person(f"{{act}}-late", Role.SHOP_MANAGER, shop)
    TOTP.activate(late, {TOTP_SECRET!r})
    people = Customer.objects.bulk_create(
        Customer(name=f"客{{n}}", shop=shop, owner=one, created_at=at, updated_at=at) for n in range(60)
    )
    hers = Customer.objects.create(name="客", shop=shop, owner=advisor, has_hotline=True, created_at=at, updated_at=at)
    add_contact(customer=people[0], kind="phone", text="13800138000", by=SYSTEM, now=at)
    piece = Piece.objects.create(customer=hers, shop=shop, name="戒指", created_at=at, updated_at=at)
    def asked(by_limits, count, **more):
        return ask_export(
            by=one, keys=[row.pk for row in people[:count]], columns=["name"], purpose="a jade evening", told="",
            format="csv", language="en", limits=by_limits, now=at,
        )
    ready, queued, making, waiting = asked(limits, 3), asked(limits, 3), asked(limits, 60), asked(strict, 3)
    export_task.call(str(ready.pk))
    _, share = share_piece(piece=piece, hours=168, shows=["stones"], by=advisor, now=at)
    told[act] = {{
        "id": one.pk, "advisor": advisor.pk, "late": late.pk, "taker": taker.pk, "customer": people[0].pk,
        "hers": hers.pk, "contact": ContactPoint.objects.get(customer=people[0]).pk, "share": share,
        "sign_up": open_sign_up(advisor=one, hours=12, now=at)[1],
        "exports": {{"ready": ready.pk, "queued": queued.pk, "making": making.pk, "waiting": waiting.pk}},
        "shop_a": shop.pk, "shop_b": Shop.objects.get(code="B").pk,
    }}
told["program"] = ApiToken.objects.get().acts_as_id
print(json.dumps(told))
"""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Browser:
    """A browser that goes nowhere by itself."""

    def __init__(self, port: int) -> None:
        self._base, self._cookies = f"http://127.0.0.1:{port}", CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._cookies), _Stay)

    def get(self, path: str) -> tuple[int, str, str]:
        """Return status, where it leads on to, and the page."""
        return self._open(Request(self._base + path))

    def post(self, path: str, **given: Any) -> tuple[int, str, str]:
        """Send a form."""
        token = next((one.value for one in self._cookies if one.name == "csrftoken"), "") or ""
        return self._open(Request(self._base + path, urlencode(given).encode(), {"X-CSRFToken": token}))

    def sign_in(self, username: str) -> bool:
        """Sign in by name and password; return whether that leads in."""
        self.get("/accounts/login/")
        self.post("/accounts/login/", login=username, password=PASSWORD)
        return self.is_in()

    def is_in(self) -> bool:
        """Return whether a page of the desk opens."""
        return self.get("/me/")[0] == 200

    def _open(self, request: Request) -> tuple[int, str, str]:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return answer.status, "", answer.read().decode()
        except HTTPError as other:
            return other.code, other.headers.get("Location", ""), other.read().decode()


@dataclass
class Held:
    """What one person holds: each thing by name, and whether it still opens anything."""

    things: dict[str, Callable[[], bool]]
    dead_after: dict[str, float] = field(default_factory=dict)

    def watch(self, began: float) -> None:
        """Try everything again and again until it is dead, or the time is over."""
        while len(self.dead_after) < len(self.things) and time.monotonic() - began < 2 * LIMIT_SECONDS:
            for name, opens in self.things.items():
                if name not in self.dead_after and not opens():
                    self.dead_after[name] = time.monotonic() - began

    def opening(self) -> set[str]:
        """Return what opens something now."""
        return {name for name, opens in self.things.items() if opens()}

    @property
    def alive(self) -> list[str]:
        """What was alive when the time was over."""
        return [name for name in self.things if self.dead_after.get(name, 99) > LIMIT_SECONDS]


def _is_let_in(answer: tuple[int, str, str]) -> bool:
    status, leads_to, _ = answer
    return status < 400 and not leads_to.startswith("/accounts/login/")


def take_hold(shop: Shop, act: str, told: dict[str, Any]) -> tuple[Held, Any]:
    """Sign in as one person and take hold of everything; return it, with the process that makes their export."""
    here, there, late = (Browser(shop._port) for _ in range(3))
    assert here.sign_in(act) and there.sign_in(act)
    assert not late.sign_in(f"{act}-late")  # the password was right, the second step is awaited
    here.post("/accounts/reauthenticate/", password=PASSWORD)  # proved a moment ago, and remembered
    her, exports = told["customer"], told["exports"]
    reveal, passkey = f"/customers/{her}/reveal/?contact={told['contact']}", "/accounts/2fa/webauthn/add/"
    for page in (f"/customers/{her}/note/", reveal, passkey):
        status, _, words = here.get(page)
        assert status == 200, page
    assert "challenge" in words
    stranger = Browser(shop._port)
    stranger.get("/accounts/login/")
    worker = shop.start("-c", SLOW_WORKER, str(exports["making"]))

    def export(name: str) -> Callable[[], bool]:
        query = f"SELECT state, file_name, sealed_key FROM customers_export WHERE id = {exports[name]}"

        def opens() -> bool:
            [(state, file, key)] = shop.read(query)
            is_open = state in ("waiting", "queued", "making", "ready") or bool(key)
            is_file = bool(file) and (shop.home / "exports" / file).exists()
            fetched = here.post(f"/exports/{exports[name]}/download/", password=PASSWORD)
            return is_open or is_file or _is_let_in(fetched)

        return opens

    def notes() -> bool:
        given = {"kind": "note", "text": "x", "key": f"{time.monotonic()}"}
        return _is_let_in(here.post(f"/customers/{her}/note/", **given))

    def reveals() -> bool:
        given = {"contact": told["contact"], "reason": "call"}
        return "13800138000" in re.sub(r"\s", "", here.post(f"/customers/{her}/reveal/", **given)[2])

    wait_until_making(shop, exports["making"])
    return Held({
        "session": here.is_in,
        "session of another device": there.is_in,
        "proof of a moment ago": lambda: _is_let_in(here.get("/accounts/2fa/totp/activate/")),
        "form that is open": notes,
        "reveal in progress": reveals,
        "passkey challenge": lambda: _is_let_in(here.post("/accounts/2fa/webauthn/add/", credential="{}", name="x")),
        "sign-up link": lambda: stranger.get(f"/join/{told['sign_up']}/")[0] == 200,
        "export that waits for a second person": export("waiting"),
        "export that waits for the worker": export("queued"),
        "export that is being made": export("making"),
        "export that is ready": export("ready"),
        "worker at work on an export": lambda: worker.poll() is None,
        "link to a piece": lambda: stranger.get(f"/s/{told['share']}/")[0] == 200,
    }), (worker, late)  # fmt: skip


def wait_until_making(shop: Shop, export: int) -> None:
    """Wait until the worker has some rows."""
    end = time.monotonic() + 60
    while shop.read(f"SELECT 1 FROM customers_export WHERE id = {export} AND state = 'making' AND done_rows > 1") == []:
        assert time.monotonic() < end
        time.sleep(0.05)


def second_step(browser: Browser) -> bool:
    """Give the right code of the second step; return whether that leads in."""
    code = format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))
    browser.get("/accounts/2fa/authenticate/")
    browser.post("/accounts/2fa/authenticate/", code=code)
    return browser.is_in()


def act_on(owner: Browser, act: str, told: dict[str, Any], who: str) -> None:
    """Let the owner do it, on the page."""
    if act == "leave":
        answer = owner.post(f"/settings/staff/{told[who]}/leave/", to=told["taker"])
    else:
        role, shop = ("advisor", "shop_a") if act == "demote" else ("shop_manager", "shop_b")
        role = "service" if act == "demote" and who == "advisor" else role
        given = {"name": act, "role": role, "shop": told[shop], "capacity_a_day": 12, "email": "", "language": ""}
        answer = owner.post(f"/settings/staff/{told[who]}/", **given)
    assert answer[0] in (200, 302) and _is_let_in(answer), answer[:2]


class TestWhoLeaves:
    def test_is_out_in_seconds(self, new_shop: Callable[[], Shop], capsys: pytest.CaptureFixture[str]) -> None:
        shop = new_shop()
        shop.open(PLAIN)
        told = json.loads(shop.run("-c", SETTLE).splitlines()[-1])
        owner, slowest, kinds = Browser(shop._port), 0.0, 0
        assert owner.sign_in("zhu")
        self._is_found_when_the_account_alone_ends(shop, told["fault"])
        for act in ACTS:
            one = told[act]
            held, (worker, late) = take_hold(shop, act, one)
            assert held.opening() == set(held.things), act
            began = time.monotonic()
            act_on(owner, act, one, "id")
            act_on(owner, act, one, "advisor")
            act_on(owner, act, one, "late")
            held.watch(began)
            assert held.alive == [], act
            assert worker.communicate()[0].decode().strip() == "{'made': 0}"
            if act == "leave":
                self._has_left(shop, one, late)
            else:  # the password is theirs still, and opens what the new place opens
                assert second_step(late)
            slowest, kinds = max(slowest, *held.dead_after.values()), kinds + len(held.things)
        assert len(list((shop.home / "exports").iterdir())) == 1  # the planted fault's
        self._program_is_out(shop, owner, told)
        with capsys.disabled():
            print(f"\nleaving on {connection.vendor}: {kinds} things held, dead after at most {slowest:.1f} s")

    def _is_found_when_the_account_alone_ends(self, shop: Shop, told: dict[str, Any]) -> None:
        held, (worker, _) = take_hold(shop, "fault", told)
        assert held.opening() == set(held.things)
        shop.run("-c", ACCOUNT_ALONE, str(told["id"]), str(told["advisor"]))
        assert held.opening() == OPEN_WITHOUT_ACCOUNT
        worker.kill()
        worker.communicate()

    def _has_left(self, shop: Shop, told: dict[str, Any], late: Browser) -> None:
        assert not Browser(shop._port).sign_in("leave")
        assert not second_step(late)
        people = f"({told['id']}, {told['advisor']}, {told['late']})"
        assert shop.read(f"SELECT count(*) FROM mfa_authenticator WHERE user_id IN {people}") == [(0,)]
        for column in ("owner_id", "cover_id"):
            assert shop.read(f"SELECT count(*) FROM customers_customer WHERE {column} IN {people}") == [(0,)]
        owners = shop.read(f"SELECT count(*) FROM customers_customer WHERE owner_id = {told['taker']}")
        assert owners == [(61,)]
        taker = Browser(shop._port)
        assert taker.sign_in("taker")
        page = taker.get(f"/customers/{told['hers']}/")[2]
        assert "taker" in page and "leave-advisor" not in page  # whom the hotline calls

    def _program_is_out(self, shop: Shop, owner: Browser, told: dict[str, Any]) -> None:
        assert shop._ask("GET", "/api/v1/tasks?size=1").status == 200
        assert owner.post(f"/settings/staff/{told['program']}/leave/")[0] in (200, 302)
        assert shop._ask("GET", "/api/v1/tasks?size=1").status == 401
