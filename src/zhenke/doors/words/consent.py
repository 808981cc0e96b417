"""Words about consent: purposes, where each stands, how it was proved."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from zhenke.customers.models import ConsentText

PURPOSE_WORDS: dict[str, Promise] = {
    "service": gettext_lazy("Orders, repairs, appointments"),
    "care": gettext_lazy("Greetings and reminders"),
    "marketing": gettext_lazy("New pieces and offers"),
    "profiling": gettext_lazy("Offers chosen by what was bought"),
    "photos": gettext_lazy("Photos of the customer shown"),
    "id_scan": gettext_lazy("Copy of the identity card"),
    "sharing": gettext_lazy("Details handed to partners"),
    "abroad": gettext_lazy("Details sent abroad"),
    "under_14": gettext_lazy("Kept although under 14"),
}
WHY_WORDS: dict[str, Promise] = {
    "given": pgettext_lazy("consent", "Yes"),
    "contract": gettext_lazy("Goes with the order"),
    "not_given": gettext_lazy("Not asked"),
    "withdrawn": pgettext_lazy("consent", "No"),
    "text_changed": gettext_lazy("Ask again, the text has changed"),
    "child": gettext_lazy("Never, under 14"),
    "guardian_missing": gettext_lazy("The guardian has to agree"),
    "of_age": gettext_lazy("Ask again, now 14"),
}
# A thing by post is not a thing by "address".
WAY_WORDS: dict[str, Promise] = {
    "phone": gettext_lazy("Phone"),
    "sms": gettext_lazy("Text message"),
    "wechat": gettext_lazy("WeChat"),
    "email": gettext_lazy("E-mail"),
    "address": pgettext_lazy("channel", "Post"),
}
PROOF_WORDS: dict[str, Promise] = {
    "paper": gettext_lazy("Signed on paper"),
    "spoken": gettext_lazy("Said in the shop"),
    "message": gettext_lazy("Written in a message"),
    "screen": gettext_lazy("Ticked by the customer on a screen"),
    "program": gettext_lazy("Told by a connected program"),
    "merge": gettext_lazy("The no of a merged archive"),
}
GIVER_WORDS: dict[str, Promise] = {
    "self": gettext_lazy("The customer"),
    "guardian": gettext_lazy("The guardian"),
}


def text_words(text: ConsentText | None) -> str:
    """Return a text in the reader's language, "" if there is none."""
    if text is None:
        return ""
    return str(text.words["zh-hans" if (get_language() or "").startswith("zh") else "en"])
