"""Messages go out: the only place of the house that uses the network for them."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from zhenke.messaging.operations.delivering import (
    claim_message,
    mark_outcome,
    open_attempt,
    release_lost_claims,
)
from zhenke.messaging.queries.queue import due_messages
from zhenke.messaging.rules.letters import Channel, Letter, Outcome

MOST_A_RUN = 500


def deliver_messages(
    *, channels: Mapping[str, Channel], clock: Callable[[], datetime], most: int = MOST_A_RUN
) -> Counter[str]:
    """Send what is due by the channels that are set up; return how many messages ended in each state.

    For each message, with a commit after every step but the call, which is outside of any transaction:

    1. Claim it, by one conditional UPDATE: several workers, or one started twice, never have the same.
    2. Ask the gate, open the attempt. A worker that dies before this commit leaves a message that waits again; after
       it, one that is held, because nobody can say whether the call was made.
    3. Make one call.
    4. Mark what became of it.

    Writes: Message, Attempt.
    Twice:  what went does not go again; claims of workers that are no more are let go of first.
    """
    worker = secrets.token_hex(8)
    release_lost_claims(now=clock())
    states: Counter[str] = Counter()
    for key in due_messages(now=clock(), most=most):
        if not claim_message(message_id=key, worker=worker, now=clock()):
            continue
        letter = open_attempt(message_id=key, worker=worker, on=channels.keys(), now=clock())
        if letter is None:
            states["kept_back"] += 1
            continue
        outcome = channels[letter.channel].send(letter)
        states[mark_outcome(attempt_id=letter.key, outcome=outcome, now=clock())] += 1
    return states


def deliver_sample(*, channel: Channel, letter: Letter) -> Outcome:
    """Send a sample to the person who writes a template: made-up values, no customer, nothing is written."""
    return channel.send(letter)
