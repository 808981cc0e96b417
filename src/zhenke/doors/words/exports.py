"""Words of exports: columns, states, why a second person is asked."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.customers.models import Export

COLUMN_WORDS: dict[str, Promise] = {
    "name": pgettext_lazy("column", "Name"),
    "card_number": _("Card number"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "wechat": _("WeChat"),
    "address": _("Address"),
    "birthday": _("Birthday"),
    "gender": pgettext_lazy("column", "Title"),
    "kind": _("Kind"),
    "shop": _("Shop"),
    "advisor": _("Advisor"),
    "source": _("How they came to us"),
    "region": _("Region"),
    "tags": _("Tags"),
    "first_met": _("First met"),
    "grade": pgettext_lazy("profile", "Grade"),
    "last_bought": _("Last purchase"),
    "purchases": pgettext_lazy("column", "Purchases"),
    "spent": _("Spent"),
}
STATE_WORDS: dict[str, tuple[Promise, str]] = {
    Export.State.WAITING: (pgettext_lazy("export", "Waits for a second person"), "soon"),
    Export.State.REFUSED: (pgettext_lazy("export", "Refused"), "late"),
    Export.State.QUEUED: (pgettext_lazy("export", "Being made"), "soon"),
    Export.State.MAKING: (pgettext_lazy("export", "Being made"), "soon"),
    Export.State.READY: (pgettext_lazy("export", "Ready"), "good"),
    Export.State.FAILED: (pgettext_lazy("export", "Stopped"), "late"),
    Export.State.WITHDRAWN: (pgettext_lazy("export", "Taken back"), ""),
    Export.State.EXPIRED: (pgettext_lazy("export", "Its day is over"), ""),
}
SECOND_WORDS: dict[str, Promise] = {
    "sensitive": _("It holds what is specially protected, so a second person must agree."),
    "rows": _("It is more than one person may export alone in a day, so a second person must agree."),
    "rows_a_month": _("It is more than one person may export alone in 30 days, so a second person must agree."),
}
