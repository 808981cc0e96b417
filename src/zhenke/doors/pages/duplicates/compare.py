"""Two archives side by side, as rows: what each says, whether they differ, and whether there is something to choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.days import DayOfYear
from zhenke.care.queries import tasks_of
from zhenke.customers.models import Customer, CustomerDate, DuplicatePair
from zhenke.customers.queries import contacts_of, seen_name
from zhenke.customers.queries.duplicates import days_of_both
from zhenke.customers.rules.merging import JOINED
from zhenke.customers.rules.sight import Birthday, sight_of
from zhenke.doors.templatetags.words import money
from zhenke.doors.words.days import exact_day, own_day, yearly_day
from zhenke.doors.words.people import CHANNEL_WORDS, GENDER_WORDS, KIND_WORDS, source_word
from zhenke.doors.words.why import occasion_name
from zhenke.grading.models import Grade
from zhenke.grading.queries import grades_of
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember

FIELD_WORDS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "gender": gettext_lazy("Title"),
    "card_number": gettext_lazy("Card"),
    "place": gettext_lazy("Advisor and shop"),
    "region": gettext_lazy("Region"),
    "source": gettext_lazy("Came by"),
    "language": gettext_lazy("Language"),
    "channel": gettext_lazy("Best reached by"),
    "hour_preference": gettext_lazy("Best hour"),
    "first_met_date": gettext_lazy("First met"),
    "caution": gettext_lazy("Careful"),
    "notes": pgettext_lazy("customer", "Notes"),
}
_PRIVATE = ("caution", "notes")


@dataclass(frozen=True, slots=True)
class Side:
    """What one archive says in one row, and when and how it was confirmed."""

    text: str
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One row. `choice` names the field of the form, "" where nothing is chosen; `chosen` is what is set at first."""

    label: str
    winner: Side
    loser: Side
    is_different: bool
    choice: str = ""
    chosen: str = "winner"
    may_join: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """Both archives, the one that stays first; `rows` to choose from and `facts` that are kept of both."""

    winner: Customer
    loser: Customer
    names: tuple[str, str]
    rows: list[CompareRow]
    facts: list[CompareRow]


def compared(*, viewer: StaffMember, pair: DuplicatePair, keep: str) -> Compared:
    """Return the two archives of a pair for the page; `keep` is "first", "second", or "" for the one with more."""
    grades = grades_of(viewer=SYSTEM, customers=[pair.first, pair.second])  # both are in sight, so their grades are
    stays_first = keep == "first" or (keep != "second" and _weight(pair.first, grades) >= _weight(pair.second, grades))
    winner, loser = (pair.first, pair.second) if stays_first else (pair.second, pair.first)
    sight = sight_of(viewer.role)
    fields = [field for field in FIELD_WORDS if sight.notes or field not in _PRIVATE]
    rows = [row for row in (_field_row(viewer, field, winner, loser) for field in fields) if row is not None]
    rows += _day_rows(viewer, winner, loser)
    names = tuple(seen_name(viewer=viewer, customer=one) or str(one) for one in (winner, loser))
    return Compared(winner, loser, names, rows, _facts(viewer, winner, loser, grades))  # type: ignore[arg-type]


def choices_of(given: dict[str, str], rows: list[CompareRow]) -> dict[str, str]:
    """Return what was chosen, for the fields that offered something."""
    return {row.choice: given[row.choice] for row in rows if row.choice and row.choice in given}


def _weight(customer: Customer, grades: dict[int, Grade]) -> tuple[int, int, int]:
    grade = grades.get(customer.pk)
    return (grade.lifetime_frequency if grade else 0, int(customer.owner_id is not None), -customer.pk)


def _field_row(viewer: StaffMember, field: str, winner: Customer, loser: Customer) -> CompareRow | None:
    ours, theirs = (_text(viewer, field, one) for one in (winner, loser))
    if not ours and not theirs:
        return None
    differs = ours != theirs
    is_open = bool(differs and ours and theirs)
    joins = field in JOINED
    earlier = (
        field == "first_met_date"
        and is_open
        and (loser.first_met_date or date.max) < (winner.first_met_date or date.max)
    )
    return CompareRow(
        str(FIELD_WORDS[field]),
        Side(ours, _confirmed(winner, field)),
        Side(theirs, _confirmed(loser, field)),
        differs,
        choice=field if is_open else "",
        chosen="both" if joins else "loser" if earlier else "winner",
        may_join=joins,
    )


def _text(viewer: StaffMember, field: str, one: Customer) -> str:
    if field == "name":
        return seen_name(viewer=viewer, customer=one)
    if field == "place":
        return " · ".join(filter(None, [one.owner.name if one.owner else "", one.shop.name]))
    value = getattr(one, field)
    if field == "first_met_date":
        return exact_day(value) if value else ""
    words = {"kind": KIND_WORDS, "gender": GENDER_WORDS, "channel": CHANNEL_WORDS}.get(field)
    if words is not None:
        return str(words.get(value, value))
    return source_word(value) if field == "source" else str(value or "")


def _confirmed(one: Customer, field: str) -> str:
    told = one.confirmed.get(field)
    if not told:
        return ""
    day = exact_day(date.fromisoformat(told[0]))
    source = source_word(told[2]) if len(told) > 2 and told[2] else ""
    return _("%(day)s, %(source)s") % {"day": day, "source": source} if source else day


def _day_rows(viewer: StaffMember, winner: Customer, loser: Customer) -> Iterator[CompareRow]:
    with_year = sight_of(viewer.role).birthday == Birthday.WHOLE
    for ours, theirs in days_of_both(viewer=viewer, customers=(winner, loser)):
        name = occasion_name(ours.kind, ours.label)
        yield CompareRow(
            name[:1].upper() + name[1:],
            _day_side(ours, with_year=with_year),
            _day_side(theirs, with_year=with_year),
            is_different=True,
            choice=f"date:{ours.kind}:{ours.label}",
        )


def _day_side(row: CustomerDate, *, with_year: bool) -> Side:
    day = DayOfYear(row.month, row.day, row.calendar, row.is_leap_month, row.year)
    return Side(yearly_day(day, with_year=with_year), source_word(row.source))


def _facts(viewer: StaffMember, winner: Customer, loser: Customer, grades: dict[int, Grade]) -> list[CompareRow]:
    both = (winner, loser)
    contacts = [contacts_of(viewer=viewer, customer=one) for one in both]
    told = []
    for kind in ("phone", "wechat", "email", "address"):
        texts = ["; ".join(one.masked for one in mine if one.kind == kind) for mine in contacts]
        told.append((str(CHANNEL_WORDS[kind]), texts))
    bought = [_bought(grades.get(one.pk), one) for one in both]
    waiting = [sum(task.state == "open" for task in tasks_of(viewer=viewer, customer=one)) for one in both]
    told.append((_("Purchases"), bought))
    told.append((_("Open follow-ups"), [str(count) if count else "" for count in waiting]))
    told.append((_("Archive since"), [exact_day(own_day(one.created_at)) for one in both]))
    return [
        CompareRow(label, Side(texts[0]), Side(texts[1]), texts[0] != texts[1]) for label, texts in told if any(texts)
    ]


def _bought(grade: Grade | None, one: Customer) -> str:
    if grade is None or not grade.lifetime_frequency:
        return ""
    return f"{grade.lifetime_frequency} · {money(grade.lifetime_minor, one.shop.currency)}"
