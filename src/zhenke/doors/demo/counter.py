"""The details of the demo shop's visits: pieces laid out, minutes, companions, what stopped the purchase."""

from __future__ import annotations

from zhenke.customers.operations.visits import load_visits
from zhenke.customers.rules.visits import VisitDraft, laid_out
from zhenke.doors.demo.load import OpenedShop, batched
from zhenke.doors.demo.rows import InteractionRow

# Who came along, by the words of the note that say so.
_COMPANIONS = {
    "和先生一起来": "先生",
    "和爱人一起来": "爱人",
    "带着闺蜜": "闺蜜",
    "陪妈妈来": "妈妈",
    "带孩子来": "孩子",
    "和女朋友一起来": "女朋友",
    "陪爱人逛街": "爱人",
}


def write_visits(*, opened: OpenedShop) -> int:
    """Give each visit of the shop its details; return how many got some."""
    names = {style.style_no: style.name for style in opened.rows.styles}
    came = ((f"demo:{number}", row) for number, row in enumerate(opened.rows.interactions) if row.kind == "visit")
    written = 0
    for part in batched(came):
        written += load_visits(drafts=[(key, _draft(row, names)) for key, row in part])
    return written


def _draft(row: InteractionRow, names: dict[str, str]) -> VisitDraft:
    return VisitDraft(
        pieces=laid_out(looked_at=row.looked_at, tried=row.tried, names=names),
        minutes=row.minutes,
        companions_text=next((who for words, who in _COMPANIONS.items() if words in row.text), ""),
        stopped_by=(row.why_not,) if row.why_not else (),
        agreed=row.promise,
        agreed_date=row.next_date if row.promise else None,
    )
