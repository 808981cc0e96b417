"""Forms of the pieces' sheets."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.catalogue.models import PieceOwner
from zhenke.catalogue.rules import (
    CATEGORIES,
    LABS,
    METALS,
    PURPOSES,
    SETTINGS,
    SHARE_HOURS,
    STONES,
    CertificateDraft,
    PieceDraft,
    StoneDraft,
    ValuationDraft,
)
from zhenke.doors.pages.widgets import DayField, MoneyField
from zhenke.doors.words.goods import CATEGORY_WORDS, METAL_WORDS, STONE_WORDS
from zhenke.doors.words.pieces import (
    HOW_WORDS,
    NATURE_WORDS,
    PURPOSE_WORDS,
    RECHECK_WORDS,
    SETTING_WORDS,
    SHOWS_WORDS,
)

Words = Mapping[str, Promise]
_NOT_KNOWN = ("", _("Not known"))
_SHARE_WORDS = {24: _("24 hours"), 168: _("7 days"), 720: _("30 days")}


def _choices(codes: Iterable[str], words: Words, known: str = "") -> list[tuple[str, Any]]:
    """Return codes with their words, and the shop's own word that a row has already."""
    own = [(known, known)] if known and known not in words else []
    return [_NOT_KNOWN, *((code, words[code]) for code in codes), *own]


def _weight(label: Any) -> forms.DecimalField:
    attrs = {"inputmode": "decimal", "class": "num", "autocomplete": "off"}
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=100_000,
        max_digits=9,
        decimal_places=3,
        required=False,
        widget=forms.NumberInput(attrs=attrs),
    )


def _text(label: Any, longest: int, **attrs: object) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


def thousandths(value: Decimal | None) -> int | None:
    """Return grams as milligrams, carats as thousandths."""
    return None if value is None else int(value * 1000)


class PieceForm(forms.Form):
    """What is known of a piece; numbers and weights only where they are shown whole."""

    name = forms.CharField(label=_("What is it?"), max_length=160, widget=forms.TextInput(attrs={"autofocus": True}))
    category = forms.ChoiceField(label=_("Category"), required=False)
    metal = forms.ChoiceField(label=_("Metal"), required=False)
    purity_permille = forms.IntegerField(label=_("Purity, ‰"), min_value=1, max_value=1000, required=False)
    serial = _text(_("Serial or barcode"), 60)
    gross = _weight(_("Weight, grams"))
    metal_weight = _weight(_("Metal alone, grams"))
    size = _text(pgettext_lazy("piece", "Size"), 40)
    setting = forms.ChoiceField(label=pgettext_lazy("piece", "Setting"), required=False)
    hallmark = _text(_("Hallmark"), 60)
    maker = _text(_("Made by"), 80)
    bought_date = DayField(label=_("Bought on"), required=False)
    warranty = _text(_("Warranty and free service"), 300)
    next_inspection_date = DayField(label=_("Next inspection"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid.uuid4().hex)

    def __init__(self, *args: Any, is_whole: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        known = {name: str(self.initial.get(name) or "") for name in ("category", "metal", "setting")}
        self.fields["category"].choices = _choices(CATEGORIES, CATEGORY_WORDS, known["category"])  # type: ignore[attr-defined]
        self.fields["metal"].choices = _choices(METALS, METAL_WORDS, known["metal"])  # type: ignore[attr-defined]
        self.fields["setting"].choices = _choices(SETTINGS, SETTING_WORDS, known["setting"])  # type: ignore[attr-defined]
        if not is_whole:
            for name in ("serial", "gross", "metal_weight"):
                del self.fields[name]

    def changes(self) -> dict[str, Any]:
        """Return what was given, by the names of PieceDraft."""
        given = dict(self.cleaned_data)
        given.pop("key", None)
        if "gross" in given:
            given["gross_mg"] = thousandths(given.pop("gross"))
            given["metal_mg"] = thousandths(given.pop("metal_weight"))
        return {name: value for name, value in given.items() if name in PieceDraft.__dataclass_fields__}


class NewPieceForm(PieceForm):
    """A piece bought elsewhere, with its main stone and its paper."""

    stone = forms.ChoiceField(label=_("Main stone"), required=False)
    carat = _weight(_("Its weight, carats"))
    lab = _text(_("Laboratory"), 40, list="labs", placeholder="GIA")
    number = _text(_("Certificate number"), 60)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["stone"].choices = _choices(STONES, STONE_WORDS)  # type: ignore[attr-defined]
        self.labs = LABS

    def clean(self) -> dict[str, Any]:
        """A paper has a laboratory and a number."""
        given = super().clean() or self.cleaned_data
        if bool(given.get("lab")) != bool(given.get("number")):
            missing = "number" if given.get("lab") else "lab"
            self.add_error(missing, _("A certificate has a laboratory and a number."))
        return given

    def stones(self) -> list[StoneDraft]:
        """Return the main stone, if one was named."""
        given = self.cleaned_data
        return [StoneDraft(given["stone"], carat_thousandths=thousandths(given["carat"]))] if given["stone"] else []

    def certificates(self) -> list[CertificateDraft]:
        """Return the paper, if one was named."""
        given = self.cleaned_data
        return [CertificateDraft(given["lab"], given["number"])] if given["lab"] else []


class StoneForm(forms.Form):
    """One stone; the boxes of jade are for jade."""

    kind = forms.ChoiceField(label=_("Stone"))
    nature = forms.ChoiceField(
        label=_("Natural?"), choices=[_NOT_KNOWN, *NATURE_WORDS.items()], required=False, widget=forms.RadioSelect
    )
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=9999, initial=1)
    carat = _weight(_("Carats"))
    shape = _text(pgettext_lazy("stone", "Shape"), 24)
    colour = _text(pgettext_lazy("stone", "Colour"), 24)
    clarity = _text(pgettext_lazy("stone", "Clarity"), 24)
    cut = _text(pgettext_lazy("stone", "Cut"), 24)
    polish = _text(pgettext_lazy("stone", "Polish"), 24)
    symmetry = _text(pgettext_lazy("stone", "Symmetry"), 24)
    fluorescence = _text(pgettext_lazy("stone", "Fluorescence"), 24)
    measurements = _text(pgettext_lazy("stone", "Measurements"), 40)
    origin = _text(pgettext_lazy("stone", "Origin"), 40)
    jade_texture = _text(pgettext_lazy("jade", "Texture"), 24, placeholder="冰种")
    jade_water = _text(pgettext_lazy("jade", "Water"), 24, placeholder="两分水")
    jade_colour = _text(pgettext_lazy("jade", "Colour"), 24, placeholder="飘花")
    jade_type = _text(pgettext_lazy("jade", "Type"), 24, placeholder="A")
    position = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=99, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = str(self.initial.get("kind") or "")
        self.fields["kind"].choices = _choices(STONES, STONE_WORDS, known)[1:]  # type: ignore[attr-defined]

    def draft(self) -> StoneDraft:
        """Return the stone."""
        given = dict(self.cleaned_data)
        given.pop("position", None)
        carat = given.pop("carat")
        return StoneDraft(**given, carat_thousandths=thousandths(carat))


class CertificateForm(forms.Form):
    """One paper of a laboratory."""

    lab = forms.CharField(label=_("Laboratory"), max_length=40, widget=forms.TextInput(attrs={"list": "labs"}))
    number = forms.CharField(label=_("Certificate number"), max_length=60)
    issued_date = DayField(label=_("Issued on"), required=False)
    check_url = forms.URLField(label=_("Link to check it"), max_length=300, required=False, assume_scheme="https")
    inscription = _text(_("Inscription"), 60)
    is_original = forms.BooleanField(label=_("The original is there, not a copy"), required=False, initial=True)
    recheck = forms.ChoiceField(label=_("Checked again?"), choices=list(RECHECK_WORDS.items()), required=False)
    labs = LABS

    def draft(self) -> CertificateDraft:
        """Return the paper."""
        return CertificateDraft(**self.cleaned_data)


class InspectionForm(forms.Form):
    """What was seen, and when to look again."""

    on_date = DayField(label=_("Looked at on"))
    seen = forms.CharField(
        label=_("What was seen"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    next_date = DayField(label=_("Look again on"))


class ValuationForm(forms.Form):
    """What a piece is worth, for a purpose."""

    purpose = forms.ChoiceField(
        label=_("What for"), choices=[(code, PURPOSE_WORDS[code]) for code in PURPOSES], widget=forms.RadioSelect
    )
    value = MoneyField(label=pgettext_lazy("valuation", "Value"))
    on_date = DayField(label=_("Valued on"))
    valid_until_date = DayField(label=_("Valid until"), required=False)
    insurer = _text(_("Insurer"), 80)
    policy = _text(_("Policy number"), 60)

    def draft(self, currency: str) -> ValuationDraft:
        """Return the valuation."""
        given = dict(self.cleaned_data)
        return ValuationDraft(value_minor=given.pop("value"), currency=currency, **given)


class HandOnForm(forms.Form):
    """To whom a piece goes, how and when."""

    to = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    how = forms.ChoiceField(
        label=_("How"),
        choices=[(kind.value, HOW_WORDS[kind.value]) for kind in PieceOwner.How if kind != PieceOwner.How.RETURNED],
        widget=forms.RadioSelect,
        initial="gift",
    )
    on_date = DayField(label=pgettext_lazy("piece", "When"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on_date"].widget.attrs["max"] = today.isoformat()
        self._today = today

    def clean_on_date(self) -> date:
        """A piece has changed hands today at the latest."""
        day: date = self.cleaned_data["on_date"]
        if day > self._today:
            raise forms.ValidationError(_("This day is still to come."))
        return day


class MeantForForm(forms.Form):
    """Whom a piece is for, and until when she must not know."""

    to = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    until_date = DayField(
        label=_("Secret until"), required=False, help_text=_("Until this day nothing of it shows on the other archive.")
    )


class ShareForm(forms.Form):
    """What a link shows, and for how long."""

    shows = forms.MultipleChoiceField(
        label=_("It shows"),
        choices=list(SHOWS_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=list(SHOWS_WORDS),
    )
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        choices=[(hours, _SHARE_WORDS[hours]) for hours in SHARE_HOURS],
        coerce=int,
        widget=forms.RadioSelect,
        initial=SHARE_HOURS[1],
    )


class PhotoForm(forms.Form):
    """A photo on its way in."""

    photo = forms.FileField(
        label=_("Photo"), widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    )
