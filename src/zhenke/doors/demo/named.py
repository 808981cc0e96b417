"""Notes of the demo shop that name a colleague, one with photos: what a shop writes to itself in a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhenke.customers.operations.notes import add_note
from zhenke.customers.queries import customer_page
from zhenke.customers.rules.filters import CustomerFilters, Order
from zhenke.doors.demo.drawings import drawn
from zhenke.doors.demo.load import OpenedShop

# Who writes to whom, how long ago, the words, and what is drawn for its photos.
_NOTES: tuple[tuple[str, str, timedelta, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "lin",
        "mei",
        timedelta(hours=3),
        "总店调来两条珍珠项链，适合她上次说的长度，照片在这里。约她这周来看？",
        (("necklace", "k18_white", "pearl"), ("necklace", "k18_yellow", "pearl")),
    ),
    ("mei", "lin", timedelta(hours=5), "她想用旧手镯换新款，差价较大，@林慕楠 您看折价能不能再谈一次。", ()),
    ("lin", "mei", timedelta(days=1, hours=2), "来取货时说搭扣有点紧，下次联系时问一声戴着顺不顺手。", ()),
)


def name_colleagues(*, opened: OpenedShop, now: datetime) -> int:
    """Write a few notes by which advisor and manager hand on what they heard; return how many."""
    mei = opened.staff["mei"]
    page = customer_page(viewer=mei, filters=CustomerFilters(owner_id=mei.pk), order=Order.NEWEST, size=3 * len(_NOTES))
    hers = page.rows[::3] or page.rows
    for number, (customer, (by, to, ago, text, pictures)) in enumerate(zip(hers, _NOTES, strict=False)):
        writer = opened.staff[by]
        add_note(
            customer=customer,
            kind="note",
            text=text,
            named=[opened.staff[to].pk],
            photos=[drawn(category=c, metal=m, stone=s, seed=seed) for seed, (c, m, s) in enumerate(pictures)],
            at=now - ago,
            by=writer,
            shop=writer.shop,
            source_key=f"demo:named:{number}",
            now=now - ago,
        )
    return min(len(hers), len(_NOTES))
