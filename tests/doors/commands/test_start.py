"""Web and worker started as one, as `./run` does: whoever ends the one ends both, and the port is free again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tests.promises.test_imports import House
from tests.promises.test_imports import house as house

START = """
import django; django.setup()
from zhenke.doors.commands.start import start_both
raise SystemExit(start_both("127.0.0.1", {port}))
"""


def free_port() -> int:
    """Return a port on which nobody listens."""
    with closing(socket.socket()) as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def answers(port: int) -> bool:
    """Return whether somebody serves there."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


def until(is_so: object, seconds: float = 60) -> bool:
    """Wait until something is so; return whether it came to be."""
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.1)
    return bool(is_so())  # type: ignore[operator]


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes that a process started."""
    return [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.slow
class TestStartBoth:
    @pytest.mark.parametrize("told", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)])
    def test_ends_both_when_it_is_told_to_end(self, house: House, told: signal.Signals) -> None:
        port = free_port()
        started = house.start("-c", START.format(port=port))
        assert until(lambda: answers(port))
        web_and_worker = children_of(started)
        assert len(web_and_worker) == 2
        started.send_signal(told)
        _, errors = started.communicate(timeout=60)
        assert started.returncode == 0, errors.decode()[-2_000:]
        assert not answers(port)
        assert not [one for one in web_and_worker if Path(f"/proc/{one}").exists()]

    def test_ends_with_either_of_them(self, house: House) -> None:
        port = free_port()
        started = house.start("-c", START.format(port=port))
        assert until(lambda: answers(port))
        os.kill(children_of(started)[1], signal.SIGKILL)
        started.communicate(timeout=60)
        assert started.returncode != 0
        assert not answers(port)
