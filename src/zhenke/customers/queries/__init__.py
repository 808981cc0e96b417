"""Reads of the archive, by topic."""

from zhenke.customers.queries.archive import (
    CustomerUnknown,
    belonging_to,
    customer_for,
    is_known_by_name,
    may_have,
    seen_name,
    visible,
)
from zhenke.customers.queries.conditions import filtered
from zhenke.customers.queries.consent import SeenConsent, consent_history, consents_of, current_texts, may_contact
from zhenke.customers.queries.contacts import SeenContact, contacts_of, field_cipher
from zhenke.customers.queries.groupings import GroupCounts, customers_kept, group_counts, regions_in_sight
from zhenke.customers.queries.household import SeenLink, household_of, link_for, partner_of, secret_until_of
from zhenke.customers.queries.knowledge import (
    custom_fields,
    dates_of,
    hidden_traits,
    own_fields,
    saved_views,
    tags,
    tags_of,
    traits_of,
)
from zhenke.customers.queries.lists import CustomerPage, customer_page
from zhenke.customers.queries.matches import LikelySame, likely_same
from zhenke.customers.queries.search import CustomerHit, search
from zhenke.customers.queries.timeline import interactions_of, latest_touch
from zhenke.customers.queries.visits import SeenVisit, visits_of

__all__ = [
    "CustomerHit",
    "CustomerPage",
    "CustomerUnknown",
    "GroupCounts",
    "LikelySame",
    "SeenConsent",
    "SeenContact",
    "SeenLink",
    "SeenVisit",
    "belonging_to",
    "consent_history",
    "consents_of",
    "contacts_of",
    "current_texts",
    "custom_fields",
    "customer_for",
    "customer_page",
    "customers_kept",
    "dates_of",
    "field_cipher",
    "filtered",
    "group_counts",
    "hidden_traits",
    "household_of",
    "interactions_of",
    "is_known_by_name",
    "latest_touch",
    "likely_same",
    "link_for",
    "may_contact",
    "may_have",
    "own_fields",
    "partner_of",
    "regions_in_sight",
    "saved_views",
    "search",
    "secret_until_of",
    "seen_name",
    "tags",
    "tags_of",
    "traits_of",
    "visible",
    "visits_of",
]
