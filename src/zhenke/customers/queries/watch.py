"""Important customers as the house watches over them: their team, the protected ones, and who looked at them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhenke.customers.models import Customer, CustomerTeam, ProtectedView
from zhenke.customers.queries.archive import belonging_to, visible
from zhenke.customers.queries.expressions import Literal
from zhenke.customers.rules.importance import Importance
from zhenke.staff.models import Viewer

MOST_LOOKS = 100


def team_of(*, viewer: Viewer, customer: Customer) -> list[CustomerTeam]:
    """Return a customer's service team with its people, those who left the house too.

    Shape:  longest in the team first; may be empty. One SQL query.
    Sees:   whoever may see the customer.
    """
    rows = CustomerTeam.objects.filter(belonging_to(viewer=viewer, customer=customer)).select_related("member")
    return list(rows.order_by("from_date", "id"))


def protected_customers(*, viewer: Viewer) -> QuerySet[Customer]:
    """Return the protected customers for whom the viewer is named, with shop, advisor and cover.

    Shape:  one row per customer, latest first; may be empty.
    Sees:   as `visible`.
    """
    rows = visible(viewer=viewer).filter(importance=Literal(Importance.PROTECTED))
    return rows.select_related("shop", "owner", "cover").order_by("-importance_at", "-id")


def looks_at_protected(*, viewer: Viewer) -> list[ProtectedView]:
    """Return who looked at protected customers, and at what is specially protected of others, with customer and person.

    Shape:  the latest 100, newest first; may be empty.
    Sees:   looks at customers for whom the viewer is named; of others who are in sight the looks at whole values only.
    """
    keys = protected_customers(viewer=viewer).order_by().values("pk")
    whole = Q(place="whole", customer__in=visible(viewer=viewer).order_by().values("pk"))
    rows = ProtectedView.objects.filter(Q(customer__in=keys) | whole).select_related("customer", "by")
    return list(rows.order_by("-at", "-id")[:MOST_LOOKS])
