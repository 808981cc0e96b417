"""What a coupon takes off a bill, step by step, and why it takes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal, Self

from zhenke.basics.errors import BadInput, NotFound, RuleBroken
from zhenke.basics.money import Money

KINDS = ("fixed", "percent", "spend_and_save", "repurchase", "partner")
MOST_MINOR = 10**10
MOST_STEPS = 6

Kind = Literal["fixed", "percent", "spend_and_save", "repurchase", "partner"]
Refused = Literal["", "not_yet", "over", "nothing_counts", "too_little", "first_purchase", "partner"]


class CouponWrong(BadInput):
    """Terms that a coupon cannot have: `field` names what is wrong, `problem` is a code."""

    code = "coupon_wrong"
    message = "The coupon is wrong at {field}: {problem}."


class CouponKindUnknown(NotFound):
    """There is no such kind of coupon, or it was ended."""

    code = "coupon_kind_unknown"
    message = "There is no such coupon."


class CouponUsed(RuleBroken):
    """It was used before."""

    code = "coupon_used"
    message = "This coupon was used before."


class CouponRefused(RuleBroken):
    """The bill does not bear it. Facts: `why`, a code; `missing_minor`."""

    code = "coupon_refused"
    message = "This coupon takes nothing off this bill."


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What one kind of coupon promises. Units: minor units, whole per cent off, days.

    fixed and repurchase take `off_minor` off, the latter only of who bought before; percent takes `percent` off, at
    most `most_minor` (0: no limit); spend_and_save takes what the highest step that is reached saves; partner is for
    another house and takes nothing off a bill here. `least_minor` must be reached by what counts: lines of the
    `categories` (none: every one), gold by gram only with `with_gram`. `valid_days` from the day it is issued, 0: to
    the last day of the kind. Two coupons lie on one bill only when both `stack`.
    """

    kind: Kind
    off_minor: int = 0
    percent: int = 0
    most_minor: int = 0
    steps: tuple[tuple[int, int], ...] = ()
    least_minor: int = 0
    categories: tuple[str, ...] = ()
    with_gram: bool = False
    valid_days: int = 0
    per_person: int = 1
    stacks: bool = False
    partner: str = ""

    def to_plain(self) -> dict[str, Any]:
        """Return values that JSON can hold."""
        return {**asdict(self), "steps": [list(step) for step in self.steps], "categories": list(self.categories)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Return the terms that the plain values describe.

        Errors: CouponWrong naming the first field that is wrong.
        """
        unknown = sorted(set(plain) - {one.name for one in fields(cls)})
        if unknown or plain.get("kind") not in KINDS:
            raise CouponWrong(field=unknown[0][:40] if unknown else "kind", problem="unknown")
        steps = tuple((int(spend), int(save)) for spend, save in plain.get("steps", ()))
        made = cls(**{**plain, "steps": tuple(sorted(steps)), "categories": tuple(plain.get("categories", ()))})
        _check(made)
        return made


def _check(terms: CouponTerms) -> None:
    """Refuse terms that promise nothing, or more than a bill."""
    takes = terms.kind in ("fixed", "repurchase")
    amounts = (terms.off_minor, terms.most_minor, terms.least_minor)
    checks = (
        ("off_minor", all(0 <= one <= MOST_MINOR for one in amounts), "out_of_bounds"),
        ("off_minor", not takes or terms.off_minor > 0, "takes_nothing"),
        ("least_minor", not takes or terms.least_minor == 0 or terms.least_minor >= terms.off_minor, "out_of_bounds"),
        ("percent", terms.kind != "percent" or 1 <= terms.percent <= 100, "out_of_bounds"),
        ("steps", terms.kind != "spend_and_save" or 1 <= len(terms.steps) <= MOST_STEPS, "takes_nothing"),
        ("steps", all(0 < save <= spend <= MOST_MINOR for spend, save in terms.steps), "out_of_bounds"),
        ("partner", terms.kind != "partner" or bool(terms.partner.strip()), "empty"),
        ("categories", len(terms.categories) <= 20 and all(len(one) <= 40 for one in terms.categories), "too_many"),
        ("valid_days", 0 <= terms.valid_days <= 3_660, "out_of_bounds"),
        ("per_person", 1 <= terms.per_person <= 1_000, "out_of_bounds"),
    )
    for field, is_right, problem in checks:
        if not is_right:
            raise CouponWrong(field=field, problem=problem)


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill before coupons. `category` is '' when its style is not known."""

    paid_minor: int
    is_by_gram: bool = False
    category: str = ""


@dataclass(frozen=True, slots=True)
class CouponValue:
    """What a coupon takes off one bill, and how: `base_minor` of it counts, `step_minor` is the step that is reached.

    `refused` says why it takes nothing; `missing_minor` is what the bill lacks for too_little.
    """

    saved_minor: int
    base_minor: int
    refused: Refused = ""
    missing_minor: int = 0
    step_minor: int = 0
    is_capped: bool = False


def coupon_value(
    terms: CouponTerms,
    *,
    lines: Sequence[BillLine],
    first_date: date,
    last_date: date,
    on: date,
    bought_before: bool = True,
) -> CouponValue:
    """Return what a coupon takes off a bill on a day, never more than what counts of it.

    Units:  minor units; `first_date` and `last_date` are those of the coupon itself.
    Round:  a percentage down, once, for the whole bill.
    Source: docs/rules/coupons.md, "Value".
    Example: 10 % of 1,999.99, at most 100.00 -> 100.00
    """
    base = sum(max(line.paid_minor, 0) for line in lines if _counts(terms, line))
    refused, missing = _refused(terms, base, first_date, last_date, on, bought_before)
    if refused:
        return CouponValue(0, base, refused, missing)
    if terms.kind == "percent":
        off = base * terms.percent // 100
        capped = bool(terms.most_minor) and off > terms.most_minor
        return CouponValue(terms.most_minor if capped else off, base, is_capped=capped)
    if terms.kind == "spend_and_save":
        spend, save = max(step for step in terms.steps if step[0] <= base)
        return CouponValue(save, base, step_minor=spend)
    return CouponValue(min(terms.off_minor, base), base, is_capped=terms.off_minor > base)


def line_shares(terms: CouponTerms, *, lines: Sequence[BillLine], off_minor: int) -> list[int]:
    """Return what of it comes off each line: only lines that count, by what is asked for them; the shares sum to it.

    Round:  every share down, then one minor unit more for the largest remainders, the earlier first.
    Example: 100 off rings of 200 and 100 -> 67, 33
    """
    if not off_minor:
        return [0] * len(lines)
    weights = [max(line.paid_minor, 0) if _counts(terms, line) else 0 for line in lines]
    return [share.minor for share in Money(off_minor, "CNY").split(weights)]


def _counts(terms: CouponTerms, line: BillLine) -> bool:
    if line.is_by_gram and not terms.with_gram:
        return False
    return not terms.categories or line.category in terms.categories


def _refused(
    terms: CouponTerms, base: int, first: date, last: date, on: date, bought_before: bool
) -> tuple[Refused, int]:
    least = max(terms.least_minor, min((step[0] for step in terms.steps), default=0))
    checks: tuple[tuple[bool, Refused], ...] = (
        (on < first, "not_yet"),
        (on > last, "over"),
        (terms.kind == "partner", "partner"),
        (terms.kind == "repurchase" and not bought_before, "first_purchase"),
        (base <= 0, "nothing_counts"),
    )
    for is_so, why in checks:
        if is_so:
            return why, 0
    return ("too_little", least - base) if base < least else ("", 0)


def may_lie_together(terms: Collection[CouponTerms]) -> bool:
    """Return whether these coupons may be used on one bill: one alone, or all of them stack."""
    return len(terms) <= 1 or all(one.stacks for one in terms)
