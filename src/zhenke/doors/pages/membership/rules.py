"""The rules of the programme: the form with its preview on last year's sales, publishing, going back."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhenke.customers.queries import seen_name
from zhenke.doors.jobs.tiers import ask_for_review
from zhenke.doors.pages.membership.rules_form import fields_of, rules_from, wrong_words
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, told
from zhenke.doors.words.goods import category_word
from zhenke.doors.words.membership import RATE_WORDS, amount_words, name_of
from zhenke.membership.operations.rules import publish_rules, roll_back_rules
from zhenke.membership.queries.preview import Changed, ProgrammePreview, preview_rules
from zhenke.membership.queries.rules import RulesNow, rules_now, rules_versions
from zhenke.membership.rules.plain import ProgrammeWrong
from zhenke.membership.rules.programme import Rules
from zhenke.staff.models import StaffMember
from zhenke.staff.rules import May


class RulesNoteForm(forms.Form):
    """What changes with a version, and why: refused when it is too long for the history, never cut."""

    note = forms.CharField(max_length=300, required=False)


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """Somebody who would win or lose, as the table shows it."""

    customer_id: int
    name: str
    from_points: int
    to_points: int
    reason: str


def rules_page(request: StaffRequest) -> HttpResponse:
    """Show the rules in force, and the versions before them."""
    held = rules_now()
    return redirect("membership") if held is None else _page(request, held, held.rules.to_plain())


def rules_preview(request: StaffRequest) -> HttpResponse:
    """Show what other rules would have done last year; the whole page when asked for without htmx."""
    held = rules_now()
    if held is None:
        return redirect("membership")
    rules = rules_from(request.GET, held.rules)
    if not request.htmx:
        return _page(request, held, rules)
    return render(request, "membership/_preview.html", _preview_words(request, held, rules))


def _page(request: StaffRequest, held: RulesNow, rules: dict[str, Any], *, wrong: str = "") -> HttpResponse:
    words = _preview_words(request, held, rules)
    versions = rules_versions()
    words |= {
        "page_title": _("Rules of the programme"),
        "held": held,
        "next_version": versions[0].version + 1,
        "fields": fields_of(words.get("tried") or held.rules),  # type: ignore[arg-type]
        "versions": versions,
        "may_publish": request.user.may(May.PUBLISH_PROGRAMME),
        "today": moment_of(request).today,
        "wrong": wrong or words.get("wrong", ""),
    }
    return render(request, "membership/rules.html", words, status=UNREADABLE if wrong else HTTPStatus.OK)


def _preview_words(request: StaffRequest, held: RulesNow, rules: dict[str, Any]) -> dict[str, object]:
    try:
        tried = Rules.from_plain(rules)
    except ProgrammeWrong as refusal:
        return {"wrong": wrong_words(refusal)}
    found = preview_rules(viewer=request.user, rules=rules, on=moment_of(request).today)
    if found is None:
        return {"tried": tried}
    return {
        "tried": tried,
        "found": found,
        "is_same": tried == held.rules,
        "title": _finding(found, is_same=tried == held.rules),
        "chart": _chart(found, held.rules, tried),
        "won": [_row(one, request.user, held.rules, tried) for one in found.won_most],
        "lost": [_row(one, request.user, held.rules, tried) for one in found.lost_most],
    }


def _finding(found: ProgrammePreview, *, is_same: bool) -> str:
    if is_same:
        return _("The last year's sales are worth %(points)s points, %(cost)s") % {
            "points": f"{found.points_today:,}",
            "cost": amount_words(found.cost_today_minor, found.currency),
        }
    change = found.cost_after_minor - found.cost_today_minor
    words = {
        "cost": amount_words(abs(change), found.currency),
        "won": f"{found.winners:,}",
        "lost": f"{found.losers:,}",
    }
    if change > 0:
        return _("%(cost)s dearer a year; %(won)s would win, %(lost)s would lose") % words
    if change < 0:
        return _("%(cost)s cheaper a year; %(won)s would win, %(lost)s would lose") % words
    return _("As dear as today; %(won)s would win, %(lost)s would lose") % words


def _chart(found: ProgrammePreview, held: Rules, tried: Rules) -> dict[str, object]:
    names: dict[str, str] = {tier.key: name_of(tier) for tier in (*held.tiers.levels, *tried.tiers.levels)}
    keys = [tier.key for tier in reversed(tried.tiers.levels)]
    keys += [tier.key for tier in held.tiers.levels if tier.key not in keys]
    series = [{"name": _("Today"), "values": [found.tiers_today.get(key, 0) for key in keys]}]
    if found.tiers_after != found.tiers_today:
        series.append({"name": _("Preview"), "values": [found.tiers_after.get(key, 0) for key in keys]})
    labels = [names[key] for key in keys]
    return {"kind": "rows", "labels": labels, "series": series, "unit": "", "label_title": _("Tier")}


def _row(one: Changed, viewer: StaffMember, held: Rules, tried: Rules) -> ChangedRow:
    if one.reason == "tier":
        words = {"old": name_of(held.tiers.of(one.from_tier)), "new": name_of(tried.tiers.of(one.to_tier))}
        reason = _("%(new)s instead of %(old)s") % words
    else:
        reason = _("another rate for %(kind)s") % {"kind": RATE_WORDS.get(one.reason) or category_word(one.reason)}
    name = seen_name(viewer=viewer, customer=one.customer) or _("Name not known")
    return ChangedRow(one.customer.pk, name, one.from_points, one.to_points, reason)


def rules_publish(request: StaffRequest) -> HttpResponse:
    """Make the rules of the page the next version, and judge everybody's tier by it."""
    held = rules_now()
    if held is None:
        return redirect("membership")
    rules = rules_from(request.POST, held.rules)
    form = RulesNoteForm(request.POST)
    if not form.is_valid():
        return _page(request, held, rules, wrong=" ".join(map(str, form.errors["note"])))
    try:
        made = publish_rules(rules=rules, note=form.cleaned_data["note"], by=request.user, now=moment_of(request).now)
    except ProgrammeWrong as refusal:
        return _page(request, held, rules, wrong=wrong_words(refusal))
    return _after(request, made.version, is_new=made.pk != held.id)


def rules_roll_back(request: StaffRequest, version: int) -> HttpResponse:
    """Publish an older version once more, and judge everybody's tier by it."""
    held = rules_now()
    note = _("Back to version %(version)d") % {"version": version}
    made = roll_back_rules(version=version, note=note, by=request.user, now=moment_of(request).now)
    return _after(request, made.version, is_new=held is None or made.pk != held.id)


def _after(request: StaffRequest, version: int, *, is_new: bool) -> HttpResponse:
    back = reverse("programme_rules")
    if not is_new:
        return told(request, _("These rules are in force already."), back=back)
    ask_for_review()
    text = _("Version %(version)d is in force; the tiers are being judged by it.") % {"version": version}
    return told(request, text, back=back)
