"""What the keeping of keys refuses, in one translatable sentence for each code; words_errors.py takes them in."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KEEPING: dict[str, Promise] = {
    "key_in_use": _("{values} values are still sealed with {key}. Run `zhenke keys reseal` first."),
    "key_too_fresh": _(
        "Work that began before the new key may still write with {key}. Try again in {minutes} minutes."
    ),
    "key_unknown": _("{key} is not a key that can be retired. `zhenke keys` lists them."),
}
