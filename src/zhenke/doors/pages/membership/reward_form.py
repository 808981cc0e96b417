"""Forms of the mall: one reward, and the days on which it is cheaper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.basics.money import Money
from zhenke.doors.pages.widgets import DayField, MoneyField
from zhenke.doors.words.membership import name_of
from zhenke.doors.words.rewards import KIND_WORDS
from zhenke.membership.models import Reward
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.rewards import MOST_POINTS, MOST_STOCK, RewardDraft

FIELDS = {"cost_minor": "cost"}


def _tiers() -> list[tuple[str, str]]:
    held = rules_now()
    return [(tier.key, name_of(tier)) for tier in held.rules.tiers.levels] if held else []


def _count(label: Any, low: int, high: int, help_text: Any = "", *, is_needed: bool = True) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "num"})
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, required=is_needed, widget=widget, help_text=help_text
    )


def _text(label: Any, longest: int, *, is_needed: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=is_needed, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class RewardForm(forms.Form):
    """One reward."""

    kind = forms.ChoiceField(label=pgettext_lazy("reward", "Kind"), choices=list(KIND_WORDS.items()))
    name_zh = _text(_("Name in Chinese"), 60)
    name = _text(_("Name in English"), 60)
    note_zh = _text(_("One line about it, in Chinese"), 200, is_needed=False)
    note = _text(_("One line about it, in English"), 200, is_needed=False)
    points = _count(_("Points"), 1, MOST_POINTS)
    cost = MoneyField(label=_("What one costs the house"))
    stock = _count(_("How many there are in all"), 0, MOST_STOCK, _("Empty: no end of them"), is_needed=False)
    per_person = _count(_("How often one member may"), 0, 1_000, _("0: no limit"))
    hold_days = _count(_("Days it is put aside for"), 1, 366)
    first_date = DayField(label=_("First day"))
    last_date = DayField(label=_("Last day"), required=False)
    tiers = forms.MultipleChoiceField(
        label=_("Only for"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: everybody")
    )
    goes_with = forms.CharField(
        label=_("Goes with"),
        max_length=300,
        required=False,
        help_text=_("Categories, metals or stones by their codes, with commas: it is recommended to who has them."),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["tiers"].choices = _tiers()  # type: ignore[attr-defined]

    def draft(self) -> RewardDraft:
        """Return the reward as the form says it."""
        given = dict(self.cleaned_data)
        words = [word.strip() for word in given.pop("goes_with").replace("，", ",").split(",")]
        return RewardDraft(cost_minor=given.pop("cost"), goes_with=[word for word in words if word], **given)


def first_of(reward: Reward) -> dict[str, object]:
    """Return a reward as the form shows it."""
    known: dict[str, object] = {name: getattr(reward, name) for name in RewardForm.base_fields if name != "cost"}
    cost = str(Money(reward.cost_minor, reward.currency).amount)
    return {**known, "cost": cost, "goes_with": ", ".join(reward.goes_with)}


class OfferForm(forms.Form):
    """Days on which a reward costs fewer points."""

    offer_points = _count(_("Points in these days"), 1, MOST_POINTS)
    offer_first = DayField(label=_("From"))
    offer_last = DayField(label=_("To"))
    offer_tiers = forms.MultipleChoiceField(
        label=_("Only for"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: everybody")
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["offer_tiers"].choices = _tiers()  # type: ignore[attr-defined]
