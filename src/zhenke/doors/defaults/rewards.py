"""A dozen rewards that a mall may begin with: small, of the trade, and worth a way to the shop."""

from __future__ import annotations

from datetime import date

from zhenke.membership.rules.coupons import CouponTerms
from zhenke.membership.rules.rewards import RewardDraft

_SINCE = date(2024, 1, 1)
_UPPER = ("gold", "platinum", "diamond")


def _one(kind: str, name: str, name_zh: str, points: int, cost_yuan: int, **more: object) -> RewardDraft:
    return RewardDraft(kind, name, name_zh, points, cost_yuan * 100, _SINCE, **more)  # type: ignore[arg-type]


REWARDS: dict[str, RewardDraft] = {
    "polishing_cloth": _one(
        "goods", "Polishing cloth", "擦银擦金布", 300, 6, stock=400, goes_with=("ag925", "silver", "gold", "bangle"),
        note="Soft, without paste, for every day", note_zh="柔软免膏，日常擦拭",
    ),
    "restringing": _one(
        "service", "Pearls strung anew", "珍珠重新穿线", 1_200, 40, goes_with=("necklace", "pearl"), per_person=2,
        note="Knot by knot, on silk", note_zh="真丝线，逐颗打结",
    ),
    "deep_clean": _one(
        "service", "Deep cleaning and polish", "深度清洗抛光", 800, 25,
        goes_with=("ring", "wedding_ring", "bracelet", "k18_white"),
        note="One piece, checked under the loupe", note_zh="单件首饰，放大镜下检查爪镶",
    ),
    "rhodium": _one(
        "service", "White gold plated anew", "白金电镀翻新", 2_000, 60, goes_with=("k18_white",), per_person=2
    ),
    "engraving": _one(
        "service", "Engraving", "专属刻字", 1_500, 30, goes_with=("wedding_ring", "ring", "bangle"),
        note="Up to ten signs, by hand or laser", note_zh="十个字以内，手刻或激光",
    ),
    "jade_care": _one(
        "goods", "Jade care kit", "翡翠养护套装", 1_800, 58, stock=120,
        goes_with=("jade_bangle", "jade_pendant", "jadeite"),
        note="Brush, oil and a silk bag", note_zh="软刷、养护油与真丝袋",
    ),
    "travel_box": _one(
        "goods", "Travel jewellery box", "旅行首饰盒", 2_600, 88, stock=80, per_person=1,
        note="Calfskin, three trays", note_zh="小牛皮，三层收纳",
    ),
    "silk_cord": _one(
        "goods", "Silk cord for a pendant", "手编吊坠绳", 600, 15, stock=300,
        goes_with=("pendant", "jade_pendant", "bead"),
    ),
    "tea_set": _one(
        "goods", "Celadon tea set for two", "青瓷双人茶具", 5_200, 168, stock=36, tiers=_UPPER, per_person=1,
        note="Fired in Longquan", note_zh="龙泉青瓷",
    ),
    "portrait": _one(
        "service", "Portrait with your piece", "佩戴写真一次", 6_800, 260, stock=24, tiers=_UPPER, per_person=1
    ),
    "making_coupon": _one(
        "coupon", "¥100 off a making charge", "工费抵用券 100 元", 9_000, 100, per_person=3,
        note="For one new piece, not for gold by gram", note_zh="限新购一件，按克黄金金价除外",
    ),
    "tea_house": _one(
        "voucher", "Afternoon tea at our neighbour's", "邻家茶馆下午茶券", 4_200, 128, stock=60, per_person=2,
        note="For two, with a reservation", note_zh="双人，需预约",
    ),
}  # fmt: skip

COUPONS: dict[str, tuple[tuple[str, str], CouponTerms]] = {
    "welcome_back": (
        ("Welcome back", "老友回店礼"),
        CouponTerms("repurchase", off_minor=200_00, least_minor=2_000_00, valid_days=30),
    ),
    "pearl_month": (
        ("Month of pearls", "珍珠月折扣"),
        CouponTerms("percent", percent=8, most_minor=500_00, categories=("necklace", "earring", "bracelet")),
    ),
    "year_end": (
        ("Year-end savings", "岁末满减"),
        CouponTerms("spend_and_save", steps=((3_000_00, 150_00), (8_000_00, 500_00))),
    ),
    "tea_neighbour": (("Tea next door", "邻家茶礼"), CouponTerms("partner", partner="听雨茶舍")),
}
