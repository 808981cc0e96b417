"""How the guardian of somebody under 14 agreed: the part of a form that every birthday comes with."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.customers.operations.consent import LONGEST_NOTE
from zhenke.customers.queries import current_texts, search
from zhenke.customers.rules.drafts import GuardianWord
from zhenke.doors.words.consent import PROOF_WORDS, text_words
from zhenke.staff.models import StaffMember

_BY_HAND = ("paper", "spoken", "message")


class _Found:
    """The key of an archive, as a draft names a row."""

    def __init__(self, pk: int) -> None:
        self.pk = pk


class GuardianFields(forms.Form):
    """Who the guardian is and how he or she agreed; empty for everybody who is 14 or older."""

    guardian_proof = forms.ChoiceField(
        label=gettext_lazy("How the guardian agreed"),
        choices=[(code, PROOF_WORDS[code]) for code in _BY_HAND],
        widget=forms.RadioSelect,
        required=False,
    )
    guardian = forms.CharField(
        label=gettext_lazy("The guardian's phone or card number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("If the guardian is in the book, the two are linked."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    guardian_note = forms.CharField(
        label=gettext_lazy("Where the proof is"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=gettext_lazy("Number of the signed sheet, day of the message."),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.guardian_text = text_words(current_texts().get("under_14"))

    def guardian_word(self, viewer: StaffMember) -> GuardianWord | None:
        """Return what was said of the guardian, None if nothing was; a guardian who is not found is an error here."""
        given = self.cleaned_data
        if not given.get("guardian_proof"):
            return None
        asked, found = given.get("guardian", "").strip(), None
        if asked:
            hits = [hit for hit in search(viewer=viewer, text=asked) if hit.by in ("card", "phone")]
            if len(hits) != 1:
                self.add_error("guardian", _("Nobody alone is found by this; leave it empty or write the card number."))
                return None
            found = _Found(hits[0].id)
        return GuardianWord(given["guardian_proof"], given.get("guardian_note", ""), found)
