"""Words of the audit trail: what was done, to what, and the facts that a line keeps, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from zhenke.doors.words.consent import PURPOSE_WORDS as CONSENT_WORDS
from zhenke.doors.words.consent import WAY_WORDS
from zhenke.doors.words.days import listed
from zhenke.doors.words.exports import COLUMN_WORDS
from zhenke.doors.words.fields import FIELD_WORDS
from zhenke.doors.words.importance import IMPORTANCE_WORDS, LOOK_WORDS, PART_WORDS
from zhenke.doors.words.importance import REASON_WORDS as IMPORTANCE_REASONS
from zhenke.doors.words.people import TRAIT_WORDS
from zhenke.doors.words.permits import GROUP_WORDS, REVEAL_REASONS, WORD_WORDS
from zhenke.doors.words.pieces import LOOK_REASONS, PURPOSE_WORDS, SHOWS_WORDS
from zhenke.doors.words_roles import ROLE_WORDS

ACTION_WORDS: dict[str, Promise] = {
    "care_plan_saved": gettext_lazy("Care plan changed"),
    "claim_decided": gettext_lazy("Source that is right chosen"),
    "claim_reopened": gettext_lazy("Choice of a source undone"),
    "consent.given": gettext_lazy("Consent given"),
    "consent.text_published": gettext_lazy("Text of consent changed"),
    "consent.withdrawn": gettext_lazy("Consent taken back"),
    "contact.added": gettext_lazy("Contact added"),
    "contact.dropped": gettext_lazy("Contact removed"),
    "contact.revealed": gettext_lazy("Contact shown in full"),
    "custom_field.saved": gettext_lazy("Own field changed"),
    "customer.added": gettext_lazy("Customer added"),
    "customer.assigned": gettext_lazy("Customer given to somebody"),
    "customer.changed": gettext_lazy("Customer changed"),
    "copies.alarm": gettext_lazy("As many copies of everything handed out as one person may"),
    "customer.copied": gettext_lazy("Copy of everything handed out"),
    "customer.forgotten": gettext_lazy("Customer forgotten"),
    "customer.hotline_set": gettext_lazy("Hotline given or ended"),
    "customer.importance_set": gettext_lazy("Importance set"),
    "customer.merge_undone": gettext_lazy("Merge of archives undone"),
    "customer.merged": gettext_lazy("Archives merged"),
    "customer.not_same": gettext_lazy("Marked as two people"),
    "customer.note_photo_dropped": gettext_lazy("Photo of a note taken away"),
    "customer.note_photos": gettext_lazy("Photos added to a note"),
    "customer.pair_reopened": gettext_lazy("Marked as possibly one person again"),
    "customer.team_joined": gettext_lazy("Somebody joined a service team"),
    "customer.team_left": gettext_lazy("Somebody left a service team"),
    "customer.traits_set": gettext_lazy("Taste and sizes changed"),
    "customers.handed_over": gettext_lazy("Customers handed over"),
    "customers.importance_raised": gettext_lazy("Made VIPs by what they spent"),
    "export.approved": gettext_lazy("Export agreed to"),
    "export.asked": gettext_lazy("Export asked for"),
    "export.downloaded": gettext_lazy("Export fetched"),
    "export.made": gettext_lazy("Export made"),
    "export.refused": gettext_lazy("Export refused"),
    "export.withdrawn": gettext_lazy("Export taken back"),
    "field_confirmed": gettext_lazy("Field asked after and confirmed"),
    "freshness.published": gettext_lazy("What is asked of customers changed"),
    "gift_named": gettext_lazy("Said whom a gift is for"),
    "grading.end_override": gettext_lazy("Grade by hand ended"),
    "grading.override": gettext_lazy("Grade set by hand"),
    "grading.publish": gettext_lazy("Rules of grading published"),
    "grading.roll_back": gettext_lazy("Rules of grading put back"),
    "hold.lifted": gettext_lazy("Hold by law ended"),
    "hold.locked_away": gettext_lazy("Archive locked away, kept by law"),
    "hold.set": gettext_lazy("Hold by law set"),
    "import_started": gettext_lazy("Import started"),
    "import_undone": gettext_lazy("Import undone"),
    "keys.resealed": gettext_lazy("Values sealed with the new key"),
    "keys.retired": gettext_lazy("Old key retired"),
    "keys.rotated": gettext_lazy("New key made"),
    "link_added": gettext_lazy("Family or friend linked"),
    "link_dropped": gettext_lazy("Link taken away"),
    "link_restored": gettext_lazy("Link brought back"),
    "lists.alarm": gettext_lazy("Very many rows of the list shown"),
    "permit.agreed": gettext_lazy("Look agreed to by a second person"),
    "permit.asked": gettext_lazy("Look asked for"),
    "permit.refused": gettext_lazy("Look refused by a second person"),
    "piece.added": gettext_lazy("Piece added"),
    "piece.certificate": gettext_lazy("Certificate written down"),
    "piece.changed": gettext_lazy("Piece changed"),
    "piece.handed_on": gettext_lazy("Piece handed on"),
    "piece.inspected": gettext_lazy("Piece inspected"),
    "piece.inspection_undone": gettext_lazy("Inspection taken back"),
    "piece.meant_for": gettext_lazy("Said whom a piece is for"),
    "piece.photo": gettext_lazy("Photo of a piece added"),
    "piece.photo_dropped": gettext_lazy("Photo of a piece taken away"),
    "piece.revealed": gettext_lazy("Piece shown in full"),
    "trait.revealed": gettext_lazy("Private detail shown in full"),
    "piece.share_closed": gettext_lazy("Link to a piece closed"),
    "piece.shared": gettext_lazy("Piece shared by a link"),
    "piece.stone": gettext_lazy("Stone written down"),
    "piece.stone_dropped": gettext_lazy("Stone taken away"),
    "piece.valued": gettext_lazy("Piece valued"),
    "pieces_returned": gettext_lazy("Pieces taken back"),
    "protected.viewed": gettext_lazy("A protected customer was looked at"),
    "retention.kept": gettext_lazy("Taken away after its time"),
    "reveals.alarm": gettext_lazy("Many whole contacts shown"),
    "reveals.quota_set": gettext_lazy("Limit of whole contacts set"),
    "shop.added": gettext_lazy("Shop added"),
    "shop.changed": gettext_lazy("Shop changed"),
    "sign_up.closed": gettext_lazy("Sign-up links closed"),
    "sign_up.opened": gettext_lazy("Sign-up link made"),
    "staff.added": gettext_lazy("Person added"),
    "staff.changed": gettext_lazy("Person changed"),
    "staff.let_go": gettext_lazy("Person left"),
    "staff.password_set": gettext_lazy("Password given"),
    "task_reassigned": gettext_lazy("Follow-up passed on"),
    "token.issued": gettext_lazy("Token made"),
    "token.revoked": gettext_lazy("Token ended"),
    "visit_added": gettext_lazy("Visit written down"),
    "backup.restored": gettext_lazy("Backup put back"),
    "contact_rules.published": gettext_lazy("Rules of contact changed"),
    "coupon_claimed": gettext_lazy("Coupon claimed"),
    "coupon_kind_ended": gettext_lazy("Kind of coupon ended"),
    "coupon_kind_saved": gettext_lazy("Kind of coupon saved"),
    "coupons_issued": gettext_lazy("Coupons issued"),
    "coupons_returned": gettext_lazy("Coupons given back"),
    "coupons_used": gettext_lazy("Coupons used"),
    "message.settled": gettext_lazy("Message settled by hand"),
    "permit.wait_set": gettext_lazy("Wait of who looks alone set"),
    "points.day_confirmed": gettext_lazy("Day of the points confirmed"),
    "programme.publish": gettext_lazy("Rules of the programme published"),
    "programme.roll_back": gettext_lazy("Rules of the programme put back"),
    "reward_ended": gettext_lazy("Reward ended"),
    "reward_offer_ended": gettext_lazy("Campaign of a reward ended"),
    "reward_offered": gettext_lazy("Campaign of a reward made"),
    "reward_saved": gettext_lazy("Reward saved"),
    "right_given": gettext_lazy("Right of a member given"),
    "right_taken_back": gettext_lazy("Right of a member taken back"),
    "template.published": gettext_lazy("Text of a message changed"),
    "token.resumed": gettext_lazy("Token let in again"),
}
SUBJECT_WORDS: dict[str, Promise] = {
    "care_plan": pgettext_lazy("trail", "Care plan"),
    "consent_text": pgettext_lazy("trail", "Text of consent"),
    "custom_field": pgettext_lazy("trail", "Own field"),
    "customer": pgettext_lazy("trail", "Customer"),
    "export": pgettext_lazy("trail", "Export"),
    "freshness_rules": pgettext_lazy("trail", "What is asked"),
    "grading_scheme": pgettext_lazy("trail", "Rules of grading"),
    "house": pgettext_lazy("trail", "House"),
    "import": pgettext_lazy("trail", "Import"),
    "piece": pgettext_lazy("trail", "Piece"),
    "sale": pgettext_lazy("trail", "Sale"),
    "shop": pgettext_lazy("trail", "Shop"),
    "sign_up": pgettext_lazy("trail", "Sign-up link"),
    "staff": pgettext_lazy("trail", "Person"),
    "task": pgettext_lazy("trail", "Follow-up"),
    "token": pgettext_lazy("trail", "Token"),
    "contact_rules": pgettext_lazy("trail", "Rules of contact"),
    "coupon_kind": pgettext_lazy("trail", "Kind of coupon"),
    "programme_rules": pgettext_lazy("trail", "Rules of the programme"),
    "reward": pgettext_lazy("trail", "Reward"),
    "template": pgettext_lazy("trail", "Text of a message"),
}
FACT_WORDS: dict[str, Promise] = {
    "a_day": pgettext_lazy("trail", "a day"),
    "acts_as": pgettext_lazy("trail", "acts as"),
    "because": pgettext_lazy("trail", "said"),
    "before": pgettext_lazy("trail", "before"),
    "channels": pgettext_lazy("trail", "by"),
    "columns": pgettext_lazy("trail", "columns"),
    "copies_a_day": pgettext_lazy("trail", "copies a day"),
    "copies_a_month": pgettext_lazy("trail", "copies in 30 days"),
    "computed": pgettext_lazy("trail", "computed grade"),
    "contact": pgettext_lazy("trail", "contact"),
    "cover": pgettext_lazy("trail", "cover"),
    "customers": pgettext_lazy("trail", "customers"),
    "field": pgettext_lazy("trail", "field"),
    "fields": pgettext_lazy("trail", "fields"),
    "from_customer": pgettext_lazy("trail", "from"),
    "from_owner": pgettext_lazy("trail", "from"),
    "group": pgettext_lazy("trail", "what"),
    "hold": pgettext_lazy("trail", "hold"),
    "hours": pgettext_lazy("trail", "hours"),
    "how": pgettext_lazy("trail", "how"),
    "importance": pgettext_lazy("trail", "importance"),
    "interaction": pgettext_lazy("trail", "note"),
    "is_on": pgettext_lazy("trail", "on"),
    "key": pgettext_lazy("trail", "field"),
    "keys": pgettext_lazy("trail", "fields"),
    "kind": pgettext_lazy("trail", "kind"),
    "letter": pgettext_lazy("trail", "grade"),
    "lines": pgettext_lazy("trail", "lines"),
    "link": pgettext_lazy("trail", "link"),
    "links": pgettext_lazy("trail", "links"),
    "loser": pgettext_lazy("trail", "the other archive"),
    "member": pgettext_lazy("trail", "person"),
    "merge": pgettext_lazy("trail", "merge"),
    "other": pgettext_lazy("trail", "the other archive"),
    "part": pgettext_lazy("trail", "as"),
    "permit": pgettext_lazy("trail", "request"),
    "photo": pgettext_lazy("trail", "photo"),
    "photos": pgettext_lazy("trail", "photos"),
    "piece": pgettext_lazy("trail", "piece"),
    "place": pgettext_lazy("trail", "where"),
    "purpose": pgettext_lazy("trail", "for"),
    "quota": pgettext_lazy("trail", "limit"),
    "reason": pgettext_lazy("trail", "why"),
    "receipt": pgettext_lazy("trail", "receipt"),
    "role": pgettext_lazy("trail", "role"),
    "rows": pgettext_lazy("trail", "rows"),
    "scopes": pgettext_lazy("trail", "may"),
    "second": pgettext_lazy("trail", "second person because of"),
    "share": pgettext_lazy("trail", "sharing"),
    "shop": pgettext_lazy("trail", "shop"),
    "shown": pgettext_lazy("trail", "shown"),
    "shows": pgettext_lazy("trail", "shows"),
    "tasks": pgettext_lazy("trail", "follow-ups"),
    "to": pgettext_lazy("trail", "given to"),
    "to_customer": pgettext_lazy("trail", "given to"),
    "to_owner": pgettext_lazy("trail", "given to"),
    "until": pgettext_lazy("trail", "until"),
    "version": pgettext_lazy("trail", "version"),
    "was": pgettext_lazy("trail", "before"),
}
_FIELDS: Mapping[Any, Promise] = {**TRAIT_WORDS, **FIELD_WORDS, **COLUMN_WORDS}
_SECONDS: Mapping[Any, Promise] = {
    "sensitive": pgettext_lazy("trail", "what is specially protected"),
    "rows": pgettext_lazy("trail", "the number of rows in a day"),
    "rows_a_month": pgettext_lazy("trail", "the number of rows in 30 days"),
}
_CODES: dict[str, Mapping[Any, Promise]] = {
    "because": WORD_WORDS,
    "before": IMPORTANCE_WORDS,
    "channels": WAY_WORDS,
    "columns": _FIELDS,
    "field": _FIELDS,
    "fields": _FIELDS,
    "group": GROUP_WORDS,
    "importance": IMPORTANCE_WORDS,
    "keys": _FIELDS,
    "kind": _FIELDS,
    "part": PART_WORDS,
    "place": LOOK_WORDS,
    "purpose": {**CONSENT_WORDS, **PURPOSE_WORDS},
    "reason": {**IMPORTANCE_REASONS, **dict(LOOK_REASONS), **dict(REVEAL_REASONS)},
    "role": ROLE_WORDS,
    "second": _SECONDS,
    "shows": SHOWS_WORDS,
}


def subject_word(kind: str) -> str:
    """Return what kind of row a line is about; its code where no word is known."""
    return str(SUBJECT_WORDS.get(kind, kind))


def fact_words(facts: Mapping[str, object]) -> str:
    """Return the facts of one line; a code without a word stays as it was written, so nothing is left out."""
    told = [(name, value) for name, value in facts.items() if value not in (None, "", [], [""])]
    return " · ".join(f"{FACT_WORDS.get(name, name)} {_value(name, value)}" for name, value in told)


def _value(name: str, value: object) -> str:
    if isinstance(value, list):
        return listed([_value(name, one) for one in value])
    if isinstance(value, bool):
        return pgettext("trail", "yes") if value else pgettext("trail", "no")
    return str(_CODES.get(name, {}).get(value, value))
