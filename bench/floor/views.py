"""The floor's pages: the session and the person, the same rows as the product's page, one template; no rules."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhenke.care.models import Occasion, Task
from zhenke.customers.models import ContactPoint, Customer, CustomerTag, Interaction, SearchTerm
from zhenke.grading.models import Grade
from zhenke.sales.models import Sale, SaleLine
from zhenke.staff.models import StaffMember

_LAST = "\U0010ffff"


def _viewer(request: HttpRequest) -> StaffMember:
    key = Session.objects.get(pk=request.COOKIES["zhenke_staff"]).get_decoded()["_auth_user_id"]
    return StaffMember.objects.select_related("shop").get(pk=key)


def customers(request: HttpRequest) -> HttpResponse:
    """The forty customers that changed last, with grade and tags."""
    viewer = _viewer(request)
    rows = list(Customer.objects.select_related("shop", "owner", "cover").order_by("-updated_at", "-id")[:40])
    keys = [row.pk for row in rows]
    grades = Grade.objects.in_bulk(keys)
    tags: dict[int, list[str]] = {}
    for tag in CustomerTag.objects.filter(customer__in=keys).select_related("tag"):
        tags.setdefault(tag.customer_id, []).append(tag.tag.name)
    shown = [(row, grades.get(row.pk), tags.get(row.pk, [])) for row in rows]
    return render(request, "floor.html", {"viewer": viewer, "rows": shown})


def by_word(request: HttpRequest) -> HttpResponse:
    """Eight customers whose words begin so."""
    viewer, word = _viewer(request), request.GET["q"]
    found = SearchTerm.objects.filter(term__gte=word, term__lt=word + _LAST).order_by("term", "customer_id")
    keys = list(dict.fromkeys(found.values_list("customer_id", flat=True)[:24]))[:8]
    return _hits(request, viewer, keys)


def by_tail(request: HttpRequest) -> HttpResponse:
    """The customers of one tail, whose index the bench has worked out before."""
    viewer = _viewer(request)
    found = ContactPoint.objects.filter(tail_index=request.GET["index"], kind="phone")
    return _hits(request, viewer, list(found.values_list("customer_id", flat=True)[:8]))


def _hits(request: HttpRequest, viewer: StaffMember, keys: list[int]) -> HttpResponse:
    rows = Customer.objects.select_related("shop", "owner").filter(pk__in=keys)
    grades = Grade.objects.in_bulk(keys)
    shown = [(row, grades.get(row.pk), []) for row in rows]
    return render(request, "floor.html", {"viewer": viewer, "rows": shown})


def profile(request: HttpRequest, key: int) -> HttpResponse:
    """One customer: header, contacts, grade, next task and occasion, the last purchase, receipts and contacts."""
    viewer = _viewer(request)
    customer = Customer.objects.select_related("shop", "owner", "cover", "referrer").get(pk=key)
    sales = list(Sale.objects.filter(customer=key).select_related("shop", "advisor").order_by("-sold_at", "-id")[:21])
    lines = list(SaleLine.objects.filter(sale__in=sales).select_related("style"))
    words = {
        "viewer": viewer,
        "customer": customer,
        "contacts": list(ContactPoint.objects.filter(customer=key)),
        "grade": Grade.objects.select_related("scheme").filter(customer=key).first(),
        "task": Task.objects.select_related("plan").filter(customer=key, state="open").order_by("due_date").first(),
        "occasion": Occasion.objects.filter(customer=key, on_date__gte=date(2020, 1, 1)).first(),
        "sales": sales,
        "lines": lines,
        "touches": list(
            Interaction.objects.filter(customer=key).select_related("by", "shop").order_by("-at", "-id")[:21]
        ),
    }
    return render(request, "floor.html", words)


def today(request: HttpRequest) -> HttpResponse:
    """The open tasks of one advisor, by one indexed query."""
    viewer = _viewer(request)
    until = date.fromisoformat(request.GET["day"]) + timedelta(days=7)
    mine = Q(assignee=viewer, state="open", due_date__lte=until)
    tasks = list(Task.objects.filter(mine).select_related("customer", "plan").order_by("due_date", "id")[:400])
    return render(request, "floor.html", {"viewer": viewer, "tasks": tasks})
