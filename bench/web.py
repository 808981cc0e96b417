"""Two web servers, ours and the floor's, and a client that keeps its connections and asks a bounded number of times."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.measure import cpu_of_tree
from bench.places import CHECKOUT

CONNECTIONS = 4
_PATIENCE_S = 60


@dataclass(frozen=True)
class Server:
    """A web server that is up."""

    process: subprocess.Popen[bytes]
    port: int


@dataclass(frozen=True)
class Asked:
    """One round: answers a second, processor seconds an answer, and how long each answer took, in milliseconds."""

    rate: float
    cpu: float
    took_ms: list[float]


class AnswerWrongError(RuntimeError):
    """A page did not answer 200."""


@contextmanager
def serving(command: Sequence[str], env: Mapping[str, str], port: int) -> Iterator[Server]:
    """Run a web server while the block lasts."""
    process = subprocess.Popen(command, env=dict(env), cwd=CHECKOUT)
    try:
        for _ in range(10 * _PATIENCE_S):
            with socket.socket() as probe:
                if process.poll() is not None or probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(timeout=20)


def product_command(port: int) -> list[str]:
    """Return the command line by which `zhenke serve` starts the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers"),
        *("--log-level", "warning", "zhenke.wsgi:application"),
    ]


def floor_command(port: int) -> list[str]:
    """Return the same command line for the floor."""
    return [*product_command(port)[:-1], "bench.floor.wsgi:application"]


def ask(server: Server, paths: Sequence[str], headers: Mapping[str, str], connections: int = CONNECTIONS) -> Asked:
    """Ask every path once, over a few connections at a time.

    Errors: AnswerWrongError if one is not answered with 200.
    """
    took: list[float] = []
    faults: list[BaseException] = []
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    def walk(own: Sequence[str]) -> None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=_PATIENCE_S) as link:
                for path in own:
                    began = time.perf_counter()
                    _one(link, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{lines}\r\n".encode(), path)
                    took.append(1000 * (time.perf_counter() - began))
        except BaseException as fault:
            faults.append(fault)

    walkers = [threading.Thread(target=walk, args=(paths[each::connections],)) for each in range(connections)]
    used, began = cpu_of_tree(server.process.pid), time.perf_counter()
    for walker in walkers:
        walker.start()
    for walker in walkers:
        walker.join()
    seconds, used = time.perf_counter() - began, cpu_of_tree(server.process.pid) - used
    if faults:
        raise faults[0]
    return Asked(len(paths) / seconds, used / len(paths), took)


def _one(link: socket.socket, request: bytes, path: str) -> None:
    """Send one request and read its whole answer."""
    link.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _part(link, path)
    head, body = answer.split(b"\r\n\r\n", 1)
    status = head.split(b" ", 2)[1]
    lower = head.lower()
    place = lower.find(b"content-length:")
    if place >= 0:
        length = int(lower[place + 15 :].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += _part(link, path)
    else:
        while not body.endswith(b"0\r\n\r\n"):
            body += _part(link, path)
    if status != b"200":
        raise AnswerWrongError(f"{path}: {status.decode()} {head[:400]!r}")


def _part(link: socket.socket, path: str) -> bytes:
    part = link.recv(262_144)
    if not part:
        raise AnswerWrongError(f"{path}: the connection ended")
    return part
