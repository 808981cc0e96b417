"""Filters of a list of customers as conditions, and the sets of keys from which a short list may start."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Exists, FloatField, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast

from zhenke.basics.errors import BadInput
from zhenke.customers.models import ContactPoint, Customer, CustomerDate, CustomerTag, Interaction, Tag, Trait
from zhenke.customers.queries.archive import visible
from zhenke.customers.queries.birthdays import falling_between
from zhenke.customers.queries.expressions import Literal
from zhenke.customers.rules.ages import BAND_CODES, birth_years
from zhenke.customers.rules.filters import CustomerFilters, OwnAsked
from zhenke.customers.rules.freshness import CONTACTS, DATES, FIELDS, TRAITS
from zhenke.staff.models import Viewer

_NUMBER = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"


class FilterWrong(BadInput):
    """A filter has a value that it cannot have. Facts: `field`."""

    code = "filter_wrong"
    message = "The filter {field} cannot have this value."


def filtered(*, viewer: Viewer, filters: CustomerFilters, within: QuerySet | None = None) -> QuerySet[Customer]:
    """Return the customers that the filters keep, without order; for lists, counts and groups.

    Shape:  one row per customer; may be empty.
    Errors: FilterWrong.
    Sees:   as `visible`.
    """
    rows = visible(viewer=viewer).filter(_own_columns(filters))
    for belonging in _belongings(filters):
        # Asked of each customer at hand: a set would be worked out whole, however short the list is.
        rows = rows.filter(Exists(belonging.filter(customer_id=OuterRef("pk"))))
    if filters.not_seen_since is not None:
        seen = Interaction.objects.filter(customer_id=OuterRef("pk"), at__gte=filters.not_seen_since)
        rows = rows.filter(~Exists(seen.exclude(kind=Interaction.Kind.NOTE)))
    if filters.lacks:
        rows = rows.filter(_lacking(filters.lacks), kind=Customer.Kind.PERSON)
    return rows if within is None else rows.filter(pk__in=within)


def _lacking(field: str) -> Q:
    """Return the condition that nothing is known of a field, as the night counts it."""
    if field not in FIELDS:
        raise FilterWrong(field="lacks")
    hers = {"customer_id": OuterRef("pk")}
    if field in CONTACTS:
        return Q(~Exists(ContactPoint.objects.filter(kind=field, **hers)))
    if field in DATES:
        return Q(~Exists(CustomerDate.objects.filter(kind=field, **hers)))
    if field in TRAITS:
        return Q(~Exists(Trait.objects.filter(key__in=TRAITS[field], **hers)))
    return Q(**{field: ""})


def starts(*, filters: CustomerFilters, within: QuerySet | None = None) -> list[QuerySet]:
    """Return the sets of customer keys, each of one index, that a list with these filters lies within."""
    sets: list[QuerySet] = [rows.order_by().values("customer_id") for rows in _belongings(filters)]
    if within is not None:
        sets.append(within)
    columns = {
        "kind": filters.kind if filters.kind != Customer.Kind.PERSON else "",
        "kind__in": filters.kinds if Customer.Kind.PERSON not in filters.kinds else (),
        "region": filters.region,
        "owner_id": filters.owner_id,
        "shop_id": filters.shop_id,
    }
    sets.extend(Customer.objects.filter(**{name: value}).values("pk") for name, value in columns.items() if value)
    if filters.importance:
        sets.append(Customer.objects.filter(_of_importance(filters)).values("pk"))
    if filters.has_owner is False:
        sets.append(Customer.objects.filter(owner=None).values("pk"))
    return sets


def _of_importance(filters: CustomerFilters) -> Q:
    """Few people, in an index with a condition, which is why the number stands in the statement itself."""
    return Q(importance=Literal(filters.importance))


def _own_columns(filters: CustomerFilters) -> Q:
    kept = Q()
    for column in ("kind", "gender", "region", "source", "owner_id", "shop_id"):
        value = getattr(filters, column)
        if value:
            kept &= Q(**{column: value})
    if filters.kinds:
        kept &= Q(kind__in=filters.kinds)
    if filters.importance:
        kept &= _of_importance(filters)
    if filters.has_owner is not None:
        kept &= Q(owner__isnull=not filters.has_owner)
    if filters.created_since is not None:
        kept &= Q(created_at__gte=filters.created_since)
    return kept


def _belongings(filters: CustomerFilters) -> list[QuerySet]:
    """Return the rows of other tables of the room of which a customer must have one each."""
    wanted: list[QuerySet] = []
    if filters.tag:
        wanted.append(CustomerTag.objects.filter(tag__in=list(Tag.objects.filter(name=filters.tag)[:1])))
    for key, text in filters.traits:
        wanted.append(Trait.objects.filter(key=key, text=text) if text else Trait.objects.filter(key=key))
    wanted.extend(Trait.objects.filter(key=key, text__in=texts) for key, texts in filters.any_traits)
    wanted.extend(_own_rows(one) for one in filters.own)
    if filters.wanted_from is not None:
        wanted.append(wanted_rows(filters.wanted_from))
    if filters.age_bands:
        wanted.append(_born_in(filters))
    if filters.birthday_from and filters.birthday_to:
        days = falling_between(filters.birthday_from, filters.birthday_to, filters.year_rule)
        wanted.append(CustomerDate.objects.filter(days, kind="birthday"))
    return wanted


def _own_rows(asked: OwnAsked) -> QuerySet[Trait]:
    """Return the values of one own field that are asked for; one range of `trait_find`, the field's own."""
    rows = Trait.objects.filter(key=asked.key)
    if asked.has:
        rows = rows.filter(text__icontains=asked.has)
    if asked.equals:
        rows = rows.filter(text__iexact=asked.equals)
    if asked.form == "number" and (asked.least or asked.most):
        # Only what is a number is read as one: a field of numbers may have become one of texts and come back.
        number = Case(When(text__regex=_NUMBER, then=Cast("text", FloatField())), output_field=FloatField())
        rows = rows.annotate(number=number)
        bounds = {"number__gte": asked.least, "number__lte": asked.most}
        return rows.filter(**{name: float(text) for name, text in bounds.items() if text})
    if asked.least:
        rows = rows.filter(text__gte=asked.least)
    return rows.filter(text__lte=asked.most) if asked.most else rows


def wanted_rows(today: date) -> QuerySet[Trait]:
    """Return the traits that say that something is wanted by a day from this one on; one range of `trait_find`."""
    return Trait.objects.filter(key="intent_date", text__gte=today.isoformat(), text__lt="3000")


def _born_in(filters: CustomerFilters) -> QuerySet[CustomerDate]:
    if filters.today is None or not set(filters.age_bands) <= set(BAND_CODES):
        raise FilterWrong(field="age_bands")
    years = Q()
    for band in filters.age_bands:
        first, last = birth_years(today=filters.today, band=band)
        years |= Q(year__gte=first, year__lte=last)
    return CustomerDate.objects.filter(years, kind="birthday")
