# ruff: noqa: E501 - tables of words read best as tables
"""What a customer likes, what fits her and what must not be given to her."""

from __future__ import annotations

from dataclasses import dataclass

from .dice import Weighted, dice, happens
from .lives import Life
from .rows import TraitRow

BUDGET_BANDS = ("0-2k", "2-5k", "5-15k", "15-50k", "50k+")

_METAL = {
    "self": Weighted((("gold_999", 22), ("gold_heritage", 16), ("gold_5g", 18), ("gold_3d", 10), ("k18_rose", 12), ("k18_yellow", 12), ("k18_white", 8), ("ag925", 2))),
    "bridal": Weighted((("gold_999", 32), ("gold_heritage", 24), ("k18_white", 22), ("pt950", 12), ("k18_rose", 10))),
    "gift": Weighted((("gold_999", 20), ("gold_5g", 22), ("gold_3d", 16), ("k18_rose", 16), ("k18_white", 14), ("gold_heritage", 8), ("ag925", 4))),
    "saver": Weighted((("gold_999", 70), ("gold_heritage", 30))),
    "elder": Weighted((("gold_999", 40), ("gold_heritage", 34), ("none", 16), ("k18_yellow", 10))),
    "baby": Weighted((("gold_999", 55), ("ag999", 30), ("gold_3d", 15))),
    "collector": Weighted((("none", 46), ("k18_yellow", 22), ("gold_heritage", 20), ("k18_white", 12))),
    "company": Weighted((("gold_999", 85), ("ag999", 15))),
}  # fmt: skip
_STONE = {
    "bridal": Weighted((("diamond", 62), ("", 34), ("pearl", 4))),
    "collector": Weighted((("jadeite", 48), ("nephrite", 16), ("ruby", 14), ("sapphire", 12), ("pearl", 10))),
    "elder": Weighted((("jadeite", 30), ("nephrite", 18), ("pearl", 14), ("", 38))),
    "": Weighted((("", 56), ("diamond", 18), ("pearl", 12), ("jadeite", 9), ("ruby", 2), ("sapphire", 3))),
}
_MOTIFS = (
    "clover",
    "heart",
    "butterfly",
    "moon",
    "snow",
    "camellia",
    "magnolia",
    "swan",
    "ribbon",
    "rain",
    "bamboo",
    "lotus",
)
_MOTIFS_OLD = (
    "fortune",
    "ruyi",
    "cloud",
    "peony",
    "gourd",
    "safety",
    "lotus",
    "koi",
    "pixiu",
    "wheat",
    "guanyin",
    "bamboo",
)
_STYLES = {
    "young": ("minimal", "sweet", "modern", "chinese", "statement"),
    "old": ("classic", "chinese", "classic", "statement"),
}
_WEAR = ("daily", "office", "banquet", "festival", "travel")
_ZODIAC = ("monkey", "rooster", "dog", "pig", "rat", "ox", "tiger", "rabbit", "dragon", "snake", "horse", "goat")
_HOURS = ("lunch", "after_work", "evening", "weekend", "morning")
_ALLERGY = ("对镍过敏，K金只能戴镀铑好的或铂金", "耳洞容易发炎，耳饰要足金或铂金耳针", "皮肤敏感，长时间戴银会起红疹",
            "对铜合金过敏，试戴前先确认材质")  # fmt: skip
_DO_NOT_GIFT = ("不送属相和她犯冲的（属鸡的不要）", "不喜欢玉，说戴着凉", "不要送貔貅、十字架一类", "先生忌讳送伞和钟",
                "白金不要，老人家觉得颜色素", "不要送耳环，没有耳洞", "家里刚有老人走，近期不送喜庆大红包装", "不收礼，只要发票和保养",
                "巧克力、坚果类小礼不要，孩子过敏", "不戴戒指，工作要常洗手")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taste:
    """The true taste, which guides what she buys; the shop knows only a part of it.

    Units: ring sizes are Hong Kong numbers, the bangle is its inner width in mm, wrist and neck in cm.
    """

    metal: str
    stone: str
    motif: str
    style: str
    budget: int
    ring_hk: int
    partner_ring_hk: int
    bangle_mm: int
    wrist_cm: int
    neck_cm: int


def taste_of(seed: int, life: Life) -> Taste:
    """Return the taste of one customer."""
    rng = dice(seed, "taste", life.number)
    is_old = life.birth_year < 1972
    is_man = life.gender == "m"
    return Taste(
        metal=_METAL[life.motive].draw(rng),
        stone=_STONE.get(life.motive, _STONE[""]).draw(rng),
        motif=rng.choice(_MOTIFS_OLD if is_old or life.motive in ("saver", "collector") else _MOTIFS),
        style=rng.choice(_STYLES["old" if is_old else "young"]),
        budget=life.budget,
        ring_hk=_ring(rng.randrange(9), rng.randrange(9), is_man=is_man),
        partner_ring_hk=_ring(rng.randrange(9), rng.randrange(9), is_man=not is_man),
        bangle_mm=54 + min(rng.randrange(9), rng.randrange(9)),
        wrist_cm=(17 if is_man else 14) + rng.randrange(4),
        neck_cm=50 if is_man else rng.choice((40, 42, 42, 45)),
    )


def traits_of(seed: int, life: Life, taste: Taste) -> tuple[TraitRow, ...]:
    """Return the part of the taste that the shop has written down: more for those who came often."""
    if not life.gender:
        return (TraitRow("budget", BUDGET_BANDS[taste.budget]), TraitRow("occasion", "company_gift"))
    rng = dice(seed, "traits", life.number)
    known = 26 if life.is_prospect or life.kind == "brief" else 52 + min(30, life.rate_centi // 4)
    wide = (
        ("metal", taste.metal, 30),
        ("stone", taste.stone, 10),
        ("motif", taste.motif, -10),
        ("style", taste.style, 0),
        ("budget", BUDGET_BANDS[taste.budget], 5),
        ("ring_size_hk", str(taste.ring_hk), 8 if life.motive in ("bridal", "self") else -22),
        ("partner_ring_size_hk", str(taste.partner_ring_hk), 0 if life.motive == "bridal" else -60),
        ("bangle_mm", str(taste.bangle_mm), -30 if life.gender == "f" else -80),
        ("wrist_cm", str(taste.wrist_cm), -34),
        ("necklace_cm", str(taste.neck_cm), -32),
        ("occasion", rng.choice(_WEAR), -16),
        ("contact_hour", rng.choice(_HOURS), -20),
        ("zodiac", _ZODIAC[life.birth_year % 12], -26 if life.kind != "foreigner" else -100),
        ("ears_pierced", "no" if happens(rng, 14) else "yes", -28 if life.gender == "f" else -100),
        ("motive", life.motive, 20),
    )
    return tuple(
        TraitRow(kind, value) for kind, value, more in wide if happens(rng, known + more) and value not in ("", "none")
    )


def cautions_of(seed: int, life: Life) -> tuple[str, str]:
    """Return what not to give her and what she cannot wear, each mostly ""."""
    rng = dice(seed, "cautions", life.number)
    do_not_gift = rng.choice(_DO_NOT_GIFT) if happens(rng, 5) and life.gender else ""
    allergy = rng.choice(_ALLERGY) if happens(rng, 4) and life.gender else ""
    return do_not_gift, allergy


def _ring(first: int, second: int, *, is_man: bool) -> int:
    """Return a Hong Kong ring number around 12 for women and 19 for men."""
    return (15 if is_man else 8) + (first + second) // 2
