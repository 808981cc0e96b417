"""What a row of a file is called for ever: the key of its receipt and of its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from zhenke.sales.rules.spots import NumberedSpots, Spots

_LONGEST = 48
_SIGNS = re.compile(r"[*@]")  # what we put behind names ourselves
_ORIGIN = re.compile(r"(\d+)(?:\*(\d+))?")
RECEIPT_CELLS = frozenset({"number", "sold_at", "shop"})
BUYER_CELLS = frozenset({"card_number", "customer_key", "phone", "customer_name", "sold_time"})
LINE_CELLS = frozenset({"line_number", "style_no", "description"})


def short(text: str) -> str:
    """Return a text that fits into a key: itself, or 32 hex digits of it."""
    if 0 < len(text) <= _LONGEST and not _SIGNS.search(text):
        return text
    return _digest(text) if text else "-"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def key_cells(*, has_number: bool) -> frozenset[str]:
    """Return the fields that a row's keys are made of; a row with a fault in one of them has no keys yet."""
    return RECEIPT_CELLS | LINE_CELLS | (frozenset() if has_number else BUYER_CELLS)


def sale_key(source: str, *, number: str, buyer: str, moment: str, shop: str) -> str:
    """Return a receipt's `source_key`.

    A receipt is known by its number and day (tills begin anew with 0001 each day, month or year), and by the shop where
    the file names shops; without a number by its buyer, moment and shop. `moment` is ISO: the day or the whole.
    """
    own = f"{number}@{moment}" if number else f"{buyer}|{moment}"
    whole = f"{shop}:{own}" if shop else own
    return f"{source}:{whole if len(whole) <= _LONGEST else _digest(whole)}"


def mended_key(name: str, origin: str, *, is_key_mended: bool) -> str | None:
    """Return the key of a mended line, from the text of the reject file's `row` column; None if that is no such text.

    A mended line keeps the key that it would have had where it stood. If the fault was in a cell that makes the keys,
    nobody can tell which one of its kind it would have been: such a line is known by its row in the first file.

    Example: `17` -> ZR2504; `17*2` (the second of its kind on the receipt) -> ZR2504*2; mended style -> ZR2504@17
    """
    found = _ORIGIN.fullmatch(origin.strip())
    if found is None:
        return None
    name = short(name)
    if is_key_mended:
        return f"{name}@{found[1]}"
    return f"{name}*{found[2]}" if found[2] else name


@dataclass(slots=True)
class LineKeys:
    """Gives the same keys to the same lines whenever a file, or a later file that holds them too, is read.

    A line is known by its line number, else by its style or description and which one of these it is on the receipt.
    Rows must come in the order of the file, refused ones too, so that a mended row gets the key it would have had.
    Memory: about 20 bytes per row of a long file (its hash), 110 with line numbers.
    """

    _seen: Spots = field(default_factory=Spots)
    _counts: dict[int, int] = field(default_factory=dict)
    _contents: dict[int, int] = field(default_factory=dict)

    def by_name(self, sale_keys: Sequence[str], names: Sequence[str]) -> list[str]:
        """Return the line keys of rows without line numbers; `names` are styles or descriptions."""
        shortened = {name: short(name) for name in set(names)}
        names = list(map(shortened.__getitem__, names))
        spots = list(map(hash, zip(sale_keys, names, strict=True)))
        fresh = set(spots)
        if len(fresh) == len(spots) and not self._seen.has_any(spots):
            self._seen.add_new(spots)
            return names
        keys = []
        for spot, name in zip(spots, names, strict=True):
            if spot in self._seen:
                nth = self._counts[spot] = self._counts.get(spot, 1) + 1
                keys.append(f"{name}*{nth}")
            else:
                self._seen.add_new([spot])
                keys.append(name)
        return keys

    def by_number(
        self, sale_keys: Sequence[str], line_numbers: Sequence[str], contents: Iterable[tuple[object, ...]]
    ) -> tuple[list[str], dict[int, bool]]:
        """Return the line keys of rows with line numbers, and by place the rows whose number stood there before.

        Shape:  place → whether that row says the very same again (True) or something else (False).
        """
        keys = [f"#{number}" for number in line_numbers]
        spots = list(map(hash, zip(sale_keys, keys, strict=True)))
        says = list(map(hash, contents))
        repeats: dict[int, bool] = {}
        if len(set(spots)) == len(spots) and self._contents.keys().isdisjoint(spots):
            self._contents.update(zip(spots, says, strict=True))
            return keys, repeats
        for place, (spot, content) in enumerate(zip(spots, says, strict=True)):
            if spot in self._contents:
                repeats[place] = self._contents[spot] == content
            else:
                self._contents[spot] = content
        return keys, repeats


@dataclass(slots=True)
class ReceiptBook:
    """The receipts of a file: whose each one is, by 8-byte hashes (about 50 bytes a receipt)."""

    _buyers: NumberedSpots = field(default_factory=NumberedSpots)

    def __len__(self) -> int:
        return len(self._buyers)

    def odd_ones(self, sale_keys: Sequence[str], buyers: Sequence[str | None]) -> list[int]:
        """Return the places of the rows that name another buyer than their receipt's first row did."""
        here: dict[str, str | None] = dict(zip(sale_keys, buyers, strict=True))
        if all(buyers) and len(set(zip(sale_keys, buyers, strict=True))) == len(here):
            return self._slowly(sale_keys, buyers) if self._buyers.has_any(map(hash, here)) else []
        return self._slowly(sale_keys, buyers)

    def _slowly(self, sale_keys: Sequence[str], buyers: Sequence[str | None]) -> list[int]:
        here: dict[str, str] = {}
        odd: list[int] = []
        for place, (key, buyer) in enumerate(zip(sale_keys, buyers, strict=True)):
            if buyer:
                was = here.setdefault(key, buyer)
                if was is not buyer and was != buyer:
                    odd.append(place)
        known = self._buyers
        before = {key: known.number(hash(key)) for key in here}
        wrong = {key: was for key, was in before.items() if was and was != hash(here[key])}
        if not wrong:
            return odd
        odd = [place for place in odd if sale_keys[place] not in wrong]
        for place, (key, buyer) in enumerate(zip(sale_keys, buyers, strict=True)):
            if buyer and key in wrong and hash(buyer) != wrong[key]:
                odd.append(place)
        return odd

    def add(self, sale_keys: Sequence[str], buyers: Sequence[str | None]) -> None:
        """Remember receipts that were accepted."""
        hashes = {buyer: hash(buyer) if buyer else 0 for buyer in set(buyers)}  # one number for all of her receipts
        told = list(map(hashes.__getitem__, buyers))
        spots = list(map(hash, sale_keys))
        fresh = dict(zip(reversed(spots), reversed(told), strict=True))  # the first row of a receipt names its buyer
        if 0 in told:
            fresh.update((spot, buyer) for spot, buyer in zip(reversed(spots), reversed(told), strict=True) if buyer)
        self._buyers.learn(fresh.items())
