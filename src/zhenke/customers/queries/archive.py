"""Which customers a viewer may see, one of them, and the name that the viewer is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhenke.basics.errors import NotFound
from zhenke.basics.names import mask_name
from zhenke.basics.prepared import Prepared, PreparedEach
from zhenke.customers.models import Claim, Customer, CustomerLink, Merge
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.sight import sight_of
from zhenke.staff.models import Viewer
from zhenke.staff.queries import sight_key, within_scope
from zhenke.staff.rules import Scope, SystemViewer

_in_sight, _archives = PreparedEach(), PreparedEach()
_NO_KEY = 2**63  # a number that no database takes for a key


class CustomerUnknown(NotFound):
    """There is no such customer, or the viewer may not know of it."""

    code = "customer_unknown"
    message = "This customer does not exist, or is not yours to see."


class CustomerMerged(CustomerUnknown):
    """The archive was merged into another, which the viewer may see. Facts: `merged_into`, its key."""

    code = "customer_merged"
    message = "This archive was merged into another one."


def visible(*, viewer: Viewer) -> QuerySet[Customer]:
    """Return every customer that the viewer may see.

    Shape:  one row per customer, no order; may be empty.
    Sees:   own: where owner or cover; shop, region, brand: customers of the shops within, without protected people for
            whom the viewer is not named (`queries/protection.py`); who left: none.
    """
    rows = Customer.objects.filter(within_scope(viewer))
    if isinstance(viewer, SystemViewer) or viewer.scope == Scope.OWN:
        return rows  # whose rows are one's own is named for them
    return rows.filter(unless_hidden(viewer))


def belonging_to(*, viewer: Viewer, customer: Customer, field: str = "customer") -> Q:
    """Return the filter "belongs to this customer", which lets nothing through where the viewer may not see her.

    `field` is the path from the filtered rows to the customer. The set of everybody in sight is narrowed to the one key
    inside the query: SQLite works such a set out whole, and a shop's would be tens of thousands for one row.
    Sees:   as `visible`.
    """
    hers = Q(**{f"{field}_id": customer.pk})
    if isinstance(viewer, SystemViewer):
        return hers
    return hers & Q(**{f"{field}__in": visible(viewer=viewer).filter(pk=customer.pk).values("pk")})


def customer_for(*, viewer: Viewer, id: int, along: Mapping[str, Exists] = MappingProxyType({})) -> Customer:
    """Return one customer with shop, owner, cover and referrer.

    `along` is what a page asks of the same row: whether a room above has anything of hers at all, under a name that the
    customer then bears. So a page needs no query for what nearly nobody has. `has_merges`, `has_links` and
    `has_claims` are always asked: whether something was merged into it, whether it ever belonged to anybody, and
    whether sources say different things of it.

    Shape:  one SQL query, made once for each viewer and kept until the viewer's sight changes.
    Errors: CustomerUnknown if it does not exist or is not within the viewer's sight: the two look the same;
            CustomerMerged if it was merged into one that is in sight.
    Sees:   as `visible`.
    """
    if not viewer.is_active or not 0 < id < _NO_KEY:
        raise CustomerUnknown
    query = _archives.of((*sight_key(viewer), *along), lambda: _archive_of(visible(viewer=viewer), along))
    customer: Customer | None = query.first(connection, key=id)
    if customer is None:
        into = Merge.objects.filter(loser_key=id, state=Merge.State.DONE).values_list("winner_id", flat=True).first()
        if into is not None and visible(viewer=viewer).filter(pk=into).exists():
            raise CustomerMerged(merged_into=into)
        raise CustomerUnknown
    return customer


def _archive_of(rows: QuerySet[Customer], along: Mapping[str, Exists]) -> Prepared:
    links = CustomerLink.objects.filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
    merges = Merge.objects.filter(winner=OuterRef("pk"))
    claims = Claim.objects.filter(customer=OuterRef("pk"), decision="")
    told = rows.annotate(has_merges=Exists(merges), has_links=Exists(links), has_claims=Exists(claims), **along)
    whole = told.select_related("shop", "owner", "cover", "referrer")
    return Prepared(lambda key: whole.filter(pk=key), key=int)


def may_have(customer: Customer, trace: str) -> bool:
    """Return whether to look at all: False only where `trace` was asked `along` and nothing is there."""
    return bool(getattr(customer, trace, True))


def buyer_in_sight(*, viewer: Viewer, id: int) -> Customer | None:
    """Return one customer with shop and owner, None if it does not exist or is not within the viewer's sight.

    The till asks this at every sale, so each viewer's query is made once and kept until the viewer's sight changes.
    Sees:   as `visible`.
    """
    if not viewer.is_active or not 0 < id < _NO_KEY:
        return None
    query = _in_sight.of(sight_key(viewer), lambda: _one_of(visible(viewer=viewer)))
    found: Customer | None = query.first(connection, key=id)
    return found


def _one_of(rows: QuerySet[Customer]) -> Prepared:
    return Prepared(lambda key: rows.select_related("shop", "owner").filter(pk=key), key=int)


def is_known_by_name(*, viewer: Viewer, customer: Customer) -> bool:
    """Return whether the viewer is shown the full name: by role, and for an advisor only of own customers."""
    if isinstance(viewer, SystemViewer):
        return True
    if not viewer.is_active or not sight_of(viewer.role).names:
        return False
    return viewer.scope != Scope.OWN or viewer.pk in (customer.owner_id, customer.cover_id)


def seen_name(*, viewer: Viewer, customer: Customer) -> str:
    """Return the customer's name as the viewer may see it, "" if none is known.

    Sees:   full, or masked (张**) for marketing, the auditor and an advisor to whom the customer does not belong.
    Source: promises.md §3.3.
    """
    return customer.name if is_known_by_name(viewer=viewer, customer=customer) else mask_name(customer.name)
