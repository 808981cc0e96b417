"""Words for movements of points."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOVE_WORDS: dict[str, Promise] = {
    "earn": _("Earned %(n)s points"),
    "spend": _("Spent %(n)s points"),
    "cancel": _("Got %(n)s spent points back"),
    "reverse": _("%(n)s points went back with a return"),
    "expire": _("%(n)s points ended unspent"),
    "adjust": _("%(n)s points by hand"),
    "merge": _("%(n)s points came or went with another archive"),
    "unmerge": _("%(n)s points came or went with another archive"),
}
POINTS_REASONS: dict[str, Promise] = {
    "goodwill": pgettext_lazy("points", "goodwill"),
    "complaint": pgettext_lazy("points", "after a complaint"),
    "correction": pgettext_lazy("points", "put right"),
    "moved_in": pgettext_lazy("points", "brought along from before"),
    "other": pgettext_lazy("points", "another reason"),
    "reward": pgettext_lazy("points", "for a reward"),
    "reward_back": pgettext_lazy("points", "a reward was called off"),
}


def move_words(kind: str, points: int) -> str:
    """Return a movement in words: by hand with its sign, all others say which way by themselves."""
    number = f"{points:+,}" if kind == "adjust" else f"{abs(points):,}"
    return str(MOVE_WORDS[kind]) % {"n": number}
