"""Writes of the messaging room, by topic."""

from zhenke.messaging.operations.queueing import queue_message

__all__ = ["queue_message"]
