"""People whom the demo shop knows twice, as every shop does: written down again by somebody else, in another way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from zhenke.basics.days import DayOfYear, lunar_day_of, solar_date
from zhenke.basics.names import pinyin_readings, split_name
from zhenke.customers.operations import add_customer, add_interaction
from zhenke.customers.rules.drafts import CustomerDraft
from zhenke.doors.demo.load import OpenedShop
from zhenke.doors.demo.rows import CustomerRow
from zhenke.journeys.find_duplicates import find_duplicates
from zhenke.staff import SYSTEM

TWICE = 20
_OWN_OF_MEI = 6
_SOUND = {"丽": "莉", "婷": "庭", "静": "婧", "燕": "艳", "芳": "方", "玲": "铃", "敏": "闵", "慧": "惠", "萍": "平"}
_WORDS = ("路过进来看看，没带会员卡。", "朋友带来的，说以前来过。", "来修链子，登记在新档案里。", "婚博会上留的电话。")


def write_down_twice(*, opened: OpenedShop, now: datetime) -> int:
    """Open a second archive for twenty people and find the pairs; return how many second archives there are.

    Their phones, names and birthdays differ as they do in shops: one digit, the name by ear or in letters, the lunar
    birthday for the solar one. Each has one visit of its own.
    """
    chance = Random(f"{opened.rows.seed} twice")  # noqa: S311  (a demo that repeats, no secret)
    chosen = _chosen(opened, chance)
    for number, row in enumerate(chosen):
        visited = now - timedelta(days=chance.randint(2, 60), hours=chance.randint(0, 5))
        made = add_customer(draft=_draft(opened, row, number, chance), by=SYSTEM, now=visited)
        person = opened.staff[row.advisor]
        add_interaction(
            customer=made,
            kind="visit",
            at=visited,
            by=person,
            shop=person.shop,
            text=chance.choice(_WORDS),
            source_key=f"demo:twice:{number}",
            now=visited,
        )
    find_duplicates(now=now)
    return len(chosen)


def _chosen(opened: OpenedShop, chance: Random) -> list[CustomerRow]:
    whole = [
        row
        for row in opened.rows.customers
        if row.kind == "person" and row.phones and row.advisor in opened.staff and _birthday(row) and row.name.isalpha()
    ]
    whole = [row for row in whole if not row.name.isascii() and len(row.name) <= 3]
    hers = [row for row in whole if row.advisor == "mei"]
    others = [row for row in whole if row.advisor != "mei"]
    own = min(_OWN_OF_MEI, len(hers))
    return chance.sample(hers, own) + chance.sample(others, min(TWICE - own, len(others)))


def _birthday(row: CustomerRow) -> DayOfYear | None:
    for day in row.dates:
        if (day.kind, day.whose, day.calendar) == ("birthday", "self", "solar") and day.year:
            return DayOfYear(day.month, day.day, "solar", False, day.year)
    return None


def _draft(opened: OpenedShop, row: CustomerRow, number: int, chance: Random) -> CustomerDraft:
    name, phone, day = _TELLINGS[number % len(_TELLINGS)](row, chance)
    person = opened.staff[row.advisor]
    return CustomerDraft(
        name=name,
        gender=row.gender,
        source="walk_in",
        phones=(phone,) if phone else (),
        wechat_ids=(row.wechat_id,) if row.wechat_id and chance.random() < 0.5 else (),
        birthday=day,
        shop=opened.shops[row.shop_code],
        owner=person,
        first_met_date=opened.today - timedelta(days=chance.randint(60, 400)),
    )


Telling = tuple[str, str, DayOfYear | None]


def _by_ear(row: CustomerRow, chance: Random) -> Telling:
    return "".join(_SOUND.get(sign, sign) for sign in row.name), row.phones[0], None


def _in_letters(row: CustomerRow, chance: Random) -> Telling:
    parts = split_name(row.name)
    spoken = [pinyin_readings(part).pinyin.title() for part in (parts.given, parts.family)]
    return " ".join(spoken), row.phones[0], _birthday(row)


def _one_digit(row: CustomerRow, chance: Random) -> Telling:
    phone = row.phones[0]
    place = len(phone) - chance.randint(1, 4)
    return row.name, phone[:place] + str((int(phone[place]) + 1) % 10) + phone[place + 1 :], _birthday(row)


def _lunar(row: CustomerRow, chance: Random) -> Telling:
    day = _birthday(row)
    return row.name, row.phones[0], lunar_day_of(solar_date(day)) if day else None


def _titled(row: CustomerRow, chance: Random) -> Telling:
    return split_name(row.name).family + ("女士" if row.gender == "f" else "先生"), row.phones[0], None


_TELLINGS: tuple[Callable[[CustomerRow, Random], Telling], ...] = (_by_ear, _in_letters, _one_digit, _lunar, _titled)
