"""Writes of the archive, by topic."""

from zhenke.customers.operations.archive import add_customer, assign, change_customer
from zhenke.customers.operations.consent import give_consent, keep_consent, withdraw_consent, withdraw_everything
from zhenke.customers.operations.contacts import add_contact, drop_contact, reveal_contact
from zhenke.customers.operations.dates import add_date, remove_date
from zhenke.customers.operations.hand_over import hand_over
from zhenke.customers.operations.household import add_link, drop_link, restore_link
from zhenke.customers.operations.knowledge import add_tag, drop_tag, drop_trait, set_trait
from zhenke.customers.operations.own_fields import save_custom_field
from zhenke.customers.operations.recognise import recognise
from zhenke.customers.operations.sealing_traits import reveal_trait
from zhenke.customers.operations.timeline import add_interaction, drop_interaction
from zhenke.customers.operations.traits import set_traits
from zhenke.customers.operations.views import drop_view, save_view
from zhenke.customers.operations.visits import add_visit

__all__ = [
    "add_contact",
    "add_customer",
    "add_date",
    "add_interaction",
    "add_link",
    "add_tag",
    "add_visit",
    "assign",
    "change_customer",
    "drop_contact",
    "drop_interaction",
    "drop_link",
    "drop_tag",
    "drop_trait",
    "drop_view",
    "give_consent",
    "hand_over",
    "keep_consent",
    "recognise",
    "remove_date",
    "restore_link",
    "reveal_contact",
    "reveal_trait",
    "save_custom_field",
    "save_view",
    "set_trait",
    "set_traits",
    "withdraw_consent",
    "withdraw_everything",
]
