"""What happened to a member's archive, in words for her; steps of the house's own are not among them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACT_WORDS: dict[str, Promise] = {
    "consent.given": _("Your yes was written down"),
    "consent.withdrawn": _("Your no was written down"),
    "contact.added": _("A contact was added"),
    "contact.dropped": _("A contact was removed"),
    "contact.revealed": _("Your whole contact was looked at"),
    "customer.added": _("Your archive was opened"),
    "customer.assigned": _("You got another advisor"),
    "customer.changed": _("Something was changed"),
    "customer.copied": _("A copy of everything was made"),
    "customer.merged": _("Two archives of yours became one"),
    "customer.merge_undone": _("Two archives were taken apart again"),
    "claim_decided": _("What differed was decided"),
    "customers.handed_over": _("You got another advisor"),
    "piece.added": _("A piece was added"),
    "piece.changed": _("A piece was changed"),
    "piece.handed_on": _("A piece went to somebody else"),
    "piece.inspected": _("A piece was inspected"),
    "piece.revealed": _("A piece was looked at in full"),
    "piece.shared": _("A link to a piece was made"),
    "piece.share_closed": _("A link to a piece was closed"),
    "protected.viewed": _("Your archive was looked at"),
    "member.signed_in": _("You signed in here"),
    "member.signed_out": _("You signed out here"),
    "member.device_known": _("A new device was made known"),
    "member.device_refused": _("A new device was refused"),
    "member.passkey_added": _("A passkey was added"),
    "member.passkeys_dropped": _("Your passkeys were forgotten"),
    "member.erasure_asked": _("You asked to be forgotten"),
    "member.erasure_withdrawn": _("You took back that you want to be forgotten"),
}
