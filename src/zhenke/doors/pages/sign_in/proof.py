"""Proving once more who one is: by passkey or code on the library's page, or by the password right where it is asked.

Whoever proved it within some minutes is not asked again; the proof stands in the session, never in a page.
"""

from __future__ import annotations

from datetime import UTC, datetime

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.utils.translation import gettext as _

from zhenke.doors.pages.staff_request import StaffRequest


def proved_at(request: StaffRequest) -> datetime | None:
    """Return when this person last proved who it is in this session, None if that is not known."""
    times = [record.get("at") for record in get_authentication_records(request, request.user)]
    known = [at for at in times if isinstance(at, int | float)]
    return datetime.fromtimestamp(max(known), UTC) if known else None


def prove_by_password(request: StaffRequest, password: str) -> str:
    """Keep a proof in the session if this is the password; return what was wrong, "" if nothing was."""
    if not password:
        return _("Give your password.")
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return _("Too many tries; wait a minute.")
    if not request.user.check_password(password):
        return _("This is not your password.")
    reauthenticate_by_password(request)
    return ""


def has_other_proof(request: StaffRequest) -> bool:
    """Return whether this person can prove it without the password: by passkey or a code of the phone."""
    return bool(is_mfa_enabled(request.user))
