"""What a bench finds: ours and the floor in turns, so that both see the same machine, and how far each stands."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Figure:
    """One job on one database. `ours` and `floors` are rates (a second) or, if not `is_rate`, seconds; one per round.

    `cpu_ours` and `cpu_floors` are seconds of processor per request or sale, of all processes that serve it; they say
    more than the clock where the machine is shared.
    """

    job: str
    unit: str
    ours: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    cpu_ours: list[float] = field(default_factory=list)
    cpu_floors: list[float] = field(default_factory=list)
    is_rate: bool = True
    p95_ms: float | None = None
    floor_p95_ms: float | None = None
    queries: int | None = None
    memory_mb: float | None = None
    target: str = ""
    target_ratio: float | None = None
    target_p95_ms: float | None = None
    target_queries: int | None = None
    target_memory_mb: float | None = None
    note: str = ""
    database: str = ""

    def to_plain(self) -> dict[str, Any]:
        """Return plain values, for the process that writes the table."""
        return asdict(self)

    @property
    def ratios(self) -> list[float]:
        """Ours over the floor, round by round: of rates the higher the better, of seconds the lower."""
        return [a / b for a, b in zip(self.ours, self.floors, strict=True) if b]

    @property
    def ratio(self) -> float | None:
        """The median of the rounds."""
        return median(self.ratios) if self.ratios else None

    @property
    def cpu_ratio(self) -> float | None:
        """The same by processor time: the floor's over ours for rates, ours over the floor's for seconds."""
        pairs = [(a, b) for a, b in zip(self.cpu_ours, self.cpu_floors, strict=True) if a and b]
        if not pairs:
            return None
        return median(b / a if self.is_rate else a / b for a, b in pairs)

    @property
    def misses(self) -> list[str]:
        """What is short of the target."""
        found = []
        best = [one for one in (self.ratio, self.cpu_ratio) if one is not None]
        if self.target_ratio is not None and best:
            reached = max(best) >= self.target_ratio if self.is_rate else min(best) <= self.target_ratio
            found += [] if reached else ["ratio"]
        for name, value, bound in (
            ("p95", self.p95_ms, self.target_p95_ms),
            ("queries", self.queries, self.target_queries),
            ("memory", self.memory_mb, self.target_memory_mb),
        ):
            if value is not None and bound is not None and value > bound:
                found.append(name)
        return found


def percentile(values: list[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def cpu_of_tree(root: int) -> float:
    """Return the seconds of processor that a process and everything it started have used so far."""
    return sum((int(fields[11]) + int(fields[12])) / _TICKS for fields in _tree(root))


def memory_of_tree(root: int) -> float:
    """Return the megabytes that a process and everything it started hold now; shared pages are counted with each."""
    return sum(int(fields[21]) * _PAGE for fields in _tree(root)) / 1_048_576


def _tree(root: int) -> list[list[str]]:
    """Return the fields of /proc/…/stat after the name, of a process and of all below it."""
    parents: dict[int, int] = {}
    found: dict[int, list[str]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        key = int(stat.parent.name)
        parents[key], found[key] = int(fields[1]), fields
    kept: list[list[str]] = []
    wanted = {root}
    while wanted:
        kept += [found[key] for key in wanted if key in found]
        wanted = {key for key, parent in parents.items() if parent in wanted}
    return kept
