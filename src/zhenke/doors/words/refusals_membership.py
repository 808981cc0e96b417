"""What the programme, its tiers and rights refuse, in one translatable sentence for each code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEMBERSHIP: dict[str, Promise] = {
    "hold_over": _("These points are no longer held."),
    "no_programme_rules": _("There is no version of the programme's rules with this number."),
    "not_a_member": _("This customer is not a member yet."),
    "points_too_many": _("This bill may take {most} points, not {wanted}."),
    "programme_wrong": _("The rules of the programme are wrong at {where}: {problem}."),
    "right_key_reused": _("This key belongs to another right that was given."),
    "right_not_hers": _("Her tier does not have this right."),
    "right_used_up": _("She has had this as often as her tier allows this year."),
}
