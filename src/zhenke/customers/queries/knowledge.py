"""What is known of one customer: dates, traits, tags, the shop's own fields, and the lists that a person keeps."""

from __future__ import annotations

from django.db.models import QuerySet

from zhenke.customers.models import Customer, CustomerDate, CustomField, SavedView, Tag, Trait
from zhenke.customers.queries.archive import belonging_to
from zhenke.customers.rules.sight import Shown, sight_of
from zhenke.staff.models import StaffMember, Viewer


def dates_of(*, viewer: Viewer, customer: Customer) -> list[CustomerDate]:
    """Return the days of a customer that come back.

    Shape:  one row per day, birthday first; may be empty.
    Sees:   as `visible`; nothing for marketing and the auditor. Whether the year is shown is `sight_of(role).birthday`.
    """
    if not sight_of(viewer.role).dates:
        return []
    rows = CustomerDate.objects.filter(belonging_to(viewer=viewer, customer=customer))
    return sorted(rows, key=lambda row: (row.kind != "birthday", row.kind, row.label))


def traits_of(*, viewer: Viewer, customer: Customer) -> dict[str, list[Trait]]:
    """Return what is known of a customer's taste, sizes and the like, by key.

    Shape:  each key with its values in the order in which they were written; may be empty.
    Sees:   as `visible`. The shop's own fields of level 4 only managers and the owner.
    """
    hidden: set[str] = set()
    if sight_of(viewer.role).of("traits_level_4") != Shown.FULL:
        hidden = {f"custom.{key}" for key in CustomField.objects.filter(level=4).values_list("key", flat=True)}
    rows = Trait.objects.filter(belonging_to(viewer=viewer, customer=customer)).order_by("key", "id")
    known: dict[str, list[Trait]] = {}
    for row in rows:
        if row.key not in hidden:
            known.setdefault(row.key, []).append(row)
    return known


def tags_of(*, viewer: Viewer, customer: Customer) -> list[Tag]:
    """Return the words that are on a customer, by name.

    Shape:  may be empty.
    Sees:   as `visible`.
    """
    rows = Tag.objects.filter(belonging_to(viewer=viewer, customer=customer, field="customers__customer"))
    return list(rows.order_by("name"))


def tags() -> QuerySet[Tag]:
    """Return every word that was ever put on a customer, by name; words of the shop, of nobody in particular."""
    return Tag.objects.all()


def custom_fields(*, with_retired: bool = False) -> QuerySet[CustomField]:
    """Return the fields that the shop defined itself, in their order; retired ones only when asked for."""
    return CustomField.objects.all() if with_retired else CustomField.objects.filter(retired_at=None)


def saved_views(*, viewer: StaffMember) -> QuerySet[SavedView]:
    """Return the lists that the viewer keeps, by name.

    Shape:  may be empty.
    Sees:   only the viewer's own.
    """
    return SavedView.objects.filter(staff_id=viewer.pk)
