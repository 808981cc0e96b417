"""A URL map with planted faults, which the permission matrix must find; used by its test only."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from zhenke.basics.errors import NotAllowed, NotFound
from zhenke.customers.models import Customer
from zhenke.staff.queries import within_scope


def leaks(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Serve anybody's customer: the forgotten scope."""
    if not Customer.objects.filter(pk=customer_id).exists():
        raise NotFound
    return HttpResponse("leaked")


def writes_first(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write, then refuse."""
    Customer.objects.filter(pk=customer_id).update(notes="written")
    seen = Customer.objects.filter(within_scope(request.user), pk=customer_id)
    if not seen.exists():
        raise NotFound
    return HttpResponse("ok")


def writes_behind(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write in words that do not begin like a writing statement, then refuse."""
    with connection.cursor() as cursor:
        cursor.execute("/* x */ UPDATE customers_customer SET notes = 'written' WHERE id = %s", [customer_id])
    raise NotFound


def tells(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Say "not yours" in other words than "not there"."""
    if Customer.objects.filter(within_scope(request.user), pk=customer_id).exists():
        return HttpResponse("ok")
    is_there = Customer.objects.filter(pk=customer_id).exists()
    return HttpResponse("not yours" if is_there else "no", status=404)


def refuses(request: HttpRequest) -> HttpResponse:
    """Refuse those whom the table lets in."""
    raise NotAllowed


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("leaks/<int:customer_id>/", leaks, name="leaks"),
    path("writes-first/<int:customer_id>/", writes_first, name="writes_first"),
    path("writes-behind/<int:customer_id>/", writes_behind, name="writes_behind"),
    path("tells/<int:customer_id>/", tells, name="tells"),
    path("refuses/", refuses, name="refuses"),
]
