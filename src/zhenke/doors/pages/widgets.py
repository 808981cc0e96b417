"""Form fields that the desk's forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhenke.basics.errors import BadInput
from zhenke.basics.money import parse_money
from zhenke.doors.words_errors import sentence_of


class DayField(forms.DateField):
    """A day, as the browser's own calendar writes it, whatever the language of the page."""

    def __init__(self, **options: object) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)  # type: ignore[arg-type]


class MomentField(forms.DateTimeField):
    """A day and a time of the shop, as the browser's own calendar writes them."""

    def __init__(self, **options: object) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **options)  # type: ignore[arg-type]


class MoneyField(forms.CharField):
    """An amount as people type it, read exactly into minor units of the form's currency."""

    def __init__(self, *, label: Any = None, required: bool = True, sums: str = "", currency: str = "CNY") -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "num", "data-sum": sums}
        self.currency = currency
        super().__init__(label=label, required=required, max_length=24, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: object) -> int | None:
        """Return minor units, None for an empty box that may be empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_money(text, self.currency)
        except BadInput as refusal:
            raise ValidationError(sentence_of(refusal)) from None
        if amount.minor < 0:
            raise ValidationError(_("An amount is 0 or more."))
        return amount.minor
