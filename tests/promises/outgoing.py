"""A watch on outgoing calls: what a process of Python connects to, sends to or looks up, beyond its own machine.

Python's audit hooks cannot be taken off, and see what goes through Python's sockets. What a library in another language
opens by itself, such as the driver of PostgreSQL, is not seen.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES_HERE = {"", "localhost", "0.0.0.0", "testserver"}
_watches: list[list[str]] = []
_hooked: list[bool] = []


def leaves(address: object) -> bool:
    """Return whether an address lies beyond this machine; a name that has to be looked up does."""
    host = address[0] if isinstance(address, tuple) and address else address
    if (isinstance(address, str | bytes) and os.fsdecode(address).startswith(("/", "\0"))) or host is None:
        return False  # a socket of files
    host = os.fsdecode(host) if isinstance(host, str | bytes) else str(host)
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_loopback and host not in _NAMES_HERE
    except ValueError:
        return host.lower() not in _NAMES_HERE


def _note(event: str, facts: tuple[object, ...]) -> None:
    if not event.startswith("socket."):
        return
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"} and len(facts) > 1:
        address = facts[1]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}:
        address = facts[0]
    else:
        return
    if address is not None and leaves(address):
        for watch in _watches:
            watch.append(f"{event} {address!r}"[:200])


def hook() -> None:
    """Begin to look, once in a process."""
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_note)


@contextmanager
def outgoing() -> Iterator[list[str]]:
    """Watch; what is met stands in the list."""
    hook()
    met: list[str] = []
    _watches.append(met)
    try:
        yield met
    finally:
        _watches.remove(met)


class _File(list[str]):
    """Writes what is met to a file, for a process that somebody else watches."""

    def append(self, words: str) -> None:
        """Write it down."""
        with open(os.environ["ZHENKE_WATCH"], "a", encoding="utf-8") as file:  # noqa: PTH123
            file.write(f"{words}\n")


def watch_into_file() -> None:
    """Watch this whole process; called by the start-up file of the test."""
    _watches.append(_File())
    hook()
