"""Promise P30: no text that anybody sends makes the web process call out of its machine.

A real `zhenke serve` whose Python starts with a watch on its sockets (`outgoing.py`); the run in the test's own process
is watched in test_injection.py. Seen to go red: on connects, datagrams and looked-up names that are planted, in this
process and in the web's.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.promises.naughty import corpus
from tests.promises.outgoing import leaves, outgoing
from tests.promises.test_api_kills import Call, Shop, Till

WATCH = "from tests.promises.outgoing import watch_into_file\nwatch_into_file()\n"
FETCHING = """
import socket
def middleware(answer):
    def fetching(request):
        if request.headers.get("X-Fetch"):
            with socket.socket() as one:
                one.settimeout(0.05)
                try:
                    one.connect((request.headers["X-Fetch"], 80))
                except OSError:
                    pass
        return answer(request)
    return fetching
"""
NOWHERE = "192.0.2.1"  # kept for examples: nobody is there
TOLD = ("Referer", "Origin", "X-Forwarded-Host", "X-Forwarded-For", "Forwarded", "X-Original-URL")


class WatchedShop(Shop):
    """A shop whose processes write down what they call."""

    @property
    def calls(self) -> list[str]:
        """What the processes called beyond the machine since they started."""
        path = self.home / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def open(self, middleware: str) -> None:
        """Start the server with the watch in its Python."""
        (self.home / "sitecustomize.py").write_text(WATCH)
        self._environment["ZHENKE_WATCH"] = str(self.home / "calls")
        self._environment["PYTHONPATH"] = (
            f"{self.home}:{Path(__file__).resolve().parents[2]}:" + (self._environment["PYTHONPATH"])
        )
        super().open(middleware)

    def tell(self, path: str, **headers: str) -> int:
        """Ask for a page with these headers; return the status."""
        return self._ask("GET", path, "", headers).status


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WatchedShop]:
    """One shop for the module."""
    shop = WatchedShop(tmp_path_factory.mktemp("watched"), "")
    shop.open(FETCHING)
    yield shop
    shop.kill()


@pytest.mark.soak
@pytest.mark.one_database
class TestTheWebProcess:
    def test_calls_nobody_whatever_it_is_sent(self, shop: WatchedShop, capsys: pytest.CaptureFixture[str]) -> None:
        texts, till, statuses = [*corpus()["address"], *corpus()["path"]], Till(shop), set()
        sent: list[str] = []
        for text in texts:
            plain = text.encode("utf-8", "replace").decode()
            customer = till.call("customers").body | {"name": plain[:60] or "x", "tags": [plain[:20]]}
            sale = till.call("sales").body
            sale |= {"source_key": f"{sale['source_key']}-{plain[:40]}"}
            sale["lines"] = [line | {"style_no": plain[:40], "style_name": plain[:60]} for line in sale["lines"]]
            for kind, body in (("customers", customer), ("sales", sale)):
                statuses.add(shop.send(Call(kind, f"o-{len(sent)}", body)).status)
                sent.append(kind)
            header = "".join(sign for sign in plain if " " <= sign <= "~")[:200]
            statuses.add(shop.tell("/accounts/login/", **dict.fromkeys(TOLD, header)))
        with capsys.disabled():
            print(f"\noutgoing: {len(texts)} texts at the web process, answers {sorted(statuses)}, calls {shop.calls}")
        assert shop.calls == []
        assert 201 in statuses and not {status for status in statuses if status >= 500}

    def test_is_really_watched(self, shop: WatchedShop) -> None:
        before = shop.calls
        shop.tell("/accounts/login/", **{"X-Fetch": "127.0.0.1"})
        assert shop.calls == before
        shop.tell("/accounts/login/", **{"X-Fetch": NOWHERE})
        assert [words for words in shop.calls if words not in before] == [f"socket.connect ('{NOWHERE}', 80)"]


@pytest.mark.one_database
class TestTheWatchItself:
    @pytest.mark.parametrize(
        ("address", "is_out"),
        [
            (("127.0.0.1", 80), False),
            (("::1", 80, 0, 0), False),
            (("localhost", 80), False),
            ("/run/x.sock", False),
            (b"\0x", False),
            (("10.0.0.1", 80), True),
            (("169.254.169.254", 80), True),
            (("evil.example", 80), True),
            ("evil.example", True),
            (("2001:db8::1", 80, 0, 0), True),
        ],
    )
    def test_knows_what_lies_beyond_the_machine(self, address: object, is_out: bool) -> None:
        assert leaves(address) == is_out

    def test_finds_connects_datagrams_and_names(self) -> None:
        with outgoing() as calls, closing(socket.socket(type=socket.SOCK_DGRAM)) as one:
            with suppress(OSError):
                one.connect(("127.0.0.1", 9))
            assert calls == []
            with suppress(OSError):
                one.sendto(b"x", (NOWHERE, 9))
            with suppress(OSError):
                socket.getaddrinfo("evil.invalid", 80)
            with suppress(OSError), closing(socket.socket()) as other:
                other.settimeout(0.05)
                other.connect((NOWHERE, 80))
        assert [words.split()[0] for words in calls] == ["socket.sendto", "socket.getaddrinfo", "socket.connect"]
        with outgoing() as later:
            pass
        assert later == []
