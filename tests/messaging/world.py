"""People who may be written to, and messages to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.cast import NOW, Cast
from zhenke.customers.models import Customer
from zhenke.customers.operations import add_contact, give_consent
from zhenke.customers.operations.consent_texts import load_consent_texts
from zhenke.doors.defaults.consent_texts import CONSENT_TEXTS
from zhenke.doors.defaults.contact_rules import CONTACT_RULES
from zhenke.doors.defaults.message_templates import MESSAGE_TEMPLATES
from zhenke.journeys.deliver_messages import deliver_messages
from zhenke.messaging.models import Message
from zhenke.messaging.operations import queue_message
from zhenke.messaging.operations.contact_rules import load_contact_rules
from zhenke.messaging.operations.templates import load_templates
from zhenke.messaging.rules.letters import Channel
from zhenke.messaging.rules.templates import Wording
from zhenke.staff import SYSTEM

PROMOTION = (
    Wording("tasting", "marketing", "sms", "zh-hans", "{salutation}，周末品鉴会，回T退订", "", "SMS_9"),
    Wording("tasting", "marketing", "email", "zh-hans", "{salutation}，周末品鉴会", "周末品鉴会"),
    Wording("wear_check", "care", "sms", "zh-hans", "{salutation}，佩戴还合适吗？", "", "SMS_8"),
    Wording("points_note", "service", "sms", "zh-hans", "{salutation}，积分{points}", "", "SMS_7"),
)


def open_messaging() -> None:
    """Put texts, rules and templates in force; SMS texts have their number at the provider."""
    load_consent_texts(texts=CONSENT_TEXTS, by=SYSTEM, now=NOW)
    load_contact_rules(rules=CONTACT_RULES, by=SYSTEM, now=NOW)
    load_templates(wordings=(*MESSAGE_TEMPLATES, *PROMOTION), by=SYSTEM, now=NOW)


def reachable(cast: Cast, *, phone: str = "13800138000", **known: Any) -> Customer:
    """Return a customer with phone and e-mail who has said yes to marketing and care by both."""
    names = {"name": "周丽华", "gender": "f", "shop": cast.shop_a, "owner": cast.mei, "language": "zh-hans"}
    her = Customer.objects.create(**{**names, **known}, created_at=NOW, updated_at=NOW)
    add_contact(customer=her, kind="phone", text=phone, by=SYSTEM, now=NOW)
    add_contact(customer=her, kind="email", text=f"c{phone}@example.com", by=SYSTEM, now=NOW)
    for purpose in ("marketing", "care"):
        give_consent(customer=her, purpose=purpose, channels=("sms", "email"), proof="paper", by=SYSTEM, now=NOW)
    return her


def queue(customer: Customer, *, now: datetime = NOW, **more: Any) -> Message:
    """Queue a promotional SMS, or what is said otherwise."""
    how: dict[str, Any] = {
        "purpose": "marketing",
        "kind": "marketing",
        "template_key": "tasting",
        "fields": {},
        "channel": "sms",
        "cause_kind": "campaign",
        "cause_id": 1,
    }
    return queue_message(customer=customer, now=now, **{**how, **more})


SERVICE = {"purpose": "service", "kind": "service", "template_key": "points_note", "fields": {"points": 5}}
CARE = {"purpose": "care", "kind": "care", "template_key": "wear_check"}


def deliver(channels: dict[str, Channel], *, after: timedelta = timedelta(), **more: Any) -> dict[str, int]:
    """Let one worker deliver, so long after the fixed moment of the tests."""
    return dict(deliver_messages(channels=channels, clock=lambda: NOW + after, **more))


def state_of(message: Message) -> tuple[str, str]:
    """Return state and reason as they are now."""
    message.refresh_from_db()
    return message.state, message.reason
