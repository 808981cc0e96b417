"""Forms of shops: a new node of the tree, its hours by week day, and what happens to days that a year lacks."""

from __future__ import annotations

import re
import zoneinfo
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.queries import shops_within
from zhenke.staff.rules import WEEK_DAYS

KIND_WORDS: dict[str, Promise] = {
    "brand": gettext_lazy("Brand"),
    "region": gettext_lazy("Region"),
    "shop": gettext_lazy("Shop"),
}
DAY_WORDS: dict[str, Promise] = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
_FIRST_ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Europe/London")
_SPAN = re.compile(r"\s*(\d{1,2})[:：](\d{2})\s*[-–—~至到]\s*(\d{1,2})[:：](\d{2})\s*")


def zone_choices() -> list[tuple[str, str]]:
    """Return the time zones, those that shops are in first."""
    others = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and zone not in _FIRST_ZONES)
    return [(zone, zone.replace("_", " ")) for zone in (*_FIRST_ZONES, *others)]


def hours_text(intervals: list[list[str]]) -> str:
    """Return the intervals of one day as they are written: 10:00–13:00, 14:00–21:30."""
    return ", ".join(f"{start}–{end}" for start, end in intervals)


def hours_from(text: str) -> list[list[str]]:
    """Return the intervals that a text names. Errors: ValidationError."""
    if not text.strip():
        return []
    intervals = []
    for part in re.split(r"[,，;；、]", text):
        found = _SPAN.fullmatch(part)
        if not found:
            raise forms.ValidationError(_("Write it like 10:00–21:30, or leave it empty when closed."))
        intervals.append([f"{int(found[1]):02d}:{found[2]}", f"{int(found[3]):02d}:{found[4]}"])
    return intervals


class HoursField(forms.CharField):
    """The opening hours of one week day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=60, **options)
        self.widget.attrs.update({"placeholder": _("closed"), "inputmode": "text"})

    def clean(self, value: object) -> list[list[str]]:
        """Return the intervals."""
        return hours_from(super().clean(value))


class ShopForm(forms.Form):
    """What may change about a node."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    city = forms.CharField(label=gettext_lazy("City"), max_length=60, required=False)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zone_choices)
    currency = forms.CharField(label=gettext_lazy("Currency"), min_length=3, max_length=3)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for day in WEEK_DAYS:
            self.fields[f"hours_{day}"] = HoursField(label=DAY_WORDS[day])

    @classmethod
    def of(cls, shop: Shop) -> ShopForm:
        """Return the form with what is kept."""
        hours = {f"hours_{day}": hours_text(shop.hours.get(day, [])) for day in WEEK_DAYS}
        kept = {name: getattr(shop, name) for name in ("name", "city", "time_zone", "currency")}
        return cls(initial={**kept, **hours, **shop.date_rules})

    def hours(self) -> dict[str, list[list[str]]]:
        """Return the opening hours by week day, closed days left out."""
        given = {day: self.cleaned_data[f"hours_{day}"] for day in WEEK_DAYS}
        return {day: intervals for day, intervals in given.items() if intervals}

    def hour_fields(self) -> list[forms.BoundField]:
        """Return the fields of the week."""
        return [self[f"hours_{day}"] for day in WEEK_DAYS]

    def plain(self) -> dict[str, object]:
        """Return the changes that the form asks for."""
        names = ("name", "city", "time_zone", "currency")
        return {**{name: self.cleaned_data[name] for name in names}, "hours": self.hours()}


class BrandForm(ShopForm):
    """A brand also says what becomes of days that a year lacks."""

    feb29 = forms.ChoiceField(
        label=gettext_lazy("29 February in other years"),
        choices=(("before", gettext_lazy("28 February")), ("after", gettext_lazy("1 March"))),
        widget=forms.RadioSelect,
        initial="before",
    )
    missing30 = forms.ChoiceField(
        label=gettext_lazy("The 30th of a lunar month that has 29 days"),
        choices=(("before", gettext_lazy("the 29th")), ("after", gettext_lazy("the first of the next month"))),
        widget=forms.RadioSelect,
        initial="before",
    )

    def plain(self) -> dict[str, object]:
        """Return the changes that the form asks for."""
        rules = {name: self.cleaned_data[name] for name in ("feb29", "missing30")}
        return {**super().plain(), "date_rules": rules}


class NewShopForm(ShopForm):
    """A new node: also its code, kind and the node above it."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=40, help_text=gettext_lazy("Short, as the till and files name it")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[(kind, KIND_WORDS[kind]) for kind in ("shop", "region")],
        initial="shop",
    )
    parent: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Belongs to"), queryset=None, empty_label=None
    )

    def __init__(self, *args: Any, viewer: StaffMember, **options: Any) -> None:
        super().__init__(*args, **options)
        nodes = shops_within(viewer=viewer).exclude(kind=Shop.Kind.SHOP)
        self.fields["parent"].queryset = nodes  # type: ignore[attr-defined]
