"""Forms of imports: which file, and what holds for all of its rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhenke.doors.pages.imports.columns import WEIGHT_UNITS
from zhenke.staff.models import Shop, StaffMember
from zhenke.staff.queries import shops_within


class ShopField(forms.ModelChoiceField):
    """One of the shops that the viewer sees and that are open."""

    def of(self, viewer: StaffMember) -> None:
        """Offer the viewer's shops; in a house without any, its nodes."""
        nodes = shops_within(viewer=viewer).filter(closed_at=None)
        shops = nodes.filter(kind=Shop.Kind.SHOP)
        self.queryset = shops if shops.exists() else nodes
        self.empty_label = None
        self.initial = viewer.shop_id if viewer.shop.kind == Shop.Kind.SHOP else None


class UploadForm(forms.Form):
    """A file, what it is about, and whose rows they are that name no shop."""

    subject = forms.ChoiceField(
        label=gettext_lazy("What is in it?"),
        choices=(("customers", gettext_lazy("Customers")), ("sales", pgettext_lazy("file", "Sales"))),
        initial="customers",
    )
    shop = ShopField(
        label=gettext_lazy("Shop"), queryset=None, help_text=gettext_lazy("Rows that name no shop belong to this one.")
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.gz"}),
        error_messages={"required": gettext_lazy("Choose a file first."), "empty": gettext_lazy("The file is empty.")},
    )

    def __init__(self, *args: Any, viewer: StaffMember, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["shop"].of(viewer)  # type: ignore[attr-defined]

    def refuse_size(self) -> None:
        """Say that the file is larger than this page takes."""
        words = {"limit": settings.INSTALLATION.upload_limit_mb}
        self.is_bound, self.data, self.files = True, {}, {}  # type: ignore[assignment]
        self.full_clean()
        self.errors.clear()
        self.add_error("file", _("The file is larger than %(limit)s MB. Split it and import the parts.") % words)


class OptionsForm(forms.Form):
    """What holds for all rows of a file."""

    shop = ShopField(label=gettext_lazy("Rows without a shop belong to"), queryset=None)
    unknown_shop = forms.ChoiceField(
        label=gettext_lazy("Rows of a shop that is not known here"),
        choices=(("refuse", gettext_lazy("Refuse them")), ("default", gettext_lazy("Count them to the shop above"))),
        initial="refuse",
    )
    unknown_advisor = forms.ChoiceField(
        label=gettext_lazy("Advisors who do not work here"),
        choices=(
            ("refuse", gettext_lazy("Refuse their rows")),
            ("nobody", gettext_lazy("Leave the rows without advisor")),
        ),
        initial="refuse",
    )
    currency = forms.RegexField(
        label=gettext_lazy("Currency"), regex=r"^[A-Za-z]{3}$", required=False, max_length=3, initial="CNY"
    )
    grams_in_weight_unit = forms.ChoiceField(label=gettext_lazy("Weights are in"), choices=WEIGHT_UNITS, required=False)
    remember_as = forms.CharField(
        label=gettext_lazy("Remember these columns as"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Name of the program")}),
    )

    def __init__(self, *args: Any, viewer: StaffMember, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["shop"].of(viewer)  # type: ignore[attr-defined]
        unit = self.initial.get("grams_in_weight_unit")
        if unit:
            self.initial["grams_in_weight_unit"] = f"{float(unit):g}"

    def options(self, subject: str) -> dict[str, str]:
        """Return the options that a run of this subject keeps."""
        given = self.cleaned_data
        kept = {name: given[name] for name in ("unknown_shop", "unknown_advisor")}
        if subject == "sales":
            kept["currency"] = (given["currency"] or given["shop"].currency).upper()
            kept["grams_in_weight_unit"] = given["grams_in_weight_unit"] or "1"
        return kept
