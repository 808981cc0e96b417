"""Who a new customer may be already, told without showing more than the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhenke.basics.errors import BadInput
from zhenke.basics.names import normalise_query
from zhenke.customers.models import ContactPoint, Customer, SearchTerm
from zhenke.customers.queries.archive import seen_name, visible
from zhenke.customers.queries.contacts import field_cipher
from zhenke.customers.queries.merges import with_key
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.contacts import TAIL_FIELD, contact_spelling, search_spelling, tail_spelling
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.staff.models import StaffMember
from zhenke.staff.queries import below

_MOST = 5


@dataclass(frozen=True, slots=True)
class LikelySame:
    """Somebody who may be the person of the draft.

    Out of the viewer's sight `id` is None and `name` "": only the shop and the advisor are told, so that the customer
    can be served by them. `by` says what is equal: card, phone, email, wechat, or name (with the last four digits).
    """

    id: int | None
    name: str
    shop_name: str
    owner_name: str
    by: str


def likely_same(*, viewer: StaffMember, draft: CustomerDraft) -> list[LikelySame]:
    """Return who is known already under the draft's card number or contacts, or by the same name and last four digits.

    Shape:  at most 5, surest first; empty if nobody is.
    Sees:   the viewer's whole brand, but of customers out of sight only shop and advisor, and of a protected person
            nothing to who is not named for her; a name alone finds only
            customers in sight. Unreadable contacts of the draft are passed over: adding refuses them by name.
    """
    brand = viewer.shop.path.split("/", 1)[0] + "/"
    house = Customer.objects.filter(below(brand, "shop__path"), unless_hidden(viewer))
    found: dict[int, str] = {}
    if draft.card_number:
        holder = with_key(house, kind="card_number", text=draft.card_number)
        found.update({holder.pk: "card"} if holder else {})
    indexes, tails = _indexes(draft)
    owners = ContactPoint.objects.filter(blind_index__in=indexes).values_list("customer_id", "blind_index")[:100]
    for key, index in owners:
        found.setdefault(key, indexes[index])
    word = normalise_query(draft.name)
    if word:
        named = visible(viewer=viewer).filter(pk__in=SearchTerm.objects.filter(term=word).values("customer_id"))
        same = named.filter(Q(name=draft.name.strip()), contact_points__tail_index__in=tails) if tails else named.none()
        for key in same.values_list("pk", flat=True)[:_MOST]:
            found.setdefault(key, "name")
    return _told(viewer, found, house.filter(pk__in=list(found)))


def holder_of_card(*, viewer: StaffMember, customer_id: int) -> LikelySame | None:
    """Return who shows the card of the member site whose code was taken.

    Shape:  None where she is of another brand, or protected and the viewer is not named for her.
    Sees:   as `likely_same`: of a customer out of sight only shop and advisor.
    """
    brand = viewer.shop.path.split("/", 1)[0] + "/"
    house = Customer.objects.filter(below(brand, "shop__path"), unless_hidden(viewer), pk=customer_id)
    return next(iter(_told(viewer, {customer_id: "card"}, house)), None)


def _indexes(draft: CustomerDraft) -> tuple[dict[str, str], list[str]]:
    cipher = field_cipher()
    by_kind = {"phone": draft.phones, "email": draft.emails, "wechat": draft.wechat_ids}
    indexes: dict[str, str] = {}
    tails: list[str] = []
    for kind, texts in by_kind.items():
        for text in texts:
            try:
                kept = contact_spelling(kind, text)
            except BadInput:
                continue
            indexes.update(dict.fromkeys(cipher.blind_indexes(kind, search_spelling(kind, kept)), kind))
            if kind == "phone":
                tails += cipher.blind_indexes(TAIL_FIELD, tail_spelling(kind, kept))
    return indexes, tails


def _told(viewer: StaffMember, found: dict[int, str], rows: QuerySet[Customer]) -> list[LikelySame]:
    known = rows.select_related("shop", "owner").in_bulk()
    mine = set(visible(viewer=viewer).filter(pk__in=list(known)).values_list("pk", flat=True))
    surest = ("card", "phone", "wechat", "email", "name")
    keys = sorted((key for key in found if key in known), key=lambda key: (surest.index(found[key]), key))[:_MOST]
    return [
        LikelySame(
            id=key if key in mine else None,
            name=seen_name(viewer=viewer, customer=known[key]) if key in mine else "",
            shop_name=known[key].shop.name,
            owner_name=str(known[key].owner or ""),
            by=found[key],
        )
        for key in keys
    ]
