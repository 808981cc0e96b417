"""Words for messages: kinds, states, and in plain words why one waits or was not sent."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhenke.messaging.models import Message

KIND_WORDS: dict[str, Promise] = {
    "code": _("One-time code"),
    "service": pgettext_lazy("kind of message", "Service"),
    "care": pgettext_lazy("kind of message", "Care"),
    "marketing": pgettext_lazy("kind of message", "Marketing"),
}
WAY_OUT_WORDS: dict[str, Promise] = {"sms": _("SMS"), "email": pgettext_lazy("channel", "E-mail")}
# Templates that come with the house; one of another name is called by its key.
TEMPLATE_WORDS: dict[str, Promise] = {
    "points_expiring": _("Points that expire"),
    "points_earned": _("Points earned"),
    "tier_changed": _("Membership tier changed"),
}
STATE_WORDS: dict[str, tuple[Promise, str]] = {
    "queued": (pgettext_lazy("message", "waits"), ""),
    "claimed": (pgettext_lazy("message", "being sent"), ""),
    "sent": (pgettext_lazy("message", "sent"), "good"),
    "failed": (pgettext_lazy("message", "failed"), "late"),
    "skipped": (pgettext_lazy("message", "not sent"), ""),
    "held_unknown": (pgettext_lazy("message", "nobody knows"), "soon"),
}
STATE_CHIPS: dict[str, Promise] = {
    "queued": pgettext_lazy("messages", "Waiting"),
    "sent": pgettext_lazy("messages", "Sent"),
    "held_unknown": pgettext_lazy("messages", "Nobody knows"),
    "skipped": pgettext_lazy("messages", "Not sent"),
    "failed": pgettext_lazy("messages", "Failed"),
}
REASON_WORDS: dict[str, Promise] = {
    "not_given": _("Has not agreed to be written to for this."),
    "withdrawn": _("Has said no to this."),
    "text_changed": _("Agreed to an older text; ask again."),
    "child": _("Nothing that serves selling goes to somebody under 14."),
    "guardian_missing": _("Under 14, and the guardian has not agreed."),
    "of_age": _("Is 14 by now and has to be asked in person."),
    "no_contact": _("There is no phone or e-mail to write to."),
    "no_template": _("There is no text for this channel."),
    "no_provider_code": _("The text has no number at the SMS provider yet."),
    "field_missing": _("The text asks for a value that was not given."),
    "no_channel": _("There is no channel for this message."),
    "channel_off": _("The channel is not set up; it waits."),
    "quiet_hours": _("Outside the hours for writing; it waits for the morning."),
    "budget_marketing": _("Has had enough advertising for these 30 days."),
    "budget_sms": _("Has had enough SMS for these 30 days."),
    "budget_care": _("Has had enough care messages for this week."),
    "too_late": _("Its time was over before it could go."),
    "locked_away": _("The archive is locked away by law."),
    "protected": _("Protected: only the people named for this customer write."),
    "merged": _("The same message already stands for the archive it was merged into."),
    "seal_broken": _("The contact cannot be opened; see zhenke doctor."),
    "refused_for_now": _("The provider asked to try again later."),
    "refused": _("The provider refused it."),
    "gave_up": _("The provider refused it five times."),
    "undelivered": _("The provider could not deliver it."),
    "unknown": _("The provider did not answer clearly: it may have been delivered."),
    "worker_lost": _("The worker stopped during the call: it may have been delivered."),
    "calling": "",  # type: ignore[dict-item]
}
RECEIPT_WORDS: dict[str, Promise] = {
    "delivered": pgettext_lazy("receipt", "delivered"),
    "undelivered": pgettext_lazy("receipt", "not delivered"),
}


def template_word(key: str) -> str:
    """Return what a template is called."""
    return str(TEMPLATE_WORDS.get(key, key))


def why_words(message: Message) -> str:
    """Return why a message waits or was not sent, "" if there is nothing to say."""
    return str(REASON_WORDS.get(message.reason, "")) if message.reason else ""
