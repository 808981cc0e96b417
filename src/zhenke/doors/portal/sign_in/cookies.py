"""The cookies of the member site: out of reach of scripts and of other sites."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.http import HttpResponse

from zhenke.customers.operations.members import SignedIn
from zhenke.customers.rules.members import SESSION_LIVES
from zhenke.doors.portal.walls import DEVICE, SESSION

A_YEAR = 365 * 24 * 3600
Answer = TypeVar("Answer", bound=HttpResponse)


def set_cookie(answer: Answer, name: str, value: str, seconds: int) -> None:
    """Set one cookie of this door."""
    is_secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax", secure=is_secure)


def let_in(answer: Answer, found: SignedIn) -> Answer:
    """Give a browser its session, and the secret by which its device is known again."""
    set_cookie(answer, SESSION, found.token, int(SESSION_LIVES.total_seconds()))
    set_cookie(answer, DEVICE, found.device, A_YEAR)
    return answer
