"""The rows of a bench shop, table by table, as plain tuples in the order of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby

from bench.places import Size
from zhenke.basics.ids import new_ids
from zhenke.basics.names import pinyin_readings
from zhenke.customers.queries.contacts import contact_place, field_cipher
from zhenke.customers.rules.contacts import TAIL_FIELD, contact_spelling, search_spelling, tail_spelling
from zhenke.doors.demo.bench import CustomerTuple, LineTuple, bench_customers, bench_lines
from zhenke.doors.demo.lives import customer_no

Row = tuple[object, ...]
_EPOCH_MS = 1_577_836_800_000
_METALS = ("gold", "gold_antique", "gold_5g", "k18_white", "pt950")
_KINDS = ("visit", "call", "message")
OPEN_EVERY = 33


@dataclass(frozen=True)
class World:
    """The keys that the rows hang on."""

    size: Size
    today: date
    shops: list[int]
    advisors: list[int]
    styles: dict[str, int]
    plan: int
    tag: int
    first: int
    is_sqlite: bool

    def key(self, number: int) -> int:
        """Return the key of customer number 1, 2, …"""
        return self.first + number

    def at(self, seconds: int) -> str:
        """Return an instant as this database keeps it."""
        text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
        return text if self.is_sqlite else f"{text}+00"

    @property
    def noon(self) -> int:
        """04:00 UTC of the day, which is noon in China."""
        return int(datetime(self.today.year, self.today.month, self.today.day, 4, tzinfo=UTC).timestamp())

    def people(self) -> Iterator[tuple[int, CustomerTuple]]:
        """Yield every customer with her number."""
        size = self.size
        return enumerate(
            bench_customers(
                today=self.today,
                customers=size.customers,
                shops=size.shops,
                advisors_per_shop=size.advisors_per_shop,
            ),
            start=1,
        )


@lru_cache(maxsize=30_000)
def _readings(name: str) -> tuple[str, tuple[str, ...]]:
    readings = pinyin_readings(name)
    return readings.pinyin, tuple(dict.fromkeys(readings.search_terms))


CUSTOMER = (
    "id", "kind", "name", "pinyin", "gender", "card_number", "source_key", "shop_id", "owner_id", "cover_id",
    "referrer_id", "source", "region", "language", "channel", "hour_preference", "caution", "notes",
    "first_met_date", "created_at", "updated_at", "confirmed",
)  # fmt: skip


def customers(world: World) -> Iterator[Row]:
    """Yield everybody; the order of last change has nothing to do with the order of keys."""
    for number, row in world.people():
        card, name, gender, _phone, *_born, region, source, shop, advisor, since, _stage = row
        since_s = int(datetime(since.year, since.month, since.day, 3, tzinfo=UTC).timestamp())
        changed = world.noon - (number * 7_919 % 2_500_000) * 30
        yield (
            world.key(number), "person", name, _readings(name)[0], gender, card, None, world.shops[shop],
            world.advisors[advisor], None, None, source, region, "", "", "", "", "", since.isoformat(),
            world.at(since_s), world.at(changed), "{}",
        )  # fmt: skip


TERM = ("id", "customer_id", "term")


def terms(world: World) -> Iterator[Row]:
    """Yield the words that everybody is found by."""
    keys = iter(new_ids(world.size.customers * 12))
    for number, row in world.people():
        for term in _readings(row[1])[1]:
            yield next(keys), world.key(number), term


CONTACT = ("id", "customer_id", "kind", "label", "sealed", "blind_index", "tail_index", "is_primary")


def contacts(world: World) -> Iterator[Row]:
    """Yield everybody's phone, sealed to its own row as the product seals it."""
    cipher = field_cipher()
    keys = iter(new_ids(world.size.customers))
    true = 1 if world.is_sqlite else "t"
    tails: dict[str, str] = {}
    for number, row in world.people():
        phone, key = contact_spelling("phone", row[3]) if number == 1 else _plus(row[3]), next(keys)
        tail = tail_spelling("phone", phone)
        if tail not in tails:
            tails[tail] = cipher.blind_index(TAIL_FIELD, tail)
        blind = cipher.blind_index("phone", search_spelling("phone", phone))
        sealed = cipher.seal(phone, contact_place(key))
        yield key, world.key(number), "phone", "", sealed, blind, tails[tail], true


def _plus(text: str) -> str:
    """What `contact_spelling` makes of a Chinese mobile number, without asking the numbering plan a million times."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    return f"+86{digits[-11:]}"


DAY = (
    "id", "customer_id", "kind", "label", "calendar", "month", "day", "is_leap_month", "year", "source", "created_at",
)  # fmt: skip
OCCASION = ("id", "customer_id", "customer_date_id", "kind", "year_key", "on_date")


def days(world: World, first: int) -> Iterator[Row]:
    """Yield everybody's birthday; its key is `first` plus her number."""
    false = 0 if world.is_sqlite else "f"
    stamp = world.at(world.noon)
    for number, row in world.people():
        born, month, day = row[4:7]
        yield first + number, world.key(number), "birthday", "", "solar", month, day, false, born, "bench", stamp


def occasions(world: World, first: int) -> Iterator[Row]:
    """Yield the birthdays of the next 45 days."""
    keys = iter(new_ids(world.size.customers))
    for number, row in world.people():
        on = date(world.today.year, row[5], row[6])
        on = on if on >= world.today else on.replace(year=on.year + 1)
        if (on - world.today).days <= 45:
            yield next(keys), world.key(number), first + number, "birthday", f"solar:{on.year}", on.isoformat()


TRAIT = ("id", "customer_id", "key", "text", "confirmed_at", "confirmed_by_id", "source")
TAGGED = ("id", "customer_id", "tag_id")


def traits(world: World) -> Iterator[Row]:
    """Yield a metal that every other customer likes."""
    keys, stamp = iter(new_ids(world.size.customers)), world.at(world.noon)
    for number in range(2, world.size.customers + 1, 2):
        yield next(keys), world.key(number), "metal", _METALS[number % 5], stamp, None, "bench"


def tagged(world: World) -> Iterator[Row]:
    """Yield a tag on every tenth customer."""
    keys = iter(new_ids(world.size.customers))
    for number in range(10, world.size.customers + 1, 10):
        yield next(keys), world.key(number), world.tag


TOUCH = ("id", "customer_id", "kind", "at", "by_id", "shop_id", "text", "result", "facts", "source_key")


def touches(world: World) -> Iterator[Row]:
    """Yield none, one or two contacts per customer, in the last two years, in order of time."""
    keys = iter(new_ids(2 * world.size.customers))
    for part in (1, 2):
        for number, row in world.people():
            if number % 3 < part:
                continue
            at = world.at(world.noon - (number * 104_729 * part % 730) * 86_400 - number % 30_000)
            yield (
                next(keys), world.key(number), _KINDS[(number + part) % 3], at, world.advisors[row[10]],
                world.shops[row[9]], "问候，介绍了新款", "reached", "{}", None,
            )  # fmt: skip


TASK = (
    "id", "occurrence_key", "customer_id", "assignee_id", "shop_id", "plan_id", "step", "reason", "due_date",
    "last_date", "state", "result", "result_note", "next_date", "done_at", "done_by_id", "times_missed", "created_at",
)  # fmt: skip


def tasks(world: World) -> Iterator[Row]:
    """Yield about sixty open follow-ups per advisor around today, and one that is done for every fifth customer."""
    keys = iter(new_ids(world.size.customers))
    stamp = world.at(world.noon - 5 * 86_400)
    for number, row in world.people():
        is_open = number % OPEN_EVERY == 0
        if not is_open and number % 5:
            continue
        due = world.today + timedelta(days=number % 14 - 4 if is_open else -10 - number % 300)
        reason = f'{{"days": 90, "bought": "{(due - timedelta(days=90)).isoformat()}", "frequency": 2}}'
        advisor, done = world.advisors[row[10]], world.at(world.noon - (10 + number % 300) * 86_400)
        yield (
            next(keys), f"bench:{number}", world.key(number), advisor, world.shops[row[9]], world.plan, "cadence",
            reason, due.isoformat(), (due + timedelta(days=7)).isoformat(), "open" if is_open else "done",
            "" if is_open else "reached", "", None, None if is_open else done, None if is_open else advisor, 0, stamp,
        )  # fmt: skip


SALE = (
    "id", "source_key", "number", "kind", "customer_id", "shop_id", "advisor_id", "sold_at", "sold_date", "currency",
    "amount_minor", "cost_minor", "line_count", "is_gift", "note", "prompted_by_id", "returns_id", "created_at",
)  # fmt: skip
LINE = (
    "id", "sale_id", "line_key", "style_id", "description", "quantity", "weight_mg", "tag_minor", "amount_minor",
    "cost_minor", "is_gift",
)  # fmt: skip


def receipts(world: World) -> Iterator[tuple[Row, list[Row]]]:
    """Yield every receipt with its lines. Their keys say the time of the sale, as if each had been made then."""
    size, true, false = world.size, 1 if world.is_sqlite else "t", 0 if world.is_sqlite else "f"
    lines = bench_lines(
        today=world.today, customers=size.customers, shops=size.shops, advisors_per_shop=size.advisors_per_shop
    )
    number, card, line_count = 0, "", 0
    for count, (receipt, found) in enumerate(groupby(lines, key=lambda line: line[0]), start=1):
        part: list[LineTuple] = list(found)
        head = part[0]
        while card != head[2]:
            number += 1
            card = customer_no(number)
        stamp = (head[5] * 1000 - _EPOCH_MS) << 22
        at, key = world.at(head[5]), stamp + count % (1 << 22)
        rows: list[Row] = []
        for line in part:
            line_count += 1
            rest = (*line[7:10], *line[11:13], true if line[13] else false)
            rows.append((stamp + line_count % (1 << 22), key, f"#{line[1]}", world.styles[line[6]], "", *rest))
        gift = true if all(line[13] for line in part) else false
        day = datetime.fromtimestamp(head[5] + 8 * 3600, UTC).strftime("%Y-%m-%d")
        whose = (world.key(number), world.shops[head[3]], world.advisors[head[4]])
        sums = (sum(line[11] for line in part), sum(line[12] for line in part), len(part))
        yield (key, f"bench:{receipt}", receipt, "sale", *whose, at, day, "CNY", *sums, gift, "", None, None, at), rows
