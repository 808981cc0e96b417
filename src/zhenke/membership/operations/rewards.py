"""The mall: rewards are put in, changed, taken out, and made cheaper for some days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from zhenke.basics.errors import NotAllowed
from zhenke.basics.ids import new_id
from zhenke.membership.models import Reward, RewardOffer
from zhenke.membership.queries.rewards import RewardUnknown, reward_with
from zhenke.membership.queries.rules import rules_now
from zhenke.membership.rules.rewards import RewardDraft, RewardWrong, check_draft
from zhenke.staff import audit
from zhenke.staff.models import StaffMember, Viewer
from zhenke.staff.rules import May

PLAIN = (
    "kind", "name", "name_zh", "note", "note_zh", "points", "cost_minor", "stock", "first_date", "last_date", "tiers",
    "goes_with", "per_person", "hold_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavedReward:
    """A reward as it stands; `changed` names the fields that this call changed, empty when it changed none."""

    reward: Reward
    changed: tuple[str, ...]


@transaction.atomic
def save_reward(*, draft: RewardDraft, key: str = "", by: Viewer, now: datetime) -> SavedReward:
    """Put a reward into the mall, or change the one with this key; a reward that was taken out comes back.

    What was redeemed before keeps its points and its cost.

    Errors: NotAllowed; RewardWrong.
    Writes: Reward; one audit line when something changed.
    Twice:  the same draft under the same key changes nothing.
    """
    if not by.may(May.PUBLISH_PROGRAMME):
        raise NotAllowed(act=May.PUBLISH_PROGRAMME.value)
    check_draft(draft, tiers=_tier_keys())
    values = {**asdict(draft), "tiers": list(draft.tiers), "goes_with": list(draft.goes_with)}
    held = rules_now()
    currency = held.currency if held else "CNY"
    row = Reward.objects.select_for_update().filter(key=key).first() if key else None
    if row is None:
        person = by if isinstance(by, StaffMember) else None
        own = key or f"r{new_id():x}"
        row = Reward.objects.create(key=own, currency=currency, made_at=now, made_by=person, **values)
        changed: tuple[str, ...] = PLAIN
    else:
        values["ended_at"] = None
        changed = tuple(name for name, value in values.items() if getattr(row, name) != value)
        if changed:
            Reward.objects.filter(pk=row.pk).update(**values)
            row.refresh_from_db()
    if changed:
        audit.record(
            action="reward_saved", by=by, now=now, subject_kind="reward", subject_id=row.pk, fields=",".join(changed)
        )
    return SavedReward(row, changed)


def _tier_keys() -> tuple[str, ...]:
    held = rules_now()
    return tuple(tier.key for tier in held.rules.tiers.levels) if held else ()


@transaction.atomic
def load_rewards(*, drafts: Mapping[str, RewardDraft], by: Viewer, now: datetime) -> int:
    """Put rewards into a mall that has none of these keys; return how many are new.

    Errors: as `save_reward`.
    Writes: Reward.
    Twice:  0; what the shop changed stays as it is.
    """
    known = set(Reward.objects.filter(key__in=list(drafts)).values_list("key", flat=True))
    fresh = [key for key in drafts if key not in known]
    for key in fresh:
        save_reward(draft=drafts[key], key=key, by=by, now=now)
    return len(fresh)


@transaction.atomic
def end_reward(*, reward: int, by: Viewer, now: datetime) -> bool:
    """Take a reward out of the mall; return whether that is new. What is put aside stays put aside.

    Errors: NotAllowed; RewardUnknown.
    Writes: Reward; one audit line.
    Twice:  False; nothing is written.
    """
    if not by.may(May.PUBLISH_PROGRAMME):
        raise NotAllowed(act=May.PUBLISH_PROGRAMME.value)
    reward_with(id=reward)
    ended = Reward.objects.filter(pk=reward, ended_at=None).update(ended_at=now)
    if ended:
        audit.record(action="reward_ended", by=by, now=now, subject_kind="reward", subject_id=reward)
    return bool(ended)


@transaction.atomic
def offer_reward(
    *,
    reward: int,
    points: int,
    first_date: date,
    last_date: date,
    tiers: Sequence[str] = (),
    by: Viewer,
    now: datetime,
) -> RewardOffer:
    """Let a reward cost fewer points for some days, for every tier or for some.

    Errors: NotAllowed; RewardUnknown; RewardWrong when it is not cheaper, or the days are the wrong way round.
    Writes: RewardOffer; one audit line.
    Twice:  the same points, days and tiers: the campaign that is there.
    """
    if not by.may(May.PUBLISH_PROGRAMME):
        raise NotAllowed(act=May.PUBLISH_PROGRAMME.value)
    row = Reward.objects.select_for_update().filter(pk=reward).first()
    if row is None:
        raise RewardUnknown
    if not 1 <= points < row.points:
        raise RewardWrong(field="offer_points", problem="not_cheaper")
    if last_date < first_date:
        raise RewardWrong(field="offer_last", problem="before_first")
    if set(tiers) - set(_tier_keys()):
        raise RewardWrong(field="offer_tiers", problem="unknown")
    same = {"points": points, "first_date": first_date, "last_date": last_date, "ended_at": None}
    there = _alike(RewardOffer.objects.filter(reward=row, **same), tiers)
    if there is not None:
        return there
    person = by if isinstance(by, StaffMember) else None
    made = RewardOffer.objects.create(reward=row, tiers=list(tiers), made_at=now, made_by=person, **same)
    audit.record(action="reward_offered", by=by, now=now, subject_kind="reward", subject_id=row.pk, points=points)
    return made


def _alike(rows: Iterable[RewardOffer], tiers: Sequence[str]) -> RewardOffer | None:
    return next((row for row in rows if list(row.tiers) == list(tiers)), None)


@transaction.atomic
def end_offer(*, reward: int, offer: int, by: Viewer, now: datetime) -> bool:
    """End a campaign now; return whether that is new. What was put aside at its price stays so.

    Errors: NotAllowed; RewardUnknown.
    Writes: RewardOffer; one audit line.
    Twice:  False; nothing is written.
    """
    if not by.may(May.PUBLISH_PROGRAMME):
        raise NotAllowed(act=May.PUBLISH_PROGRAMME.value)
    row = RewardOffer.objects.filter(pk=offer, reward=reward).first()
    if row is None:
        raise RewardUnknown
    ended = RewardOffer.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now)
    if ended:
        audit.record(action="reward_offer_ended", by=by, now=now, subject_kind="reward", subject_id=row.reward_id)
    return bool(ended)
