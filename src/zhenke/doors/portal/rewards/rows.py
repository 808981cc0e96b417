"""Rewards, what was taken and coupons, as the member reads them. No key of anything stands in them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from zhenke.doors.portal.member_request import MemberRequest
from zhenke.doors.portal.references import reference
from zhenke.doors.portal.rewards.words import because_words, refused_word, taken_word
from zhenke.doors.words.coupons import coupon_name, terms_words
from zhenke.doors.words.rewards import COUPON_STATES, KIND_WORDS, reward_name, reward_note
from zhenke.membership.models import Coupon, CouponKind, Redemption
from zhenke.membership.queries.rewards import ForHer
from zhenke.membership.rules.coupons import CouponTerms


@dataclass(frozen=True, slots=True)
class RewardRow:
    """One reward: what it costs her, until when it costs less, why it suits her, and why she may not have it yet."""

    reference: str
    key: str
    name: str
    what: str
    because: str
    refused: str
    points: int
    usual: int
    until: date | None


@dataclass(frozen=True, slots=True)
class TakenRow:
    """One reward that she took, and what became of it; `waits_until` while it waits for her."""

    reference: str
    name: str
    state: str
    points: int
    waits_until: date | None
    closed_date: date | None


@dataclass(frozen=True, slots=True)
class CouponRow:
    """One coupon of hers."""

    name: str
    terms: str
    state: str
    is_open: bool
    last_date: date


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A coupon that she may claim."""

    reference: str
    key: str
    name: str
    terms: str
    last_date: date


def open_row(one: CouponKind, request: MemberRequest) -> OpenRow:
    """Return what may be claimed in words."""
    made = reference(token=request.token, kind="coupon", key=one.pk)
    terms = terms_words(CouponTerms.from_plain(one.terms), one.currency)
    return OpenRow(made, secrets.token_urlsafe(12), coupon_name(one), terms, one.last_date)


def reward_row(one: ForHer, request: MemberRequest) -> RewardRow:
    """Return a reward in words."""
    note = reward_note(one.reward)
    return RewardRow(
        reference=reference(token=request.token, kind="reward", key=one.reward.pk),
        key=secrets.token_urlsafe(12),
        name=reward_name(one.reward),
        what=" · ".join(str(part) for part in (KIND_WORDS[one.reward.kind], note) if part),
        because=because_words(one.recommended),
        refused=refused_word(one.refused),
        points=one.price.points,
        usual=one.reward.points,
        until=one.price.until,
    )


def taken_row(row: Redemption, request: MemberRequest) -> TakenRow:
    """Return what was taken in words."""
    is_waiting = row.state == Redemption.State.RESERVED
    return TakenRow(
        reference=reference(token=request.token, kind="taken", key=row.pk),
        name=reward_name(row.reward),
        state=taken_word(row.state),
        points=row.points,
        waits_until=row.until_date if is_waiting else None,
        closed_date=None if is_waiting else row.closed_date,
    )


def coupon_row(one: Coupon) -> CouponRow:
    """Return a coupon in words."""
    terms = terms_words(CouponTerms.from_plain(one.terms), one.kind.currency)
    return CouponRow(
        coupon_name(one.kind), terms, str(COUPON_STATES[one.state]), one.state == Coupon.State.ISSUED, one.last_date
    )
