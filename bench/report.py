"""The table of a run: printed, and appended with its day and size to docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from statistics import median

from bench.measure import Figure
from bench.places import Size

_HEAD = (
    "Job", "Database", "Ours", "Floor", "Ratio", "Ratio by processor time", "p95, ours / floor", "Queries", "Memory",
    "Target", "Met",
)  # fmt: skip


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a Markdown table with the notes below."""
    rows = [_HEAD, tuple("---" for _ in _HEAD), *(_row(figure) for figure in figures)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    notes = dict.fromkeys(f"- {one.job}, {one.database}: {one.note}." for one in figures if one.note)
    return "\n".join([*lines, *(["", *notes] if notes else [])])


def append(path: Path, *, day: date, size: Size, figures: list[Figure]) -> None:
    """Put a run below those that are there."""
    kept = path.read_text()
    heading = f"## {day.isoformat()}, {size.name}: {size.customers:,} customers"
    path.write_text(f"{kept.rstrip()}\n\n{heading}\n\n{table(figures)}\n")


def _row(figure: Figure) -> tuple[str, ...]:
    p95 = f"{figure.p95_ms:.0f} ms" if figure.p95_ms is not None else ""
    p95 += f" / {figure.floor_p95_ms:.0f} ms" if figure.floor_p95_ms is not None else ""
    ratio = figure.ratio
    return (
        figure.job,
        figure.database,
        _spread(figure.ours, figure.unit),
        _spread(figure.floors, figure.unit),
        "" if ratio is None else f"**{ratio:.2f}** ({min(figure.ratios):.2f}–{max(figure.ratios):.2f})",
        "" if figure.cpu_ratio is None else f"{figure.cpu_ratio:.2f}",
        p95,
        "" if figure.queries is None else str(figure.queries),
        "" if figure.memory_mb is None else f"{figure.memory_mb:,.0f} MB",
        figure.target,
        "no: " + ", ".join(figure.misses) if figure.misses else "yes",
    )


def _spread(values: list[float], unit: str) -> str:
    if not values:
        return ""
    middle, least, most = median(values), min(values), max(values)
    if len(values) == 1:
        return f"{_number(middle)} {unit}"
    return f"{_number(middle)} {unit} ({_number(least)}–{_number(most)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"
