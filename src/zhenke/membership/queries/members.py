"""Members: the tier of one, her card with what is missing and what is left of each right, and how she came there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from zhenke.basics.prepared import Prepared
from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.customers.queries.protection import unless_hidden
from zhenke.customers.rules.sight import sight_of
from zhenke.membership.models import Membership, RightUse, TierChange
from zhenke.membership.queries.earned import birthday_in
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.programme import Tier
from zhenke.membership.rules.rights import RightLeft, rights_left
from zhenke.membership.rules.tiers import Figures, Missing, missing_to_next
from zhenke.sales.models import Sale
from zhenke.staff import SYSTEM
from zhenke.staff.models import Viewer
from zhenke.staff.queries import within_scope

_TIER = Prepared(lambda key: Membership.objects.filter(pk=key).values_list("tier"), key=int)


@dataclass(frozen=True, slots=True)
class MemberCard:
    """One member on a day: her tier, what is missing to the next, and what is left of her rights."""

    membership: Membership
    tier: Tier
    place: int
    missing: Missing | None
    basis: str
    currency: str
    rights: tuple[RightLeft, ...]
    uses: tuple[RightUse, ...]
    """The newest rights that were given, at most ten, those taken back left out."""


def tier_of(*, customer_id: int) -> str:
    """Return the key of a customer's tier, "" while she has none; one SQL query.

    Sees:   no viewer: for what she earns.
    """
    found = _TIER.first(connection, key=customer_id)
    return found[0] if found else ""


def members_within(*, viewer: Viewer) -> QuerySet[Membership]:
    """Return the members that a viewer may see.

    Shape:  one row per member, no order; may be empty.
    Sees:   as `customers.queries.visible`.
    """
    if viewer is SYSTEM:
        return Membership.objects.all()
    seen = within_scope(viewer, "customer__shop", ("customer__owner", "customer__cover"))
    return Membership.objects.filter(seen, unless_hidden(viewer, "customer"))


def sees_members(viewer: Viewer) -> bool:
    """Return whether a viewer is shown one member's figures; marketing sees crowds."""
    return sight_of(viewer.role).purchases


def member_card(*, viewer: Viewer, customer: Customer, on: date) -> MemberCard | None:
    """Return the card of one member.

    Shape:  None when she is no member, or not within the viewer's sight. Six SQL queries at most.
    Sees:   as `customers.queries.visible`; nothing for who is shown crowds only.
    """
    held = rules_now()
    if held is None or not sees_members(viewer):
        return None
    own = members_within(viewer=viewer).filter(pk=customer.pk).first()
    if own is None:
        return None
    rules = held.rules
    tier = rules.tiers.of(own.tier)
    given = list(
        RightUse.objects.filter(customer=customer, undone_at=None, on_date__gte=date(on.year, 1, 1))
        .select_related("shop", "by")
        .order_by("-at", "-pk")
    )
    used: dict[str, int] = {}
    for use in given:
        used[use.right] = used.get(use.right, 0) + 1
    has_gift = any(right.kind == "gift" and right.share_of(tier.key) for right in rules.rights)
    birthday = birthday_in(customer=customer, shop=customer.shop, year=on.year) if has_gift else None
    return MemberCard(
        membership=own,
        tier=tier,
        place=rules.tiers.rank(tier.key),
        missing=missing_to_next(tier=tier.key, figures=figures_of(own), tiers=rules.tiers),
        basis=rules.tiers.basis,
        currency=held.currency,
        rights=rights_left(rules=rules, tier=tier.key, used=used, birthday=birthday, on=on),
        uses=tuple(given[:10]),
    )


def figures_of(member: Membership) -> Figures:
    """Return the figures that were last counted of a member."""
    return Figures(member.gram_minor, member.other_minor, member.receipts, member.window_points)


def tier_moves(*, viewer: Viewer, customer: Customer, size: int = 20) -> list[TierChange]:
    """Return how a member's tier moved.

    Shape:  newest first, at most `size`; may be empty.
    Sees:   as `member_card`.
    """
    if not sees_members(viewer) or not visible(viewer=viewer).filter(pk=customer.pk).exists():
        return []
    return list(TierChange.objects.filter(customer=customer).order_by("-pk")[:size])


def members_by_tier(*, viewer: Viewer) -> dict[str, int]:
    """Return how many members each tier has, by its key; tiers without members are missing.

    Sees:   counts what the viewer may see.
    """
    rows = members_within(viewer=viewer).order_by().values("tier").annotate(members=Count("*"))
    return {row["tier"]: row["members"] for row in rows}


def right_use_with(*, viewer: Viewer, id: int) -> RightUse | None:
    """Return one right that was given, with its customer and her shop; None unless the member is in sight.

    Sees:   as `member_card`.
    """
    if not sees_members(viewer):
        return None
    rows = RightUse.objects.filter(pk=id, customer__in=visible(viewer=viewer).values("pk"))
    return rows.select_related("customer__shop", "shop").first()


def to_review(*, on: date, rules_id: int) -> Iterator[int]:
    """Yield the customers whose tier is to be looked at again, by key, some perhaps twice.

    Those on whom time alone has an effect today, those that other rules judged, and buyers of whom a receipt was
    written since they were last counted, or who were never counted.

    Sees:   no viewer: for the night.
    """
    due = Membership.objects.filter(Q(next_review_date__lte=on) | ~Q(rules=rules_id))
    yield from due.order_by("pk").values_list("pk", flat=True).iterator(5_000)
    counted = Membership.objects.filter(customer=OuterRef("customer"), reviewed_at__gte=OuterRef("created_at"))
    fresh = Sale.objects.filter(~Exists(counted), customer__isnull=False).order_by("customer_id")
    yield from fresh.values_list(F("customer_id"), flat=True).distinct().iterator(5_000)
