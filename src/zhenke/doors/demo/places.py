"""The brand 珍宝阁, its regions and shops, and the twelve people who work there. All of it is invented."""

from __future__ import annotations

from datetime import date, datetime, time
from random import Random
from zoneinfo import ZoneInfo

from .dice import Weighted
from .rows import OpeningHours, ShopRow, StaffRow

ZONE = "Asia/Shanghai"
_ZONE_INFO = ZoneInfo(ZONE)
BRAND = "ZBG"
LUOHU, MIXC, CHUNXI = "LH", "WX", "CX"
SHOP_CODES = (LUOHU, MIXC, CHUNXI)


def _hours(weekdays: str, weekend: str) -> tuple[OpeningHours, ...]:
    """Return a week from two spans such as "10:00-22:00"; Friday keeps the weekend's hours."""
    spans = [weekdays] * 4 + [weekend] * 3
    return tuple(OpeningHours(number, *span.split("-")) for number, span in enumerate(spans, start=1))


SHOPS = (
    ShopRow(BRAND, "brand", "", "珍宝阁", "Zhenbaoge", ZONE),
    ShopRow("HN", "region", BRAND, "华南区", "South China", ZONE),
    ShopRow("XN", "region", BRAND, "西南区", "Southwest China", ZONE),
    ShopRow(
        LUOHU,
        "shop",
        "HN",
        "珍宝阁 罗湖水贝店",
        "Zhenbaoge Luohu Shuibei",
        ZONE,
        "深圳",
        "深圳市罗湖区水贝二路 珠宝城 A 座一层 108",
        _hours("09:30-19:30", "09:30-20:00"),
    ),
    ShopRow(
        MIXC,
        "shop",
        "HN",
        "珍宝阁 深圳万象城店",
        "Zhenbaoge Shenzhen MixC",
        ZONE,
        "深圳",
        "深圳市罗湖区宝安南路 万象城 二层 S236",
        _hours("10:00-22:00", "10:00-22:30"),
    ),
    ShopRow(
        CHUNXI,
        "shop",
        "XN",
        "珍宝阁 成都春熙路店",
        "Zhenbaoge Chengdu Chunxi Road",
        ZONE,
        "成都",
        "成都市锦江区春熙路北段 一层 B12",
        _hours("10:00-21:30", "10:00-22:00"),
    ),
)

STAFF = (
    StaffRow("zhu", "朱蕴清", "Zhu Yunqing", "owner", BRAND, "zh-Hans", date(2016, 3, 1), True),
    StaffRow("tangyue", "唐玥然", "Tang Yueran", "marketing", BRAND, "zh-Hans", date(2020, 6, 15)),
    StaffRow("heqs", "何秋实", "He Qiushi", "area_manager", "HN", "zh-Hans", date(2018, 9, 3)),
    StaffRow("lin", "林慕楠", "Lin Munan", "shop_manager", LUOHU, "zh-Hans", date(2017, 5, 8), True),
    StaffRow("guojia", "郭嘉禾", "Guo Jiahe", "shop_manager", MIXC, "zh-Hans", date(2019, 4, 1)),
    StaffRow("dengyz", "邓亦舟", "Deng Yizhou", "shop_manager", CHUNXI, "zh-Hans", date(2019, 10, 10)),
    StaffRow("mei", "梅若溪", "Mei Ruoxi", "advisor", LUOHU, "zh-Hans", date(2020, 2, 24), True),
    StaffRow("suxy", "苏心悦", "Su Xinyue", "advisor", LUOHU, "zh-Hans", date(2021, 7, 5)),
    StaffRow("qiao", "乔一诺", "Qiao Yinuo", "advisor", MIXC, "zh-Hans", date(2020, 11, 16)),
    StaffRow("fangzy", "方知远", "Fang Zhiyuan", "advisor", MIXC, "zh-Hans", date(2022, 3, 21)),
    StaffRow("luoxm", "罗小满", "Luo Xiaoman", "advisor", CHUNXI, "zh-Hans", date(2021, 4, 12)),
    StaffRow("pengsh", "彭守衡", "Peng Shouheng", "service", MIXC, "zh-Hans", date(2018, 1, 8)),
)

_HOURS = {shop.code: {hours.weekday: hours for hours in shop.hours} for shop in SHOPS if shop.hours}
_SHOP_SHARE = Weighted(((LUOHU, 42), (MIXC, 33), (CHUNXI, 25)))
# Who keeps how many of a shop's customers; a manager keeps a few herself.
_BOOKS = {
    LUOHU: Weighted((("mei", 52), ("suxy", 42), ("lin", 6))),
    MIXC: Weighted((("qiao", 50), ("fangzy", 42), ("guojia", 8))),
    CHUNXI: Weighted((("luoxm", 72), ("dengyz", 28))),
}
_COVER = {
    "mei": "suxy",
    "suxy": "mei",
    "lin": "mei",
    "qiao": "fangzy",
    "fangzy": "qiao",
    "guojia": "qiao",
    "luoxm": "dengyz",
    "dengyz": "luoxm",
}
# When in the opening span people come: tenths of the span, busier after lunch and after work.
_TENTHS = Weighted(enumerate((4, 7, 9, 10, 11, 14, 13, 12, 12, 8)))


def choose_shop(rng: Random) -> str:
    """Return the code of one of the three shops."""
    return _SHOP_SHARE.draw(rng)


def choose_advisor(rng: Random, shop_code: str) -> str:
    """Return the username of someone who sells in that shop."""
    return _BOOKS[shop_code].draw(rng)


def cover_for(username: str) -> str:
    """Return who looks after the customers of an advisor on her days off."""
    return _COVER[username]


def city_of(shop_code: str) -> str:
    """Return the city of a shop."""
    return "成都" if shop_code == CHUNXI else "深圳"


def opening_span(shop_code: str, day: date) -> tuple[int, int]:
    """Return the first and last minute of the day at which the shop is open."""
    hours = _HOURS[shop_code][day.isoweekday()]
    return _minutes(hours.opens), _minutes(hours.closes)


def moment(rng: Random, shop_code: str, day: date) -> datetime:
    """Return an instant of a day inside the opening hours, in the shop's own zone."""
    opens, closes = opening_span(shop_code, day)
    tenth = (closes - opens) * 6  # seconds
    seconds = opens * 60 + _TENTHS.draw(rng) * tenth + rng.randrange(tenth)
    seconds = min(max(seconds, opens * 60 + 240), closes * 60 - 120)
    clock = time(seconds // 3600, seconds % 3600 // 60, seconds % 60)
    return datetime.combine(day, clock, tzinfo=_ZONE_INFO)


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
