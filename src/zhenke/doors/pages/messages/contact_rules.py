"""Views of the contact rules: quiet hours, how often, and their versions."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.messaging.models import ContactRulesVersion
from zhenke.messaging.operations.contact_rules import publish_contact_rules, roll_back_contact_rules
from zhenke.messaging.queries.contact_rules import contact_rules, contact_rules_versions
from zhenke.messaging.rules.contact_rules import ContactRules
from zhenke.staff.rules import May

_MOST = 31


def _hour(label: object) -> forms.TimeField:
    box = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, widget=box)  # type: ignore[arg-type]


class RulesForm(forms.Form):
    """Hours and numbers of a new version."""

    sms_from = _hour(gettext_lazy("SMS from"))
    sms_until = _hour(gettext_lazy("SMS until"))
    email_from = _hour(gettext_lazy("E-mail from"))
    email_until = _hour(gettext_lazy("E-mail until"))
    marketing_a_month = forms.IntegerField(
        label=gettext_lazy("Advertising in 30 days, over all channels"), min_value=0, max_value=_MOST
    )
    sms_a_month = forms.IntegerField(label=gettext_lazy("Of these and of care, SMS"), min_value=0, max_value=_MOST)
    care_a_week = forms.IntegerField(label=gettext_lazy("Care messages in 7 days"), min_value=0, max_value=_MOST)

    def rules(self) -> ContactRules:
        """Return the rules that were written."""
        told = self.cleaned_data
        hours = {
            channel: (f"{told[f'{channel}_from']:%H:%M}", f"{told[f'{channel}_until']:%H:%M}")
            for channel in ("sms", "email")
        }
        return ContactRules(hours, told["marketing_a_month"], told["sms_a_month"], told["care_a_week"])


def message_rules(request: StaffRequest) -> HttpResponse:
    """Show the rules in force with their versions; publish new ones."""
    if request.method == "GET":
        return _page(request, RulesForm(initial=_plain(contact_rules())))
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        made = publish_contact_rules(rules=form.rules(), by=request.user, now=moment_of(request).now)
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, {"hours_sms": "sms_until", "hours_email": "email_until"})
        return _page(request, form)
    return _in_force(request, made)


def message_rules_again(request: StaffRequest, version: int) -> HttpResponse:
    """Put a former version in force again."""
    return _in_force(request, roll_back_contact_rules(version=version, by=request.user, now=moment_of(request).now))


def _in_force(request: StaffRequest, made: ContactRulesVersion) -> HttpResponse:
    words = _("Version %(version)d is in force.") % {"version": made.version}
    return told(request, words, back=reverse("message_rules"))


def _plain(rules: ContactRules) -> dict[str, object]:
    hours = {
        f"{channel}_{end}": rules.hours[channel][place]
        for channel in ("sms", "email")
        for place, end in enumerate(("from", "until"))
    }
    counts = ("marketing_a_month", "sms_a_month", "care_a_week")
    return {**hours, **{name: getattr(rules, name) for name in counts}}


def _page(request: StaffRequest, form: RulesForm) -> HttpResponse:
    words = {
        "page_title": _("Contact rules"),
        "form": form,
        "versions": contact_rules_versions(),
        "may_edit": request.user.may(May.EDIT_SETTINGS),
        "today": moment_of(request).today,
    }
    return render(request, "messages/rules.html", words, status=UNREADABLE if form.is_bound else HTTPStatus.OK)
