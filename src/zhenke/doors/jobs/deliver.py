"""Sending what is due, by the channels that this installation has set up."""

from __future__ import annotations

from zhenke.basics.clock import now
from zhenke.journeys.deliver_messages import deliver_messages
from zhenke.messaging.channels import channels_of
from zhenke.settings import INSTALLATION


def deliver_due() -> dict[str, int]:
    """Send what is due; answer how many messages ended how. Without a channel nothing leaves: messages wait."""
    return dict(deliver_messages(channels=channels_of(INSTALLATION), clock=now))
