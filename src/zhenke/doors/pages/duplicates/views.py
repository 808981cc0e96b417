"""Pairs that may be one person: the list, both side by side, merge, not the same, and undo."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.customers.models import Customer, DuplicatePair
from zhenke.customers.operations.duplicates import mark_not_same, reopen_pair
from zhenke.customers.queries import seen_name
from zhenke.customers.queries.duplicates import open_pair_count, open_pairs, pair_for
from zhenke.customers.queries.merges import merge_for
from zhenke.doors.pages.duplicates.compare import Compared, choices_of, compared
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, is_for, moment_of, told
from zhenke.doors.words.linkage import evidence_words, sureness_word
from zhenke.doors.words.why import between_sentences
from zhenke.doors.words_errors import sentence_of
from zhenke.journeys.merge_customers import merge_customers
from zhenke.journeys.undo_merge import undo_merge
from zhenke.staff.models import StaffMember

MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair of the list: two names with where they are known, what agrees, and how sure it is."""

    id: int
    names: tuple[str, str]
    places: tuple[str, str]
    evidence: list[str]
    sureness: str


def duplicates_page(request: StaffRequest) -> HttpResponse:
    """Show the pairs that wait for somebody to look at them, or the next of them."""
    page = open_pairs(viewer=request.user, after=request.GET.get("after", ""))
    words: dict[str, object] = {
        "page_title": _("Possible duplicates"),
        "rows": [_row(pair, request.user) for pair in page.rows],
        "next_url": f"?after={page.after}" if page.after else "",
    }
    if is_for(request, "pager"):
        return render(request, "duplicates/_rows.html", words)
    if is_for(request, "pairs"):
        return render(request, "duplicates/_pairs.html", words)
    count = open_pair_count(viewer=request.user, most=MOST_COUNTED) if page.after else len(page.rows)
    shown = _("more than %(n)s") % {"n": MOST_COUNTED} if count == MOST_COUNTED else str(count)
    told_count = ngettext("%(n)s pair to look at", "%(n)s pairs to look at", count) % {"n": shown}
    return render(request, "duplicates/page.html", words | {"count": told_count if count else ""})


def _row(pair: DuplicatePair, viewer: StaffMember) -> PairRow:
    both = (pair.first, pair.second)
    return PairRow(
        id=pair.pk,
        names=tuple(_name(one, viewer) for one in both),  # type: ignore[arg-type]
        places=tuple(_place(one) for one in both),  # type: ignore[arg-type]
        evidence=evidence_words(pair.evidence),
        sureness=sureness_word(pair.probability_permille),
    )


def _name(one: Customer, viewer: StaffMember) -> str:
    return seen_name(viewer=viewer, customer=one) or str(one)


def _place(one: Customer) -> str:
    return " · ".join(filter(None, [one.card_number or "", one.owner.name if one.owner else "", one.shop.name]))


def compare_page(request: StaffRequest, pair_id: int) -> HttpResponse:
    """Show both archives side by side, or make one of them."""
    pair = pair_for(viewer=request.user, id=pair_id)
    given = request.POST if request.method == "POST" else request.GET
    keep = given.get("keep", "")
    both = compared(viewer=request.user, pair=pair, keep=keep)
    if request.method == "GET":
        return _compare(request, pair, both)
    choices = choices_of({name: str(value) for name, value in request.POST.items()}, both.rows)
    at = moment_of(request).now
    try:
        merge = merge_customers(winner=both.winner.pk, loser=both.loser.pk, choices=choices, by=request.user, now=at)
    except (BadInput, RuleBroken) as refusal:
        return _compare(request, pair, both, wrong=sentence_of(refusal))
    text = _("%(name)s is one archive now; nothing was lost.") % {"name": both.names[0]}
    back = reverse("customer", args=[both.winner.pk])
    return told(request, text, back=back, undo_url=reverse("merge_undo", args=[merge.pk]))


def _compare(request: StaffRequest, pair: DuplicatePair, both: Compared, *, wrong: str = "") -> HttpResponse:
    words = {
        "page_title": _("Side by side"),
        "pair": pair,
        "both": both,
        "keep": "first" if both.winner.pk == pair.first_id else "second",
        "other": "second" if both.winner.pk == pair.first_id else "first",
        "evidence": evidence_words(pair.evidence),
        "sureness": sureness_word(pair.probability_permille),
        "is_open": pair.state == DuplicatePair.State.OPEN,
        "wrong": wrong,
    }
    return render(request, "duplicates/compare.html", words, status=UNREADABLE if wrong else None)


def not_same(request: StaffRequest, pair_id: int) -> HttpResponse:
    """Remember that these are two people."""
    pair = pair_for(viewer=request.user, id=pair_id)
    mark_not_same(pair=pair, by=request.user, now=moment_of(request).now)
    text = _("Remembered: two people. They are not shown together again.")
    return told(
        request,
        text,
        back=reverse("duplicates"),
        undo_url=reverse("duplicate_again", args=[pair.pk]),
        events=("pairsChanged",),
    )


def look_again(request: StaffRequest, pair_id: int) -> HttpResponse:
    """Take "not the same" back."""
    reopen_pair(pair=pair_for(viewer=request.user, id=pair_id), by=request.user, now=moment_of(request).now)
    return told(request, _("The pair is on the list again."), back=reverse("duplicates"), events=("pairsChanged",))


def merge_undo(request: StaffRequest, merge_id: int) -> HttpResponse:
    """Make two archives of one again."""
    merge = undo_merge(merge=merge_for(viewer=request.user, id=merge_id), by=request.user, now=moment_of(request).now)
    text = _("Two archives again, as they were.")
    if merge.kept:
        left = ngettext(
            "%(n)d row that was changed since stays as it is.",
            "%(n)d rows that were changed since stay as they are.",
            len(merge.kept),
        ) % {"n": len(merge.kept)}
        text = between_sentences().join([_("Two archives again."), left])
    back = reverse("customer", args=[merge.winner_id])
    return told(request, text, back=back, events=("profileChanged", "pairsChanged"))
