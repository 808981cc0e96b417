"""Visits, calls, messages, notes, complaints: what the advisors wrote down about one customer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from . import phrases
from .baskets import choose_style
from .catalogue import styles_by_no
from .dice import Weighted, dice, happens
from .lives import WINDOW_DAYS, life
from .notes import Story, choose, reason_against, worded
from .people import customer
from .places import moment
from .purchases import history
from .rows import InteractionRow, SaleRow, StyleRow
from .seasons import open_day
from .tastes import taste_of

_WANTS = {
    "self": ("small", "middle", "gold", "fine"),
    "bridal": ("diamond_ring", "wedding_bangle", "wedding_necklace", "pair"),
    "gift": ("small", "middle", "gold"),
    "saver": ("bar", "chain", "gold"),
    "elder": ("elder", "jade_bangle", "chain"),
    "collector": ("collect", "jade_bangle"),
    "baby": ("baby", "silver", "bead"),
    "company": ("new_year", "silver"),
}
_KINDS = Weighted((("visit", 36), ("wechat", 34), ("call", 16), ("note", 14)))
_ONLY_FOR = {
    "改圈口": ("戒",),
    "穿绳": ("珠", "吊坠", "扣"),
    "爪": ("钻", "宝石"),
    "搭扣": ("项链", "手链", "锁骨链", "男链"),
    "链子": ("坠", "牌"),
    "培育钻": ("钻",),
    "觉得细": ("链",),
    "玫瑰金": ("18K",),
    "圈口": ("戒", "手镯"),
    "花纹": ("古法", "婚嫁", "足金", "手镯"),
    "标签克重": ("足金", "古法", "婚嫁"),
    "发黑": ("银", "足金", "18K"),
    "证书": ("钻", "翡翠", "和田", "宝石"),
    "工费": ("足金", "古法", "婚嫁"),
}
_SENT = ("微信", "发了", "晒", "照片", "笑脸", "扫码")
_NOT_WORN = ("bar", "lock")
_PROMISED_FOR = {
    "金价": ("gold_price",),
    "号到货": ("size",),
    "对比图": ("comparing",),
    "家人": ("ask_family", "comparing"),
}
_SPREAD_DAYS = {"A": 60, "B": 90, "C": 120, "D": 200, "E": 30}
_COUNT = {"A": (3, 4), "B": (2, 4), "C": (2, 3), "D": (1, 2), "E": (0, 1)}
_OPEN_PROMISE_DAYS = 75


def interactions(seed: int, *, today: date, count: int) -> Iterator[InteractionRow]:
    """Yield what was written down about the customers 1…count, in order of customer and then of time."""
    for number in range(1, count + 1):
        yield from contacts_with(seed, today, number)


def contacts_with(seed: int, today: date, number: int) -> list[InteractionRow]:
    """Return the contacts with one customer in order of time; only the last one may carry an open promise."""
    known = life(seed, today, number)
    story = Story(dice(seed, "contacts", number), known, customer(seed, today, number), taste_of(seed, known), today)
    bought = history(seed, today, number).sales
    rows = [*_prospect_contacts(story)] if known.is_prospect else [*_buyer_contacts(story, bought)]
    kept = sorted((row for row in rows if row.happened_at.date() < today), key=lambda row: row.happened_at)
    if kept:
        kept[-1] = _with_promise(story, kept[-1])
    return kept


def _prospect_contacts(story: Story) -> Iterator[InteractionRow]:
    stage = story.known.stage
    if stage == "E":
        if happens(story.rng, 60):
            yield _note(story, story.known.known_since, phrases.PROSPECT_NOTES)
        return
    low, high = _COUNT[stage]
    yield _visit(story, story.known.known_since)
    for _ in range(story.rng.randrange(low, high + 1) - 1):
        day = story.known.known_since + timedelta(days=story.rng.randrange(3, _SPREAD_DAYS[stage]))
        if day < story.today:
            yield _contact(story, day)


def _buyer_contacts(story: Story, bought: tuple[SaleRow, ...]) -> Iterator[InteractionRow]:
    rng = story.rng
    if happens(rng, 20):
        yield _note(story, bought[0].sold_at.date())
    first_seen = story.known.known_since
    if story.today - timedelta(days=WINDOW_DAYS) < first_seen < bought[0].sold_at.date():
        yield _visit(story, first_seen)
    for sale in bought:
        yield from _about_sale(story, sale)
    last = bought[-1].sold_at.date()
    for percent in (42, 22) if (story.today - last).days < 400 else (16,):
        day = last + timedelta(days=rng.randrange(20, 300))
        if happens(rng, percent) and day < story.today:
            yield _contact(story, day)


def _about_sale(story: Story, sale: SaleRow) -> Iterator[InteractionRow]:
    """Yield what follows from one sale: a word after it, a score, a cleaning, seldom a complaint."""
    rng = story.rng
    if sale.exchange_for:
        return
    day = sale.sold_at.date()
    name = styles_by_no()[sale.lines[0].style_no].name
    if happens(rng, 34):
        said = choose(story, _fitting(phrases.AFTER_SALE, name))
        kind = "wechat" if any(word in said for word in _SENT) else rng.choice(("wechat", "call"))
        yield _about(story, day + timedelta(days=rng.randrange(1, 8)), kind, said, sale)
    if happens(rng, 11):
        score = rng.choice((5, 5, 5, 4, 4, 3))
        happy = tuple(text for text in phrases.SATISFIED if ("四分" in text) == (score == 4))
        after = day + timedelta(days=rng.randrange(7, 31))
        yield replace(
            _about(story, after, "satisfaction", choose(story, happy if score > 3 else phrases.SO_SO), sale),
            score=score,
        )
    if happens(rng, 12) and story.known.gender and "金条" not in name:
        done = choose(story, _fitting(phrases.SERVICE, name))
        yield _about(story, day + timedelta(days=rng.randrange(70, 300)), "service", done, sale)
    if happens(rng, 0.8) and story.known.gender:
        reason = rng.choice(tuple(phrases.COMPLAINTS))
        text = choose(story, _fitting(phrases.COMPLAINTS[reason], name) or phrases.COMPLAINTS["manner"])
        told = _about(story, day + timedelta(days=rng.randrange(2, 40)), "complaint", text, sale)
        yield replace(told, why_not=reason, score=rng.choice((1, 2, 2, 3)))


def _fitting(bank: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return the sentences that can be true of a piece: only chains have clasps, only stones have prongs."""
    absent = [word for word, owners in _ONLY_FOR.items() if not any(owner in name for owner in owners)]
    if any(word in name for word in ("翡翠", "和田", "珍珠", "腕表", "银")):
        absent += ["变形", "划痕", "抛光", "重新穿绳"]
    if any(word in name for word in ("金条", "金章", "金钞", "碗筷", "腕表")):
        absent += ["戴得", "洗澡", "戴着", "手上", "链子", "变形"]
    return tuple(text for text in bank if not any(word in text for word in absent))


def _contact(story: Story, day: date) -> InteractionRow:
    kind = _KINDS.draw(story.rng)
    if kind == "visit":
        return _visit(story, day)
    if kind == "note" or not story.known.gender:
        return _note(story, day)
    style = _laid_out(story, day)
    text = choose(story, phrases.CALLS if kind == "call" else phrases.WECHAT)
    return replace(_written(story, day, kind, worded(story, text, day, style, style)), looked_at=(style.style_no,))


def _visit(story: Story, day: date) -> InteractionRow:
    """Write down a visit that ended without a purchase, with the reason."""
    if not story.known.gender:
        return _note(story, day)
    style, tried = _laid_out(story, day), _laid_out(story, day)
    is_worn = tried.category not in _NOT_WORN and tried.wearer in (story.known.gender, "u")
    has_tried = is_worn and happens(story.rng, 74)
    spoken_of = tried if has_tried else style
    reason = reason_against(story, spoken_of, day)
    put_on = tuple(text for text in phrases.TRIED if reason != "size" or "大小刚好" not in text)
    text = "".join(
        (
            choose(story, phrases.COMING_IN_MAN if story.known.gender == "m" else phrases.COMING_IN),
            choose(story, phrases.LOOKED),
            choose(story, put_on if has_tried else phrases.NOT_TRIED),
            choose(story, _fitting(phrases.WHY_NOT[reason], spoken_of.name)),
            choose(story, phrases.VISIT_END),
        )
    )
    return replace(
        _written(story, day, "visit", worded(story, text, day, style, tried)),
        looked_at=tuple(dict.fromkeys((style.style_no, tried.style_no) if has_tried else (style.style_no,))),
        tried=(tried.style_no,) if has_tried else (),
        minutes=story.rng.randrange(6, 26) + (15 if has_tried else 0),
        why_not=reason,
    )


def _note(story: Story, day: date, bank: tuple[str, ...] = ()) -> InteractionRow:
    style = _laid_out(story, day)
    text = choose(story, bank or (phrases.NOTES if story.known.gender else phrases.NOTES_COMPANY))
    return _written(story, day, "note", worded(story, text, day, style, style))


def _about(story: Story, day: date, kind: str, text: str, sale: SaleRow) -> InteractionRow:
    """Write down a word about the first piece of a receipt."""
    style = styles_by_no()[sale.lines[0].style_no]
    return replace(_written(story, day, kind, worded(story, text, day, style, style)), receipt_no=sale.receipt_no)


def _written(story: Story, day: date, kind: str, text: str) -> InteractionRow:
    shop = story.known.shop_code
    return InteractionRow(
        story.row.customer_no, kind, moment(story.rng, shop, open_day(day)), story.known.advisor, shop, text
    )


def _laid_out(story: Story, day: date) -> StyleRow:
    """Return a style that the advisor would show to this person."""
    wearer = story.known.gender if story.known.motive in ("self", "elder") else ""
    return choose_style(story.rng, story.rng.choice(_WANTS[story.known.motive]), story.taste, day, wearer=wearer)


def _with_promise(story: Story, row: InteractionRow) -> InteractionRow:
    """Give a fresh contact a promise for the days around today; an old one has been kept long ago."""
    day = row.happened_at.date()
    age = (story.today - day).days
    if age > _OPEN_PROMISE_DAYS or not happens(story.rng, 60):
        return row
    due = max(day + timedelta(days=1), story.today + timedelta(days=story.rng.randrange(-4, 15)))
    style = _laid_out(story, day)
    promise = choose(story, (text for text in phrases.PROMISES[row.kind] if _promise_fits(text, row)))
    return replace(row, next_date=due, promise=worded(story, promise, due, style, style))


def _promise_fits(text: str, row: InteractionRow) -> bool:
    """Return False for a promise that answers another reason than the one of this visit."""
    return row.kind != "visit" or all(row.why_not in reasons for word, reasons in _PROMISED_FOR.items() if word in text)
