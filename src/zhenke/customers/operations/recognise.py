"""Says who a buyer is: the archive that is there, or a new one; never a second one for the same person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from zhenke.basics.errors import NotFound, RuleBroken
from zhenke.customers.models import Customer
from zhenke.customers.operations.archive import add_customer
from zhenke.customers.operations.claims import note_said
from zhenke.customers.queries.archive import buyer_in_sight
from zhenke.customers.queries.contacts import with_contact
from zhenke.customers.queries.merges import standing_key, with_key
from zhenke.customers.rules.consent import ChildWithoutGuardian
from zhenke.customers.rules.contacts import contact_spelling
from zhenke.customers.rules.drafts import BuyerSlip, CustomerDraft
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import below


class BuyerUnknown(NotFound):
    """The key names no customer that the writer may see."""

    code = "buyer_unknown"
    message = "This customer does not exist, or is not yours to see."


class SeveralKnown(RuleBroken):
    """More than one customer has this phone, so it does not say who bought. Facts: `count`."""

    code = "several_known"
    message = "{count} customers have this phone; say which one by card number or name."


def recognise(*, buyer: BuyerSlip, shop: Shop, by: Viewer, now: datetime) -> Customer | None:
    """Return the customer whom the slip means; None if it means nobody.

    A key of the shop's own (`customer_id`) must be in the writer's sight. Card number, outside key and exact phone find
    the customer in the whole house, because the person stands at the counter and has one archive in all shops; nothing
    of it is shown by that. A key that nobody has yet opens a new archive with it, except for somebody under 14.

    Errors: BuyerUnknown for a `customer_id`; SeveralKnown; else as `add_customer`.
    Writes: maybe one customer, by `add_customer`; of one who is known, what the slip says otherwise as claims.
    Twice:  the same customer.
    """
    if buyer.is_anonymous:
        return None
    if buyer.customer_id is not None:
        known = buyer_in_sight(viewer=by, id=buyer.customer_id) or _standing(buyer.customer_id, by)
        if known is None:
            raise BuyerUnknown
        return known
    draft = _with_keys(buyer)
    house = Customer.objects.select_related("shop", "owner").filter(
        below(shop.path.split("/", 1)[0] + "/", "shop__path")
    )
    found = _by_keys(house, draft)
    if found is not None:
        note_said(customer=found, draft=draft, by=by, now=now)
        return found
    try:
        return add_customer(draft=draft if draft.shop else replace(draft, shop=shop), by=by, now=now)
    except ChildWithoutGuardian:
        return None  # the receipt is written; of somebody under 14 nothing is kept without her guardian


def _standing(key: int, by: Viewer) -> Customer | None:
    """Return the archive into which the one under this key was merged, if it is in sight."""
    standing = standing_key(key)
    return buyer_in_sight(viewer=by, id=standing) if standing != key else None


def _with_keys(buyer: BuyerSlip) -> CustomerDraft:
    draft = buyer.draft or CustomerDraft()
    phones = (buyer.phone, *draft.phones) if buyer.phone else draft.phones
    return replace(
        draft,
        card_number=(buyer.card_number or draft.card_number or "").strip() or None,
        source_key=(buyer.source_key or draft.source_key or "").strip() or None,
        phones=tuple(phones),
    )


def _by_keys(house: QuerySet[Customer], draft: CustomerDraft) -> Customer | None:
    if draft.card_number:
        known = with_key(house, kind="card_number", text=draft.card_number)
        if known is not None:
            return known
    if draft.source_key:
        known = with_key(house, kind="source_key", text=draft.source_key)
        if known is not None:
            return known
    for phone in draft.phones:
        rows = with_contact(house, kind="phone", kept=contact_spelling("phone", phone))
        sharing = list(rows.order_by("id")[:10])
        same_name = [row for row in sharing if draft.name and row.name == draft.name.strip()]
        # A family shares one phone: a name decides, and a different name is a different person.
        matches = same_name or ([] if draft.name and sharing and all(row.name for row in sharing) else sharing)
        if len(matches) > 1:
            raise SeveralKnown(count=len(matches))
        if matches:
            return matches[0]
    return None
