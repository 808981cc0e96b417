"""Forms of a sale: its head, one form for each line, and what comes back of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.basics.money import Money
from zhenke.catalogue.models import Style
from zhenke.doors.pages.widgets import MomentField, MoneyField
from zhenke.sales.models import SaleLine
from zhenke.sales.rules import LineSlip, ReturnLine

KNOWN, NEW, NOBODY = "known", "new", "nobody"


def gift_tick(label: Any) -> forms.BooleanField:
    """Return the tick "it is a gift", which asks for whom."""
    attrs = {
        "hx-get": reverse_lazy("sale_recipient"),
        "hx-trigger": "change",
        "hx-target": "#recipient",
        "hx-include": "[data-gift], [name=customer], [name=gift_for]",
        "data-gift": "",
    }
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(attrs=attrs))


class SaleForm(forms.Form):
    """The head of a sale: who bought, when, and what is to be remembered."""

    buyer = forms.ChoiceField(choices=[(KNOWN, ""), (NEW, ""), (NOBODY, "")], required=False)
    customer = forms.CharField(max_length=20, required=False)
    new_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120, required=False)
    new_phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    sold_at = MomentField(label=pgettext_lazy("sale", "When"))
    advisor = forms.ChoiceField(label=gettext_lazy("Sold by"), required=False)
    number = forms.CharField(label=gettext_lazy("Receipt number"), max_length=60, required=False)
    spend_points = forms.IntegerField(
        label=gettext_lazy("Points to spend"),
        required=False,
        min_value=0,
        max_value=1_000_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "num"}),
    )
    coupon = forms.CharField(label=gettext_lazy("Coupon"), max_length=20, required=False)
    is_gift = gift_tick(gettext_lazy("It is a gift"))
    note = forms.CharField(
        label=pgettext_lazy("sale", "Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: object, sellers: list[tuple[str, str]] | None = None, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["advisor"].choices = sellers or [("", "")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """A known buyer must be chosen, a new one named."""
        given = super().clean() or self.cleaned_data
        customer = str(given.get("customer", ""))
        if given.get("buyer") == KNOWN and not (customer.isdecimal() and len(customer) < 20):
            self.add_error("customer", _("Choose the customer, or say that it is nobody known."))
        if given.get("buyer") == NEW and not (given.get("new_name") or given.get("new_phone")):
            self.add_error("new_name", _("Give at least a name or a phone."))
        coupon = str(given.get("coupon", ""))
        if coupon and not (coupon.isascii() and coupon.isdecimal() and given.get("buyer") == KNOWN):
            self.add_error("coupon", _("A coupon is used by the customer who holds it."))
        return given


class LineForm(forms.Form):
    """One line. A style sold by gram asks for weight and price by gram, and multiplies them if no amount is given."""

    style_no = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    description = forms.CharField(label=gettext_lazy("What it is"), max_length=160, required=False)
    quantity = forms.IntegerField(
        label=gettext_lazy("Pieces"),
        min_value=1,
        max_value=9999,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "num"}),
    )
    weight = forms.DecimalField(
        label=gettext_lazy("Weight"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=3,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "class": "num", "data-sum": "weight", "autocomplete": "off"}
        ),
    )
    per_gram = MoneyField(label=gettext_lazy("By gram"), required=False, sums="per-gram")
    amount = MoneyField(label=pgettext_lazy("sale", "Paid"), required=False, sums="amount")
    is_gift = gift_tick(pgettext_lazy("piece", "Gift"))

    def __init__(self, *args: object, style: Style | None, currency: str, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.style, self.by_gram = style, style is not None and style.price_mode == Style.PriceMode.GRAM
        for name in ("per_gram", "amount"):
            self.fields[name].currency = currency  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Fill the amount from weight and price by gram; refuse a line that says too little."""
        given = super().clean() or self.cleaned_data
        weight, per_gram = given.get("weight"), given.get("per_gram")
        if self.by_gram and not weight and "weight" not in self.errors:
            self.add_error("weight", _("A piece sold by gram needs its weight."))
        if given.get("amount") is None and "amount" not in self.errors:
            if weight and per_gram:
                given["amount"] = int((Decimal(weight) * per_gram).quantize(Decimal(1)))
            else:
                self.add_error("amount", _("The amount is missing."))
        if self.style is None and not given.get("description"):
            self.add_error("description", _("Say what it is."))
        return given

    def slip(self) -> LineSlip:
        """Return the line as the sales room takes it."""
        given, style = self.cleaned_data, self.style
        weight = given.get("weight")
        tag = style.tag_price_minor if style and not self.by_gram else None
        return LineSlip(
            amount_minor=given["amount"],
            quantity=given["quantity"],
            style_no=style.style_no if style else "",
            description="" if style else given["description"],
            weight_mg=int(weight * 1000) if weight else None,
            tag_minor=tag * given["quantity"] if tag else None,
            is_gift=given["is_gift"],
            line_key=str(self.prefix),
        )


def first_values(style: Style | None, currency: str) -> dict[str, object]:
    """Return what a new line begins with: the tag's price of a style at a fixed price, the weight of one piece."""
    if style is None:
        return {"quantity": 1}
    values: dict[str, object] = {"quantity": 1, "style_no": style.style_no}
    if style.price_mode == Style.PriceMode.GRAM:
        if style.weight_mg:
            values["weight"] = f"{style.weight_mg / 1000:.3f}".rstrip("0").rstrip(".")
    elif style.tag_price_minor:
        values["amount"] = str(Money(style.tag_price_minor, currency).amount)
    return values


class BackForm(forms.Form):
    """What comes back of one bought line; 0 pieces means it stays."""

    quantity = forms.IntegerField(
        label=gettext_lazy("Come back"),
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "num"}),
    )
    amount = MoneyField(label=gettext_lazy("Paid back"), required=False)

    def __init__(self, *args: object, line: SaleLine, left: int, currency: str, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.line, self.left = line, left
        self.fields["amount"].currency = currency  # type: ignore[attr-defined]
        self.fields["quantity"].max_value = left  # type: ignore[attr-defined]
        self.fields["quantity"].widget.attrs["max"] = left
        self.fields["amount"].widget.attrs["placeholder"] = _("its share")

    def slip(self) -> ReturnLine | None:
        """Return what comes back, None if nothing does."""
        given = self.cleaned_data
        if not given["quantity"]:
            return None
        return ReturnLine(line_key=self.line.line_key, quantity=given["quantity"], amount_minor=given["amount"])
