"""What goes into one basket: the occasion says which series are looked at, taste and purse choose among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from .catalogue import price_today, styles_of
from .dice import Weighted, happens
from .lives import Life
from .plans import Plan
from .rows import StyleRow
from .tastes import Taste

# What a visitor may ask for, and the series that answer it.
WANTS: dict[str, tuple[str, ...]] = {
    "diamond_ring": ("DR", "DP"),
    "wedding_bangle": ("GB", "LF"),
    "wedding_necklace": ("LN", "GN"),
    "wedding_ring": ("LR",),
    "wedding_earring": ("LE",),
    "wedding_pendant": ("GP",),
    "pair": ("PR", "DB"),
    "small": ("YG", "YE", "ZH", "ZP", "SY", "ZY", "ZE", "KR"),
    "bead": ("ZH",),
    "middle": ("KN", "YL", "KL", "ZD", "YG", "ZL", "ZR", "KR", "PN", "GJ"),
    "gold": ("ZL", "ZN", "ZR", "GJ", "GP", "ZE"),
    "fine": ("DN", "DE", "ZN", "GB", "FP", "SB", "CG", "RB"),
    "for_him": ("ZM", "HP", "WB", "ZR", "GN"),
    "bar": ("TZ",),
    "new_year": ("SX",),
    "chain": ("ZM", "ZR", "ZN", "GN", "GB"),
    "elder": ("FP", "HP", "ZZ", "FE", "GP", "GB"),
    "jade_bangle": ("FZ", "HT"),
    "collect": ("FZ", "RB", "SB", "FP", "ZZ", "CG"),
    "baby": ("BB", "YS"),
    "silver": ("YS",),
}
# Baskets by occasion and by purse (0…4, the last entry serves all above it).
_BASKETS: dict[str, tuple[Weighted[tuple[str, ...]], ...]] = {
    "engagement": (Weighted(((("diamond_ring",), 82), (("diamond_ring", "pair"), 12), (("pair",), 6))),),
    "wedding": (
        Weighted(((("wedding_ring",), 30), (("wedding_necklace",), 34), (("wedding_bangle",), 26), (("pair",), 10))),
        Weighted(
            (
                (("wedding_bangle",), 40),
                (("wedding_necklace", "wedding_ring"), 34),
                (("wedding_ring", "wedding_earring"), 26),
            )
        ),
        Weighted(
            (
                (("wedding_bangle", "wedding_necklace", "wedding_ring"), 44),
                (("wedding_bangle", "wedding_ring", "wedding_earring"), 22),
                (("wedding_bangle", "wedding_necklace", "wedding_ring", "pair"), 10),
                (("wedding_bangle",), 24),
            )
        ),
        Weighted(
            (
                (("wedding_bangle", "wedding_necklace", "wedding_ring"), 44),
                (("wedding_bangle", "wedding_necklace", "wedding_ring", "wedding_earring", "wedding_pendant"), 40),
                (("wedding_bangle", "wedding_necklace", "wedding_ring", "wedding_earring", "pair"), 16),
            )
        ),
    ),
    "pair_rings": (Weighted(((("pair",), 1),)),),
    "anniversary": (
        Weighted(((("small",), 60), (("middle",), 40))),
        Weighted(((("middle",), 70), (("fine",), 30))),
        Weighted(((("fine",), 70), (("middle",), 30))),
    ),
    "gift": (
        Weighted(((("small",), 84), (("small", "bead"), 8), (("middle",), 8))),
        Weighted(((("small",), 40), (("middle",), 50), (("for_him",), 6), (("middle", "bead"), 4))),
        Weighted(((("middle",), 46), (("gold",), 28), (("fine",), 18), (("for_him",), 8))),
        Weighted(((("fine",), 60), (("gold",), 22), (("elder",), 18))),
    ),
    "self": (
        Weighted(((("small",), 66), (("bead",), 22), (("middle",), 12))),
        Weighted(((("small",), 36), (("middle",), 42), (("gold",), 14), (("bead", "bead"), 8))),
        Weighted(((("gold",), 52), (("middle",), 28), (("fine",), 14), (("gold", "small"), 6))),
        Weighted(((("fine",), 52), (("gold",), 36), (("gold", "gold"), 12))),
    ),
    "saver": (
        Weighted(((("new_year",), 70), (("gold",), 30))),
        Weighted(((("bar",), 44), (("new_year",), 30), (("gold",), 26))),
        Weighted(((("bar",), 56), (("chain",), 34), (("new_year",), 10))),
        Weighted(((("bar",), 62), (("chain",), 28), (("bar", "chain"), 10))),
    ),
    "elder": (
        Weighted(((("elder",), 70), (("new_year",), 30))),
        Weighted(((("elder",), 78), (("gold",), 22))),
        Weighted(((("elder",), 56), (("jade_bangle",), 30), (("chain",), 14))),
    ),
    "collector": (
        Weighted(((("collect",), 58), (("jade_bangle",), 32), (("jade_bangle", "collect"), 6), (("chain",), 4))),
    ),
    "baby": (
        Weighted(((("silver",), 64), (("baby",), 26), (("bead",), 10))),
        Weighted(((("baby",), 78), (("baby", "bead"), 22))),
    ),
    "company": (Weighted(((("new_year",), 56), (("silver",), 20), (("bar",), 24))),),
}
_PURSE_YUAN = ((200, 2000), (1500, 5000), (4000, 15000), (12000, 50000), (30000, 400000))
_RECIPIENTS = {
    "m": Weighted((("wife", 40), ("girlfriend", 34), ("mother", 16), ("daughter", 6), ("friend", 4))),
    "f": Weighted((("mother", 36), ("friend", 20), ("husband", 14), ("daughter", 16), ("mother_in_law", 14))),
    "": Weighted((("staff", 60), ("business_friends", 40))),
}


@dataclass(frozen=True, slots=True)
class Picked:
    """One thing in the basket."""

    style: StyleRow
    quantity: int
    recipient: str
    ring_hk: int | None


def basket(rng: Random, life: Life, taste: Taste, plan: Plan) -> list[Picked]:
    """Return what she takes on one buying day; a pair of rings is two things with two sizes."""
    by_purse = _BASKETS[plan.occasion]
    recipient = _recipient(rng, life, plan)
    picked: list[Picked] = []
    for want in by_purse[min(taste.budget, len(by_purse) - 1)].draw(rng):
        style = choose_style(rng, want, taste, plan.day, wearer=_wearer(life, want, recipient))
        if want == "pair":
            for size in (taste.ring_hk, taste.partner_ring_hk):
                picked.append(Picked(style, 1, "", size))
        else:
            picked.append(
                Picked(
                    style, _quantity(rng, life, want, taste), recipient, _ring_size(rng, life, taste, plan, recipient)
                )
            )
    return picked


def choose_style(rng: Random, want: str, taste: Taste, day: date, *, wearer: str = "") -> StyleRow:
    """Return the best of six styles that the advisor lays on the tray."""
    tray = styles_of(WANTS[want], wearer)
    low, high = _PURSE_YUAN[taste.budget]
    best, best_points = tray.values[0], -99
    for _ in range(6):
        style = tray.draw(rng)
        yuan = price_today(style, day) // 100
        points = 5 if low <= yuan <= high else (-9 if yuan > high * 2 else -2 if yuan > high else 0)
        points += 3 * (style.metal == taste.metal) + 3 * (style.stone == taste.stone) + 2 * (style.motif == taste.motif)
        if points > best_points:
            best, best_points = style, points
    return best


def _recipient(rng: Random, life: Life, plan: Plan) -> str:
    """Return who the things are for, or "" when they are for herself, the couple or the safe."""
    if plan.occasion == "baby":
        return "child" if life.birth_year > 1974 else "grandchild"
    if plan.occasion == "anniversary":
        return "wife" if life.gender == "m" else "husband" if happens(rng, 20) else ""
    if plan.occasion == "engagement":
        return "fiancee" if life.gender == "m" else ""
    if plan.occasion == "company":
        return _RECIPIENTS[""].draw(rng)
    if plan.occasion == "elder" and life.gender == "m" and happens(rng, 50):
        return "wife"
    if plan.occasion != "gift":
        return ""
    return "mother" if plan.festival == "母亲节" else _RECIPIENTS[life.gender].draw(rng)


def _wearer(life: Life, want: str, recipient: str) -> str:
    if want in ("baby", "silver", "bar", "new_year", "bead", "pair") or not life.gender:
        return ""
    if want == "for_him" or recipient == "husband":
        return "m"
    if recipient or want.startswith("wedding") or want == "diamond_ring":
        return "f"
    return life.gender


def _quantity(rng: Random, life: Life, want: str, taste: Taste) -> int:
    if life.kind == "company" and want in ("new_year", "silver", "bar"):
        return rng.choice((5, 6, 8, 10, 12, 20, 30)) if want != "bar" else rng.choice((2, 3, 5))
    if want == "bar" and taste.budget >= 3 and happens(rng, 30):
        return rng.choice((2, 2, 3, 5))
    if want in ("bead", "new_year") and happens(rng, 18):
        return rng.choice((2, 2, 3))
    return 1


def _ring_size(rng: Random, life: Life, taste: Taste, plan: Plan, recipient: str) -> int:
    if plan.occasion in ("engagement", "wedding") or recipient in ("wife", "girlfriend", "husband", "fiancee"):
        return taste.partner_ring_hk if life.gender == "m" or recipient == "husband" else taste.ring_hk
    return taste.ring_hk + (rng.randrange(-2, 3) if recipient else 0)
