"""Naughty cells, headings and names in files: handed in on the page, tried out, taken in, shown, the refused read back.

Per subject and class one file: its name, all headings, and in one row each every cell are of the class; in one row more
all cells that took the class before. Then a workbook whose sheets have such names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import resolve, reverse
from xlsxwriter import Workbook

from tests.promises.entries import House
from tests.promises.naughty import ACTIVE, KINDS, QUIET, is_formula
from tests.promises.witness import Run, body_of
from zhenke.basics.tables.rejects import restored
from zhenke.customers.models import Customer, ImportRun
from zhenke.doors.imports import FIELDS
from zhenke.doors.jobs.run_import import run_import_task
from zhenke.sales.models import Sale

DOOR, CALLER = "file", "owner"
# Cells of these columns hold several words; what stands behind the last mark between them is the last word.
LISTS = {"tags", "metal", "stone", "style", "ring_size", "budget_band"}
BETWEEN = str.maketrans(dict.fromkeys(",，;；、/|", "|"))
MADE = {"customers": (Customer, "customer"), "sales": (Sale, "sale")}


@dataclass
class Shown:
    """What of the files the browser shall show: answers that were given, and addresses."""

    answers: dict[str, HttpResponse] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)


@dataclass
class NaughtyFile:
    """One file that was handed in."""

    subject: str
    kind: str
    fields: list[str]
    headings: list[str]
    rows: list[list[str]]

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"file of {self.subject}, {self.kind}"

    def content(self) -> bytes:
        """Return the file as a program would write it."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows([self.headings, *self.rows])
        return text.getvalue().encode("utf-8-sig")


def sent_files(run: Run, house: House, *, rounds: int) -> Shown:
    """Hand in a file of each class and subject; the quiet classes first, which teach what columns take words."""
    shown = Shown()
    for _ in range(rounds):
        for subject in FIELDS:
            free: set[str] = set()
            for kind in (*QUIET, *ACTIVE):
                file = naughty_file(run, subject, kind, free)
                free |= handed_in(run, house, file, shown)
    for name in sheet_pages(run, house):
        shown.answers |= name
    return shown


def naughty_file(run: Run, subject: str, kind: str, free: set[str]) -> NaughtyFile:
    """Return a file of one class; `free` are the columns that took words before."""
    fields = [spec.name for spec in FIELDS[subject]]
    headings = [_in_a_file(run.text(DOOR, kind, most=100, is_out_of_file=True)) for _ in fields]
    rows = [_row(run, subject, kind, {name}, fields) for name in fields]
    return NaughtyFile(subject, kind, fields, headings, [*rows, _row(run, subject, kind, free, fields)])


def _row(run: Run, subject: str, kind: str, naughty: set[str], fields: list[str]) -> list[str]:
    key = uuid4().hex[:12]
    sale = {"sold_at": "2026-11-01", "number": f"R{key}", "card_number": f"C{key}", "amount": "1200.00"}
    plain = {"name": "何念", "card_number": f"C{key}"} if subject == "customers" else sale
    return [_cell(run, kind, name) if name in naughty else plain.get(name, "") for name in fields]


def _cell(run: Run, kind: str, name: str) -> str:
    if name not in LISTS:
        return _in_a_file(run.text(DOOR, kind, is_out_of_file=True))
    return _in_a_file(run.text(DOOR, kind, is_out_of_file=True, is_list=True))


def _in_a_file(text: str) -> str:
    """Return the text as a file of letters can hold it: without NUL and halves of pairs (hostile files are P10's)."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
