"""What taking an import back did, in words: what went, what came back, what stayed and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.customers.models import ImportRun
from zhenke.customers.queries import seen_name, visible
from zhenke.customers.rules.undoing import KeptRow, UndoneImport
from zhenke.doors.pages.imports.counting import COUNTED, counted
from zhenke.staff.models import StaffMember

MOST_NAMED = 20
KEPT_WORDS: dict[str, Promise] = {
    "edited": gettext_lazy("edited by hand since"),
    "sale": gettext_lazy("has bought since"),
    "piece_kept": gettext_lazy("a piece of it was written on since"),
    "piece": gettext_lazy("owns a piece that was written down since"),
    "interaction": gettext_lazy("a visit, call, message or note was written down"),
    "task": gettext_lazy("a follow-up was made by hand"),
    "grade_by_hand": gettext_lazy("graded by hand"),
    "member": gettext_lazy("served as a member"),
    "referred": gettext_lazy("brought somebody"),
    "linked": gettext_lazy("was linked to somebody"),
    "detail": gettext_lazy("more was written down since"),
    "later_import": gettext_lazy("a later import changed it"),
    "returned": gettext_lazy("a piece came back"),
}


@dataclass(frozen=True, slots=True)
class UndoneWords:
    """The page's words: what was removed and put back, customers who stayed with the reason, other rows counted."""

    removed: str = ""
    restored: int = 0
    customers: list[tuple[int, str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    more: int = 0


def undone_words(run: ImportRun, *, viewer: StaffMember) -> UndoneWords:
    """Return what undoing a run did, naming the customers that the viewer may see."""
    done = UndoneImport.from_figures(run.figures.get("undone", {}))
    known = [kind for kind in COUNTED if done.removed.get(kind)]
    details = sum(n for kind, n in done.removed.items() if kind not in COUNTED)
    parts = [counted(kind, done.removed[kind]) for kind in known] + ([counted("detail", details)] if details else [])
    people = [row for row in done.kept if row.kind == "customer"]
    names = _names(people[:MOST_NAMED], viewer)
    others = Counter((row.kind, row.reason) for row in done.kept if row.kind != "customer")
    return UndoneWords(
        removed=", ".join(parts),
        restored=done.restored,
        customers=[(row.id, names[row.id], _reason(row.reason)) for row in people if row.id in names],
        others=[(counted(kind, n), _reason(reason)) for (kind, reason), n in others.most_common()],
        more=max(0, len(people) - MOST_NAMED),
    )


def _names(rows: list[KeptRow], viewer: StaffMember) -> dict[int, str]:
    found = visible(viewer=viewer).filter(pk__in=[row.id for row in rows])
    return {one.pk: seen_name(viewer=viewer, customer=one) or _("Name not known") for one in found}


def _reason(code: str) -> str:
    return str(KEPT_WORDS.get(code, code))
