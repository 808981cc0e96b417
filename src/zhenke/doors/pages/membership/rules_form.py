"""The rules of the programme as fields of a page, and what the page sends back as rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhenke.customers.rules.visits import words_of
from zhenke.doors.words.membership import name_of
from zhenke.membership.rules.plain import ProgrammeWrong
from zhenke.membership.rules.programme import Right, Rules, Tier

MOST_TIERS = 5
BASIS_WORDS: dict[str, Promise] = {
    "amount": gettext_lazy("what was paid"),
    "frequency": gettext_lazy("how many purchases"),
    "points": gettext_lazy("points earned"),
}
WINDOW_WORDS: dict[str, Promise] = {
    "rolling": gettext_lazy("the last months, day by day"),
    "calendar": gettext_lazy("calendar years"),
}
SPAN_WORDS: dict[str, Promise] = {
    "none": gettext_lazy("no birthday points"),
    "day": gettext_lazy("on the birthday"),
    "month": gettext_lazy("in the month of the birthday"),
}
KIND_WORDS: dict[str, Promise] = {
    "discount": gettext_lazy("discount in per cent"),
    "service": gettext_lazy("service, times a year (−1: as often as she likes)"),
    "gift": gettext_lazy("gift around the birthday, 1 or 0"),
    "standing": gettext_lazy("holds with the tier, 1 or 0"),
}
_TIER_NUMBERS = ("window_months", "gram_part", "grace_days", "protected_days")
_EARNING_NUMBERS = ("birthday_percent", "cap_points", "pending_days", "valid_months", "value_points")
_SPENDING_NUMBERS = ("most_percent", "hold_minutes")
_GRAM_WORDS: dict[str, Promise] = {
    "no": gettext_lazy("not for gold and platinum by gram"),
    "yes": gettext_lazy("for gold and platinum by gram too"),
}
_MONEY = {"amount": 100}


@dataclass(frozen=True, slots=True)
class TierField:
    """One line of the table of tiers; an empty name is no tier."""

    place: int
    name: str = ""
    name_zh: str = ""
    threshold: str = ""
    factor: str = ""


@dataclass(frozen=True, slots=True)
class RightField:
    """One line of the table of rights; the last one is empty, for a new right."""

    place: int
    name: str
    name_zh: str
    kind: str
    shares: list[tuple[str, str, int]]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammeFields:
    """Rules as the page shows them."""

    rules: Rules
    tiers: list[TierField]
    rights: list[RightField]
    levels: list[tuple[str, str]]
    rates: list[tuple[str, Promise, int, str]]
    categories: str
    campaigns: str
    ending_days: str
    choices: dict[str, list[tuple[str, str, bool]]]


def fields_of(rules: Rules) -> ProgrammeFields:
    """Return the fields of some rules."""
    levels = rules.tiers.levels
    part = _MONEY.get(rules.tiers.basis, 1)
    rows = [_tier(place, tier, part) for place, tier in enumerate(levels)]
    rows += [TierField(place) for place in range(len(levels), MOST_TIERS)]
    rights = [_right(place, right, levels) for place, right in enumerate(rules.rights)]
    blank = [(tier.key, name_of(tier), 0) for tier in levels]
    earning = rules.earning
    return ProgrammeFields(
        rules=rules,
        tiers=rows,
        rights=[*rights, RightField(len(rights), "", "", "service", blank, is_new=True)],
        levels=[(tier.key, name_of(tier)) for tier in levels],
        rates=[
            ("fixed", gettext_lazy("Set pieces"), earning.fixed.points, _units(earning.fixed.per_minor)),
            ("gram", gettext_lazy("Gold and platinum by gram"), earning.gram.points, _units(earning.gram.per_minor)),
        ],
        categories=", ".join(earning.excluded_categories),
        campaigns="\n".join(
            f"{one.key} {one.first_date} {one.last_date} {one.percent} {' '.join(one.categories)}".rstrip()
            for one in earning.campaigns
        ),
        ending_days=", ".join(map(str, rules.notices.ending_days)),
        choices={
            "by_gram": _choices(_GRAM_WORDS, "yes" if rules.spending.by_gram else "no"),
            "basis": _choices(BASIS_WORDS, rules.tiers.basis),
            "window": _choices(WINDOW_WORDS, rules.tiers.window),
            "birthday_span": _choices(SPAN_WORDS, earning.birthday_span),
            "kind": _choices(KIND_WORDS, "service"),
        },
    )


def _choices(words: Mapping[str, Promise], chosen: str) -> list[tuple[str, str, bool]]:
    return [(code, str(word), code == chosen) for code, word in words.items()]


def _units(minor: int) -> str:
    return f"{Decimal(minor) / 100:f}".removesuffix(".00")


def _tier(place: int, tier: Tier, part: int) -> TierField:
    threshold = _units(tier.threshold) if part == 100 else str(tier.threshold)
    return TierField(place, tier.name, tier.name_zh, threshold, f"{tier.factor_percent / 100:g}")


def _right(place: int, right: Right, levels: tuple[Tier, ...]) -> RightField:
    shares = [(tier.key, name_of(tier), right.share_of(tier.key)) for tier in levels]
    return RightField(place, right.name, right.name_zh, str(KIND_WORDS[right.kind]), shares)


def rules_from(given: Mapping[str, str], rules: Rules) -> dict[str, Any]:
    """Return the rules that a form describes; what it does not name stays as it is.

    Numbers that are none stay texts, so that the rules refuse them and say where.
    """
    plain = rules.to_plain()
    tiers = plain["tiers"]
    _read_earning(given, plain["earning"])
    _read_spending(given, plain)
    for name in _TIER_NUMBERS:
        tiers[name] = _number(given, name, tiers[name])
    for name in ("basis", "window"):
        tiers[name] = given.get(name, tiers[name])
    if "tier-0-name" in given:
        tiers["levels"] = _levels(given, rules)
    if "right-0-name" in given:
        plain["rights"] = _rights(given, rules, [tier["key"] for tier in tiers["levels"]])
    known = {tier["key"] for tier in tiers["levels"]}
    for right in plain["rights"]:
        right["tiers"] = {tier: share for tier, share in right["tiers"].items() if tier in known}
    return plain


def _read_earning(given: Mapping[str, str], earning: dict[str, Any]) -> None:
    for name in ("fixed", "gram"):
        earning[name] = {
            "points": _number(given, f"{name}-points", earning[name]["points"]),
            "per_minor": _number(given, f"{name}-per", earning[name]["per_minor"], parts=100),
        }
    for name in _EARNING_NUMBERS:
        earning[name] = _number(given, name, earning[name])
    earning["birthday_span"] = given.get("birthday_span", earning["birthday_span"])
    if "excluded" in given:
        earning["excluded_categories"] = words_of(given["excluded"])
    if "campaigns" in given:
        earning["campaigns"] = [_campaign(line) for line in given["campaigns"].splitlines() if line.strip()]


def _read_spending(given: Mapping[str, str], plain: dict[str, Any]) -> None:
    spending, by_hand = plain["spending"], plain["by_hand"]
    for name in _SPENDING_NUMBERS:
        spending[name] = _number(given, name, spending[name])
    if "by_gram" in given:
        spending["by_gram"] = given["by_gram"] == "yes"
    by_hand["second_person_from"] = _number(given, "second_person_from", by_hand["second_person_from"])
    if "ending_days" in given:
        plain["notices"]["ending_days"] = [_whole(word) for word in words_of(given["ending_days"])]


def _levels(given: Mapping[str, str], rules: Rules) -> list[dict[str, Any]]:
    part = _MONEY.get(given.get("basis", rules.tiers.basis), 1)
    levels: list[dict[str, Any]] = []
    for place in range(MOST_TIERS):
        name, name_zh = (given.get(f"tier-{place}-{field}", "").strip() for field in ("name", "name_zh"))
        if not (name or name_zh):
            continue
        old = rules.tiers.levels[place].key if place < len(rules.tiers.levels) else ""
        levels.append(
            {
                "key": old or _key(name or name_zh, place, "tier", 20),
                "name": name or name_zh,
                "name_zh": name_zh or name,
                "threshold": _number(given, f"tier-{place}-threshold", 0, parts=part),
                "factor_percent": _number(given, f"tier-{place}-factor", 100, parts=100),
            }
        )
    return levels


def _rights(given: Mapping[str, str], rules: Rules, tiers: list[str]) -> list[dict[str, Any]]:
    rights: list[dict[str, Any]] = []
    for place in range(len(rules.rights) + 1):
        name, name_zh = (given.get(f"right-{place}-{field}", "").strip() for field in ("name", "name_zh"))
        if not (name or name_zh):
            continue
        old = rules.rights[place] if place < len(rules.rights) else None
        shares = {tier: _number(given, f"right-{place}-{tier}", old.share_of(tier) if old else 0) for tier in tiers}
        rights.append(
            {
                "key": old.key if old else _key(name or name_zh, place, "right", 24),
                "name": name or name_zh,
                "name_zh": name_zh or name,
                "kind": old.kind if old else given.get(f"right-{place}-kind", "service"),
                "tiers": {tier: share for tier, share in shares.items() if share != 0},
                "on": list(old.on) if old else [],
            }
        )
    return rights


def _key(name: str, place: int, kind: str, most: int) -> str:
    """Return a key for a new thing: its English name as far as it has letters, else its place."""
    spelled = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:most].strip("_")
    return spelled if re.fullmatch(r"[a-z][a-z0-9_]*", spelled) else f"{kind}_{place + 1}"


def _campaign(line: str) -> dict[str, Any]:
    words = [*line.split(), *[""] * 4]
    return {
        "key": words[0].lower(),
        "first_date": words[1],
        "last_date": words[2],
        "percent": _whole(words[3]),
        "categories": [word for word in words[4:] if word],
    }


def _whole(word: str) -> object:
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 6 else word


def _number(given: Mapping[str, str], name: str, kept: int, *, parts: int = 1) -> object:
    text = given.get(name)
    if text is None:
        return kept
    if not text.strip():
        return 0
    try:
        number = Decimal(text.strip().replace(",", "")) * parts
    except InvalidOperation:
        return text
    return int(number) if number.is_finite() and number == number.to_integral_value() else text


_WRONG: dict[str, Promise] = {
    "tiers.levels": gettext_lazy(
        "Three to five tiers are needed; the lowest begins at 0, and each one above it higher, with a name of its own."
    ),
    "tiers.window_months": gettext_lazy("The window is 1 to 120 whole months."),
    "tiers": gettext_lazy("Grace, protection and the part of gold by gram are whole numbers of 0 or more."),
    "earning.campaigns": gettext_lazy(
        "A campaign is a line: a key, first and last day, per cent, like double11 2026-11-01 2026-11-11 200."
    ),
    "earning.fixed": gettext_lazy("A rate is so many whole points for so much, more than nothing."),
    "earning.gram": gettext_lazy("A rate is so many whole points for so much, more than nothing."),
    "earning.birthday_percent": gettext_lazy("Birthday points are 100 to 1,000 per cent."),
    "earning": gettext_lazy("Days, months, limit and value of points are whole numbers."),
    "spending": gettext_lazy("Points pay 0 to 100 per cent of a bill, and are held for 1 to 120 minutes."),
    "by_hand": gettext_lazy("A second person agrees from 1 point on, or from more."),
    "notices": gettext_lazy("Members are told at most five times, each 1 to 365 days before points end."),
    "rights": gettext_lazy("A right has a name, and for each tier a whole number that fits its kind."),
}


def wrong_words(refusal: ProgrammeWrong) -> str:
    """Return what is wrong with some rules, in the reader's words."""
    where = str(refusal.facts.get("where", ""))
    found = max((place for place in _WRONG if where.startswith(place)), key=len, default="")
    return str(_WRONG[found]) if found else _("These rules cannot hold; look at the numbers once more.")
