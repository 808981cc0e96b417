"""The programme that a new house begins with: what earns, five tiers, their rights. The trade's numbers, docs/rules."""

from __future__ import annotations

from typing import Any

_TIERS = ("member", "silver", "gold", "platinum", "diamond")


def _from(first: str) -> dict[str, int]:
    """Give a right that is not counted to a tier and every one above it."""
    return dict.fromkeys(_TIERS[_TIERS.index(first) :], 1)


PROGRAMME_RULES: dict[str, Any] = {
    "earning": {
        "fixed": {"points": 1, "per_minor": 1_00},
        "gram": {"points": 1, "per_minor": 3_00},
        "birthday_span": "month",
        "birthday_percent": 200,
        "pending_days": 15,
        "valid_months": 24,
        "value_points": 100,
    },
    "tiers": {
        "basis": "amount",
        "window": "rolling",
        "window_months": 24,
        "gram_part": 3,
        "grace_days": 30,
        "levels": [
            {"key": "member", "name": "Member", "name_zh": "会员", "threshold": 0, "factor_percent": 100},
            {"key": "silver", "name": "Silver", "name_zh": "银卡", "threshold": 10_000_00, "factor_percent": 110},
            {"key": "gold", "name": "Gold", "name_zh": "金卡", "threshold": 30_000_00, "factor_percent": 120},
            {"key": "platinum", "name": "Platinum", "name_zh": "铂金卡", "threshold": 80_000_00, "factor_percent": 130},
            {"key": "diamond", "name": "Diamond", "name_zh": "钻石卡", "threshold": 200_000_00, "factor_percent": 150},
        ],
    },
    "rights": [
        {
            "key": "discount",
            "name": "Discount on making charges and set pieces",
            "name_zh": "工费及镶嵌类折扣",
            "kind": "discount",
            "tiers": {"silver": 5, "gold": 10, "platinum": 15, "diamond": 20},
            "on": ["making", "fixed"],
        },
        {
            "key": "cleaning",
            "name": "Free cleaning",
            "name_zh": "免费清洗",
            "kind": "service",
            "tiers": dict.fromkeys(_TIERS, -1),
        },
        {
            "key": "polish",
            "name": "Free polish",
            "name_zh": "免费抛光",
            "kind": "service",
            "tiers": {"gold": 1, "platinum": 2, "diamond": 4},
        },
        {
            "key": "birthday_pack",
            "name": "Birthday pack",
            "name_zh": "生日礼包",
            "kind": "gift",
            "tiers": _from("silver"),
        },
        {
            "key": "advisor",
            "name": "Advisor by name",
            "name_zh": "专属顾问",
            "kind": "standing",
            "tiers": _from("gold"),
        },
        {
            "key": "preview",
            "name": "First choice of new pieces",
            "name_zh": "新品优先选购",
            "kind": "standing",
            "tiers": _from("platinum"),
        },
        {
            "key": "home_visit",
            "name": "Home visit",
            "name_zh": "上门服务",
            "kind": "standing",
            "tiers": _from("diamond"),
        },
    ],
}
