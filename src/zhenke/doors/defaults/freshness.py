"""The starting rules of freshness: a phone and a birthday of everybody, sizes and taste of those who come often.

A phone counts three times and a birthday twice when the shop says how well it knows somebody.
"""

from __future__ import annotations

FRESHNESS_RULES: tuple[dict[str, object], ...] = (
    {"field": "phone", "letters": "ABCDE", "days": 730, "weight": 3},
    {"field": "birthday", "letters": "ABCD", "days": None, "weight": 2},
    {"field": "wechat", "letters": "ABC", "days": 730},
    {"field": "channel", "letters": "ABC", "days": 540},
    {"field": "ring_size", "letters": "ABC", "days": 730},
    {"field": "metal", "letters": "ABC", "days": 540},
    {"field": "stone", "letters": "AB", "days": 540},
    {"field": "budget", "letters": "AB", "days": 365},
)
# Small tasks that come of it: two a day for each advisor, the same customer again after three months.
ASKED_A_DAY = 2
ASKED_AGAIN_DAYS = 90
