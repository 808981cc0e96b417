"""Messages of the demo shop: most went, some were not sent and say why, of a few nobody knows, some wait.

Nothing leaves the machine: what a provider would have answered is thrown with the dice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from zhenke.basics.days import local_date
from zhenke.customers.queries import customer_for
from zhenke.doors.demo.dice import dice
from zhenke.doors.demo.load import OpenedShop
from zhenke.messaging.operations import queue_message
from zhenke.messaging.operations.delivering import claim_message, mark_outcome, open_attempt
from zhenke.messaging.operations.settling import take_receipt
from zhenke.messaging.operations.templates import publish_template
from zhenke.messaging.queries.templates import template_in_force, wording_of
from zhenke.messaging.rules.letters import Answer, Outcome
from zhenke.messaging.rules.templates import Wording
from zhenke.staff import SYSTEM

SEED = 31
MANY = 90
ELEVEN_IN_SHANGHAI = 3
"""The hour in UTC: within the hours for writing."""
_ANSWERS = (
    *[Outcome(Answer.ACCEPTED, "OK", "demo")] * 16,
    Outcome(Answer.UNKNOWN, "line_broke"),
    Outcome(Answer.REFUSED, "isv.MOBILE_NUMBER_ILLEGAL"),
)


def write_messages(*, opened: OpenedShop, now: datetime) -> int:
    """Queue notices about points, and let most of them end; return how many there are."""
    for key in ("points_expiring", "points_earned", "tier_changed"):
        _register(key, opened, now)
    people = [row for row in opened.rows.customers if row.kind == "person" and row.phones]
    rng = dice(SEED, "messages", "people")
    for number, person in enumerate(rng.sample(people, min(MANY, len(people)))):
        day = now - timedelta(days=12 - number * 12 // MANY)  # the newest last, as they are written
        at = day.replace(hour=ELEVEN_IN_SHANGHAI, minute=number % 60, second=0, microsecond=0)
        customer = customer_for(viewer=SYSTEM, id=opened.customers[person.customer_no])
        waits = number % 9 == 8
        row = queue_message(
            customer=customer,
            purpose="service",
            kind="service",
            template_key="points_earned" if number % 3 else "points_expiring",
            fields={
                "points": rng.randrange(2, 60) * 100,
                "balance": rng.randrange(60, 400) * 100,
                "expires_on": local_date(now, "Asia/Shanghai") + timedelta(days=60),
            },
            channel="email" if number % 11 == 10 else "sms",
            cause_kind="points",
            cause_id=number,
            not_before=now + timedelta(hours=1) if waits else at,
            now=min(at, now),
        )
        if not waits and claim_message(message_id=row.pk, worker="demo", now=at):
            letter = open_attempt(message_id=row.pk, worker="demo", on={"sms", "email"}, now=at)
            if letter is not None:
                outcome = rng.choice(_ANSWERS)
                mark_outcome(attempt_id=letter.key, outcome=outcome, now=at)
                if outcome.answer == Answer.ACCEPTED:
                    _told(letter.key, at)
    return min(MANY, len(people))


def _register(key: str, opened: OpenedShop, now: datetime) -> None:
    """Give a text of SMS the number that a provider would have given it."""
    for language in ("zh-hans", "en"):
        found = template_in_force(key=key, channel="sms", language=language)
        if found is not None:
            was = wording_of(found)
            text = Wording(was.key, was.kind, was.channel, was.language, was.words, "", f"SMS_{2_200_100 + len(key)}")
            publish_template(wording=text, by=opened.staff["zhu"], now=now - timedelta(days=20))


def _told(attempt: int, at: datetime) -> None:
    later = at + timedelta(seconds=8)
    take_receipt(channel="sms", attempt_id=attempt, provider_key="", is_delivered=True, at=later, now=later)
