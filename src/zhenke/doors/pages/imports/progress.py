"""How far a run is and how long it still takes, in words; what a run is called and came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from zhenke.basics.errors import ZhenkeError
from zhenke.customers.models import ImportReject, ImportRun
from zhenke.customers.operations.intake import DEAD_AFTER
from zhenke.doors.words.columns import any_field_word
from zhenke.doors.words.rejects import reject_reason
from zhenke.doors.words_errors import SENTENCES

State = ImportRun.State
SUBJECT_WORDS: dict[str, Promise] = {"customers": gettext_lazy("Customers"), "sales": pgettext_lazy("file", "Sales")}
STATE_WORDS: dict[str, tuple[Promise, str]] = {
    State.WAITING: (pgettext_lazy("import", "Waiting"), "soon"),
    State.RUNNING: (pgettext_lazy("import", "At work"), "soon"),
    State.DONE: (pgettext_lazy("import", "Taken in"), "good"),
    State.FAILED: (pgettext_lazy("import", "Stopped"), "late"),
    State.UNDOING: (pgettext_lazy("import", "Being undone"), "soon"),
    State.UNDONE: (pgettext_lazy("import", "Undone"), ""),
    State.READY: (pgettext_lazy("import", "Checked, not taken in"), "soon"),
}
_TURN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Progress:
    """One look at a run that is not done; `stalled` when its worker gives no sign."""

    label: str
    part: int
    whole: int
    left: str
    detail: str
    stalled: bool


def is_at_work(run: ImportRun) -> bool:
    """Return whether the run waits for a worker or has one."""
    return run.state in (State.WAITING, State.RUNNING, State.CHECKING, State.UNDOING)


def progress_of(run: ImportRun, now: datetime) -> Progress:
    """Return how far a run is."""
    label = _("Trying the file out") if run.is_dry_run else _("Taking the rows in")
    total = run.rows_total or 0
    walked = run.next_row
    if run.state == State.WAITING:
        is_slow = now - run.started_at > _TURN
        detail = _("Other work is ahead of it; it begins by itself.") if is_slow else ""
        return Progress(_("Waiting for its turn"), 0, 1, "", detail, stalled=False)
    if run.state == State.UNDOING:
        gone = sum(run.figures.get("undone", {}).get("removed", {}).values())
        detail = _("%(n)s removed so far") % {"n": f"{gone:,}"} if gone else ""
        return Progress(_("Taking it back"), min(gone, run.rows_in), max(run.rows_in, 1), "", detail, stalled=False)
    stalled = run.heartbeat_at is not None and now - run.heartbeat_at > DEAD_AFTER
    detail = _("%(part)s of %(whole)s rows") % {"part": f"{walked:,}", "whole": f"{total:,}"} if total else ""
    return Progress(label, min(walked, total), max(total, 1), _left(run, total, now), detail, stalled)


def _left(run: ImportRun, total: int, now: datetime) -> str:
    begun_at, begun_row = run.figures.get("begun_at"), int(run.figures.get("begun_row", 0))
    walked = run.next_row - begun_row
    if not begun_at or walked <= 0 or total <= run.next_row:
        return ""
    seconds = (now - datetime.fromisoformat(begun_at)).total_seconds() / walked * (total - run.next_row)
    if seconds < 60:
        whole = max(5, round(seconds / 5) * 5)
        return _("about %(n)d s left") % {"n": whole}
    minutes = round(seconds / 60)
    return ngettext("about %(n)d minute left", "about %(n)d minutes left", minutes) % {"n": minutes}


def failure_of(run: ImportRun) -> str:
    """Return why a run stopped, in one sentence."""
    code = str(run.figures.get("refused", ""))
    words = SENTENCES.get(code)
    if words is not None and code != ZhenkeError.code:
        try:
            return str(words).format(**run.figures.get("facts", {}))
        except (KeyError, IndexError):
            return str(words)
    return run.message or _("Something broke on our side. What was taken in stays; let it go on in a minute.")


def reasons_of(run: ImportRun, counted: list[tuple[str, str, int, ImportReject]]) -> list[tuple[int, str, str]]:
    """Return how many rows were refused in which column for which reason, with the words of the first of them."""
    return [(n, _column(run, column), reject_reason(code, first.facts)) for column, code, n, first in counted]


def _column(run: ImportRun, field: str) -> str:
    return run.columns.get(field, "") or (any_field_word(field) if field else "")


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused row as the table shows it."""

    row: int
    column: str
    reason: str
    text: str


def refused_of(run: ImportRun, reject: ImportReject) -> Refused:
    """Return one refused row: the text of the cell at fault, else of the whole row."""
    heading = run.columns.get(reject.column, "")
    headings = list(run.options.get("headings", []))
    place = headings.index(heading) if heading in headings else -1
    whole = " · ".join(text.strip() for text in reject.cells if text.strip())
    text = reject.cells[place] if 0 <= place < len(reject.cells) else ""
    return Refused(
        reject.row, _column(run, reject.column), reject_reason(reject.code, reject.facts), (text.strip() or whole)[:160]
    )
