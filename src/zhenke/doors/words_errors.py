"""What a person reads when a request is refused: one translatable sentence for each error code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhenke.basics.errors import BadInput, NotAllowed, NotFound, RuleBroken, ZhenkeError
from zhenke.doors.words.refusals import REFUSALS
from zhenke.doors.words.refusals_input import DAYS_AND_MONEY, FILES
from zhenke.doors.words.refusals_keeping import KEEPING
from zhenke.doors.words.refusals_members import MEMBERS
from zhenke.doors.words.refusals_membership import MEMBERSHIP
from zhenke.doors.words.refusals_messages import MESSAGING
from zhenke.doors.words.refusals_points import POINTS_REFUSALS
from zhenke.doors.words.refusals_rewards import REWARDS

STATUS: tuple[tuple[type[ZhenkeError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (RuleBroken, 409),
    (BadInput, 422),
)

SENTENCES: dict[str, Promise] = {
    **REFUSALS,
    **DAYS_AND_MONEY,
    **FILES,
    **KEEPING,
    **MEMBERS,
    **MEMBERSHIP,
    **REWARDS,
    **POINTS_REFUSALS,
    **MESSAGING,
    "not_found": _("Nothing was found here, or it is not yours to see."),
    "not_allowed": _("Your role does not allow this."),
    "rule_broken": _("A rule of the shop does not allow this."),
    "bad_input": _("The input could not be read."),
    "text_unkeepable": _("A text holds a sign that cannot be kept. Type it again."),
    # catalogue, sales, grading, care, imports
    "style_number_taken": _("Style {style_no} exists and differs in: {differences}."),
    "bad_style": _("The style's {field} cannot be used: {text}"),
    "bad_slip": _("This sale cannot be recorded as it is; check its pieces, amounts and day."),
    "no_scheme": _("There is no grading scheme of this version."),
    "scheme_wrong": _("The grading scheme is wrong at {where}: {problem}."),
    "care_plan_invalid": _("The care plan is wrong at {where}: {reason}"),
    "import_busy": _("This file is being taken in right now."),
    "import_not_undoable": _("Only an import that is not at work can be undone."),
    "import_file_gone": _("The file is no longer kept here; choose it again."),
    "import_not_open": _("This file was taken in already."),
    "row_fault": _("{column}: {reason}"),
    "field_definition_wrong": _("This field of your own is not complete: check {field}."),
    "field_kind_in_use": _("Customers with a value here: {count}. What the field holds cannot change."),
    "choice_in_use": _("Customers with the choice “{choice}”: {count}. It cannot go."),
    "interaction_key_taken": _("This key belongs to an interaction of another customer."),
    # staff
    "shop_code_taken": _("Another shop already has the code {shop_code}."),
    "shop_misplaced": _("A brand stands alone, a region below a brand or region, and a shop below one of these."),
    "username_taken": _("Somebody already signs in as {username}."),
    "password_too_weak": _("This password is too easy to guess. {reasons}"),
    "role_needs_shop": _("A person with this role belongs to one shop."),
    "last_owner": _("This is the last owner; give somebody else the role first."),
    "token_misplaced": _("A token acts as an integration's account that is still in use, not as a person."),
    "bad_time_zone": _("This is not a time zone; write it like Asia/Shanghai."),
    "bad_hours": _("Opening hours are given by day as from and to, such as 10:00 to 21:30."),
    "bad_currency": _("A currency is a code of three letters, such as CNY."),
    "bad_username": _("A user name has 2 to 40 small letters, digits, dots, dashes or underscores."),
    # phones
    "phone_refused": _("This is not a phone number."),
    "phone_empty": _("The phone number is empty."),
    "phone_ruined_by_spreadsheet": _(
        "A spreadsheet has rounded this phone number; write it again, in a column formatted as text."
    ),
    "phone_unreadable": _("This phone number holds something other than digits; keep notes in another column."),
    "phone_several": _("There is more than one phone number here; give each its own column."),
    "phone_has_extension": _(
        "This phone number ends in an extension; give the number without it and keep the extension as a note."
    ),
    "phone_wrong_length": _("This phone number has {digits} digits, which is not a number that can be dialled."),
    "phone_needs_area_code": _("This landline number needs its area code, such as 0755."),
    "phone_unknown_range": _("No phone number begins like this one; check its first digits."),
}


def sentence_of(refusal: ZhenkeError) -> str:
    """Return the sentence for one refusal in the reader's language; codes without one give the error's own English."""
    words = SENTENCES.get(refusal.code)
    return str(words).format(**refusal.facts) if words is not None else refusal.message


def status_of(refusal: ZhenkeError) -> int | None:
    """Return the HTTP status of a refusal, None for a fault of our own."""
    return next((status for kind, status in STATUS if isinstance(refusal, kind)), None)
