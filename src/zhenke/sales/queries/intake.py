"""The desk at which a sales file is read: rows become believed rows or rejects, and the file's figures are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zhenke.basics.tables.batches import Batch
from zhenke.basics.tables.reading import Table
from zhenke.catalogue.queries import style_by_no
from zhenke.catalogue.rules import StyleDraft
from zhenke.customers.queries.places import Places
from zhenke.customers.rules.intake import Reject, RowFault, reject_of
from zhenke.customers.rules.loading import LoadRow
from zhenke.sales.queries.believing import Believing, line_contents
from zhenke.sales.rules.intake import ReadRows, SaleRowReader
from zhenke.sales.rules.keys import LineKeys, ReceiptBook, key_cells, mended_key
from zhenke.sales.rules.rows import Receipt, SaleRows

AHEAD = timedelta(days=1)
MOST_REMEMBERED = 100_000


@dataclass(slots=True)
class ReadBatch:
    """What a batch of the file says: believed rows, refused rows, and how many rows said again what was said before."""

    rows: SaleRows
    rejects: list[Reject]
    repeated: int
    origins: Mapping[int, tuple[str, str]]


@dataclass
class SalesDesk:
    """Reads the batches of one file by one mapping."""

    reader: SaleRowReader
    believing: Believing
    places: Places
    columns: Mapping[str, str]
    currency: str
    keys: LineKeys = field(default_factory=LineKeys)
    receipts: ReceiptBook = field(default_factory=ReceiptBook)
    buyers: set[int] = field(default_factory=set)
    known_buyers: dict[str, int] = field(default_factory=dict)
    known_styles: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    amount_minor: int = 0

    def read(self, batch: Batch) -> ReadBatch:
        """Return the rows that can be believed so far, and those that cannot."""
        found = self.reader.read(batch.rows)
        rows = self.believing.rows(found, batch)
        repeats = self._name_lines(rows, found, batch)
        for place in self.receipts.odd_ones(rows["sale_key"], self._told_buyers(rows)):
            if place not in found.faults:
                found.refuse(place, RowFault("number", "receipt_of_another", text=rows["number"][place]))
        rejects = [Reject(one.row, "", one.reason, {}, one.cells) for one in batch.skipped]
        rejects.extend(
            _reject(rows, place, _worst(rows, place, faults), batch.origins) for place, faults in found.faults.items()
        )
        same = {place for place, is_same in repeats.items() if is_same and place not in found.faults}
        return ReadBatch(rows.without(found.faults.keys() | same), rejects, len(same), batch.origins)

    def _name_lines(self, rows: SaleRows, found: ReadRows, batch: Batch) -> dict[int, bool]:
        """Give each row whose keys can be known its line's key; return the rows whose number stood there before."""
        numbers = found.column("line_number")
        keys, line_keys = rows["sale_key"], [""] * len(rows)
        rows.columns["line_key"] = line_keys
        places = list(range(len(rows)))
        if found.faults:
            places = [place for place in places if _has_keys(rows, found, place)]
        numbered = [place for place in places if numbers[place]] if "line_number" in found.columns else []
        named = [place for place in places if not numbers[place]] if numbered else places
        names = [rows["style_no"][place] or rows["description"][place] for place in named]
        given = self.keys.by_name([keys[place] for place in named], names)
        for place, key, name in zip(named, given, names, strict=True):
            line_keys[place] = self._mended(rows, place, name, batch) or key if batch.origins else key
        given, repeats = self.keys.by_number(
            [keys[place] for place in numbered], [numbers[place] for place in numbered], line_contents(rows, numbered)
        )
        for place, key in zip(numbered, given, strict=True):
            line_keys[place] = key
        repeated = {numbered[at]: is_same for at, is_same in repeats.items()}
        for place, is_same in repeated.items():
            if not is_same and place not in found.faults:
                found.refuse(place, RowFault("line_number", "line_number_twice", text=numbers[place]))
        return repeated

    def _mended(self, rows: SaleRows, place: int, name: str, batch: Batch) -> str | None:
        """Return the key of a line that comes back in a reject file."""
        origin, heading = batch.origins.get(rows["row"][place], ("", ""))
        fields = {own: name for name, own in self.columns.items()}
        cells = key_cells(has_number=bool(rows["number"][place]))
        is_key_mended = heading not in fields or fields[heading] in cells
        return mended_key(name, origin, is_key_mended=is_key_mended)

    def _told_buyers(self, rows: SaleRows) -> list[str | None]:
        """The column that names buyers, the same for the whole file."""
        kinds = ("card_number", "customer_key", "phone")
        return rows[next((name for name in kinds if name in self.columns), "buyer")]

    def count(self, accepted: SaleRows) -> None:
        """Add accepted rows to the file's figures."""
        self.lines += len(accepted)
        self.amount_minor += sum(accepted["amount_minor"])
        self.receipts.add(accepted["sale_key"], self._told_buyers(accepted))
        self.buyers.update(map(hash, filter(None, set(accepted["buyer"]))))

    def strangers(self, rows: SaleRows, faults: Mapping[int, RowFault]) -> dict[str, LoadRow]:
        """Return the buyers whom no earlier batch met, with what their first good row says of them."""
        wanted = {buyer for buyer in set(rows["buyer"]) if buyer and buyer not in self.known_buyers}
        return buyer_rows(rows, wanted, faults)

    def buyers_of(
        self,
        rows: SaleRows,
        strangers: Mapping[str, LoadRow],
        keys: Mapping[int, int],
        outcomes: Mapping[int, str | RowFault],
        faults: dict[int, RowFault],
    ) -> dict[str, int]:
        """Return the keys of the batch's buyers; rows of a stranger who could not be taken are added to the faults."""
        wrong = {buyer: fault for buyer, row in strangers.items() if isinstance(fault := outcomes[row.row], RowFault)}
        if wrong:
            faults |= {place: wrong[buyer] for place, buyer in enumerate(rows["buyer"]) if buyer in wrong}
        met = {buyer: keys[row.row] for buyer, row in strangers.items() if row.row in keys}
        return {**{buyer: self.known_buyers.get(buyer, 0) for buyer in set(rows["buyer"]) - met.keys() if buyer}, **met}

    def styles_of(self, rows: SaleRows) -> tuple[dict[str, int], list[StyleDraft]]:
        """Return the keys of the batch's styles, and drafts of those that the catalogue does not have."""
        wanted = set(filter(None, rows["style_no"]))
        found = {number: self.known_styles[number] for number in wanted if number in self.known_styles}
        drafts = style_drafts(rows, wanted - found.keys())
        found |= {number: style.pk for number, style in style_by_no([draft.style_no for draft in drafts]).items()}
        return found, [draft for draft in drafts if draft.style_no not in found]

    def remember(self, taken: SaleRows) -> None:
        """Keep what a committed batch knows, so that the next one need not ask again; bounded."""
        columns = (("buyer", "customer_id", self.known_buyers), ("style_no", "style_id", self.known_styles))
        for name, key, kept in columns:
            if len(kept) > MOST_REMEMBERED:
                kept.clear()
            kept.update(zip(taken[name], taken[key], strict=True))
            kept.pop("", None)

    def forget(self) -> None:
        """Ask the database again: somebody else changed what was known."""
        self.known_buyers.clear()
        self.known_styles.clear()

    def figures(self) -> dict[str, Any]:
        """Return distinct buyers and receipts, lines and their sum."""
        return {
            "customers": len(self.buyers),
            "sales": len(self.receipts),
            "lines": self.lines,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
        }


def late_rejects(read: ReadBatch, faults: Mapping[int, RowFault]) -> Iterable[Reject]:
    """Yield the rejects of believed rows, by place, that the books did not take."""
    return (_reject(read.rows, place, fault, read.origins) for place, fault in faults.items())


def _has_keys(rows: SaleRows, found: ReadRows, place: int) -> bool:
    faults = found.faults.get(place)
    if not faults:
        return True
    cells = key_cells(has_number=bool(rows["number"][place]))
    return not any(fault.column in cells for fault in faults)


def _worst(rows: SaleRows, place: int, faults: Sequence[RowFault]) -> RowFault:
    """The fault that is named: one in the cells that make the keys, else the first."""
    cells = key_cells(has_number=bool(rows["number"][place]))
    return next((one for one in faults if one.column in cells), faults[0])


def _reject(rows: SaleRows, place: int, fault: RowFault, origins: Mapping[int, tuple[str, str]]) -> Reject:
    """Return the reject of one row, with what its mended row needs to get the right key."""
    number = rows["row"][place]
    facts: dict[str, object] = {}
    _, star, nth = rows["line_key"][place].rpartition("*")
    if star and nth.isdecimal():
        facts["nth"] = int(nth)
    if number in origins:
        facts["origin"] = origins[number][0]
    return reject_of(number, rows["cells"][place], fault, **facts)


def desk_for(
    *, columns: Mapping[str, str], options: Mapping[str, Any], table: Table, places: Places, now: datetime
) -> SalesDesk:
    """Return a desk for one file.

    Errors: BadInput if the mapping names a column that the file does not have.
    """
    source = str(options.get("source") or "import")
    return SalesDesk(
        reader=SaleRowReader(columns=columns, headings=table.headings, options=options, sample=table.sample(60)),
        believing=Believing(source=source, places=places, last_day=(now + AHEAD).date()),
        places=places,
        columns=columns,
        currency=str(options["currency"]),
    )


def buyer_rows(rows: SaleRows, buyers: set[str], faults: Mapping[int, RowFault]) -> dict[str, LoadRow]:
    """Return what the first good row of each of these buyers says of her."""
    found: dict[str, LoadRow] = {}
    good = [place for place in range(len(rows) - 1, -1, -1) if place not in faults] if buyers else []
    first = (
        {rows["buyer"][place]: place for place in good}
        if faults
        else dict(zip(rows["buyer"][::-1], good, strict=False))
    )
    for buyer, place in first.items():
        if buyer in buyers:
            phone = rows["phone"][place]
            found[buyer] = LoadRow(
                row=rows["row"][place],
                shop_id=rows["shop_id"][place],
                owner_id=rows["advisor_id"][place],
                fields={"name": rows["customer_name"][place]},
                card_number=rows["card_number"][place] or None,
                source_key=rows["customer_key"][place] or None,
                contacts=(("phone", phone),) if phone else (),
            )
    return found


def style_drafts(rows: SaleRows, numbers: set[str]) -> list[StyleDraft]:
    """Return what the first row of each of these styles says of it."""
    found: dict[str, StyleDraft] = {}
    for place, number in enumerate(rows["style_no"]) if numbers else ():
        if number in numbers and number not in found:
            found[number] = StyleDraft(
                style_no=number,
                name=rows["description"][place][:120],
                category=rows["category"][place],
                metal=rows["metal"][place],
                stone=rows["stone"][place],
            )
    return list(found.values())


def elsewhere(rows: SaleRows, receipts: Mapping[str, Receipt], shop_ids: Collection[int]) -> dict[int, RowFault]:
    """Return by place the rows whose receipt belongs to a shop that the importing person does not look after."""
    hidden = {key for key, receipt in receipts.items() if receipt.head["shop_id"] not in shop_ids}
    return {
        place: RowFault("number", "receipt_elsewhere", text=rows["number"][place])
        for place, key in enumerate(rows["sale_key"] if hidden else ())
        if key in hidden
    }
