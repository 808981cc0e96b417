"""Which process works on something, told so that another process of the same machine can see whether it still lives."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def worker_name() -> str:
    """Return this process's name: machine, number, and when it began (numbers are used again)."""
    return f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"


def is_worker_gone(name: str) -> bool:
    """Return whether the process of that name certainly lives no more; False for one of another machine."""
    machine, number, began = (*name.rsplit(":", 2), "", "")[:3]
    if machine != socket.gethostname() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    now = _began(int(number))
    return bool(began and now and began != now) or _is_ended(int(number))


def _stat(number: int) -> list[str]:
    """The fields of /proc/N/stat behind the program's name; empty where there is no such file."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _began(number: int) -> str:
    fields = _stat(number)
    return fields[19] if len(fields) > 19 else ""


def _is_ended(number: int) -> bool:
    """A process that has ended and that nobody has asked after yet."""
    return _stat(number)[:1] == ["Z"]
