"""The mall of the demo shop: a dozen rewards, a campaign, and what members took of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhenke.basics.errors import RuleBroken
from zhenke.customers.queries import customer_for
from zhenke.doors.defaults.rewards import COUPONS, REWARDS
from zhenke.doors.demo.dice import dice
from zhenke.doors.demo.load import OpenedShop
from zhenke.journeys.redeem_reward import redeem_reward
from zhenke.membership.operations.coupons import issue_coupons, save_coupon_kind
from zhenke.membership.operations.redeeming import cancel_redemption, hand_over_reward
from zhenke.membership.operations.rewards import load_rewards, offer_reward
from zhenke.membership.queries.members import members_within
from zhenke.membership.queries.rewards import mall, rewards_for
from zhenke.staff import SYSTEM

MOST_TAKEN = 60


def fill_mall(*, opened: OpenedShop, now: datetime) -> tuple[int, int]:
    """Put the rewards in, make one cheaper for three weeks, and let members take some; return both counts."""
    rewards = load_rewards(drafts=REWARDS, by=SYSTEM, now=now)
    keys = list(
        members_within(viewer=SYSTEM)
        .exclude(tier__in=("member",))
        .order_by("-other_minor", "pk")
        .values_list("pk", flat=True)[: MOST_TAKEN * 3]
    )
    taken = 0
    for key in keys:
        taken += _takes(opened, key, now) if taken < MOST_TAKEN else 0
    _campaign(opened, now)
    _coupons(opened, keys, now)
    return rewards, taken


def _takes(opened: OpenedShop, key: int, now: datetime) -> int:
    """Let one member take the first that she may have, some days ago; most have fetched it."""
    customer = customer_for(viewer=SYSTEM, id=key)
    may = [one for one in rewards_for(viewer=SYSTEM, customer=customer, on=opened.today) if not one.refused]
    if not may:
        return 0
    rng = dice(opened.rows.seed, "mall", key)
    by, at = opened.staff["lin"], now - timedelta(days=rng.randrange(10))
    chosen = rng.choice(may[:4]).reward.pk
    try:
        made = redeem_reward(
            customer=customer, reward=chosen, cause=f"demo:{key}", shop=customer.shop, by=by, now=at
        ).redemption
        turn = rng.randrange(10)
        if turn < 7:
            hand_over_reward(redemption=made, cause=f"demo:{key}", shop=customer.shop, by=by, now=now)
        elif turn == 7:
            cancel_redemption(redemption=made, by=by, now=now)
    except RuleBroken:
        return 0
    return 1


def _campaign(opened: OpenedShop, now: datetime) -> None:
    for row in mall(on=opened.today):
        if row.reward.key == "jade_care":
            offer_reward(
                reward=row.reward.pk, points=1_400, first_date=opened.today - timedelta(days=7),
                last_date=opened.today + timedelta(days=14), by=SYSTEM, now=now,
            )  # fmt: skip


def _coupons(opened: OpenedShop, keys: list[int], now: datetime) -> None:
    """Put four kinds of coupons out, and give each to some."""
    last = opened.today + timedelta(days=60)
    for place, (key, (names, terms)) in enumerate(COUPONS.items()):
        kind = save_coupon_kind(
            key=key, names=names, terms=terms, first_date=opened.today, last_date=last, by=SYSTEM, now=now
        )
        issue_coupons(kind=kind.pk, customer_ids=keys[place::5], cause="demo", on_date=opened.today, by=SYSTEM, now=now)
