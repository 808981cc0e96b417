"""Words about points and rights, said to the member herself."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from zhenke.doors.words.days import exact_day
from zhenke.membership.queries import HistoryLine
from zhenke.membership.rules.programme import UNLIMITED
from zhenke.membership.rules.rights import RightLeft

_MOVEMENTS: dict[str, Promise] = {
    "earn": gettext_lazy("Earned"),
    "activate": gettext_lazy("Ready to spend"),
    "spend": pgettext_lazy("points", "Spent"),
    "cancel": gettext_lazy("Given back: not used after all"),
    "reverse": gettext_lazy("Taken back: a piece came back"),
    "expire": gettext_lazy("Ended unused"),
    "adjust": gettext_lazy("Put right by the shop"),
    "merge": gettext_lazy("Came along from another archive"),
    "unmerge": gettext_lazy("Went back to another archive"),
    "close": gettext_lazy("Account closed"),
}
_CAUSES: dict[tuple[str, str], Promise] = {
    ("earn", "sale_line"): gettext_lazy("For a purchase"),
    ("earn", "birthday"): gettext_lazy("For your birthday"),
    ("earn", "referral"): gettext_lazy("For bringing a friend"),
}


def movement_word(line: HistoryLine) -> str:
    """Return what a movement of points was."""
    known = _CAUSES.get((line.kind, line.cause_kind)) or _MOVEMENTS.get(line.kind)
    return str(known) if known else line.kind


def left_for_you(one: RightLeft) -> str:
    """Return what is left of one right, said to her."""
    if one.right.kind == "discount":
        return _("%(percent)s%% off") % {"percent": one.share}
    if one.state in ("due", "missed"):
        return _("waits for you")
    if one.state == "later" and one.day is not None:
        return _("for your birthday on %(day)s") % {"day": exact_day(one.day)}
    if one.state == "used_up":
        return _("used this year")
    if one.left is not None:
        return ngettext("%(n)s left this year", "%(n)s left this year", one.left) % {"n": one.left}
    return _("as often as you like") if one.share == UNLIMITED else ""
