"""What each tab of a profile shows; only the open one is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from zhenke.basics.days import DayOfYear, YearRule, occurrences
from zhenke.care.queries import tasks_of
from zhenke.catalogue.queries import pieces_of
from zhenke.customers.models import Customer, CustomerDate
from zhenke.customers.queries import dates_of
from zhenke.customers.rules.sight import Birthday, Shown, sight_of
from zhenke.doors.pages.pieces.rows import row_of
from zhenke.doors.pages.profile.family import family_tab
from zhenke.doors.pages.profile.taste import preferences_tab
from zhenke.doors.pages.profile.timeline_tab import timeline_tab
from zhenke.doors.pages.staff_request import Moment, StaffRequest
from zhenke.doors.stream.timeline import gift_words, pieces_words
from zhenke.doors.words.care import result_word, step_word
from zhenke.doors.words.days import yearly_day
from zhenke.doors.words.goods import category_word, metal_word
from zhenke.doors.words.grades import (
    ABSENT_WORDS,
    DIMENSION_WORDS,
    NEED_WORDS,
    because,
    change_words,
    lift_words,
    score_words,
)
from zhenke.doors.words.why import occasion_name
from zhenke.grading.queries import explanation, rules_of
from zhenke.sales.queries import gifts_to, sales_of, totals_of
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import year_rule_of
from zhenke.staff.rules import May

Words = dict[str, object]
PIECES_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """One day that comes back: its name, the day in words, and when it is next."""

    row: CustomerDate
    name: str
    words: str
    next_date: date | None
    years: int | None


def purchases_tab(request: StaffRequest, customer: Customer, moment: Moment) -> Words:
    """Totals at a glance, the receipts below, and what others gave her."""
    totals = totals_of(viewer=request.user, customer=customer)
    receipts = sales_of(viewer=request.user, customer=customer, size=50)
    for receipt in receipts:
        receipt.words = pieces_words(receipt.lines.all())  # type: ignore[attr-defined]
    groups = [(category_word(group.code), group) for group in totals.by_category if group.code][:6]
    metals = [(metal_word(group.code), group) for group in totals.by_metal if group.code][:6]
    currency = receipts[0].currency if receipts else customer.shop.currency
    given = gifts_to(viewer=request.user, customer=customer, now=moment.now)
    return {
        "totals": totals,
        "receipts": receipts,
        "groups": groups,
        "metals": metals,
        "currency": currency,
        "given": [(gift, gift_words(gift, request.user)) for gift in given],
    }


def dates_tab(request: StaffRequest, customer: Customer, moment: Moment) -> Words:
    """Birthdays and anniversaries, solar and lunar, the next one first."""
    shows_year = sight_of(request.user.role).birthday == Birthday.WHOLE
    rule, rows = year_rule_of(customer.shop), dates_of(viewer=request.user, customer=customer)
    days = [_yearly(row, moment.today, rule, shows_year=shows_year) for row in rows]
    return {"days": sorted(days, key=lambda one: one.next_date or date.max)}


def _yearly(row: CustomerDate, today: date, rule: YearRule, *, shows_year: bool) -> YearlyDay:
    day = DayOfYear(row.month, row.day, row.calendar, row.is_leap_month, row.year)
    coming = occurrences(day, today, today.replace(year=today.year + 2, day=1), rule)
    first = coming[0] if coming else None
    return YearlyDay(
        row,
        occasion_name(row.kind, row.label),
        yearly_day(day, with_year=shows_year),
        first.on_date if first else None,
        first.years if first and shows_year else None,
    )


def tasks_tab(request: StaffRequest, customer: Customer, moment: Moment) -> Words:
    """What is planned, and how the last follow-ups ended."""
    tasks = tasks_of(viewer=request.user, customer=customer)
    rows = [(task, step_word(task.step), result_word(task.result)) for task in tasks]
    return {
        "open_tasks": [row for row in rows if row[0].state == "open"],
        "closed_tasks": [row for row in rows if row[0].state != "open"],
    }


def grade_tab(request: StaffRequest, customer: Customer, moment: Moment) -> Words:
    """Why she has her grade: parts that sum to the score, what is absent, what would lift her, how it moved."""
    why = explanation(viewer=request.user, customer=customer)
    if why is None:
        return {"why": None}
    months, currency = rules_of(why.scheme).window_months, customer.shop.currency
    sees_purchases = sight_of(request.user.role).purchases
    parts = [
        (
            DIMENSION_WORDS[part.dimension],
            part,
            score_words(part.points),
            because(part, months=months, currency=currency) if sees_purchases else "",
        )
        for part in why.contributions
        if part.band
    ]
    return {
        "why": why,
        "score": score_words(why.score),
        "parts": parts,
        "absent": [(DIMENSION_WORDS[name], ABSENT_WORDS[name]) for name in why.absent],
        # The amount that would lift her says what she has paid.
        "lifts": [lift_words(lift, currency=currency) for lift in why.lifts if sees_purchases],
        "needs": [NEED_WORDS.get(code, code) for code in why.stage_needs],
        "moves": [(change, change_words(change)) for change in why.history],
        "may_override": request.user.may(May.OVERRIDE_GRADE) and bool(why.grade.computed_letter),
    }


def pieces_tab(request: StaffRequest, customer: Customer, moment: Moment) -> Words:
    """What she owns, piece by piece, the newest first."""
    after = request.GET.get("after", "")
    before = int(after) if after.isascii() and after.isdecimal() and len(after) <= 18 else None
    rows = pieces_of(
        viewer=request.user, customer=customer, today=moment.today, before=before, size=PIECES_ON_A_PAGE + 1
    )
    shown = rows[:PIECES_ON_A_PAGE]
    next_url = f"?tab=pieces&after={shown[-1].id}" if len(rows) > len(shown) else ""
    return {"pieces": [row_of(piece, moment.today) for piece in shown], "next_url": next_url}


def tabs_for(viewer: StaffMember, customer: Customer) -> list[str]:
    """Return the tabs that show the viewer's role anything, in their order; of an organisation its contacts first."""
    sight = sight_of(viewer.role)
    shows = {
        "purchases": sight.purchases,
        "dates": sight.dates,
        "family": sight.family,
        "pieces": sight.pieces != Shown.NOTHING,
    }
    shown = [name for name in TABS if shows.get(name, True)]
    if customer.kind != Customer.Kind.PERSON:
        shown.sort(key=lambda name: name != "family")
    return shown


TABS: dict[str, Callable[[StaffRequest, Customer, Moment], Words]] = {
    "timeline": timeline_tab,
    "purchases": purchases_tab,
    "pieces": pieces_tab,
    "dates": dates_tab,
    "family": family_tab,
    "preferences": preferences_tab,
    "tasks": tasks_tab,
    "grade": grade_tab,
}
