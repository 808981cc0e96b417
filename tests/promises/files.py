"""Naughty cells, headings and names in files: handed in on the page, tried out, taken in, shown, the refused read back.

Per subject and some classes one file: its name and all headings are of the classes, and in one row each every cell; in
some rows more all cells that took words before. Then small files and the sheets of a workbook under such names.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import resolve, reverse
from xlsxwriter import Workbook

from tests.promises.entries import House
from tests.promises.naughty import ACTIVE, KINDS, QUIET, is_formula
from tests.promises.witness import MARK, Run, body_of
from zhenke.basics.tables.rejects import restored
from zhenke.customers.models import Customer, ImportRun
from zhenke.doors.imports import FIELDS
from zhenke.doors.jobs.run_import import run_import_task
from zhenke.sales.models import Sale

DOOR, CALLER = "file", "owner"
# Cells of these columns hold several words; what stands behind the last mark between them is the last word.
LISTS = {"tags", "metal", "stone", "style", "ring_size", "budget_band"}
BETWEEN = str.maketrans(dict.fromkeys(",，;；、/", "|"))
# The classes of one file; the quiet ones first, which teach what columns take words.
TOGETHER = (QUIET[:5], QUIET[5:], ACTIVE)
MADE = {"customers": (Customer, "customer"), "sales": (Sale, "sale")}
NOT_IN_SHEET_NAMES = "[]:*?/\\'\0\x01\n"


@dataclass
class Shown:
    """What of the files the browser shall show: answers that were given, addresses; and the files that came back."""

    answers: dict[str, HttpResponse] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)


@dataclass
class NaughtyFile:
    """One file."""

    subject: str
    kinds: tuple[str, ...]
    headings: list[str]
    rows: list[list[str]]

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return f"file of {self.subject}, {' and '.join(self.kinds)}"

    @property
    def is_active(self) -> bool:
        """Whether a browser might run something of it."""
        return set(self.kinds) <= set(ACTIVE)

    def content(self) -> bytes:
        """Return the file as a program would write it."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows([self.headings, *self.rows])
        return text.getvalue().encode("utf-8-sig")


def columns_of(subject: str) -> list[str]:
    """Return the columns that a file of this subject may have."""
    return [spec.name for spec in FIELDS[subject]]


def sent_files(run: Run, house: House, *, rounds: int) -> Shown:
    """Hand in files of each subject and all classes."""
    shown = Shown()
    for _ in range(rounds):
        for subject in FIELDS:
            free: set[str] = set()
            for kinds in TOGETHER:
                free |= handed_in(run, house, naughty_file(run, subject, kinds, free), free, shown)
        naughty_names(run, house, shown)
        naughty_sheets(run, house, shown)
    return shown


def naughty_file(run: Run, subject: str, kinds: tuple[str, ...], free: set[str]) -> NaughtyFile:
    """Return a file of some classes; `free` are the columns that took words before."""
    columns = columns_of(subject)
    headings = [_text(run, kinds[place % len(kinds)], most=100) for place, _ in enumerate(columns)]
    headings[0] = f"1 {headings[0]}"  # a file that begins with < or { is taken for no table
    rows = [_row(run, subject, {name: kind}) for kind in kinds for name in columns]
    for turn in range(len(kinds)):
        given = {name: kinds[(place + turn) % len(kinds)] for place, name in enumerate(sorted(free))}
        rows.append(_row(run, subject, given))
    return NaughtyFile(subject, kinds, headings, rows)


def _row(run: Run, subject: str, naughty: dict[str, str]) -> list[str]:
    """Return a row with a text of a class in some columns, by name."""
    plain = {"name": "何念", "card_number": f"C{uuid4().hex[:12]}"}
    if subject == "sales":
        plain |= {"sold_at": "2026-11-01", "number": f"R{uuid4().hex[:12]}", "amount": "1200.00"}
    given = {name: _text(run, kind, is_list=name in LISTS) for name, kind in naughty.items()}
    return [{**plain, **given}.get(name, "") for name in columns_of(subject)]


def _text(run: Run, kind: str, *, most: int = 10_000, is_list: bool = False, without: str = "\0") -> str:
    """Return the next text of a class as a file can hold it: without NUL and halves of pairs (such files are P10's)."""

    def marked(text: str) -> str:
        kept = text.encode("utf-8", "replace").decode().translate(str.maketrans("", "", without))
        expected = kept.translate(BETWEEN).rpartition("|")[2] if is_list else kept
        return run.sent.marked(kept, may_settle=True, expected=expected)

    return run.text(DOOR, kind, most=most, marked=marked)


def handed_in(run: Run, house: House, file: NaughtyFile, free: set[str], shown: Shown) -> set[str]:
    """Hand a file in, try it out and take it in, as somebody would; return the columns whose texts were taken."""
    trial = _uploaded(run, house, file, file.kinds[0], file.content())
    if trial is None:
        run.fault(f"{file.name} is refused")
        return set()
    look = partial(_look, run, house, file, shown)
    look("columns", reverse("import_columns", args=[trial.pk]))
    chosen = {f"column-{number}": name for number, name in enumerate(columns_of(file.subject))}
    options = {"unknown_shop": "refuse", "unknown_advisor": "refuse", "currency": "CNY", "grams_in_weight_unit": "1"}
    options["shop"] = str(trial.shop_id)
    answer = _posted(run, house, file, reverse("import_columns", args=[trial.pk]), {**chosen, **options})
    if answer.status_code != 302:
        run.fault(f"{file.name}: its columns are refused: {answer.status_code}")
        return set()
    run_import_task.func(str(trial.pk))
    look("trial", reverse("import", args=[trial.pk]))
    answer = _posted(run, house, file, reverse("import_take", args=[trial.pk]), {})
    taken = ImportRun.objects.get(pk=resolve(answer["Location"]).kwargs["import_id"])
    model, page = MADE[file.subject]
    before = set(model.objects.values_list("pk", flat=True))
    run_import_task.func(str(taken.pk))
    taken.refresh_from_db()
    if taken.state != ImportRun.State.DONE:
        run.fault(f"{file.name}: {taken.state} {taken.message[:200]}")
    look("result", reverse("import", args=[taken.pk]))
    made = [reverse(page, args=[key]) for key in model.objects.exclude(pk__in=before).values_list("pk", flat=True)]
    last = made[-len(file.kinds) :]
    for address in last if free else made:
        look(address, address)
    if file.is_active:
        shown.addresses += last
    run.tally["rows of files"] += taken.rows_in
    refused = read_back(run, house, file, taken, shown)
    columns = columns_of(file.subject) * len(file.kinds)
    return {name for name, row in zip(columns, file.rows, strict=False) if tuple(row) not in refused}


def _uploaded(run: Run, house: House, file: NaughtyFile, kind: str, content: bytes) -> ImportRun | None:
    """Hand a file in under a naughty name; None if it is refused."""
    name = _text(run, kind, most=80)[-200:]  # no disk keeps more
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")  # as browsers do
    upload = SimpleUploadedFile("x", content)
    upload._name = f"{quoted}.csv"
    shop = str(house.desk.world.cast.shop_a.pk)
    answer = _posted(run, house, file, reverse("imports"), {"subject": file.subject, "shop": shop, "file": upload})
    run.tally["files"] += 1
    if answer.status_code != 302:
        return None
    trial = ImportRun.objects.get(pk=resolve(answer["Location"]).kwargs["import_id"])
    for mark in MARK.findall(trial.file_name):  # what browsers and servers make of a name is theirs
        run.sent.texts[mark] = trial.file_name.split(mark)[0] + mark
    return trial


def _posted(run: Run, house: House, file: NaughtyFile, address: str, given: dict[str, object]) -> HttpResponse:
    answer = house.desk.response(house.desk.make.post(address, given), CALLER)
    run.look(f"{file.name}, {address}", answer)
    return answer


def _look(run: Run, house: House, file: NaughtyFile, shown: Shown, step: str, address: str) -> None:
    answer = house.get(address, CALLER)
    if answer.status_code != 200:
        run.fault(f"{file.name}, {step}: {answer.status_code}")
    run.look(f"{file.name}, {step}", answer)
    run.tally["pages read"] += 1
    if file.is_active and step in {"columns", "trial", "result"}:
        shown.answers[f"{file.name}, {step}"] = answer


def read_back(run: Run, house: House, file: NaughtyFile, taken: ImportRun, shown: Shown) -> set[tuple[str, ...]]:
    """Read the file of refused rows: no cell that a spreadsheet would compute, and the rows as they were sent."""
    if not taken.rejected:
        return set()
    answer = house.get(reverse("import_reject_file", args=[taken.pk]), CALLER)
    run.look(f"{file.name}, refused rows", answer)
    shown.refused.append(body_of(answer))
    rows = list(csv.reader(io.StringIO(body_of(answer).decode("utf-8-sig"), newline="")))
    width = len(columns_of(file.subject))
    for words in computed(rows):
        run.fault(f"{file.name}: a spreadsheet would compute {words}")
    back = {tuple(map(restored, row[:width])) for row in rows[1:]}
    sent = {*map(tuple, file.rows), tuple(file.headings)}  # headings like numbers are taken for a row
    for row in sorted(back - sent):
        run.fault(f"{file.name}: a refused row came back altered: {[cell[-60:] for cell in row if cell]}")
    run.tally["refused rows read back"] += len(rows) - 1
    return back


def computed(rows: list[list[str]]) -> list[str]:
    """Return the cells that a spreadsheet would compute."""
    return [repr(cell[:80]) for row in rows for cell in row if is_formula(cell)]


def naughty_names(run: Run, house: House, shown: Shown) -> None:
    """Hand in a small file under a name of each class, and look at the list of files."""
    for kind in KINDS:
        file = NaughtyFile("customers", (kind,), ["姓名", "手机"], [["何念", "13800138011"]])
        if _uploaded(run, house, file, kind, file.content()) is None:
            run.fault(f"a file with a name of the class {kind} is refused")
    _look(run, house, file, shown, "files", reverse("imports"))


def naughty_sheets(run: Run, house: House, shown: Shown) -> None:
    """Hand in a workbook whose sheets have names of the classes that might run, and choose among them."""
    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True})
    names = [_text(run, kind, most=31, without=NOT_IN_SHEET_NAMES) for kind in ACTIVE]
    for name, kind in zip(names, ACTIVE, strict=True):
        sheet = book.add_worksheet(name)
        for number, column in enumerate(columns_of("customers")[:5]):
            sheet.write_string(0, number, column)
            sheet.write_string(1, number, _text(run, kind))
    book.close()
    file = NaughtyFile("customers", ACTIVE[:2], [], [])
    trial = _uploaded(run, house, file, ACTIVE[0], content.getvalue())
    if trial is None:
        run.fault("the workbook of naughty sheets is refused")
        return
    _look(run, house, file, shown, "columns", reverse("import_columns", args=[trial.pk]))
