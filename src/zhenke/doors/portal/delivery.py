"""Brings a code to the contact that it is for, at once.

It happens beside the request, so that an answer takes as long for a contact that nobody has as for one that is known,
and a slow provider holds up nobody. The thread asks no database and writes nothing down.
"""

from __future__ import annotations

import logging
import sys
from concurrent.futures import Future, ThreadPoolExecutor

from django.conf import settings
from django.utils.translation import gettext as _

from zhenke.customers.operations.members import Parcel
from zhenke.customers.rules.contacts import masked_contact
from zhenke.journeys.send_sign_in_code import send_sign_in_code
from zhenke.messaging.channels import channels_of
from zhenke.messaging.rules.letters import Answer

COURIER = ThreadPoolExecutor(max_workers=2, thread_name_prefix="member-codes")
_LOG = logging.getLogger("zhenke.portal")


def send_code(parcel: Parcel | None) -> Future[None]:
    """Hand a code over to be brought; of nobody's the same is done with nothing."""
    words = _("%(code)s is your code. It is good for 5 minutes. We never ask you for it.")
    return COURIER.submit(_bring, parcel, _("Your code"), words)


def _bring(parcel: Parcel | None, subject: str, words: str) -> None:
    if parcel is None:
        return
    words = words % {"code": parcel.code}
    if settings.PORTAL_CODES == "console":
        # To the screen of who tries it out, never to the log.
        whom = masked_contact(parcel.kind, parcel.contact)
        print(f"\n  member site → {whom}: {words}\n", file=sys.stderr, flush=True)
        return
    outcome = send_sign_in_code(
        parcel=parcel,
        channels=channels_of(settings.INSTALLATION),
        subject=subject,
        words=words,
        sms_template=settings.INSTALLATION.sms_code_template,
    )
    if outcome is None or outcome.answer != Answer.ACCEPTED:
        # Neither the contact nor the code: only that it did not go, and the code of why.
        _LOG.warning("a sign-in code did not go: %s", outcome.code if outcome else "no channel is set up")
