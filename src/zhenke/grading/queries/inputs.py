"""Everything that one customer's grade is made of, gathered for the small regrade."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, QuerySet, Subquery

from zhenke.basics.prepared import Prepared
from zhenke.customers.models import ContactPoint, Customer, CustomerDate, Interaction, Trait
from zhenke.customers.queries import visible
from zhenke.grading.queries.schemes import current_scheme, rules_of
from zhenke.grading.rules import Archive, Inputs, Scheme, StageRules, instants_of, window_of
from zhenke.sales.models import SaleLine
from zhenke.sales.queries import purchase_summary
from zhenke.staff.models import Viewer
from zhenke.staff.rules import SystemViewer

CONTACT_KINDS = (Interaction.Kind.VISIT, Interaction.Kind.CALL, Interaction.Kind.MESSAGE)


def _counted(customer: int, begins: datetime, ends: datetime) -> QuerySet[Customer, Any]:
    contacts = Interaction.objects.filter(customer=customer, kind__in=CONTACT_KINDS, at__gte=begins, at__lt=ends)
    brought = Customer.objects.filter(referrer=customer)
    return Customer.objects.filter(pk=customer).values_list(
        Subquery(contacts.order_by().values("customer").annotate(many=Count("pk")).values("many")),
        Subquery(brought.order_by().values("referrer").annotate(many=Count("pk")).values("many")),
        Exists(_satisfied(customer, ends)),
    )


def _satisfied(customer: int, ends: datetime) -> QuerySet[Interaction]:
    return Interaction.objects.filter(customer=customer, at__lt=ends, facts__has_key="satisfaction")


_COUNTED = Prepared(_counted, customer=int, begins=datetime, ends=datetime)
_CATEGORIES = Prepared(lambda sale: SaleLine.objects.filter(sale=sale).values_list("style__category"), sale=int)
_SATISFACTION = Prepared(
    lambda customer, ends: _satisfied(customer, ends).order_by("-at", "-id").values_list("facts"),
    customer=int,
    ends=datetime,
)
_SAID = re.compile(r"[0-9]{1,3}")
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")


def house_zone() -> tzinfo:
    """Return the zone whose days bound the engagement window and name the day of a regrade."""
    return ZoneInfo(settings.TIME_ZONE)


def inputs_of(*, viewer: Viewer, customer: Customer, as_of: date, scheme: Scheme | None = None) -> Inputs:
    """Return what is known of one customer on one day, counted as the analytics question counts it for everybody.

    Sees:   viewers who may see the customer; for others it is as if she had never done anything.
    """
    scheme = scheme or rules_of(current_scheme())
    if not _sees(viewer, customer):
        return Inputs()
    bought = purchase_summary(viewer=viewer, customer=customer, as_of=as_of, window_months=scheme.window_months)
    begins, ends = instants_of(*window_of(as_of, scheme.engagement_months), house_zone())
    counted = _COUNTED.first(connection, customer=customer.pk, begins=begins, ends=ends)
    contacts, referred, has_said = counted or (0, 0, False)
    last = bought.last_bought_date
    return Inputs(
        recency_days=None if last is None else (as_of - last).days,
        frequency=bought.frequency,
        amount_minor=bought.amount_minor,
        margin_minor=bought.margin_minor,
        cost_known_minor=bought.cost_known_amount_minor,
        engagement=contacts or 0,
        satisfaction=_last_satisfaction(customer, ends) if has_said else None,
        referral=referred or 0,
        lifetime_minor=bought.lifetime_minor,
        lifetime_frequency=bought.lifetime_frequency,
        last_bought_date=last,
        is_bridal_only=bought.only_sale_id is not None and _is_bridal(bought.only_sale_id, scheme),
        cluster=customer.shop.path,
    )


def archive_of(*, viewer: Viewer, customer: Customer, as_of: date, rules: StageRules) -> Archive:
    """Return what the archive knows of somebody, for the stage of those who never bought.

    Sees:   viewers who may see the customer; for others the archive is empty.
    """
    if not _sees(viewer, customer):
        return Archive()
    known = [
        customer.gender,
        customer.region,
        customer.source,
        customer.owner_id,
        ContactPoint.objects.filter(customer=customer).exists(),
        CustomerDate.objects.filter(customer=customer).exists(),
    ]
    _, ends = instants_of(as_of, as_of, house_zone())
    keys = (*rules.intent_keys, *rules.intent_date_keys, *rules.budget_keys)
    traits = list(Trait.objects.filter(customer=customer, key__in=keys).values_list("key", "text"))
    days = [day for key, text in traits if key in rules.intent_date_keys and (day := _day_of(text)) and day >= as_of]
    return Archive(
        known_fields=sum(1 for one in known if one),
        contacts=Interaction.objects.filter(customer=customer, kind__in=CONTACT_KINDS, at__lt=ends).count(),
        has_intent=any(key in rules.intent_keys for key, _ in traits),
        intent_date=min(days, default=None),
        has_budget=any(key in rules.budget_keys for key, _ in traits),
    )


def _sees(viewer: Viewer, customer: Customer) -> bool:
    return isinstance(viewer, SystemViewer) or visible(viewer=viewer).filter(pk=customer.pk).exists()


def _is_bridal(sale: int, scheme: Scheme) -> bool:
    return any(category in scheme.bridal_categories for (category,) in _CATEGORIES.rows(connection, sale=sale))


def _last_satisfaction(customer: Customer, ends: datetime) -> int | None:
    """The newest interaction that says how satisfied she is, as whole number 0–100."""
    for (facts,) in _SATISFACTION.rows(connection, customer=customer.pk, ends=ends):
        said = str(facts["satisfaction"])
        if _SAID.fullmatch(said) and int(said) <= 100:
            return int(said)
    return None


def _day_of(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
