"""What messaging refuses, in one translatable sentence for each code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGING: dict[str, Promise] = {
    "message_wrong": _("The message cannot be taken as it is: check the {field}."),
    "message_field_wrong": _("The field {name} is unknown, or its value does not fit."),
    "message_unknown": _("This message does not exist, or is not yours to see."),
    "message_not_held": _("It is known by now what became of this message."),
    "template_wrong": _("The template cannot be published as it is: check the {field}."),
    "template_field_unknown": _("There is no field “{name}”. Fields are: {known}."),
    "template_unknown": _("There is no such template."),
    "template_moved": _("Somebody published another version meanwhile; look at it first."),
    "opt_out_missing": _("A promotional SMS has to say how to stop it, such as: Reply T to unsubscribe."),
    "contact_rules_wrong": _("Hours are from and to, such as 09:00 to 20:30, and numbers 0 to 31: check the {field}."),
    "contact_rules_moved": _("Somebody changed these rules a moment ago; look at them again."),
    "no_contact_rules": _("There is no version {version} of these rules."),
    "notice_unsigned": _("The notice is not signed as agreed, or is too old."),
    "notice_unreadable": _("The notice has not the form that was agreed."),
}
