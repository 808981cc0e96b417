"""The starting contact rules. Source: the trade's numbers, "Contact budget"."""

from __future__ import annotations

from zhenke.messaging.rules.contact_rules import ContactRules

CONTACT_RULES = ContactRules(
    hours={"sms": ("09:00", "20:30"), "email": ("09:00", "21:00")},
    marketing_a_month=4,
    sms_a_month=2,
    care_a_week=2,
)
