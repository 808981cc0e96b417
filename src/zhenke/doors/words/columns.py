"""What the columns of customer and sales files are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.doors.words.people import trait_word

_OF_PEOPLE: dict[str, Promise] = {
    "name": pgettext_lazy("column", "Name"),
    "card_number": _("Card number"),
    "customer_key": _("Customer number of the old system"),
    "phone": pgettext_lazy("column", "Phone"),
    "phone2": _("Second phone"),
    "email": _("E-mail"),
    "wechat": _("WeChat ID"),
    "address": pgettext_lazy("column", "Address"),
    "gender": _("Gender"),
    "kind": _("Kind of customer"),
    "birthday": _("Birthday"),
    "lunar_birthday": _("Birthday, lunar"),
    "wedding": _("Wedding day"),
    "region": _("City or district"),
    "shop": _("Shop"),
    "owner": _("Advisor"),
    "source": _("How they came to us"),
    "language": _("Language"),
    "channel": _("Preferred way to be reached"),
    "hour_preference": _("Preferred hours"),
    "employer": _("Organisation where she works"),
    "job": _("Job there"),
    "tags": _("Tags"),
    "metal": _("Favourite metal"),
    "stone": _("Favourite stone"),
    "style": _("Favourite style"),
    "ring_size": _("Ring size"),
    "budget_band": _("Budget"),
    "caution": _("Caution (allergy, taboo)"),
    "notes": _("Notes"),
    "first_met_date": _("Customer since"),
    "id_number": _("Identity number (birthday only, not kept)"),
}

_OF_SALES: dict[str, Promise] = {
    "sold_at": _("Day of the sale"),
    "sold_time": _("Time of the sale"),
    "number": _("Receipt number"),
    "line_number": _("Line number"),
    "card_number": _("Card number"),
    "customer_key": _("Customer number of the old system"),
    "customer_name": _("Customer's name"),
    "phone": pgettext_lazy("column", "Phone"),
    "shop": _("Shop"),
    "advisor": _("Advisor"),
    "style_no": _("Style number"),
    "description": _("Name of the piece"),
    "category": _("Category"),
    "metal": _("Metal"),
    "stone": _("Stone"),
    "quantity": _("Quantity"),
    "weight": _("Weight"),
    "tag": _("Tag price"),
    "amount": _("Paid amount"),
    "cost": _("Cost"),
    "is_gift": _("Gift, yes or no"),
    "note": pgettext_lazy("column", "Note"),
}

FIELD_WORDS: dict[str, dict[str, Promise]] = {"customers": _OF_PEOPLE, "sales": _OF_SALES}


def field_word(subject: str, field: str) -> str:
    """Return what a field of a file is called."""
    return str(FIELD_WORDS[subject].get(field) or trait_word(field))


def any_field_word(field: str) -> str:
    """Return what a field is called whatever the file is about."""
    return str(_OF_PEOPLE.get(field) or _OF_SALES.get(field) or trait_word(field))
