"""What the keeping of keys and the giving out of files refuse, in one translatable sentence for each code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KEEPING: dict[str, Promise] = {
    "box_broken": _("A sealed file cannot be opened."),
    "copies_used_up": _(
        "One person hands out at most {a_day} copies of everything in a day and {a_month} in 30 days. Somebody else "
        "can make this one now, or you on a later day."
    ),
    "export_gone": _("There is no file: it was not made yet, was taken back, or its day is over."),
    "export_not_open": _("This export can no longer be changed."),
    "export_too_large": _(
        "{rows} customers are more than the {most} that may still be exported today. Narrow the list."
    ),
    "export_unknown": _("This export does not exist, or is not yours to see."),
    "export_wrong": _("An export needs a purpose in words and columns that your role is shown."),
    "asking_wrong": _("Ask 0 to 20 customers a day for each advisor, and the same one again after 1 to 730 days."),
    "choice_over": _("This was changed since; choose again instead."),
    "claim_unknown": _("This does not exist, or is not yours to see."),
    "freshness_busy": _("Somebody changed these rules a moment ago; look at them again."),
    "no_freshness": _("There is no version {version} of these rules."),
    "nobody_to_export": _("There is nobody in this list."),
    "key_in_use": _("{values} values are still sealed with {key}. Run `zhenke keys reseal` first."),
    "key_too_fresh": _(
        "Work that began before the new key may still write with {key}. Try again in {minutes} minutes."
    ),
    "key_unknown": _("{key} is not a key that can be retired. `zhenke keys` lists them."),
}
