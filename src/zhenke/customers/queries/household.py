"""Who belongs to a customer, as a viewer may know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from zhenke.basics.days import DayOfYear, occurrences
from zhenke.customers.models import Customer, CustomerLink
from zhenke.customers.queries.archive import CustomerUnknown, belonging_to, may_have, visible
from zhenke.customers.queries.knowledge import dates_of
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.household import COUPLE, HOUSEHOLD, other_end, place_of_kind
from zhenke.customers.rules.sight import sight_of
from zhenke.customers.rules.surprise import OCCASION_WITHIN_DAYS, secret_until
from zhenke.staff.models import Viewer
from zhenke.staff.queries import year_rule_of

# Days on which she may be given something; a child's or a spouse's birthday is somebody else's.
_OF_HER_OWN = frozenset({"birthday", "wedding", "registration", "engagement", "met"})


@dataclass(frozen=True, slots=True)
class SeenLink:
    """One link from one end. `kind` is what the other is to her; `other` is None for a person out of sight.

    `job` is what a company's contact does there, "" for a person out of sight.
    """

    id: int
    kind: str
    other: Customer | None
    job: str = ""

    @property
    def is_household(self) -> bool:
        """Whether this is family, not a friend or a company."""
        return self.kind in HOUSEHOLD


def household_of(*, viewer: Viewer, customer: Customer) -> list[SeenLink]:
    """Return everybody who belongs to a customer: partner, children, parents, then friends and companies.

    Shape:  one row per link, in that order; may be empty. Two SQL queries.
    Sees:   as `visible`, marketing and auditors nobody. Of a person out of the viewer's sight only the kind of the
            link, never a name or key; of a protected one
            nothing to who is not named for her.
    """
    standing = _links_of(viewer=viewer, customer=customer).filter(dropped_at=None)
    rows = list(standing.filter(unless_hidden(viewer, "first"), unless_hidden(viewer, "second")))
    others = [row.second_id if row.first_id == customer.pk else row.first_id for row in rows]
    seen = visible(viewer=viewer).filter(pk__in=others).select_related("shop", "owner").in_bulk() if others else {}
    links = [
        SeenLink(
            row.pk,
            row.kind if row.first_id == customer.pk else other_end(row.kind),
            seen.get(other),
            row.job if other in seen else "",
        )
        for row, other in zip(rows, others, strict=True)
    ]
    return sorted(links, key=lambda link: (place_of_kind(link.kind), link.id))


def partner_of(*, viewer: Viewer, customer: Customer) -> SeenLink | None:
    """Return the link to a customer's spouse or partner, None if none is known or in sight.

    Shape:  one row at most; at most two SQL queries, none for an archive of `customer_for` that has no link.
    Sees:   as `visible`.
    """
    if not may_have(customer, "has_links"):
        return None
    links = _links_of(viewer=viewer, customer=customer).filter(dropped_at=None, kind__in=COUPLE)
    row = links.order_by("pk").first()
    if row is None:
        return None
    partner = visible(viewer=viewer).filter(pk=row.second_id if row.first_id == customer.pk else row.first_id).first()
    return SeenLink(row.pk, row.kind, partner) if partner else None


def secret_until_of(*, viewer: Viewer, recipient: Customer, bought: date) -> date:
    """Return the day until which a gift is kept secret when nobody says.

    Units:  days; `bought` is the day of the sale. Her next birthday or anniversary within 90 days, else 30 days later.
    Shape:  two SQL queries.
    Sees:   her days as `dates_of`; who sees none is told the 30 days.
    """
    last = bought + timedelta(days=OCCASION_WITHIN_DAYS)
    rule = year_rule_of(recipient.shop)
    coming = [
        come.on_date
        for row in dates_of(viewer=viewer, customer=recipient)
        if row.kind in _OF_HER_OWN
        for come in occurrences(
            DayOfYear(row.month, row.day, row.calendar, row.is_leap_month, row.year), bought, last, rule
        )
    ]
    return secret_until(occasions=coming, bought=bought)


def link_for(*, viewer: Viewer, customer: Customer, id: int) -> CustomerLink:
    """Return one link of a customer, also one that was dropped.

    Errors: CustomerUnknown if there is none of hers, or she is not within the viewer's sight.
    Sees:   as `household_of`; the row itself is for operations, what a page shows comes from there.
    """
    link = _links_of(viewer=viewer, customer=customer).filter(pk=id).first()
    if link is None:
        raise CustomerUnknown
    return link


def _links_of(*, viewer: Viewer, customer: Customer) -> QuerySet[CustomerLink]:
    if not sight_of(viewer.role).family:
        return CustomerLink.objects.none()
    first = belonging_to(viewer=viewer, customer=customer, field="first")
    second = belonging_to(viewer=viewer, customer=customer, field="second")
    return CustomerLink.objects.filter(Q(first) | Q(second))
