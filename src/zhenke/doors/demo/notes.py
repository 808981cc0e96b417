"""How an advisor words it: chooses a sentence that can be true of this person and fills its slots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

from .catalogue import price_today
from .lives import Life
from .rows import CustomerRow, StyleRow
from .seasons import festivals
from .tastes import Taste

_BUDGET_WORDS = ("两千", "五千", "一万二", "三万", "八万")
_PURSE_END_YUAN = (2000, 5000, 15000, 50000, 300000)
_WORDS_OF_THE_YOUNG = (
    "妈妈",
    "未婚",
    "年终奖",
    "小红书",
    "闺蜜",
    "下班",
    "女朋友",
    "同事",
    "出差",
    "抖音",
    "婚博会",
    "开会",
    "晒",
    "妹妹",
    "做财务",
    "长辈",
    "奶奶",
)
_WORDS_OF_THE_OLD = ("女儿", "腰不好", "家里老人")
_WORDS_OF_THE_MARRIED = ("先生", "爱人", "孩子")
_WORDS_OF_THE_ENGAGED = ("未婚",)
_WORDS_OF_WOMEN = ("显肤白", "秀气", "奶奶")
_WORDS_OF_GUESTS_FROM_ABROAD = ("妈妈", "属相", "老人", "金条", "水贝", "年终奖", "考完试")


@dataclass(frozen=True, slots=True)
class Story:
    """What one note needs to know of the person and of the day on which the demo is looked at."""

    rng: Random
    known: Life
    row: CustomerRow
    taste: Taste
    today: date


def choose(story: Story, bank: Iterable[str]) -> str:
    """Return one sentence of a bank that does not contradict what is known of the person."""
    sentences = tuple(bank)
    unfit = _unfit(story.known)
    fitting = tuple(text for text in sentences if not any(word in text for word in unfit))
    return story.rng.choice(fitting or sentences)


def worded(story: Story, text: str, day: date, style: StyleRow, tried: StyleRow) -> str:
    """Return the sentence with its slots filled."""
    if story.known.gender == "m":
        text = text.replace("先生", "爱人").replace("未婚夫", "未婚妻")
    return text.format(
        who=story.row.salutation,
        ta={"f": "她", "m": "他"}.get(story.known.gender, "对方"),
        style=style.name,
        tried=tried.name,
        size=story.taste.ring_hk,
        price=_BUDGET_WORDS[story.taste.budget],
        occasion=next_festival(day),
    )


def reason_against(story: Story, style: StyleRow, day: date) -> str:
    """Return the code of a reason that fits the piece.

    Gold waits for its price, rings for their size, dear things for the family.
    """
    fitting = ["comparing", "no_hurry", "style", "not_in_stock"]
    if style.price_mode == "gram" and style.metal.startswith("gold"):
        fitting += ["gold_price"] * 4
    if style.category == "ring":
        fitting += ["size"] * 3
    if price_today(style, day) > _PURSE_END_YUAN[story.taste.budget] * 100:
        fitting += ["over_budget"] * 6
    if price_today(style, day) > 12_000_00:
        fitting += ["ask_family"] * 3
    return story.rng.choice(fitting)


def next_festival(day: date) -> str:
    """Return the next festival after a day, for "before 七夕"."""
    coming = [
        festival.name
        for festival in festivals(day.year)
        if festival.day > day and festival.name not in ("双十一", "女神节")
    ]
    return coming[0] if coming else "元旦"


def _unfit(known: Life) -> tuple[str, ...]:
    """Return the words that cannot be said of a person."""
    unfit: tuple[str, ...] = ()
    if known.birth_year < 1966:
        unfit += _WORDS_OF_THE_YOUNG
    if known.birth_year > 1972:
        unfit += _WORDS_OF_THE_OLD
    if known.wedding is None or known.motive == "bridal":
        unfit += _WORDS_OF_THE_MARRIED
    if known.motive != "bridal":
        unfit += _WORDS_OF_THE_ENGAGED
    if known.gender == "m":
        unfit += _WORDS_OF_WOMEN
    if known.kind == "foreigner":
        unfit += _WORDS_OF_GUESTS_FROM_ABROAD
    return unfit
