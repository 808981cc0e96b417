"""Words about important customers: the grades of importance, why somebody has one, and parts of a service team."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

IMPORTANCE_WORDS: dict[int, Promise] = {
    1: pgettext_lazy("importance", "Ordinary"),
    2: pgettext_lazy("importance", "VIP"),
    3: pgettext_lazy("importance", "Protected"),
}
IMPORTANCE_MEANS: dict[int, Promise] = {
    1: _("Seen as the roles say."),
    2: _("A service team and a hotline; whole contacts with a smaller limit."),
    3: _(
        "Only the owner, the advisor, the cover and the team know of this customer; each look is listed for the owner."
    ),
}
REASON_WORDS: dict[str, Promise] = {
    "": pgettext_lazy("importance", "from the start"),
    "spend": _("among the top 5% by what they spent"),
    "valued": _("dear to the house"),
    "introducer": _("brings others to us"),
    "partner": _("business partner"),
    "no_longer": _("no longer needed"),
    "asked": _("asked for by the customer"),
    "mistake": _("was a mistake"),
    "public_figure": _("public figure"),
    "threatened": _("in danger"),
    "staff": _("works here, or family of somebody who does"),
    "minor": _("a minor"),
}
PART_WORDS: dict[str, Promise] = {
    "advisor": pgettext_lazy("team", "advisor"),
    "stylist": pgettext_lazy("team", "stylist"),
    "service": pgettext_lazy("team", "service"),
}
LOOK_WORDS: dict[str, Promise] = {
    "profile": _("the profile"),
    "glance": _("the glance at reception"),
    "api": _("through a connected program"),
    "whole": _("a value in full"),
}
