# ruff: noqa: E501 - tables of words read best as tables
"""The names of the catalogue: motifs in Chinese and English, and the series that are made of them."""

from __future__ import annotations

from dataclasses import dataclass

# Motif key: Chinese, English.
MOTIFS = {
    "cloud": ("祥云", "Auspicious Cloud"),
    "ruyi": ("如意", "Ruyi"),
    "fortune": ("福字", "Fortune"),
    "koi": ("锦鲤", "Koi"),
    "peony": ("牡丹", "Peony"),
    "phoenix": ("凤羽", "Phoenix Plume"),
    "dragon_phoenix": ("龙凤", "Dragon and Phoenix"),
    "knot": ("同心结", "Lovers' Knot"),
    "lotus": ("莲华", "Lotus"),
    "clover": ("四叶草", "Clover"),
    "moon": ("星月", "Star and Moon"),
    "butterfly": ("蝶舞", "Dancing Butterfly"),
    "snow": ("雪花", "Snowflake"),
    "bamboo": ("竹节", "Bamboo"),
    "gourd": ("葫芦", "Gourd"),
    "safety": ("平安扣", "Safety Ring"),
    "pixiu": ("貔貅", "Pixiu"),
    "wheat": ("麦穗", "Golden Wheat"),
    "heart": ("心印", "Heart"),
    "rope": ("素绳", "Rope Twist"),
    "lock": ("长命锁", "Longevity Lock"),
    "plain": ("素圈", "Plain"),
    "wave": ("水波", "Ripple"),
    "swan": ("天鹅", "Swan"),
    "ribbon": ("丝带", "Ribbon"),
    "camellia": ("山茶", "Camellia"),
    "magnolia": ("玉兰", "Magnolia"),
    "rabbit": ("萌兔", "Little Rabbit"),
    "dragon": ("祥龙", "Little Dragon"),
    "horse": ("骏马", "Little Horse"),
    "fish": ("年年有余", "Plenty Fish"),
    "coin": ("古钱", "Old Coin"),
    "fan": ("折扇", "Folding Fan"),
    "leaf": ("金枝玉叶", "Golden Branch"),
    "persimmon": ("事事如意", "Persimmon"),
    "swallow": ("双燕", "Twin Swallows"),
    "vajra": ("金刚结", "Vajra Knot"),
    "guanyin": ("观音", "Guanyin"),
    "buddha": ("笑佛", "Laughing Buddha"),
    "rain": ("雨滴", "Raindrop"),
}


@dataclass(frozen=True, slots=True)
class Series:
    """A row of styles that differ by motif. `zh`/`en` take the motif's name at {}; `kinds` lists the motifs.

    Units: weight in mg and price in yuan, each from the lightest to the heaviest style of the series; making in yuan.
    """

    code: str
    zh: str
    en: str
    category: str
    metal: str
    mode: str
    weights: tuple[int, int]
    motifs: str
    prices: tuple[int, int] = (0, 0)
    making: int = 0
    stone: str = ""
    carats: tuple[int, int] = (0, 0)
    wearer: str = "f"
    occasions: str = ""
    pull: int = 10
    named: str = ""


GRAM_SERIES = (
    Series("GB", "古法{}手镯", "Heritage {} Bangle", "bangle", "gold_heritage", "gram", (18000, 52000),
           "cloud ruyi lotus peony bamboo plain phoenix swallow leaf", making=58, occasions="wedding self", pull=26),
    Series("GJ", "古法{}戒指", "Heritage {} Ring", "ring", "gold_heritage", "gram", (3200, 7800),
           "cloud ruyi fortune plain lotus coin vajra", making=62, wearer="u", occasions="self gift", pull=18),
    Series("GP", "古法{}吊坠", "Heritage {} Pendant", "pendant", "gold_heritage", "gram", (4200, 12800),
           "gourd fortune safety guanyin buddha coin lotus fan", making=66, wearer="u", occasions="self gift", pull=18),
    Series("GN", "古法{}项链", "Heritage {} Necklace", "necklace", "gold_heritage", "gram", (12000, 33000),
           "wheat rope bamboo vajra cloud", making=56, wearer="u", occasions="self wedding", pull=14),
    Series("LF", "{}婚嫁手镯", "{} Wedding Bangle", "bangle", "gold_999", "gram", (16000, 38000),
           "dragon_phoenix phoenix knot peony swallow", making=38, occasions="wedding", pull=20),
    Series("LN", "{}婚嫁项链", "{} Wedding Necklace", "necklace", "gold_999", "gram", (14000, 36000),
           "dragon_phoenix phoenix peony knot leaf", making=40, occasions="wedding", pull=18),
    Series("LR", "{}婚嫁戒指", "{} Wedding Ring", "ring", "gold_999", "gram", (3600, 7200),
           "dragon_phoenix knot peony swallow ruyi", making=42, occasions="wedding", pull=18),
    Series("LE", "{}婚嫁耳饰", "{} Wedding Earrings", "earring", "gold_999", "gram", (3000, 7800),
           "dragon_phoenix phoenix peony butterfly", making=44, occasions="wedding", pull=14),
    Series("ZN", "足金{}项链", "Pure Gold {} Necklace", "necklace", "gold_999", "gram", (4800, 22000),
           "rope wheat wave heart ribbon fish moon leaf", making=26, wearer="u", occasions="self gift", pull=22),
    Series("ZL", "足金{}手链", "Pure Gold {} Bracelet", "bracelet", "gold_999", "gram", (4200, 16500),
           "rope clover wave bamboo heart ribbon coin", making=28, occasions="self gift", pull=20),
    Series("ZR", "足金{}戒指", "Pure Gold {} Ring", "ring", "gold_999", "gram", (2200, 9800),
           "plain wave wheat heart fortune pixiu vajra", making=24, wearer="u", occasions="self saver", pull=18),
    Series("ZE", "足金{}耳钉", "Pure Gold {} Ear Studs", "earring", "gold_999", "gram", (1600, 4600),
           "plain heart clover moon rain magnolia butterfly", making=30, occasions="self gift", pull=16),
    Series("ZM", "足金{}男链", "Pure Gold {} Chain for Him", "necklace", "gold_999", "gram", (22000, 68000),
           "rope wheat bamboo", making=18, wearer="m", occasions="self saver", pull=8),
    Series("BB", "足金宝宝{}", "Baby {}", "lock", "gold_999", "gram", (3000, 9600),
           "lock rabbit dragon horse", making=34, wearer="baby", occasions="baby", pull=16,
           named="足金长命锁|Pure Gold Longevity Lock;足金宝宝手镯(一对)|Baby Bangles, Pair;"
                 "足金生肖脚链|Zodiac Anklet;足金平安锁片|Peace Lock Charm"),
    Series("TZ", "投资金条 {}", "Investment Bar {}", "bar", "gold_999", "gram", (5000, 100000), "plain plain plain plain plain",
           making=9, wearer="u", occasions="saver", pull=16,
           named="投资金条 5克|Investment Bar 5 g;投资金条 10克|Investment Bar 10 g;投资金条 20克|Investment Bar 20 g;"
                 "投资金条 50克|Investment Bar 50 g;投资金条 100克|Investment Bar 100 g"),
    Series("SX", "生肖贺岁金 {}", "New Year Gold {}", "bar", "gold_999", "gram", (1000, 10000), "horse dragon fish fortune",
           making=16, wearer="u", occasions="saver gift elder", pull=12,
           named="生肖贺岁金钞 1克|Zodiac Gold Note 1 g;生肖贺岁金章 2克|Zodiac Medal 2 g;"
                 "年年有余金条 5克|Plenty Fish Bar 5 g;福字贺岁金条 10克|Fortune Bar 10 g"),
    Series("PR", "铂金{}对戒", "Platinum {} Band", "ring", "pt950", "gram", (3400, 6200),
           "plain wave knot ribbon heart", making=120, wearer="u", occasions="wedding pair", pull=14),
    Series("PN", "铂金{}项链", "Platinum {} Necklace", "necklace", "pt950", "gram", (3200, 9800),
           "rope wave snow heart", making=110, occasions="self gift", pull=8),
    Series("YS", "足银{}", "Fine Silver {}", "lock", "ag999", "gram", (12000, 46000), "lock rabbit safety fortune fish",
           making=14, wearer="baby", occasions="baby", pull=12,
           named="足银长命锁|Fine Silver Longevity Lock;足银满月套装|Fine Silver Full-Month Set;"
                 "足银平安镯(一对)|Fine Silver Baby Bangles, Pair;足银福字碗筷|Fine Silver Bowl and Chopsticks;"
                 "足银小鱼长命锁|Fine Silver Fish Lock"),
)  # fmt: skip
