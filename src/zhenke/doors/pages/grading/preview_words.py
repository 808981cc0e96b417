"""What a preview found, in words: the finding, who goes where, and why somebody moves."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.customers.queries import seen_name
from zhenke.doors.words.grades import DIMENSION_WORDS
from zhenke.grading.queries import Mover, Preview
from zhenke.grading.rules import LETTERS
from zhenke.staff.models import StaffMember

MOST_MOVES = 8


@dataclass(frozen=True, slots=True)
class MoverRow:
    """Somebody who would move, as the table shows it."""

    customer_id: int
    name: str
    from_letter: str
    to_letter: str
    amount_minor: int
    currency: str
    reason: str


def finding(preview: Preview) -> str:
    """Return the title of the pyramid."""
    everybody = sum(preview.today.values())
    if not preview.moved:
        best = preview.today["A"] + preview.today["B"]
        words = {"best": f"{best:,}", "all": f"{everybody:,}"}
        return (
            ngettext("%(best)s of %(all)s buyer is A or B", "%(best)s of %(all)s buyers are A or B", everybody) % words
        )
    change = preview.after["A"] - preview.today["A"]
    words = {"moved": f"{preview.moved:,}", "all": f"{everybody:,}", "n": f"{abs(change):,}"}
    if change > 0:
        return _("%(moved)s of %(all)s would move; A gains %(n)s") % words
    if change < 0:
        return _("%(moved)s of %(all)s would move; A loses %(n)s") % words
    return _("%(moved)s of %(all)s would move; A stays as large") % words


def chart_of(preview: Preview) -> dict[str, object]:
    """Return the pyramid of today as outline, the preview filled."""
    series = [{"name": _("Today"), "values": [preview.today[letter] for letter in LETTERS]}]
    if preview.moved:
        series.append({"name": _("Preview"), "values": [preview.after[letter] for letter in LETTERS]})
    return {"kind": "pyramid", "labels": list(LETTERS), "series": series, "unit": "", "label_title": _("Grade")}


def moves_of(preview: Preview) -> list[str]:
    """Return the largest moves as sentences."""
    moves = [(people, old, new) for (old, new), people in preview.moves.items() if old != new and people]
    return [_move(*move) for move in sorted(moves, key=lambda move: (-move[0], move[1:]))[:MOST_MOVES]]


def _move(people: int, old: str, new: str) -> str:
    words = {"n": f"{people:,}", "old": old, "new": new}
    if new < old:
        return ngettext("%(n)s rises from %(old)s to %(new)s", "%(n)s rise from %(old)s to %(new)s", people) % words
    return ngettext("%(n)s falls from %(old)s to %(new)s", "%(n)s fall from %(old)s to %(new)s", people) % words


def movers_of(preview: Preview, *, viewer: StaffMember, currency: str) -> list[MoverRow]:
    """Return the movers who paid most, named as the viewer may see them."""
    return [
        MoverRow(
            mover.customer.pk,
            seen_name(viewer=viewer, customer=mover.customer) or _("Name not known"),
            mover.from_letter,
            mover.to_letter,
            mover.amount_minor,
            currency,
            _reason(mover),
        )
        for mover in preview.movers
    ]


def _reason(mover: Mover) -> str:
    dimension = str(DIMENSION_WORDS.get(mover.dimension, ""))
    if not dimension or mover.from_score == mover.to_score:
        return _("The line between the grades moves past her.")
    if mover.to_score > mover.from_score:
        return _("“%(dimension)s” now speaks more for her.") % {"dimension": dimension}
    return _("“%(dimension)s” now speaks less for her.") % {"dimension": dimension}
