"""The page of groupings: how many customers stand in each group; a tap opens the list of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.care.queries import open_task_customers
from zhenke.catalogue.rules import METALS, STONES
from zhenke.customers.queries import GroupCounts, customers_kept, group_counts, saved_views
from zhenke.customers.rules.ages import BAND_CODES
from zhenke.customers.rules.crowds import crowd
from zhenke.customers.rules.sight import sight_of
from zhenke.doors.pages.customers.forms import asked_in, filters_of, within_of
from zhenke.doors.pages.customers.groupings import (
    AGE_WORDS,
    DEAL_WORDS,
    RANK_WORDS,
    STANDING_WORDS,
    TRAIT_GROUPS,
    GroupingFields,
)
from zhenke.doors.pages.staff_request import Moment, StaffRequest, moment_of
from zhenke.doors.words.people import KIND_WORDS, value_word
from zhenke.grading.queries import standing_counts
from zhenke.staff.models import StaffMember

MOST_KEPT, MOST_GOODS = 8, 10


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: its words, how many customers, and the address of their list."""

    word: str
    count: int
    url: str

    @property
    def count_words(self) -> str:
        """The count with its thousands apart."""
        return f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group customers; the name of the filter tells it apart on the page."""

    code: str
    name: str
    rows: list[GroupRow]


def groups_page(request: StaffRequest) -> HttpResponse:
    """Show every grouping with its counts, and the lists that the viewer keeps with theirs."""
    viewer, moment = request.user, moment_of(request)
    counts = group_counts(viewer=viewer, today=moment.today)
    graded = standing_counts(viewer=viewer)
    planned = open_task_customers(viewer=viewer).distinct().count()
    planned = crowd(planned) if sight_of(viewer.role).only_crowds else planned
    groupings = [*_by_deals(graded, planned, counts.wanted), *_by_archive(counts)]
    words = {
        "page_title": _("Groupings"),
        "groupings": [one for one in groupings if one.rows],
        "kept": _kept(viewer, moment),
    }
    return render(request, "customers/groups.html", words)


def _by_deals(graded: Mapping[str, Mapping[str, int]], planned: int, wanted: int) -> Iterable[Grouping]:
    yield _grouping("standing", graded["standing"], STANDING_WORDS, STANDING_WORDS)
    yield _grouping("rank", graded["rank"], RANK_WORDS, RANK_WORDS)
    deals = {"past": graded["deals"]["past"], "open": planned, "coming": wanted}
    yield _grouping("deals", deals, DEAL_WORDS, DEAL_WORDS)


def _by_archive(counts: GroupCounts) -> Iterable[Grouping]:
    yield _grouping("kind", counts.kinds, KIND_WORDS, KIND_WORDS)
    yield _grouping("age", counts.ages, BAND_CODES, AGE_WORDS)
    yield _grouping("region", counts.regions, counts.regions, {})
    for key in TRAIT_GROUPS:
        known = GroupingFields.base_fields[key]
        offered = {code for code, _word in GroupingFields().fields[key].choices}  # type: ignore[attr-defined]
        values = {code: n for code, n in counts.traits.get(key, {}).items() if code in offered}
        yield _grouping(key, values, values, {code: value_word(code) for code in values}, name=str(known.label))
    goods = {**counts.traits.get("metal", {}), **counts.traits.get("stone", {})}
    known_goods = [code for code in (*METALS[:-2], *STONES[:-1]) if code in goods]
    ordered = sorted(known_goods, key=lambda code: -goods[code])[:MOST_GOODS]
    yield _grouping("likes", goods, ordered, {code: value_word(code) for code in ordered}, name=_("Material"))


def _grouping(
    code: str, counts: Mapping[str, int], order: Iterable[str], words: Mapping[str, object], name: str = ""
) -> Grouping:
    rows = [
        GroupRow(str(words.get(one, one)), counts[one], f"{reverse('customers')}?{urlencode({code: one})}")
        for one in order
        if counts.get(one)
    ]
    return Grouping(code, name or str(GroupingFields.base_fields[code].label), rows)


def _kept(viewer: StaffMember, moment: Moment) -> list[GroupRow]:
    """The viewer's own lists with their counts, the first eight by name."""
    rows = []
    for view in saved_views(viewer=viewer)[:MOST_KEPT]:
        asked = asked_in(view.filters)
        filters = filters_of(asked, viewer=viewer, today=moment.today, now=moment.now)
        within = within_of(asked, viewer=viewer, today=moment.today)
        count = customers_kept(viewer=viewer, filters=filters, within=within)
        rows.append(GroupRow(view.name, count, f"{reverse('customers')}?{asked.query()}"))
    return rows
