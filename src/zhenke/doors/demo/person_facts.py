# ruff: noqa: E501 - tables of words read best as tables
"""What the demo shop has heard besides taste and sizes: work, drinks, pets, allergies; and the papers of organisations."""

from __future__ import annotations

from zhenke.customers.rules.traits import tax_check_sign

from .dice import dice, happens
from .lives import Life
from .rows import TraitRow

_COLOURS = ("red", "green", "white", "pink", "purple", "blue", "yellow")
_DESIGNERS = ("任进", "陈世英", "万宝宝", "胡茵菲", "本店设计师阿May")
_BRANDS = ("周大福", "老凤祥", "卡地亚", "蒂芙尼", "梵克雅宝", "潘多拉")
_WORK = (
    "小学老师",
    "医生",
    "律师",
    "会计",
    "公务员",
    "服装店老板",
    "餐饮老板",
    "外贸经理",
    "程序员",
    "银行职员",
    "全职妈妈",
    "退休教师",
    "美容院老板",
    "护士长",
    "房产中介",
)
_HOBBIES = ("茶道", "旅行", "瑜伽", "插花", "摄影", "广场舞", "高尔夫", "烘焙", "书法", "打麻将")
_DRINKS = ("tea", "coffee", "water", "juice", "tea")
_LIFE = ("family", "business", "social", "outdoors", "arts", "quiet")
_TONES = ("cool", "warm", "neutral")
_INCOME = ("100000-200000", "200000-500000", "500000-1000000", "1000000+")
_ALLERGIES = ("nickel", "copper", "silver", "alloy")
_INDUSTRIES = ("finance", "realty", "technology", "hotel", "media", "education", "manufacture", "trade")
_TERMS = ("prepaid", "on_delivery", "days_30", "monthly")
_VOLUMES = ("20000-50000", "50000-100000", "100000-300000", "300000+")


def person_facts(seed: int, life: Life) -> tuple[TraitRow, ...]:
    """Return what was heard of a person, more of those who come often; dice of its own, so that nothing else moves."""
    rng = dice(seed, "person facts", life.number)
    known = 8 if life.is_prospect or life.kind == "brief" else 24 + min(24, life.rate_centi // 5)
    drawn = (
        ("colour", rng.choice(_COLOURS), 0),
        ("designer", rng.choice(_DESIGNERS), -18),
        ("brand", rng.choice(_BRANDS), -8),
        ("occupation", rng.choice(_WORK), 6),
        ("hobby", rng.choice(_HOBBIES), 2),
        ("drink", rng.choice(_DRINKS), 10),
        ("lifestyle", rng.choice(_LIFE), -4),
        ("skin_tone", rng.choice(_TONES), -14),
        ("income_band", rng.choice(_INCOME), -20),
        ("pet", rng.choice(("cat", "dog")), -12),
        ("allergy", rng.choice(_ALLERGIES), -20),
        ("ring_left_ring", str(9 + rng.randrange(8)), -10),
        ("ring_right_middle", str(11 + rng.randrange(8)), -14),
    )
    return tuple(TraitRow(kind, value) for kind, value, more in drawn if happens(rng, max(0, known + more)))


def organisation_facts(seed: int, life: Life, name: str) -> tuple[TraitRow, ...]:
    """Return the papers of a company or partner; the tax numbers have the right last sign and belong to nobody."""
    rng = dice(seed, "organisation facts", life.number)
    facts = [TraitRow("legal_name", name), TraitRow("tax_number", _tax_number(life.number))]
    facts += [
        TraitRow("industry", "trade" if life.kind == "partner" else rng.choice(_INDUSTRIES)),
        TraitRow("payment_terms", rng.choice(_TERMS)),
        TraitRow("volume_band", rng.choice(_VOLUMES)),
        TraitRow("contract_date", f"{2022 + rng.randrange(4)}-{1 + rng.randrange(12):02d}-{1 + rng.randrange(28):02d}"),
    ]
    return tuple(facts)


def _tax_number(number: int) -> str:
    body = f"91440300MADEM{number:04d}"[:17]
    return body + tax_check_sign(body)
