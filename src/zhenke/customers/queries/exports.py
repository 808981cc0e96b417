"""Exports that a viewer may know of, and what a file of them holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum

from zhenke.basics.cipher import key_of
from zhenke.basics.days import DayOfYear
from zhenke.basics.errors import NotFound
from zhenke.customers.models import ContactPoint, CustomerDate, CustomerTag, Export, HandedCopy
from zhenke.customers.queries.archive import seen_name, visible
from zhenke.customers.queries.conditions import filtered
from zhenke.customers.queries.contacts import opened
from zhenke.customers.queries.lists import customer_page
from zhenke.customers.rules.contacts import masked_contact
from zhenke.customers.rules.exports import offered_columns
from zhenke.customers.rules.filters import CustomerFilters
from zhenke.customers.rules.sight import Birthday, sight_of
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import below, shop_paths
from zhenke.staff.rules import May, SystemViewer

_CONTACTS = ("phone", "email", "wechat", "address")
_UNUSED = Q(state__in=[Export.State.REFUSED, Export.State.FAILED]) | Q(state=Export.State.WITHDRAWN, downloads=0)


class ExportUnknown(NotFound):
    """There is no such export, or the viewer may not know of it."""

    code = "export_unknown"
    message = "This export does not exist, or is not yours to see."


def exports(*, viewer: Viewer) -> QuerySet[Export]:
    """Return exports without their customers, with who asked and who decided.

    Shape:  newest first; may be empty.
    Sees:   nobody without the right to export; else one's own, those of the shops within sight, and those of the brand
            that wait for a second person.
    """
    rows = Export.objects.defer("keys").select_related("asked_by", "decided_by", "shop").order_by("-asked_at", "-id")
    if isinstance(viewer, SystemViewer):
        return rows
    if not viewer.may(May.EXPORT):
        return rows.none()
    seen = Q(asked_by_id=viewer.pk)
    for path in shop_paths(viewer=viewer):
        seen |= below(path, "shop__path")
    brand = viewer.shop.path.split("/", 1)[0] + "/"
    return rows.filter(seen | (Q(state=Export.State.WAITING) & below(brand, "shop__path")))


def export_for(*, viewer: Viewer, id: int) -> Export:
    """Return one export. Errors: ExportUnknown. Sees: as `exports`."""
    found = exports(viewer=viewer).filter(pk=id).first()
    if found is None:
        raise ExportUnknown
    return found


def keys_to_export(*, viewer: Viewer, filters: CustomerFilters, within: QuerySet | None, most: int) -> list[int]:
    """Return the customers of a list by key, one more than `most` if there are more.

    Errors: as `customer_page`: a filter over what the viewer is shown masked is refused.
    Sees:   as `visible`.
    """
    customer_page(viewer=viewer, filters=filters, within=within, size=1, is_brief=True)
    rows = filtered(viewer=viewer, filters=filters, within=within)
    return list(rows.order_by("pk").values_list("pk", flat=True)[: most + 1])


def rows_asked(*, by: StaffMember, since: datetime) -> int:
    """Return how many rows a person asked for since then, all exports and copies together; what never left is left out.

    Sees:   the person's own exports and copies.
    """
    asked = Export.objects.filter(asked_by=by, asked_at__gt=since).exclude(_UNUSED)
    return int(asked.aggregate(rows=Sum("rows"))["rows"] or 0) + copies_handed(by=by, since=since)


def copies_handed(*, by: StaffMember, since: datetime) -> int:
    """Return how many copies of everything a person handed out since then. Sees: as `rows_asked`."""
    return HandedCopy.objects.filter(member=by, at__gt=since).count()


def copies_so_far(*, by: StaffMember, now: datetime) -> tuple[int, int]:
    """Return a person's copies of the last 24 hours and of the last 30 days. Sees: as `rows_asked`."""
    return (
        copies_handed(by=by, since=now - timedelta(days=1)),
        copies_handed(by=by, since=now - timedelta(days=30)),
    )


def rows_so_far(*, by: StaffMember, now: datetime) -> tuple[int, int]:
    """Return a person's rows of the last 24 hours and of the last 30 days. Sees: as `rows_asked`."""
    return (
        rows_asked(by=by, since=now - timedelta(days=1)),
        rows_asked(by=by, since=now - timedelta(days=30)),
    )


def exported_customers(*, viewer: Viewer, keys: Collection[int], columns: Collection[str]) -> dict[int, dict[str, Any]]:
    """Return of each customer what a file of this viewer holds, by column; columns of rooms above are not here.

    Contacts and addresses are masked, a birthday is a `DayOfYear` without its year where the year is not shown.

    Shape:  one entry per customer still in sight, by key; at most 6 SQL statements however many.
    Sees:   as `visible`, and of each what the table of sight shows to the role; columns that are not offered never.
    """
    sight = sight_of(viewer.role)
    wanted = {one.code for one in offered_columns(sight)} & set(columns)
    tagged = Prefetch("tags", CustomerTag.objects.select_related("tag").order_by("tag__name"))
    rows = visible(viewer=viewer).filter(pk__in=keys).select_related("shop", "owner").prefetch_related(tagged)
    found: dict[int, dict[str, Any]] = {}
    for one in rows.order_by("pk"):
        every = {
            "name": seen_name(viewer=viewer, customer=one),
            "card_number": one.card_number or "",
            "gender": one.gender,
            "kind": one.kind,
            "shop": one.shop.name,
            "advisor": one.owner.name if one.owner else "",
            "source": one.source,
            "region": one.region,
            "tags": [each.tag.name for each in one.tags.all()],
            "first_met": one.first_met_date,
        }
        found[one.pk] = {code: value for code, value in every.items() if code in wanted}
    _add_contacts(found, [code for code in _CONTACTS if code in wanted and code in sight.contact_kinds])
    if "birthday" in wanted and sight.birthday in (Birthday.WHOLE, Birthday.MONTH_DAY):
        _add_birthdays(found, with_year=sight.birthday == Birthday.WHOLE)
    return found


def _add_contacts(found: dict[int, dict[str, Any]], kinds: list[str]) -> None:
    if not kinds:
        return
    rows = ContactPoint.objects.filter(customer_id__in=list(found), kind__in=kinds)
    for row in rows.order_by("-is_primary", "id"):
        found[row.customer_id].setdefault(row.kind, masked_contact(row.kind, opened(row)))


def _add_birthdays(found: dict[int, dict[str, Any]], *, with_year: bool) -> None:
    for row in CustomerDate.objects.filter(customer_id__in=list(found), kind="birthday", label=""):
        found[row.customer_id]["birthday"] = DayOfYear(
            row.month,
            row.day,
            year=row.year if with_year else None,
            calendar=row.calendar,
            is_leap_month=row.is_leap_month,
        )


def export_with_watermark(*, viewer: Viewer, code: str) -> Export | None:
    """Return the export that a code in a file names. Sees: SYSTEM alone; nothing for anybody else."""
    if not isinstance(viewer, SystemViewer):
        return None
    return exports(viewer=viewer).filter(watermark=code).first()


def exports_by_key(*, viewer: Viewer) -> dict[str, int]:
    """Return how many keys of files are sealed with each key. Sees: SYSTEM alone; nothing for anybody else."""
    if not isinstance(viewer, SystemViewer):
        return {}
    found: dict[str, int] = {}
    for sealed in Export.objects.exclude(sealed_key="").values_list("sealed_key", flat=True):
        found[key_of(sealed)] = found.get(key_of(sealed), 0) + 1
    return found
