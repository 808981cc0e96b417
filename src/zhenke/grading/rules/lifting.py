"""What would lift a customer one letter: found by trying every single change, smallest first, and grading again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from zhenke.grading.rules.grades import Graded, Inputs, grade_of
from zhenke.grading.rules.scheme import DIMENSIONS, LETTERS, Scheme
from zhenke.grading.rules.yardstick import Yardstick

LiftKind = Literal["contact", "purchase", "spend", "satisfaction", "referral"]
MOST_PURCHASES = 6


@dataclass(frozen=True, slots=True)
class Lift:
    """One change that lifts her to `target`.

    contact: `count` more visits, calls or messages · purchase: `count` more purchases of any amount · spend: one
    purchase of at least `amount_minor` · satisfaction: one of `level` · referral: `count` more people brought.
    Units: `within_days` is how soon, 0 = no haste; `moves` are (dimension, band before, band after); `effort` orders.
    """

    kind: LiftKind
    target: str
    score: int
    moves: tuple[tuple[str, int, int], ...]
    count: int = 0
    amount_minor: int = 0
    level: int = 0
    within_days: int = 0
    effort: int = 0


def next_step(*, inputs: Inputs, scheme: Scheme, yardstick: Yardstick) -> Lift | None:
    """Return the cheapest single change that lifts her one letter; None for A, for prospects, when no single one does.

    Example: C, two contacts short of the best engagement band -> Lift("contact", "B", count=2, …)
    """
    return next(iter(lifts_of(inputs=inputs, scheme=scheme, yardstick=yardstick)), None)


def lifts_of(*, inputs: Inputs, scheme: Scheme, yardstick: Yardstick) -> tuple[Lift, ...]:
    """Return every kind of single change that lifts her one letter, each as small as it can be, least effort first.

    Grades are computed letters: an override is not looked at. A purchase moves recency, frequency and amount together,
    because no purchase can move only one of them.
    """
    now = grade_of(inputs=inputs, scheme=scheme, yardstick=yardstick)
    if now.letter in ("", LETTERS[0]):
        return ()
    target = LETTERS[LETTERS.index(now.letter) - 1]
    if yardstick.cuts[LETTERS.index(target)].score > 10_000:
        target = next((letter for letter in "DCBA" if letter < now.letter and _exists(letter, yardstick)), "")
    found: dict[LiftKind, Lift] = {}
    for lift, changed in _changes(inputs, now, scheme, yardstick):
        if lift.kind in found or (lift.kind == "spend" and "purchase" in found and found["purchase"].count == 1):
            continue
        after = grade_of(inputs=changed, scheme=scheme, yardstick=yardstick)
        if target and after.letter <= target:
            found[lift.kind] = replace(lift, target=after.letter, score=after.score, moves=_moves(now, after))
    return tuple(sorted(found.values(), key=lambda lift: (lift.effort, lift.kind)))


def _exists(letter: str, yardstick: Yardstick) -> bool:
    return yardstick.cuts[LETTERS.index(letter)].score <= 10_000


def _moves(before: Graded, after: Graded) -> tuple[tuple[str, int, int], ...]:
    pairs = zip(DIMENSIONS, before.bands, after.bands, strict=True)
    return tuple((name, int(old), int(new)) for name, old, new in pairs if old != new)


def _changes(inputs: Inputs, now: Graded, scheme: Scheme, yardstick: Yardstick) -> Iterator[tuple[Lift, Inputs]]:
    """Yield each change worth trying, of each kind the smallest first.

    Effort is counted in contacts: a purchase 6, each further one 6, a purchase of a set amount 7 and one more for each
    average receipt in it, a band of satisfaction 5, a person brought 8.
    """
    present = {name for name, band in zip(DIMENSIONS, now.bands, strict=True) if band != "0"}
    if "engagement" in present and inputs.engagement is not None:
        for step in _higher("engagement", inputs.engagement, scheme):
            more = step - inputs.engagement
            yield _lift("contact", count=more, effort=more), replace(inputs, engagement=step)
    if "referral" in present and inputs.referral is not None:
        for step in _higher("referral", inputs.referral, scheme):
            more = step - inputs.referral
            yield _lift("referral", count=more, effort=8 * more), replace(inputs, referral=step)
    if "satisfaction" in present and inputs.satisfaction is not None:
        for bands, step in enumerate(_higher("satisfaction", inputs.satisfaction, scheme), 1):
            yield _lift("satisfaction", level=step, effort=5 * bands), replace(inputs, satisfaction=step)
    soon = scheme.steps["recency"][0]
    for count in range(1, MOST_PURCHASES + 1):
        yield _lift("purchase", count=count, within_days=soon, effort=6 * count), _bought(inputs, count, 0)
    receipt = max(1, inputs.lifetime_minor // max(1, inputs.lifetime_frequency))
    for amount in _amounts(inputs, yardstick):
        lift = _lift("spend", count=1, amount_minor=amount, within_days=soon, effort=7 + amount // receipt)
        yield lift, _bought(inputs, 1, amount)


def _higher(name: str, value: int, scheme: Scheme) -> list[int]:
    """The thresholds above a value, nearest first."""
    return [step for step in reversed(scheme.steps[name]) if step > value]


def _lift(kind: str, **facts: int) -> Lift:
    return Lift(kind=kind, target="", score=0, moves=(), **facts)  # type: ignore[arg-type]


def _bought(inputs: Inputs, count: int, amount_minor: int) -> Inputs:
    return replace(
        inputs, recency_days=0, frequency=inputs.frequency + count, amount_minor=inputs.amount_minor + amount_minor
    )


def _amounts(inputs: Inputs, yardstick: Yardstick) -> list[int]:
    """The amounts at which something can change: just past each quintile, and level with each cut."""
    marks = [bound + 1 for bound in yardstick.bounds_for(inputs.cluster).quintiles]
    marks += [cut.amount_minor for cut in yardstick.cuts]
    return sorted({mark - inputs.amount_minor for mark in marks if mark > inputs.amount_minor})
