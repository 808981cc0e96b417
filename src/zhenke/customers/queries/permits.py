"""Permits to look once, as far as a viewer may know of them, and what one look asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from zhenke.customers.models import AloneWait, Customer, LookPermit
from zhenke.customers.queries.archive import seen_name, visible
from zhenke.customers.queries.protection import is_named_for
from zhenke.customers.rules.importance import Need, needs_of
from zhenke.customers.rules.permits import ALONE_HOURS, PermitUnknown, needs_second_person
from zhenke.customers.rules.sight import LEVELS
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import below, others_who_may, shop_paths
from zhenke.staff.rules import May, Role, SystemViewer

State = LookPermit.State


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at one value asks of one viewer, and the permit that is open for it."""

    needs_proof: bool
    needs_second: bool
    permit: LookPermit | None

    @property
    def is_open(self) -> bool:
        """Whether nothing but a reason and a proof is missing."""
        return not self.needs_second or (self.permit is not None and self.permit.state == State.AGREED)


@dataclass(frozen=True, slots=True)
class SeenPermit:
    """One permit as a viewer sees it; `name` is "" where the customer is out of sight.

    `may_look_alone`: it is the viewer's own, nobody else could agree when it was asked for, and the wait is over.
    """

    permit: LookPermit
    name: str
    may_decide: bool
    may_look_alone: bool = False


def look_at(*, viewer: Viewer, customer: Customer | None, group: str, subject: int, now: datetime) -> Look:
    """Return what it takes to see one value of a customer whole; at most two SQL queries.

    Sees:   the caller has fetched the value within the viewer's sight; the house itself is asked for nothing.
    """
    if isinstance(viewer, SystemViewer) or customer is None:
        return Look(needs_proof=False, needs_second=False, permit=None)
    level = LEVELS[group]
    needs = needs_of(level=level, importance=customer.importance)
    is_named = Need.NAMED not in needs or is_named_for(viewer=viewer, customer=customer)
    if not needs_second_person(needs=needs, level=level, is_named=is_named):
        return Look(needs_proof=Need.SECOND_FACTOR in needs, needs_second=False, permit=None)
    rows = LookPermit.objects.filter(asked_by_id=viewer.id, group=group, subject_id=subject, until__gt=now)
    permit = rows.filter(state__in=[State.WAITING, State.AGREED]).select_related("decided_by").first()
    return Look(needs_proof=Need.SECOND_FACTOR in needs, needs_second=True, permit=permit)


def permits(*, viewer: Viewer) -> QuerySet[LookPermit]:
    """Return permits with who asked and who decided.

    Shape:  newest first; may be empty.
    Sees:   one's own; who leads those of the shops within sight, and those of the brand that wait for somebody.
    """
    rows = LookPermit.objects.select_related("asked_by__shop", "decided_by", "shop", "customer")
    rows = rows.order_by("-asked_at", "-id")
    if isinstance(viewer, SystemViewer):
        return rows
    seen = Q(asked_by_id=viewer.pk)
    if viewer.may(May.SET_IMPORTANCE):
        for path in shop_paths(viewer=viewer):
            seen |= below(path, "shop__path")
        brand = viewer.shop.path.split("/", 1)[0] + "/"
        seen |= Q(state=State.WAITING) & below(brand, "shop__path")
    return rows.filter(seen)


def permit_for(*, viewer: Viewer, id: int) -> LookPermit:
    """Return one permit. Errors: PermitUnknown. Sees: as `permits`."""
    found = permits(viewer=viewer).filter(pk=id).first()
    if found is None:
        raise PermitUnknown
    return found


def seen_permits(*, viewer: StaffMember, now: datetime, size: int = 50) -> list[SeenPermit]:
    """Return the latest permits, those first that wait for the viewer.

    Shape:  at most `size` rows; may be empty. Two SQL queries.
    Sees:   as `permits`; of a customer out of sight no name: who decides learns nothing of her.
    """
    rows = list(permits(viewer=viewer)[:size])
    keys = {row.customer_id for row in rows}
    known = set(visible(viewer=viewer).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    told = [
        SeenPermit(
            permit=row,
            name=seen_name(viewer=viewer, customer=row.customer) if row.customer_id in known else "",
            may_decide=may_decide(permit=row, by=viewer, now=now),
            may_look_alone=is_wait_over(permit=row, by=viewer, now=now),
        )
        for row in rows
    ]
    return sorted(told, key=lambda one: not (one.may_decide or one.may_look_alone))


def waiting_permits(*, viewer: StaffMember, now: datetime) -> int:
    """Return how many permits wait for this person's word. One SQL query, none for who decides nothing.

    Sees:   as `permits`.
    """
    if not viewer.may(May.SET_IMPORTANCE):
        return 0
    brand = viewer.shop.path.split("/", 1)[0] + "/"
    rows = LookPermit.objects.filter(below(brand, "shop__path"), state=State.WAITING, until__gt=now)
    rows = rows.exclude(asked_by_id=viewer.pk)
    return (rows if viewer.role == Role.OWNER else rows.exclude(shop_id=viewer.shop_id)).count()


def may_decide(*, permit: LookPermit, by: StaffMember, now: datetime) -> bool:
    """Return whether this person can be the second one: not who asked, who leads elsewhere in the house, or owns it."""
    is_waiting = permit.state == State.WAITING and permit.until > now
    is_another = by.pk != permit.asked_by_id and (by.shop_id != permit.shop_id or by.role == Role.OWNER)
    return is_waiting and is_another and by.may(May.SET_IMPORTANCE)


def is_alone(*, member: StaffMember) -> bool:
    """Return whether this person may agree to looks of others and nobody else in the house could agree to hers or his.

    Shape:  one SQL query, none for who may not agree to any.
    Sees:   no viewer: a yes or no about oneself.
    """
    if not member.may(May.SET_IMPORTANCE):
        return False
    elsewhere = Q(role=Role.OWNER) | ~Q(shop_id=member.shop_id)
    return not others_who_may(member=member, act=May.SET_IMPORTANCE).filter(elsewhere).exists()


def is_wait_over(*, permit: LookPermit, by: StaffMember, now: datetime) -> bool:
    """Return whether a permit is this person's own, waits for nobody else, and has waited long enough."""
    is_waiting = permit.state == State.WAITING and permit.until > now
    return is_waiting and permit.asked_by_id == by.pk and permit.alone_from is not None and permit.alone_from <= now


def alone_wait(*, member: StaffMember) -> AloneWait:
    """Return the waiting time in force in a person's brand; version 0 is the starting number, which nobody has set.

    Sees:   no viewer: a setting of the house.
    """
    brand = int(member.shop.path.split("/", 1)[0])
    last = AloneWait.objects.filter(brand=brand).select_related("made_by").order_by("-version").first()
    return last or AloneWait(brand_id=brand, version=0, hours=ALONE_HOURS)
