"""Brings a code to the contact that it is for. The one place of this door that hands something to the outside.

It happens beside the request, so that an answer takes as long for a contact that nobody has as for one that is known.
"""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor

from django.conf import settings
from django.utils.translation import gettext as _

from zhenke.customers.operations.members import Parcel
from zhenke.customers.rules.contacts import masked_contact

COURIER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="member-codes")


def send_code(parcel: Parcel | None) -> Future[None]:
    """Hand a code over to be brought; of nobody's the same is done with nothing."""
    text = _("%(code)s is your code. It is good for 5 minutes. We never ask you for it.")
    return COURIER.submit(_bring, parcel, text)


def _bring(parcel: Parcel | None, text: str) -> None:
    if parcel is None or settings.PORTAL_CODES != "console":
        return
    # To the screen of who tries it out, never to the log.
    whom = masked_contact(parcel.kind, parcel.contact)
    print(f"\n  member site → {whom}: {text % {'code': parcel.code}}\n", file=sys.stderr, flush=True)
