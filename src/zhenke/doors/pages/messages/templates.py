"""Views of the texts of messages: what is in force, a new version with its preview and a sample, a former one."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.errors import BadInput, RuleBroken
from zhenke.basics.ids import new_id
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.doors.words.messages import KIND_WORDS, WAY_OUT_WORDS, template_word
from zhenke.journeys.deliver_messages import deliver_sample
from zhenke.messaging.channels import channels_of
from zhenke.messaging.models import TemplateVersion
from zhenke.messaging.operations.templates import publish_template, roll_back_template
from zhenke.messaging.queries.templates import template_for, template_versions, templates_in_force
from zhenke.messaging.rules.letters import Answer, Letter
from zhenke.messaging.rules.templates import FIELDS, LONGEST, LONGEST_CODE, LONGEST_SUBJECT, Wording, preview
from zhenke.settings import INSTALLATION
from zhenke.staff.models import StaffMember
from zhenke.staff.rules import May

LANGUAGE_WORDS = {"en": "English", "zh-hans": "简体中文"}
_NAMED = {"template_field_unknown": "words", "opt_out_missing": "words"}


class WordingForm(forms.Form):
    """A new version of one text."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT)
    words = forms.CharField(
        label=pgettext_lazy("message", "Text"),
        max_length=max(LONGEST.values()),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    provider_code = forms.CharField(
        label=gettext_lazy("Number at the SMS provider"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=gettext_lazy("Such as SMS_123456789; without it no SMS goes out. The provider sends its own text."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: object, channel: str, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        del self.fields["provider_code" if channel == "email" else "subject"]

    def wording(self, about: TemplateVersion) -> Wording:
        """Return what was written, as a wording of this template."""
        told = self.cleaned_data
        subject, code = told.get("subject", ""), told.get("provider_code", "")
        return Wording(about.key, about.kind, about.channel, about.language, told["words"], subject, code)


def message_templates(request: StaffRequest) -> HttpResponse:
    """List the texts in force. One query."""
    rows = [
        {
            "template": one,
            "name": template_word(one.key),
            "about": _about(one),
            "lacks_code": one.channel == "sms" and not one.provider_code,
        }
        for one in templates_in_force()
    ]
    return render(request, "messages/templates.html", {"page_title": _("Texts of messages"), "rows": rows})


def message_template(request: StaffRequest, template_id: int) -> HttpResponse:
    """Show one text with its versions; show a preview, send a sample to who writes it, or put it in force."""
    about = template_for(id=template_id)
    versions = template_versions(key=about.key, channel=about.channel, language=about.language)
    if request.method == "GET":
        current = versions[0]
        kept = {name: getattr(current, name) for name in ("subject", "words", "provider_code", "version")}
        return _page(request, versions, WordingForm(initial=kept, channel=about.channel))
    form = WordingForm(request.POST, channel=about.channel)
    if not form.is_valid():
        return _page(request, versions, form)
    act, wording = request.POST.get("act"), form.wording(about)
    try:
        if act != "publish":
            seen = preview(wording)
            said = _sample(request.user, wording, seen) if act == "sample" else ""
            return _page(request, versions, form, seen=seen, said=said)
        made = publish_template(
            wording=wording,
            follows=form.cleaned_data["version"] or None,
            by=request.user,
            now=moment_of(request).now,
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal, _NAMED)
        return _page(request, versions, form)
    return _in_force(request, made)


def message_template_again(request: StaffRequest, template_id: int) -> HttpResponse:
    """Put the words of a former version in force again."""
    made = roll_back_template(version=template_for(id=template_id), by=request.user, now=moment_of(request).now)
    return _in_force(request, made)


def _in_force(request: StaffRequest, made: TemplateVersion) -> HttpResponse:
    words = _("Version %(version)d is in force.") % {"version": made.version}
    return told(request, words, back=reverse("message_template", args=[made.pk]))


def _about(one: TemplateVersion) -> str:
    return " · ".join((str(KIND_WORDS[one.kind]), str(WAY_OUT_WORDS[one.channel]), LANGUAGE_WORDS[one.language]))


def _sample(member: StaffMember, wording: Wording, seen: tuple[str, str]) -> str:
    """Send the preview to the member's own address; return what came of it, in words."""
    channel = channels_of(INSTALLATION).get("email") if wording.channel == "email" else None
    if channel is None:
        return _("A sample goes by e-mail only, and e-mail is not set up here or this is an SMS.")
    if not member.email:
        return _("Your account has no e-mail address to send it to.")
    outcome = deliver_sample(channel=channel, letter=Letter(new_id(), "email", member.email, *seen))
    if outcome.answer == Answer.ACCEPTED:
        return _("A sample is on its way to your own address.")
    return _("The mail server did not take the sample (%(code)s).") % {"code": outcome.code}


def _page(
    request: StaffRequest,
    versions: list[TemplateVersion],
    form: WordingForm,
    *,
    seen: tuple[str, str] | None = None,
    said: str = "",
) -> HttpResponse:
    current = versions[0]
    is_wrong = form.is_bound and seen is None
    words = {
        "page_title": template_word(current.key),
        "about": _about(current),
        "template": current,
        "form": form,
        "fields": [f"{{{name}}}" for name in FIELDS],
        "seen": seen,
        "said": said,
        "versions": versions,
        "is_email": current.channel == "email",
        "may_edit": request.user.may(May.EDIT_SETTINGS),
        "came_with": _("came with Zhenke"),
        "today": moment_of(request).today,
    }
    return render(request, "messages/template.html", words, status=UNREADABLE if is_wrong else HTTPStatus.OK)
