"""The two fields that a note and a visit share: whom it names, and photos."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhenke.basics.pictures import LARGEST_BYTES, PictureTooLarge
from zhenke.customers.models import Customer
from zhenke.customers.operations.note_photos import MOST_PHOTOS
from zhenke.customers.operations.notes import MOST_NAMED
from zhenke.customers.queries.notes import may_be_named
from zhenke.staff.models import StaffMember

# At which field a refusal of the words, of whom they name and of the photos stands.
NOTE_FIELDS = {
    "note_holds_id_number": "text",
    "note_holds_bank_number": "text",
    "named_cannot_see": "text",
    "too_many_named": "text",
    "picture_unreadable": "photos",
    "picture_too_large": "photos",
    "too_many_note_photos": "photos",
}


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Some photos at once; what they are is looked at when they are drawn anew."""

    widget = _SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files, none for none."""
        one_by_one = super().clean
        given = data if isinstance(data, list | tuple) else [data] if data else []
        files = [one_by_one(one, initial) for one in given]
        if len(files) > MOST_PHOTOS:
            words = ngettext("A note takes %(n)d photo.", "A note takes %(n)d photos.", MOST_PHOTOS)
            raise forms.ValidationError(words % {"n": MOST_PHOTOS})
        return files


class NoteExtras(forms.Form):
    """Whom a note names, and its photos."""

    named = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who should read this?"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        widget=_SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def offer_colleagues(self, viewer: StaffMember, customer: Customer) -> None:
        """Offer the colleagues who may see this customer."""
        people = may_be_named(viewer=viewer, customer=customer)
        self.fields["named"].choices = [(one.pk, _name_of(one, viewer)) for one in people]  # type: ignore[attr-defined]

    def clean_named(self) -> list[int]:
        """Refuse a crowd at the field itself."""
        named: list[int] = self.cleaned_data["named"]
        if len(named) > MOST_NAMED:
            raise forms.ValidationError(_("Name %(n)d people at most.") % {"n": MOST_NAMED})
        return named


def _name_of(person: StaffMember, viewer: StaffMember) -> str:
    return person.name if person.shop_id == viewer.shop_id else f"{person.name} · {person.shop.name}"


def raw_photos(files: Iterable[UploadedFile]) -> list[bytes]:
    """Return what was handed in, read whole.

    Errors: PictureTooLarge by the size that the upload says, before it is read.
    """
    given = list(files)
    if any((one.size or 0) > LARGEST_BYTES for one in given):
        raise PictureTooLarge(limit_mb=LARGEST_BYTES >> 20)
    return [one.read() for one in given]
