"""Phones, WeChat ids, mail and home addresses, all invented.

China keeps no block of mobile numbers for fiction. The demo therefore stays inside 1349, once given to satellite
handsets; numbers from abroad come from 555-01xx, which North America keeps for films. Mail addresses end in
example.com.
"""

from __future__ import annotations

from random import Random

from .dice import dice, happens

_BLOCK = 10_000_000
# Whole numbers without a common factor with the block: each customer number gets its own tail.
_STRIDE = 6_180_339
_SECOND_NUMBER = 7_777_777
_AREA_CODES = (
    201,
    202,
    206,
    212,
    213,
    215,
    216,
    303,
    305,
    310,
    312,
    313,
    404,
    412,
    415,
    416,
    503,
    512,
    514,
    602,
    604,
    612,
    617,
    619,
    702,
    713,
    718,
    773,
    808,
    916,
)
_WECHAT_WORDS = (
    "xixi",
    "momo",
    "xiaoyu",
    "summer",
    "coco",
    "tangguo",
    "lucky",
    "nancy",
    "qiuqiu",
    "sunny",
    "yaya",
    "anan",
    "fei",
    "mumu",
    "dahai",
    "ajie",
    "laok",
    "chenxi",
    "blue",
    "leo",
    "amy",
    "yunduo",
    "huahua",
    "zz",
)
_AREAS = {
    "深圳": (
        ("广东 深圳 罗湖区", "文锦中路 翠竹路 东门南路 黄贝路 太宁路 布心路"),
        ("广东 深圳 福田区", "莲花路 景田南路 福民路 红荔路 新洲路 梅林路"),
        ("广东 深圳 南山区", "后海大道 桃园路 南光路 登良路 学府路 龙珠大道"),
        ("广东 深圳 龙岗区", "坂雪岗大道 龙翔大道 布龙路 吉华路"),
        ("广东 深圳 宝安区", "新湖路 宝民一路 创业二路 西乡大道"),
        ("广东 深圳 龙华区", "人民路 民塘路 梅龙路 和平路"),
        ("广东 东莞 南城区", "鸿福路 元美路"),
        ("广东 惠州 惠城区", "演达大道 江北文昌一路"),
    ),
    "成都": (
        ("四川 成都 锦江区", "东大街 静居寺路 汇源东路 琉璃路"),
        ("四川 成都 武侯区", "一环路南三段 人民南路四段 桐梓林北路 大悦路"),
        ("四川 成都 青羊区", "清江中路 光华村街 文家场路"),
        ("四川 成都 成华区", "建设路 二仙桥东路 杉板桥路"),
        ("四川 成都 金牛区", "蜀汉路 茶店子西街 抚琴西路"),
        ("四川 成都 高新区", "天府二街 锦城大道 剑南大道中段"),
        ("四川 绵阳 涪城区", "临园路东段"),
        ("四川 眉山 东坡区", "湖滨路"),
    ),
}
_ESTATES = (
    "翠湖雅苑",
    "云栖花园",
    "锦绣半岛",
    "荟景名居",
    "和光里",
    "听澜公馆",
    "金桂苑",
    "紫荆豪庭",
    "望江苑",
    "明月居",
    "嘉禾新城",
    "春晓园",
    "海棠湾",
    "兰亭序",
    "御景东方",
    "星河雅居",
)


def mobile(number: int) -> str:
    """Return the mobile number of a customer: never the same for two numbers below ten million."""
    return f"1349{(number * _STRIDE + 2_460_813) % _BLOCK:07d}"


def second_mobile(number: int) -> str:
    """Return the other number of a customer who has two, counted from the far end so that it meets nobody's first."""
    return mobile(_SECOND_NUMBER - number)


def foreign_phone(number: int) -> str:
    """Return a number of the block 555-01xx; there are three thousand, taken in order of customer number."""
    area, tail = divmod(number % (100 * len(_AREA_CODES)), 100)
    return f"+1 {_AREA_CODES[area]} 555 01{tail:02d}"


def wechat_id(rng: Random, number: int) -> str:
    """Return a WeChat id; the last digits come from the customer number, so that no two are the same."""
    return f"{rng.choice(_WECHAT_WORDS)}_{(number * 7919 + 31) % 9_999_991:x}"


def email(rng: Random, name_latin: str, number: int) -> str:
    """Return a mail address under example.com."""
    stem = name_latin or rng.choice(_WECHAT_WORDS)
    return f"{stem.lower()}{number % 10_000_000}@{rng.choice(('example.com', 'mail.example.com'))}"


def home(seed: int, number: int, city: str) -> tuple[str, str]:
    """Return the region and the address (sometimes "") of a household."""
    rng = dice(seed, "home", number)
    areas = _AREAS[city]
    # The first areas lie nearest to the shop.
    region, roads = areas[min(rng.randrange(len(areas)), rng.randrange(len(areas)))]
    if not happens(rng, 62):
        return region, ""
    road = rng.choice(roads.split())
    estate, block, floor, door = rng.choice(_ESTATES), rng.randrange(1, 19), rng.randrange(2, 33), rng.randrange(1, 7)
    return region, f"{road}{rng.randrange(8, 2400)}号 {estate} {block}栋{floor}{door:02d}"
