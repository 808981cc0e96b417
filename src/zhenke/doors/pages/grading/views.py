"""Views of grading: the scheme with its preview, publishing, going back, and grading everybody again."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.doors.jobs.regrade import DONE, FAILED, ask_for_regrade, regrade_state
from zhenke.doors.pages.grading.preview_words import chart_of, finding, movers_of, moves_of
from zhenke.doors.pages.grading.scheme_form import VersionNoteForm, fields_of, rules_from, wrong_words
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, gone_to, moment_of, told
from zhenke.grading.operations import publish, roll_back
from zhenke.grading.queries import current_scheme, last_yardstick, preview, pyramid, rules_of, scheme_versions
from zhenke.grading.rules import Scheme
from zhenke.grading.rules.scheme import SchemeWrong
from zhenke.staff.rules import May

MOVERS = 12


def grading_page(request: StaffRequest) -> HttpResponse:
    """Show the scheme in force, its pyramid, and the versions before it."""
    return _page(request, rules_of(current_scheme()).to_plain())


def grading_preview(request: StaffRequest) -> HttpResponse:
    """Show what other rules would do; the whole page when asked for without htmx."""
    rules = rules_from(request.GET, rules_of(current_scheme()))
    if not request.htmx:
        return _page(request, rules)
    return render(request, "grading/_preview.html", _preview_words(request, rules))


def _page(request: StaffRequest, rules: dict[str, object], *, wrong: str = "") -> HttpResponse:
    current = current_scheme()
    words = _preview_words(request, rules)
    shown = words.get("tried") or rules_of(current)
    viewer = request.user
    words |= {
        "page_title": _("Grading"),
        "scheme": current,
        "next_version": scheme_versions(size=1)[0].version + 1,
        "fields": fields_of(shown),  # type: ignore[arg-type]
        "versions": scheme_versions(),
        "yardstick": last_yardstick(),
        "prospects": sum(pyramid(viewer=viewer).prospects.values()),
        "regrade": regrade_state(),
        "may_publish": viewer.may(May.PUBLISH_GRADING),
        "today": moment_of(request).today,
        "wrong": wrong or words.get("wrong", ""),
    }
    status = UNREADABLE if wrong else HTTPStatus.OK
    return render(request, "grading/page.html", words, status=status)


def _preview_words(request: StaffRequest, rules: dict[str, object]) -> dict[str, object]:
    try:
        tried = Scheme.from_plain(rules)
    except SchemeWrong as refusal:
        return {"wrong": wrong_words(refusal)}
    found = preview(viewer=request.user, rules=rules, movers=MOVERS)
    currency = request.user.shop.currency
    return {
        "tried": tried,
        "buyers": sum(found.today.values()),
        "title": finding(found),
        "chart": chart_of(found),
        "moves": moves_of(found),
        "movers": movers_of(found, viewer=request.user, currency=currency),
        "moved": found.moved,
        "inexact": found.inexact,
        "window": tried.window_months,
    }


def grading_publish(request: StaffRequest) -> HttpResponse:
    """Make the rules of the page the next version, and grade everybody by it."""
    before = current_scheme()
    rules = rules_from(request.POST, rules_of(before))
    form = VersionNoteForm(request.POST)
    if not form.is_valid():
        return _page(request, rules, wrong=" ".join(map(str, form.errors["note"])))
    try:
        scheme = publish(rules=rules, note=form.cleaned_data["note"], by=request.user, now=moment_of(request).now)
    except SchemeWrong as refusal:
        return _page(request, rules, wrong=wrong_words(refusal))
    return _after(request, scheme.version, is_new=scheme.pk != before.pk)


def grading_roll_back(request: StaffRequest, version: int) -> HttpResponse:
    """Publish an older version once more, and grade everybody by it."""
    before = current_scheme()
    scheme = roll_back(
        version=version,
        note=_("Back to version %(version)d") % {"version": version},
        by=request.user,
        now=moment_of(request).now,
    )
    return _after(request, scheme.version, is_new=scheme.pk != before.pk)


def _after(request: StaffRequest, version: int, *, is_new: bool) -> HttpResponse:
    if not is_new:
        return told(request, _("These rules are in force already."), back=reverse("grading"))
    ask_for_regrade(reason="scheme")
    text = _("Version %(version)d is in force; everybody is being graded by it.") % {"version": version}
    return told(request, text, back=reverse("grading"))


def grading_regrade(request: StaffRequest) -> HttpResponse:
    """Start grading everybody again, or look how far it is."""
    if request.method == "POST":
        ask_for_regrade(reason="asked")
        return redirect("grading")
    state = regrade_state()
    if request.htmx and state is not None and not state.is_open:
        return gone_to(request, reverse("grading"))
    if not request.htmx:
        return redirect("grading")
    return render(request, "grading/_regrade.html", {"regrade": state, "done": DONE, "failed": FAILED})
