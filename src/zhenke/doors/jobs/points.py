"""The night of the points, with the clock and the machine's own count of seconds read here."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from zhenke.basics.clock import running
from zhenke.basics.days import local_date
from zhenke.journeys.expire_points import expire_points
from zhenke.membership.rules.clocks import Tick


def points_night(at: datetime) -> dict[str, int]:
    """Let what waited be spent and what is over end; return the figures. `held` 1: the clock was not believed."""
    boot, seconds = running()
    done = expire_points(tick=Tick(local_date(at, settings.TIME_ZONE), at, boot, seconds))
    return {
        "activated": done.activated,
        "activated_points": done.activated_points,
        "expired": done.expired,
        "expired_points": done.expired_points,
        "checks": done.checks,
        "held": int(done.is_held),
    }
