"""The lines of the list of customers as HTML: forty a page, put together here for less than a template costs.

Everything that comes from outside goes through `format_html`, which escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhenke.doors.pages.customers.rows import ListRow
from zhenke.doors.templatetags.words import address, drawn_icon, grade_mark

_LINE = """
<li class="list-row">
  {tick}
  {grade}
  <div class="list-main">
    <p class="list-name"><a class="opens-row" href="{profile}">{name}</a>{caution}{tags}</p>
    <p class="list-why">{why}</p>
  </div>
  {side}
</li>
"""
_TICK = '<label class="tick"><input type="checkbox" name="chosen" value="{}" aria-label="{}"></label>'
_CAUTION = ' <span class="tag is-late" title="{}">{}<span class="hear-only">{}</span></span>'
_TAG = ' <span class="tag">{}</span>'
_SIDE = '<div class="list-side"><p>{}</p><p class="quiet">{}</p></div>'


def customer_lines(rows: Iterable[ListRow], *, may_choose: bool, shows_owner: bool) -> SafeString:
    """Return one line a customer: tick, grade, name with caution and tags, when she bought last, what she spent."""
    never, nobody = _("Has not bought yet"), _("nobody's")
    return format_html_join(
        "",
        _LINE,
        (
            {
                "tick": format_html(_TICK, row.id, row.choose) if may_choose else "",
                "grade": grade_mark(row.grade),
                "profile": address("customer", row.id),
                "name": row.name,
                "caution": _caution(row.caution) if row.caution else "",
                "tags": format_html_join("", _TAG, ((tag,) for tag in row.tags)),
                "why": " · ".join(_why(row, never=never, nobody=nobody if shows_owner else None)),
                "side": format_html(_SIDE, row.spent, row.times) if row.spent else "",
            }
            for row in rows
        ),
    )


def _why(row: ListRow, *, never: str, nobody: str | None) -> Iterator[str]:
    if row.bought is not None:
        yield row.bought or never
    if nobody is not None:
        yield row.owner or nobody


def _caution(words: str) -> SafeString:
    return format_html(_CAUTION, words, drawn_icon("flag", "small"), words)
