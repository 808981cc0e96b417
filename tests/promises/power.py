"""What a disk holds after the power was cut: rebuilt from a record of everything that a process asked of its files.

`strace` records each write, sync and cut-off of the database and its log, with the bytes. A `Disk` plays them up to a
moment: what was synced is there, of the rest each sector is there or not, as a disk that reorders writes may leave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

DATABASE, LOG = "zhenke.sqlite3", "zhenke.sqlite3-wal"
SECTOR = 512
RECORDER = ["strace", "-y", "-xx", "-s", "1000000", "-e"]
RECORDER += ["trace=openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,close,mmap"]
_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\w+)")
_FILE = re.compile(r"^(\d+)<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_KEY = re.compile(rb'"source_key": "([^"]+)"')


@dataclass(frozen=True)
class Event:
    """One thing that was asked of a file, or an answer that went out (`what` is "answer", `name` the sale's key)."""

    what: str
    name: str
    at: int = 0
    content: bytes = b""


def events_of(trace: Iterable[str]) -> list[Event]:
    """Return what a trace tells of the database, its log, and the answers; what cannot be read is no trace."""
    found = []
    for line in trace:
        call = _CALL.match(line)
        if call and not call[3].startswith("-"):
            found += _events(call[1], call[2])
        elif "unfinished" in line:
            raise AssertionError(f"a call that is not told whole: {line[:80]}")
    return found


def _events(call: str, words: str) -> list[Event]:
    text = _TEXT.search(words.partition(">")[2] if call in {"write", "pwrite64"} else words)
    assert not (text and text[2]), "a text was cut short"
    content = bytes.fromhex(text[1].replace("\\x", "")) if text else b""
    if call == "unlink":
        name = Path(content.decode()).name
        return [Event("unlink", name)] if name in {DATABASE, LOG} else []
    file = _FILE.match(words)
    if call == "write" and file and file[1] == "1":
        return [Event("answer", key.decode()) for key in _KEY.findall(content)]
    name = Path(_plain(file[2])).name if file else ""
    if name not in {DATABASE, LOG}:
        return []
    numbers = [int(number) for number in re.findall(r", (\d+)", words)]
    if call == "pwrite64":
        return [Event("write", name, numbers[-1], content)]
    if call == "ftruncate":
        return [Event("truncate", name, numbers[-1])]
    assert call != "write", "a file of the database is written in a way that is not understood"
    return [Event("sync", name)] if call in {"fsync", "fdatasync"} else []


def _plain(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path


@dataclass
class Disk:
    """The files as they surely are, and what was asked since and may or may not be there."""

    files: dict[str, bytearray] = field(default_factory=dict)
    unsynced: dict[str, list[Event]] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)

    def play(self, event: Event) -> None:
        """Take in what happened."""
        if event.what == "answer":
            self.answered.append(event.name)
        elif event.what == "sync":
            for one in self.unsynced.pop(event.name, []):
                self._settle(one)
        else:
            self.unsynced.setdefault(event.name, []).append(event)

    def _settle(self, event: Event) -> None:
        if event.what == "unlink":
            self.files.pop(event.name, None)
            return
        file = self.files.setdefault(event.name, bytearray())
        if event.what == "truncate":
            del file[event.at :]
            file.extend(bytes(event.at - len(file)))
        else:
            file.extend(bytes(max(event.at - len(file), 0)))
            file[event.at : event.at + len(event.content)] = event.content

    def after_a_cut(self, random: Random, share: float) -> dict[str, bytes]:
        """Return the files after the power was cut: of what was not synced, about this share of the sectors is there.

        In any order: a sector that was written twice may hold the first.
        """
        disk = Disk({name: bytearray(file) for name, file in self.files.items()})
        for events in self.unsynced.values():
            parts = [part for event in events for part in _sectors(event) if random.random() < share]
            if share < 1:
                random.shuffle(parts)
            for part in parts:
                disk._settle(part)
        return {name: bytes(file) for name, file in disk.files.items()}


def _sectors(event: Event) -> list[Event]:
    if event.what != "write":
        return [event]
    parts, at, end = [], event.at, event.at + len(event.content)
    while at < end:
        upto = min((at // SECTOR + 1) * SECTOR, end)
        parts.append(Event("write", event.name, at, event.content[at - event.at : upto - event.at]))
        at = upto
    return parts
