"""Form fields that the desk's forms share."""

from __future__ import annotations

from django import forms


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
