"""What a programme promises, as plain values that a page can edit and a version can keep: earning, tiers, rights."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any, Literal, Self, cast

from zhenke.membership.rules.plain import (
    choice,
    day,
    flag,
    named,
    number,
    slug,
    text,
    texts,
    whole_numbers,
    wrong,
)

BASES = ("amount", "frequency", "points")
WINDOWS = ("rolling", "calendar")
BIRTHDAY_SPANS = ("none", "day", "month")
RIGHT_KINDS = ("discount", "service", "gift", "standing")
DISCOUNTED = ("making", "fixed")
UNLIMITED = -1
MOST_POINTS = 1_000_000_000
MOST_HOLD_MINUTES = 120
MOST_NOTICES = 5

Basis = Literal["amount", "frequency", "points"]
Window = Literal["rolling", "calendar"]
BirthdaySpan = Literal["none", "day", "month"]
RightKind = Literal["discount", "service", "gift", "standing"]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many points for so much. Units: minor units of the programme's currency. 0 points earn nothing."""

    points: int = 1
    per_minor: int = 100

    def of(self, minor: int) -> Fraction:
        """Return the points of an amount, not rounded."""
        return Fraction(minor * self.points, self.per_minor)


@dataclass(frozen=True, slots=True)
class Campaign:
    """Days on which points count more. Units: whole per cent, 200 is twice. No category means every one."""

    key: str
    first_date: date
    last_date: date
    percent: int = 200
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Earning:
    """What a receipt earns.

    Units:  percents are whole, 100 leaves the points as they are; `cap_points` is for one receipt, 0 is none;
            `pending_days` and `valid_months` of a lot; `value_points` are the points that are worth one whole unit.
    Source: docs/rules/points.md, "Earning".
    """

    fixed: Rate = Rate(1, 100)
    gram: Rate = Rate(1, 300)
    by_category: tuple[tuple[str, Rate], ...] = ()
    excluded_categories: tuple[str, ...] = ()
    birthday_span: BirthdaySpan = "month"
    birthday_percent: int = 200
    campaigns: tuple[Campaign, ...] = ()
    cap_points: int = 0
    pending_days: int = 15
    valid_months: int = 24
    value_points: int = 100
    organisations: bool = False
    """Whether companies, public bodies and partners earn too."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What of a bill may be paid with points.

    Units:  `most_percent` is whole per cent of what is paid for the lines that points may pay; `hold_minutes` is how
            long a till may keep points back for one sale. What a point is worth is `Earning.value_points`.
    Source: docs/rules/points.md, "Spending".
    """

    most_percent: int = 10
    by_gram: bool = False
    """Whether gold and platinum by gram may be paid with points too."""
    hold_minutes: int = 15


@dataclass(frozen=True, slots=True)
class ByHand:
    """What one person may give or take by hand. Units: whole points; from so many on a second person agrees."""

    second_person_from: int = 500


@dataclass(frozen=True, slots=True)
class Notices:
    """When members are told that points end. Units: days before, the longest first; none tells nobody."""

    ending_days: tuple[int, ...] = (60, 30, 7)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier. `threshold` is in minor units, receipts or points, as the basis says; the lowest begins at 0."""

    key: str
    name: str
    name_zh: str
    threshold: int
    factor_percent: int = 100


@dataclass(frozen=True, slots=True)
class Tiers:
    """Three to five tiers, the lowest first, and how somebody rises and falls.

    Units:  window in months (rolling) or in calendar years of the shop; `gram_part` says of how many yuan paid by gram
            one counts; grace and protection in days.
    Source: docs/rules/tiers.md.
    """

    levels: tuple[Tier, ...]
    basis: Basis = "amount"
    window: Window = "rolling"
    window_months: int = 24
    gram_part: int = 3
    grace_days: int = 30
    protected_days: int = 0
    """After a rise the tier is kept at least so long."""

    def rank(self, key: str) -> int:
        """Return the place of a tier, the lowest is 0; a tier that is no more counts as the lowest."""
        return next((place for place, tier in enumerate(self.levels) if tier.key == key), 0)

    def of(self, key: str) -> Tier:
        """Return a tier by its key; the lowest for one that is no more."""
        return self.levels[self.rank(key)]


@dataclass(frozen=True, slots=True)
class Right:
    """One right, and what each tier has of it; a tier that is not named has nothing.

    discount: per cent off, on making charges or set pieces; service: times a calendar year, -1 as often as she likes;
    gift: once a year around her birthday; standing: holds as long as the tier does (1).
    """

    key: str
    name: str
    name_zh: str
    kind: RightKind
    tiers: tuple[tuple[str, int], ...]
    on: tuple[str, ...] = ()

    def share_of(self, tier: str) -> int:
        """Return what a tier has of it: per cent, times, or 1; 0 for nothing."""
        return dict(self.tiers).get(tier, 0)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that one version promises."""

    earning: Earning
    tiers: Tiers
    rights: tuple[Right, ...]
    spending: Spending = Spending()
    by_hand: ByHand = ByHand()
    notices: Notices = Notices()

    def to_plain(self) -> dict[str, Any]:
        """Return the rules as values that JSON can hold; `from_plain` takes them back unchanged."""
        earning = _flat(self.earning)
        earning["by_category"] = {category: _flat(rate) for category, rate in self.earning.by_category}
        rights = [_flat(right) | {"tiers": dict(right.tiers)} for right in self.rights]
        return {
            "earning": earning,
            "spending": _flat(self.spending),
            "by_hand": _flat(self.by_hand),
            "notices": _flat(self.notices),
            "tiers": _flat(self.tiers),
            "rights": rights,
        }

    @classmethod
    def from_plain(cls, plain: object) -> Self:
        """Return the rules that the plain values describe; what is left out takes its default, but for the tiers.

        Errors: ProgrammeWrong naming the first field that is unknown, of the wrong kind, or out of bounds.
        """
        given = named(plain, "rules", {one.name for one in fields(cls)})
        tiers = _tiers(given.get("tiers"))
        rights = given.get("rights", [])
        if not isinstance(rights, list) or len(rights) > 20:
            raise wrong("rights", "a list of at most 20 is needed")
        read = cls(
            _earning(given.get("earning", {})),
            tiers,
            tuple(_right(one, n, tiers) for n, one in enumerate(rights)),
            _spending(given.get("spending", {})),
            _by_hand(given.get("by_hand", {})),
            _notices(given.get("notices", {})),
        )
        if len({right.key for right in read.rights}) != len(read.rights):
            raise wrong("rights", "a key is there twice")
        return read

    def right(self, key: str) -> Right | None:
        """Return a right by its key, None if this version has no such right."""
        return next((right for right in self.rights if right.key == key), None)


def _flat(part: object) -> dict[str, Any]:
    return {one.name: _plain(getattr(part, one.name)) for one in fields(cast("Any", part))}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return _flat(value) if hasattr(value, "__dataclass_fields__") else value


def _rate(value: object, where: str) -> Rate:
    given = named(value, where, {"points", "per_minor"})
    return Rate(
        number(given.get("points", 1), f"{where}.points", 0, 1_000),
        number(given.get("per_minor", 100), f"{where}.per_minor", 1, 10_000_000),
    )


def _earning(value: object) -> Earning:
    default = Earning()
    given = named(value, "earning", {one.name for one in fields(Earning)})
    by_category = given.get("by_category", {})
    if not isinstance(by_category, dict) or len(by_category) > 40:
        raise wrong("earning.by_category", "a set of rates by category is needed")
    campaigns = given.get("campaigns", [])
    if not isinstance(campaigns, list) or len(campaigns) > 40:
        raise wrong("earning.campaigns", "a list of at most 40 is needed")
    counts = {"cap_points": (0, MOST_POINTS), "pending_days": (0, 365), "valid_months": (1, 240)}
    counts |= {"birthday_percent": (100, 1_000), "value_points": (1, 1_000_000)}
    found = {
        name: number(given.get(name, getattr(default, name)), f"earning.{name}", low, high)
        for name, (low, high) in counts.items()
    }
    span = choice(given.get("birthday_span", default.birthday_span), "earning.birthday_span", BIRTHDAY_SPANS)
    return Earning(
        fixed=_rate(given["fixed"], "earning.fixed") if "fixed" in given else default.fixed,
        gram=_rate(given["gram"], "earning.gram") if "gram" in given else default.gram,
        by_category=tuple(
            (text(category, "earning.by_category", 40), _rate(rate, f"earning.by_category.{category}"))
            for category, rate in sorted(by_category.items())
        ),
        excluded_categories=texts(given.get("excluded_categories", ()), "earning.excluded_categories"),
        birthday_span=cast("BirthdaySpan", span),
        campaigns=tuple(_campaign(one, f"earning.campaigns.{place}") for place, one in enumerate(campaigns, 1)),
        organisations=flag(given.get("organisations", False), "earning.organisations"),
        **found,
    )


def _campaign(value: object, where: str) -> Campaign:
    given = named(value, where, {one.name for one in fields(Campaign)})
    first, last = day(given.get("first_date"), f"{where}.first_date"), day(given.get("last_date"), f"{where}.last_date")
    if last < first:
        raise wrong(f"{where}.last_date", "it lies before the first day")
    return Campaign(
        key=slug(given.get("key"), f"{where}.key", 40),
        first_date=first,
        last_date=last,
        percent=number(given.get("percent", 200), f"{where}.percent", 100, 1_000),
        categories=texts(given.get("categories", ()), f"{where}.categories"),
    )


def _spending(value: object) -> Spending:
    default, given = Spending(), named(value, "spending", {one.name for one in fields(Spending)})
    return Spending(
        number(given.get("most_percent", default.most_percent), "spending.most_percent", 0, 100),
        flag(given.get("by_gram", default.by_gram), "spending.by_gram"),
        number(given.get("hold_minutes", default.hold_minutes), "spending.hold_minutes", 1, MOST_HOLD_MINUTES),
    )


def _by_hand(value: object) -> ByHand:
    given = named(value, "by_hand", {one.name for one in fields(ByHand)})
    kept = given.get("second_person_from", ByHand().second_person_from)
    return ByHand(number(kept, "by_hand.second_person_from", 1, MOST_POINTS))


def _notices(value: object) -> Notices:
    given = named(value, "notices", {one.name for one in fields(Notices)})
    days = given.get("ending_days", Notices().ending_days)
    if not isinstance(days, list | tuple) or len(days) > MOST_NOTICES:
        raise wrong("notices.ending_days", f"a list of at most {MOST_NOTICES} numbers of days is needed")
    return Notices(tuple(sorted({number(one, "notices.ending_days", 1, 365) for one in days}, reverse=True)))


def _tiers(value: object) -> Tiers:
    given = named(value, "tiers", {one.name for one in fields(Tiers)})
    levels = given.get("levels")
    if not isinstance(levels, list) or not 3 <= len(levels) <= 5:
        raise wrong("tiers.levels", "three to five tiers are needed")
    read = tuple(_tier(one, f"tiers.levels.{place}") for place, one in enumerate(levels, 1))
    thresholds = [tier.threshold for tier in read]
    if thresholds[0] != 0 or thresholds != sorted(set(thresholds)):
        raise wrong("tiers.levels", "the lowest begins at 0, and each one above it higher")
    if len({tier.key for tier in read}) != len(read):
        raise wrong("tiers.levels", "a key is there twice")
    bounds = {"window_months": (24, 1, 120), "gram_part": (3, 1, 100), "grace_days": (30, 0, 730)}
    bounds |= {"protected_days": (0, 0, 1_095)}
    return Tiers(
        levels=read,
        basis=cast("Basis", choice(given.get("basis", "amount"), "tiers.basis", BASES)),
        window=cast("Window", choice(given.get("window", "rolling"), "tiers.window", WINDOWS)),
        **{
            name: number(given.get(name, kept), f"tiers.{name}", low, high)
            for name, (kept, low, high) in bounds.items()
        },
    )


def _tier(value: object, where: str) -> Tier:
    given = named(value, where, {one.name for one in fields(Tier)})
    return Tier(
        key=slug(given.get("key"), f"{where}.key", 20),
        name=text(given.get("name"), f"{where}.name", 40),
        name_zh=text(given.get("name_zh"), f"{where}.name_zh", 40),
        threshold=number(given.get("threshold"), f"{where}.threshold", 0, 10**13),
        factor_percent=number(given.get("factor_percent", 100), f"{where}.factor_percent", 0, 1_000),
    )


def _right(value: object, place: int, tiers: Tiers) -> Right:
    where = f"rights.{place + 1}"
    given = named(value, where, {one.name for one in fields(Right)})
    kind = choice(given.get("kind"), f"{where}.kind", RIGHT_KINDS)
    low, high = {"discount": (0, 100), "service": (UNLIMITED, 366)}.get(kind, (0, 1))
    on = texts(given.get("on", ()), f"{where}.on")
    if kind == "discount" and not set(on) <= set(DISCOUNTED):
        raise wrong(f"{where}.on", "one of " + ", ".join(DISCOUNTED) + " is needed")
    shares = whole_numbers(given.get("tiers", {}), f"{where}.tiers", [tier.key for tier in tiers.levels], low, high)
    return Right(
        key=slug(given.get("key"), f"{where}.key", 24),
        name=text(given.get("name"), f"{where}.name", 60),
        name_zh=text(given.get("name_zh"), f"{where}.name_zh", 60),
        kind=cast("RightKind", kind),
        tiers=tuple(shares.items()),
        on=on,
    )
