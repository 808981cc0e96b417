"""Charts of the board, each with its finding as title: what the figures say, in words made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhenke.care.queries import FollowUpFigures
from zhenke.doors.pages.board.asked import short_name
from zhenke.doors.words.days import is_chinese
from zhenke.doors.words.goods import category_word
from zhenke.doors.words.people import LIFECYCLE_WORDS
from zhenke.grading.queries import LIFECYCLES, Standing
from zhenke.grading.rules import LETTERS
from zhenke.sales.queries import Buyers, CategorySlice, Slice
from zhenke.sales.rules import PeriodSales

MOST_ROWS = 8
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart with its finding."""

    id: str
    title: str
    chart: dict[str, Any]
    note: str = ""
    size: str = ""

    @property
    def finding(self) -> str:
        """The title, with per cent signs that stay beside their number."""
        return self.title.replace(" %", "\u00a0%")


def change_of(now: int, before: int) -> int | None:
    """Return the change in whole per cent; None where there is nothing to compare with."""
    return round((now - before) * 100 / before) if before > 0 else None


def change_words(now: int, before: int) -> tuple[str, str] | None:
    """Return a change as it is written beside a figure, and whether it is good or late."""
    change = change_of(now, before)
    if change is None:
        return None
    sign, tone = ("+", "good") if change > 0 else ("−", "late") if change < 0 else ("±", "quiet")
    return f"{sign}{abs(change):,}{'' if is_chinese() else ' '}%", tone


def _share(part: int, whole: int) -> int:
    return round(part * 100 / whole) if whole > 0 else 0


def _whole(minor: int) -> int:
    return round(minor / 100)


def trend(months: list[PeriodSales], sign: str) -> Picture | None:
    """Return the months against those of the year before."""
    now, before = sum(one.now.amount_minor for one in months), sum(one.before.amount_minor for one in months)
    if not any(one.now.receipts or one.before.receipts for one in months):
        return None
    change = change_of(now, before)
    if change is None:
        title = _("The first twelve months of sales")
    elif change > 0:
        title = _("Up %(n)d %% on the twelve months before") % {"n": change}
    elif change < 0:
        title = _("Down %(n)d %% on the twelve months before") % {"n": -change}
    else:
        title = _("Level with the twelve months before")
    series: list[dict[str, object]] = [{"name": _("Now"), "values": [_whole(one.now.amount_minor) for one in months]}]
    if before:
        old = [_whole(one.before.amount_minor) for one in months]
        series.append({"name": _("Year before"), "values": old, "dashed": True})
    labels = [_month(one) for one in months]
    chart = {"kind": "line", "labels": labels, "series": series, "unit": sign, "label_title": _("Month")}
    return Picture("trend", title, chart, _("Paid by month, returns taken off; the last month up to today"))


def _month(one: PeriodSales) -> str:
    day = one.period.since
    return f"{day.month}月" if is_chinese() else date_format(day, "M")


def by_shop(slices: list[Slice], sign: str, brand: str) -> Picture | None:
    """Return the shops side by side; None where there is only one."""
    sold = [one for one in slices if one.now.amount_minor > 0]
    if len(sold) < 2:
        return None
    total = sum(one.now.amount_minor for one in sold)
    first = sold[0]
    words = {"shop": short_name(first.name, brand), "n": _share(first.now.amount_minor, total)}
    names = [short_name(one.name, brand) for one in sold[:MOST_ROWS]]
    values = [_whole(one.now.amount_minor) for one in sold[:MOST_ROWS]]
    chart = _rows(names, _("Paid"), values, sign, _("Shop"))
    return Picture("shops", _("%(shop)s brings %(n)d %%") % words, chart, _("Paid in these days"), "low")


def by_category(slices: list[CategorySlice], sign: str) -> Picture | None:
    """Return what was sold of which kind of piece."""
    sold = [one for one in slices if one.amount_minor > 0]
    if not sold:
        return None
    total = sum(one.amount_minor for one in sold)
    words = {"category": _category(sold[0].category), "n": _share(sold[0].amount_minor, total)}
    shown = sold[:MOST_ROWS]
    chart = _rows(
        [_category(one.category) for one in shown],
        _("Paid"),
        [_whole(one.amount_minor) for one in shown],
        sign,
        _("Category"),
    )
    return Picture("categories", _("%(category)s: %(n)d %% of the sales") % words, chart, _("Paid in these days"))


def _category(code: str) -> str:
    return category_word(code) if code else _("Kind not known")


def _rows(labels: list[str], name: str, values: list[int], unit: str, title: str) -> dict[str, Any]:
    series = [{"name": name, "values": values}]
    return {"kind": "rows", "labels": labels, "series": series, "unit": unit, "label_title": title}


def pyramid(standings: list[Standing]) -> Picture | None:
    """Return the grades, and what the best of them bring."""
    people = {letter: sum(one.people for one in standings if one.letter == letter) for letter in LETTERS}
    paid = {letter: sum(one.amount_minor for one in standings if one.letter == letter) for letter in LETTERS}
    buyers, total = sum(people.values()), sum(paid.values())
    if not buyers:
        return None
    best = people["A"] + people["B"]
    words = {"people": _share(best, buyers), "paid": _share(paid["A"] + paid["B"], total)}
    title = _("A and B, %(people)d %% of the buyers, bring %(paid)d %%") % words
    series = [{"name": _("Buyers"), "values": [people[letter] for letter in LETTERS]}]
    chart = {"kind": "pyramid", "labels": list(LETTERS), "series": series, "unit": "", "label_title": _("Grade")}
    return Picture("pyramid", title, chart, _("Buyers by grade today; amounts of the last three years"))


def lifecycle(standings: list[Standing]) -> Picture | None:
    """Return where customers stand on their way."""
    people = {name: sum(one.people for one in standings if one.lifecycle == name) for name in LIFECYCLES}
    if not sum(people.values()):
        return None
    risk = people["at_risk"]
    title = ngettext("%(n)s customer is at risk of being lost", "%(n)s customers are at risk of being lost", risk) % {
        "n": f"{risk:,}"
    }
    labels = [str(LIFECYCLE_WORDS[name]) for name in LIFECYCLES]
    chart = _rows(labels, _("Customers"), [people[name] for name in LIFECYCLES], "", pgettext("lifecycle", "Stage"))
    return Picture("lifecycle", title, chart, _("All customers today, by their last purchase"))


def new_or_back(buyers: Buyers) -> Picture | None:
    """Return who bought for the first time and who came back."""
    everybody = buyers.new + buyers.returning
    if not everybody:
        return None
    words = {"n": _share(buyers.returning, everybody)}
    title = _("%(n)d %% of the buyers had bought before") % words
    chart = {
        "kind": "share",
        "labels": [_("Bought before"), _("First purchase")],
        "series": [{"name": _("Buyers"), "values": [buyers.returning, buyers.new]}],
        "unit": "",
        "label_title": _("Buyers"),
    }
    return Picture("buyers", title, chart, _("People who bought in these days"), "low")


def follow_ups(figures: list[FollowUpFigures], names: dict[int, str]) -> Picture | None:
    """Return how well follow-ups were kept, by person, the best first."""
    known = [one for one in figures if one.in_time_share is not None and one.person_id in names]
    closed = sum(one.closed for one in known)
    if not closed:
        return None
    ranked = sorted(known, key=lambda one: (-(one.in_time_share or 0), -one.closed))[: MOST_ROWS + 4]
    share = _share(sum(one.in_time for one in known), closed)
    title = _("%(n)d %% of the follow-ups in time") % {"n": share}
    overdue = sum(one.overdue for one in figures)
    note = _("Closed in time in the last 30 days")
    if overdue:
        late = ngettext("%(n)s is overdue now", "%(n)s are overdue now", overdue) % {"n": f"{overdue:,}"}
        note = f"{note} · {late}"
    labels = [names[one.person_id] for one in ranked if one.person_id]
    values = [round((one.in_time_share or 0) * 100) for one in ranked]
    chart = _rows(labels, _("In time"), values, "%", _("Advisor"))
    return Picture("follow-ups", title, chart, note)


def sign_of(currency: str) -> str:
    """Return the sign of a currency as charts write it."""
    return _SIGNS.get(currency, currency)
