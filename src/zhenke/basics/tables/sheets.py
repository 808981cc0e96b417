"""A table as a file that opens anywhere and runs nowhere: CSV and XLSX, texts guarded as those of refused rows are."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter

from zhenke.basics.tables.rejects import guarded

Cell = str | int | Decimal | None
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_WIDTH = 18


def csv_file(head: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a CSV: UTF-8 with mark, CRLF, one line of `head`, the headings, the rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guarded(head)])
    writer.writerow([guarded(text) for text in headings])
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + out.getvalue().encode()


def xlsx_file(head: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet, made in memory; texts are texts, numbers numbers, nothing is a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet, strong = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_string(0, 0, guarded(head))
        for place, text in enumerate(headings):
            sheet.write_string(1, place, guarded(text), strong)
        for number, row in enumerate(rows, start=2):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, guarded(cell))
                elif cell is not None:
                    sheet.write_number(number, place, cell)
        sheet.freeze_panes(2, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), _WIDTH)
    return out.getvalue()


def _text(cell: Cell) -> str:
    return guarded(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
