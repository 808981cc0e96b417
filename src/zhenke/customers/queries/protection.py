"""Protected customers are there for the people named for them, and for nobody else."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from zhenke.customers.models import Customer, CustomerTeam
from zhenke.customers.queries.expressions import Literal
from zhenke.customers.rules.importance import Importance
from zhenke.staff.models import Viewer
from zhenke.staff.rules import Role, SystemViewer


def hidden_from(viewer: Viewer) -> QuerySet[Customer]:
    """Return the protected customers for whom the viewer is not named, wherever they are.

    Protected people are a handful, in an index of their own, so a query of many rows that leaves these keys out works
    out one small set and keeps its plan.

    Sees:   named are the owner of the brand, her advisor, the cover and her service team; SYSTEM sees everybody.
    """
    guarded = Customer.objects.filter(importance=Literal(Importance.PROTECTED)).order_by()
    team = CustomerTeam.objects.filter(member_id=viewer.id).values("customer_id")
    return guarded.exclude(owner_id=viewer.id).exclude(cover_id=viewer.id).exclude(pk__in=team)


def unless_hidden(viewer: Viewer, field: str = "pk") -> Q:
    """Return the filter that leaves out rows of protected customers for whom the viewer is not named.

    `field` is the path from the filtered rows to the customer, "pk" for customers themselves; rows of nobody stay.
    """
    if sees_protected(viewer):
        return Q()
    return ~Q(**{f"{field}__in": hidden_from(viewer).values("pk")})


def sees_protected(viewer: Viewer) -> bool:
    """Return whether the viewer is named for every customer in sight: the owner of the brand, the house itself."""
    return isinstance(viewer, SystemViewer) or viewer.role == Role.OWNER


def hidden_among(*, viewer: Viewer, keys: Collection[int | None]) -> set[int]:
    """Return which of some keys are of protected customers for whom the viewer is not named.

    Shape:  one SQL query, none for no keys or who sees everybody.
    """
    if not keys or sees_protected(viewer):
        return set()
    return set(hidden_from(viewer).filter(pk__in=[key for key in keys if key]).values_list("pk", flat=True))


def is_hidden_from(*, viewer: Viewer, customer: Customer) -> bool:
    """Return whether a customer at hand is protected and the viewer is not named for her.

    Shape:  no SQL query unless she is protected.
    """
    if customer.importance != Importance.PROTECTED or sees_protected(viewer):
        return False
    return not is_named_for(viewer=viewer, customer=customer)


def is_named_for(*, viewer: Viewer, customer: Customer) -> bool:
    """Return whether the viewer is the owner of the brand, her advisor, her cover, or in her team.

    Shape:  at most one SQL query.
    """
    if sees_protected(viewer) or viewer.id in (customer.owner_id, customer.cover_id):
        return True
    return CustomerTeam.objects.filter(customer_id=customer.pk, member_id=viewer.id).exists()
