"""The contact rules in force, and the versions before them. They speak of no person."""

from __future__ import annotations

from zhenke.messaging.models import ContactRulesVersion
from zhenke.messaging.rules.contact_rules import ContactRules

# Of a house that was never opened with `zhenke init`: nothing goes out.
_NOTHING = ContactRules({"sms": ("09:00", "20:30"), "email": ("09:00", "21:00")}, 0, 0, 0)


def contact_rules() -> ContactRules:
    """Return the rules in force.

    Sees:   no viewer: rules of the house.
    """
    last = ContactRulesVersion.objects.order_by("-version").first()
    return rules_of(last) if last else _NOTHING


def contact_rules_versions() -> list[ContactRulesVersion]:
    """Return every version, the newest first.

    Sees:   no viewer: rules of the house.
    """
    return list(ContactRulesVersion.objects.order_by("-version").select_related("made_by"))


def rules_of(row: ContactRulesVersion) -> ContactRules:
    """Return a version as the rules need it."""
    hours = {channel: (start, end) for channel, (start, end) in row.hours.items()}
    return ContactRules(hours, row.marketing_a_month, row.sms_a_month, row.care_a_week)
