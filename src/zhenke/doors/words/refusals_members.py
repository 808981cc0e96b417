"""What a member reads when something is refused on the member site."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEMBERS: dict[str, Promise] = {
    "code_too_soon": _("A code was asked for a moment ago. Wait {seconds} seconds."),
    "codes_used_up": _("Too many codes were asked for. Try again later, or come to the shop."),
    "device_too_new": _("This device is new here. For your safety this is possible a day after its first sign-in."),
    "passkeys_used_up": _("There are ten passkeys already. Remove them before you add another."),
    "passkey_refused": _("The device did not confirm. Try again, or take a code."),
    "code_needed": _("First give the code that we send you."),
}
