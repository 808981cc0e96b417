# ruff: noqa: E501 - tables of signs read best as tables
"""A labelled crowd of noisy shop customers: who they are in truth, and how each archive tells it.

Made like the address books that shops keep: one in twenty people has a second archive, opened by another advisor with
a new number, a name by ear, the lunar birthday for the solar one, or half the fields. Around them stand those who only
look alike: families on one phone, twins, strangers of one name, and the shop's own number on forty archives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from zhenke.basics.days import lunar_day_of
from zhenke.customers.rules.linkage import compared_birthday, spoken_name
from zhenke.doors.demo.names import surname

SECOND_SHARE = 0.05
CROWDS_EVERY = 20_000  # one shop's own phone per so many people
_CROWD = 40
# Signs of given names, the commoner ones first: about as many people share a full name as in a large city.
_SIGNS = (
    "丽华明文海晓玉红建平英志国春金林小伟芳秀永军玲云梅霞强敏静雪燕佳婷荣兰波娜俊生德杰龙辉艳祥娟萍洁勇新宇凤美子莉宏庆涛少"
    "成琴鹏慧家雅欣怡思雨涵梓轩浩然博诗琪嘉一晨欢悦宁桂振东立学福光义兴良飞峰斌磊刚健超凯毅莹琳颖璐薇瑶彤萱妍可心若语乐安"
    "瑞淑珍爱惠素月仙菊莲巧香翠彩锦卫友才有根清正启承泽铭皓睿哲恒远舟帆楠枫桐柏松竹苗蕾芸茜菲苑岚岩峻川江洋溪源"
)
_LIKE_SOUND = {
    "伟": "玮", "丽": "莉", "婷": "庭", "静": "婧", "敏": "闵", "燕": "艳", "娜": "那", "霞": "遐", "慧": "惠", "芳": "方", "杰": "洁",
    "强": "蔷", "文": "雯", "玲": "铃", "涛": "滔", "晓": "小", "雅": "亚", "欣": "心", "怡": "宜", "悦": "月", "涵": "含", "梦": "孟",
    "萱": "宣", "琪": "奇", "子": "紫", "佳": "嘉", "思": "斯", "雨": "语", "海": "海", "军": "君", "华": "桦", "明": "铭", "平": "萍",
    "红": "虹", "春": "椿", "英": "瑛", "玉": "钰", "兰": "岚", "梅": "玫", "建": "健", "志": "智", "国": "帼", "辉": "晖",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What one archive tells of a person. A birthday is (calendar, month, day, leap month, year)."""

    person: int
    name: str
    gender: str
    phone: str | None
    second_phone: str | None
    wechat: str | None
    email: str | None
    birthday: tuple[str, int, int, bool, int | None] | None


def crowd(size: int, *, seed: int) -> Iterator[Told]:
    """Yield about `size` archives: nineteen in twenty people once, the others twice; the same for the same seed."""
    rng = Random(f"linkage {seed}")
    made = person = 0
    while made < size:
        for one in _household(rng, person):
            person = one.person + 1
            if rng.random() < _CROWD / CROWDS_EVERY:
                one = replace(one, phone=f"+8613800{person // CROWDS_EVERY:06d}")
            yield one
            made += 1
            if rng.random() < SECOND_SHARE:
                yield _told_again(rng, one)
                made += 1


def records(told: Iterator[Told]) -> Iterator[tuple[object, ...]]:
    """Yield archives as linkage compares them (RECORD_COLUMNS), numbered from 0, and the person behind."""
    for number, one in enumerate(told):
        born, said, year = compared_birthday(*one.birthday) if one.birthday else (None, None, None)
        yield (
            number, *spoken_name(one.name), one.gender or None, one.phone, one.second_phone, one.wechat, one.email,
            born, said, year, one.person,
        )  # fmt: skip


def _household(rng: Random, first: int) -> list[Told]:
    one = _person(rng, first)
    draw = rng.random()
    if draw < 0.003:
        twin = _person(rng, first + 1, family=one.name[:1], birthday=one.birthday)
        return [one, replace(twin, phone=one.phone if rng.random() < 0.7 else twin.phone)]
    other = _person(rng, first + 1, family=one.name[:1] if draw >= 0.05 else "")
    if other.name == one.name:  # strangers may, but nobody gives a child or marries the own full name
        return [one]
    if draw < 0.05:
        return [one, replace(other, phone=one.phone)]
    if draw < 0.07:
        child = other
        return [one, replace(child, phone=one.phone, wechat=one.wechat if rng.random() < 0.3 else child.wechat)]
    return [one]


def _person(
    rng: Random, number: int, *, family: str = "", birthday: tuple[str, int, int, bool, int | None] | None = None
) -> Told:
    gender = "f" if rng.random() < 0.66 else "m"
    born = date(1948, 1, 1) + timedelta(days=int(rng.random() * 58 * 365))
    name = (family or surname(rng)) + _sign(rng) + (_sign(rng) if rng.random() < 0.82 else "")
    said = ("solar", born.month, born.day, False, born.year if rng.random() < 0.9 else None)
    if rng.random() < 0.2:
        said = _lunar(born)
    if rng.random() > 0.75:
        said = None
    return Told(
        person=number,
        name=name,
        gender=gender if rng.random() < 0.9 else "",
        phone=_phone(rng) if rng.random() < 0.97 else None,
        second_phone=_phone(rng) if rng.random() < 0.06 else None,
        wechat=f"w{number:x}" if rng.random() < 0.7 else None,
        email=f"e{number:x}" if rng.random() < 0.2 else None,
        birthday=birthday or said,
    )


def _sign(rng: Random) -> str:
    return _SIGNS[int(len(_SIGNS) * rng.random() ** 1.7)]


def _lunar(born: date) -> tuple[str, int, int, bool, int | None]:
    day = lunar_day_of(born)
    return ("lunar", day.month, day.day, day.is_leap_month, day.year)


def _phone(rng: Random) -> str:
    head = rng.choice(("138", "139", "136", "137", "135", "150", "158", "186", "188", "189", "133", "177"))
    return f"+86{head}{int(rng.random() * 100_000_000):08d}"


def _told_again(rng: Random, one: Told) -> Told:
    """Return the same person as another advisor wrote her down."""
    return replace(
        one,
        name=_name_again(rng, one),
        gender=_other_or(rng, one.gender, {"f": "m", "m": "f"}.get(one.gender, ""), 0.01, 0.15) or "",
        phone=_phone_again(rng, one),
        second_phone=one.phone if rng.random() < 0.04 else None,
        wechat=_other_or(rng, one.wechat, f"{one.wechat}x", 0.02, 0.23),
        email=_other_or(rng, one.email, f"{one.email}x", 0.06, 0.25),
        birthday=_birthday_again(rng, one),
    )


def _other_or(rng: Random, kept: str | None, other: str, other_share: float, none_share: float) -> str | None:
    draw = rng.random()
    return None if kept is None or draw < none_share else other if draw < none_share + other_share else kept


def _phone_again(rng: Random, one: Told) -> str | None:
    draw, phone = rng.random(), one.phone
    if phone is None or draw < 0.04:
        return None
    if draw < 0.10:
        return _phone(rng)
    place = rng.randrange(4, 13)
    if draw < 0.18:
        return phone[:place] + str((int(phone[place]) + rng.randrange(1, 10)) % 10) + phone[place + 1 :]
    if draw < 0.20:
        return phone[:place] + phone[place + 1] + phone[place] + phone[place + 2 :]
    return phone


def _name_again(rng: Random, one: Told) -> str:
    draw, name = rng.random(), one.name
    _, family, given = spoken_name(name)
    if draw < 0.05:
        return f"{(family or '').title()} {(given or '').title()}"
    if draw < 0.08:
        return f"{(given or '').title()} {(family or '').title()}"
    if draw < 0.12:
        return name[:1] + ("女士" if one.gender == "f" else "先生")
    if draw < 0.19:
        heard = [place for place, sign in enumerate(name) if place and sign in _LIKE_SOUND]
        if heard:
            place = rng.choice(heard)
            return name[:place] + _LIKE_SOUND[name[place]] + name[place + 1 :]
    if draw < 0.21 and len(name) == 3:
        return name[:2] if rng.random() < 0.5 else name[0] + name[2]
    if draw < 0.215:
        return name[:-1] + _sign(rng)
    return name


def _birthday_again(rng: Random, one: Told) -> tuple[str, int, int, bool, int | None] | None:
    draw, said = rng.random(), one.birthday
    if said is None or draw < 0.3:
        return None
    calendar, month, day, leap, year = said
    if draw < 0.34 and calendar == "solar" and day <= 12:
        return (calendar, day, month, leap, year)
    if draw < 0.37 and year:
        return (calendar, month, min(day, 28), False, year + rng.choice((-1, 1, -10, 10)))
    if draw < 0.42:
        return (calendar, month, day, leap, None)
    if draw < 0.47 and calendar == "solar" and year:
        return _lunar(date(year, month, day))
    if draw < 0.50 and calendar == "lunar" and month <= 12 and 0 < day <= 28:
        return ("solar", month, day, False, year)
    if draw < 0.53:
        return (calendar, month, day % 28 + 1, False, year)
    return said
