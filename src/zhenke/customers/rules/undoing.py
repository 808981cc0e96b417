"""What undoing an import did: what went, what was put back, and what stays because something later touched it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that stays: `kind` is customer, date, sale or line; `reason` says what touched it later.

    Reasons: edited, sale, interaction, task, grade_by_hand, referred, detail, later_import, returned,
    piece, piece_kept.
    """

    kind: str
    id: int
    reason: str


@dataclass(slots=True)
class UndoneImport:
    """Removed rows by kind, how many rows were put back field for field, and those that stay."""

    removed: dict[str, int] = field(default_factory=dict)
    restored: int = 0
    kept: list[KeptRow] = field(default_factory=list)

    def add(self, other: UndoneImport) -> None:
        """Add what was done in another step; a row is listed once."""
        self.removed = dict(Counter(self.removed) + Counter(other.removed))
        self.restored += other.restored
        listed = {(row.kind, row.id) for row in self.kept}
        self.kept += [row for row in other.kept if (row.kind, row.id) not in listed]

    def as_figures(self) -> dict[str, Any]:
        """Return it as plain values; of the kept rows the first thousand."""
        kept = [[row.kind, str(row.id), row.reason] for row in self.kept[:MOST_LISTED]]
        return {"removed": self.removed, "restored": self.restored, "kept": kept}

    @classmethod
    def from_figures(cls, figures: Mapping[str, Any]) -> UndoneImport:
        """Return what `as_figures` gave."""
        kept = [KeptRow(kind, int(key), reason) for kind, key, reason in figures.get("kept", ())]
        return cls(dict(figures.get("removed", {})), int(figures.get("restored", 0)), kept)
