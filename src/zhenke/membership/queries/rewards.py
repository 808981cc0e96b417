"""The mall as a shop sees it, what one member may have of it and why it is recommended, and what was put aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from zhenke.basics.errors import NotFound
from zhenke.catalogue.queries.pieces import pieces_of
from zhenke.customers.models import Customer
from zhenke.customers.queries import visible
from zhenke.customers.queries.archive import belonging_to
from zhenke.customers.queries.knowledge import traits_of
from zhenke.membership.models import Redemption, Reward, RewardOffer
from zhenke.membership.queries.balances import PointsBalance, balance_of
from zhenke.membership.queries.members import sees_members, tier_of
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.rewards import (
    OfferTerms,
    Price,
    Recommended,
    Refused,
    RewardTerms,
    Taker,
    price_on,
    recommended,
    why_refused,
)
from zhenke.staff import SYSTEM
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.queries import token_hash

ENDING_DAYS = 60
"""Points that end within so many days are a reason to tell her of a reward."""
LIKES = ("metal", "stone", "motif", "style")
MOST_PIECES = 100
_CODE_SIGNS = 32


class RewardUnknown(NotFound):
    """There is no such reward."""

    code = "reward_unknown"
    message = "There is no such reward."


class RedemptionUnknown(NotFound):
    """There is no such redemption, or the viewer may not know of it."""

    code = "redemption_unknown"
    message = "Nothing is put aside under this code, or it is not yours to see."


@dataclass(frozen=True, slots=True)
class RewardRow:
    """One reward in the mall: what it costs the lowest tier today, and how many are left (None: no end)."""

    reward: Reward
    terms: RewardTerms
    price: Price
    refused: Refused
    offers: tuple[RewardOffer, ...]

    @property
    def left(self) -> int | None:
        """How many are left; None where there is no end."""
        return self.terms.left


@dataclass(frozen=True, slots=True)
class ForHer:
    """One reward as it is for one member: its price, why she may not have it, and why it is recommended."""

    reward: Reward
    price: Price
    refused: Refused
    recommended: Recommended | None = None


def plain_code(text: str) -> str:
    """Return a code as it is hashed: what a scanner or a finger puts around it is left out.

    Example: " abcd-efgh " -> "ABCDEFGH"
    """
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())[:_CODE_SIGNS]


def terms_of(rewards: Sequence[Reward]) -> list[RewardTerms]:
    """Return rewards as rules read them, in the order given: with their campaigns and what is left. Two SQL queries."""
    keys = [row.pk for row in rewards]
    taken = dict(
        Redemption.objects.filter(reward__in=keys)
        .exclude(state=Redemption.State.CANCELLED)
        .order_by()
        .values_list("reward")
        .annotate(count=Count("*"))
    )
    offers = _offers(keys)
    return [
        RewardTerms(
            key=row.pk,
            points=row.points,
            first_date=row.first_date,
            last_date=row.last_date,
            tiers=tuple(row.tiers),
            goes_with=tuple(row.goes_with),
            per_person=row.per_person,
            left=None if row.stock is None else max(row.stock - taken.get(row.pk, 0), 0),
            is_ended=row.ended_at is not None,
            offers=tuple(
                OfferTerms(one.pk, one.points, one.first_date, one.last_date, tuple(one.tiers))
                for one in offers.get(row.pk, ())
            ),
        )
        for row in rewards
    ]


def _offers(keys: Collection[int]) -> dict[int, list[RewardOffer]]:
    found: dict[int, list[RewardOffer]] = {}
    for one in RewardOffer.objects.filter(reward__in=keys, ended_at=None).order_by("first_date", "pk"):
        found.setdefault(one.reward_id, []).append(one)
    return found


def times_had(*, customer_id: int) -> dict[int, int]:
    """Return how often a customer took each reward, by its key, what was called off left out.

    Sees:   no viewer: for what she may have.
    """
    rows = Redemption.objects.filter(customer=customer_id).exclude(state=Redemption.State.CANCELLED)
    return dict(rows.order_by().values_list("reward").annotate(count=Count("*")))


def mall(*, on: date, with_ended: bool = False) -> list[RewardRow]:
    """Return the rewards, by points; those taken out last, if at all.

    Shape:  may be empty. Three SQL queries.
    Sees:   everybody: rewards say nothing of persons.
    """
    rows = list(Reward.objects.filter(Q() if with_ended else Q(ended_at=None)).order_by("points", "pk"))
    rows.sort(key=lambda row: row.ended_at is not None)
    held = rules_now()
    tiers = [tier.key for tier in held.rules.tiers.levels] if held else [""]
    offers = _offers([row.pk for row in rows])
    return [
        RewardRow(
            row,
            terms,
            min((price_on(terms, tier=tier, on=on) for tier in tiers), key=lambda price: price.points),
            _whole(terms, on),
            tuple(one for one in offers.get(row.pk, ()) if one.last_date >= on),
        )
        for row, terms in zip(rows, terms_of(rows), strict=True)
    ]


def _whole(terms: RewardTerms, on: date) -> Refused:
    """Return why nobody may have a reward, "" where somebody may."""
    anybody = Taker(tier=terms.tiers[0] if terms.tiers else "", spendable=2**62)
    return why_refused(terms, taker=anybody, on=on)


def reward_with(*, id: int) -> Reward:
    """Return one reward.

    Errors: RewardUnknown.
    Sees:   everybody.
    """
    found = Reward.objects.filter(pk=id).first() if 0 < id < 2**63 else None
    if found is None:
        raise RewardUnknown
    return found


def rewards_for(*, viewer: Viewer, customer: Customer, on: date) -> list[ForHer]:
    """Return the mall as it is for one member: recommended ones first, then what she may have, then the rest.

    Shape:  empty for who is no member, or not in sight. Nine SQL queries at most.
    Sees:   as `member_card`; why something is recommended is told from pieces and taste that the viewer is shown.
    """
    if not sees_members(viewer) or not _in_sight(viewer, customer):
        return []
    tier = tier_of(customer_id=customer.pk)
    if not tier:
        return []
    rows = list(Reward.objects.filter(ended_at=None).order_by("points", "pk"))
    terms = terms_of(rows)
    taker = _taker(viewer, customer, tier, on)
    told = {one.key: one for one in recommended(terms, taker=taker, on=on)}
    found = [
        ForHer(row, price_on(one, tier=tier, on=on), why_refused(one, taker=taker, on=on), told.get(row.pk))
        for row, one in zip(rows, terms, strict=True)
    ]
    places = {key: place for place, key in enumerate(told)}
    return sorted(
        (one for one in found if one.refused not in ("ended", "not_yet", "over")),
        key=lambda one: (places.get(one.reward.pk, len(places)), one.refused != "", one.price.points),
    )


def _in_sight(viewer: Viewer, customer: Customer) -> bool:
    return viewer is SYSTEM or visible(viewer=viewer).filter(pk=customer.pk).exists()


def _taker(viewer: Viewer, customer: Customer, tier: str, on: date) -> Taker:
    owned: dict[str, int] = {}
    for seen in pieces_of(viewer=viewer, customer=customer, today=on, size=MOST_PIECES):
        if seen.owner_id == customer.pk:
            for word in {seen.category, seen.metal} - {""}:
                owned[word] = owned.get(word, 0) + 1
    traits = traits_of(viewer=viewer, customer=customer)
    balance = balance_of(viewer=viewer, customer=customer, on_date=on)
    return Taker(
        tier=tier,
        spendable=balance.spendable,
        ending=_ending(balance, on),
        owned=owned,
        likes=tuple(trait.text for key in LIKES for trait in traits.get(key, ())),
        had=times_had(customer_id=customer.pk),
    )


def _ending(balance: PointsBalance, on: date) -> int:
    is_soon = balance.next_end is not None and balance.next_end <= on + timedelta(days=ENDING_DAYS)
    return balance.next_end_points if is_soon else 0


def redemptions_of(*, viewer: Viewer, customer: Customer, size: int = 10) -> list[Redemption]:
    """Return what a member put aside and took, the newest first.

    Shape:  at most `size`, with reward and shops; may be empty.
    Sees:   as `member_card`.
    """
    if not sees_members(viewer):
        return []
    rows = Redemption.objects.filter(belonging_to(viewer=viewer, customer=customer))
    return list(_whole_rows(rows).order_by("-pk")[:size])


def redemption_with(*, viewer: Viewer, id: int) -> Redemption:
    """Return one redemption of a member in sight.

    Errors: RedemptionUnknown.
    Sees:   as `member_card`.
    """
    if not sees_members(viewer) or not 0 < id < 2**63:
        raise RedemptionUnknown
    rows = Redemption.objects.filter(pk=id)
    if viewer is not SYSTEM:
        rows = rows.filter(customer__in=visible(viewer=viewer).values("pk"))
    found = _whole_rows(rows).first()
    if found is None:
        raise RedemptionUnknown
    return found


def redemption_by_code(*, viewer: Viewer, code: str) -> Redemption:
    """Return what a code is for, whatever became of it: whoever holds the code may fetch it in any shop of the brand.

    Errors: RedemptionUnknown, also for a code of another brand.
    Sees:   the reward and its state; who the member is, only as `customers.queries.visible` says (`seen_name`).
    """
    plain = plain_code(code)
    if not plain:
        raise RedemptionUnknown
    rows = Redemption.objects.filter(token_hash=token_hash(plain))
    if isinstance(viewer, StaffMember):
        brand = viewer.shop.path.split("/", 1)[0] + "/"
        rows = rows.filter(shop__path__startswith=brand)
    found = _whole_rows(rows).first()
    if found is None or not viewer.is_active:
        raise RedemptionUnknown
    return found


def _whole_rows(rows: QuerySet[Redemption]) -> QuerySet[Redemption]:
    return rows.select_related("reward", "customer__shop", "shop", "by", "closed_by", "closed_shop")


def late_redemptions(*, day: date, size: int) -> list[Redemption]:
    """Return what was put aside until before a day and not fetched, the oldest first.

    Sees:   no viewer: for the night.
    """
    rows = Redemption.objects.filter(state=Redemption.State.RESERVED, until_date__lt=day)
    return list(_whole_rows(rows).order_by("until_date", "pk")[:size])


def offers_of(*, reward: Reward) -> list[RewardOffer]:
    """Return the campaigns of a reward, the newest first, those that were ended early left out.

    Sees:   everybody.
    """
    return list(RewardOffer.objects.filter(reward=reward, ended_at=None).order_by("-last_date", "-pk"))
