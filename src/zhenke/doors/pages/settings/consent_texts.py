"""Views of the texts of consent: what is in force with how many yes, a new version with its preview, a former one."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.customers.models import ConsentText
from zhenke.customers.operations.consent_texts import LONGEST_TEXT, publish_consent_text, republish_consent_text
from zhenke.customers.queries.consent_texts import consent_texts, yes_counts
from zhenke.customers.rules.consent import PURPOSES
from zhenke.doors.pages.staff_request import UNREADABLE, StaffRequest, moment_of, refuse, told
from zhenke.doors.words.consent import PURPOSE_WORDS, WAY_WORDS, text_words

_LINES = 5


class TextForm(forms.Form):
    """A new version of one text, in both languages."""

    zh = forms.CharField(
        label=gettext_lazy("Text, Chinese"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": _LINES})
    )
    en = forms.CharField(
        label=gettext_lazy("Text, English"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": _LINES})
    )
    meaning = forms.ChoiceField(
        label=gettext_lazy("What has changed?"),
        choices=[
            ("same", gettext_lazy("The wording only: every yes goes on counting")),
            ("new", gettext_lazy("The meaning: every yes ends, and is asked for again")),
        ],
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def words(self) -> dict[str, str]:
        """Return the text by language."""
        return {"zh-hans": self.cleaned_data["zh"], "en": self.cleaned_data["en"]}


def settings_consents(request: StaffRequest) -> HttpResponse:
    """Show the text in force of each purpose, and how many have said yes to it."""
    counts = yes_counts(viewer=request.user)
    current = {text.purpose: text for text in reversed(consent_texts(viewer=request.user))}
    rows = []
    for code in PURPOSES:
        text = current.get(code)
        said = {version: count for (purpose, version), count in counts.items() if purpose == code}
        holding = sum(count for version, count in said.items() if text is not None and version >= text.holds_from)
        row = {"code": code, "name": PURPOSE_WORDS[code], "text": text, "words": text_words(text)}
        rows.append(row | {"yes": holding, "to_ask": sum(said.values()) - holding})
    return render(request, "settings/consents.html", {"page_title": _("Texts of consent"), "rows": rows})


def settings_consent(request: StaffRequest, purpose: str) -> HttpResponse:
    """Show one text with its history; show a preview of a new version, or put it in force."""
    versions = _versions(request, purpose)
    current = versions[0] if versions else None
    if request.method == "GET":
        kept = {"zh": current.words["zh-hans"], "en": current.words["en"]} if current else {}
        return _page(
            request, purpose, versions, TextForm(initial={**kept, "version": current.version if current else 0})
        )
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, purpose, versions, form)
    if request.POST.get("act") == "preview":
        return _page(request, purpose, versions, form, preview=form.words())
    try:
        text = publish_consent_text(
            purpose=purpose,
            words=form.words(),
            is_new_meaning=form.cleaned_data["meaning"] == "new",
            follows=form.cleaned_data["version"] or None,
            by=request.user,
            now=moment_of(request).now,
        )
    except (BadInput, RuleBroken) as refusal:
        refuse(form, refusal)
        return _page(request, purpose, versions, form)
    return _in_force(request, text)


def settings_consent_again(request: StaffRequest, purpose: str, version: int) -> HttpResponse:
    """Put the words of a former version in force again."""
    former = next((one for one in _versions(request, purpose) if one.version == version), None)
    if former is None:
        raise NotFound(kind="consent_text")
    return _in_force(request, republish_consent_text(text=former, by=request.user, now=moment_of(request).now))


def _in_force(request: StaffRequest, text: ConsentText) -> HttpResponse:
    words = _("Version %(version)d is in force.") % {"version": text.version}
    return told(request, words, back=reverse("settings_consent", args=[text.purpose]))


def _versions(request: StaffRequest, purpose: str) -> list[ConsentText]:
    if purpose not in PURPOSES:
        raise NotFound(kind="consent_text")
    return consent_texts(viewer=request.user, purpose=purpose)


def _page(
    request: StaffRequest,
    purpose: str,
    versions: list[ConsentText],
    form: TextForm,
    preview: dict[str, str] | None = None,
) -> HttpResponse:
    counts = yes_counts(viewer=request.user, purpose=purpose)
    holds_from = versions[0].holds_from if versions else 1
    history = [
        {
            "text": one,
            "words": text_words(one),
            "yes": counts[(purpose, one.version)],
            "counts": one.version >= holds_from,
            "is_new_meaning": one.holds_from == one.version,
        }
        for one in versions
    ]
    is_wrong = form.is_bound and preview is None
    words = {
        "page_title": PURPOSE_WORDS[purpose],
        "purpose": purpose,
        "form": form,
        "history": history,
        "preview": [preview["zh-hans"], preview["en"]] if preview else [],
        "ends": preview is not None and form.cleaned_data["meaning"] == "new",
        "yes_now": sum(count for (_code, version), count in counts.items() if version >= holds_from),
        "ways": [WAY_WORDS[way] for way in ("wechat", "sms", "phone")] if PURPOSES[purpose].by_channel else [],
        "today": moment_of(request).today,
    }
    return render(request, "settings/consent.html", words, status=UNREADABLE if is_wrong else HTTPStatus.OK)
