"""The lines of Today as HTML. A day has dozens, so they are put together here for less than a template costs.

Everything that comes from outside goes through `format_html`, which escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhenke.doors.pages.today.rows import ItemRow
from zhenke.doors.templatetags.words import address, day, drawn_icon, grade_mark

_FULL = """
<li class="list-row task{late}">
  {grade}
  <div class="list-main">
    <p class="list-name"><a class="opens-row" href="{profile}">{name}</a> <span class="tag{tag}">{step}</span>{when}</p>
    <p class="list-why">{why}{also}</p>
    <details class="say"><summary><span class="hear-only">{say_word}: </span><span class="say-short" \
data-label="{say_word}">“{script}”</span></summary><blockquote class="quote" id="{say_id}">\
{script}</blockquote></details>
  </div>
  <div class="list-actions">
    <button class="button" type="button" hx-post="{call_url}" hx-target="#sheet-body" data-open="sheet" \
data-key="c">{call_icon}{call_word}</button>
    <button class="button" type="button" data-copy="#{say_id}" data-copied="{copied_word}" \
data-key="m">{message_icon}{message_word}</button>
    {close}
  </div>
</li>
"""
_CLOSE = """\
<button class="button" type="button" hx-get="{done_url}" hx-target="#sheet-body" data-open="sheet" \
data-key="e">{done_icon}{done_word}</button>
    <button class="icon-button" type="button" hx-get="{more_url}" hx-target="#sheet-body" data-open="sheet" \
data-key="s" aria-label="{more_word}">{more_icon}</button>"""
_PLAN = """\
<button class="button" type="button" hx-get="{url}" hx-target="#sheet-body" data-open="sheet">{icon}{word}</button>"""
_BRIEF = """
<li class="list-row">
  {grade}
  <div class="list-main">
    <p class="list-name"><a class="opens-row" href="{profile}">{name}</a>{step}</p>
    <p class="list-why">{why}</p>
    <span class="hear-only" id="{say_id}">{script}</span>
  </div>
  <div class="list-icons">
    <button class="icon-button" type="button" data-copy="#{say_id}" data-copied="{copied_word}" data-key="m" \
aria-label="{copy_word}">{message_icon}</button>
    <button class="icon-button" type="button" hx-get="{url}" hx-target="#sheet-body" data-open="sheet"{key} \
aria-label="{act_word}">{act_icon}</button>
  </div>
</li>
"""


def full_lines(rows: Iterable[ItemRow], *, today: date, is_due: bool) -> SafeString:
    """Return people with the words to say and three acts: call, message, done (or plan, for a bare occasion)."""
    fixed = {
        "say_word": _("What to say"),
        "call_word": pgettext("verb", "Call"),
        "call_icon": drawn_icon("call"),
        "message_word": pgettext("verb", "Message"),
        "message_icon": drawn_icon("message"),
        "copied_word": _("Copied. Paste it into the chat."),
    }
    return format_html_join("", _FULL, (fixed | _full_line(row, today, is_due=is_due) for row in rows))


def _full_line(row: ItemRow, today: date, *, is_due: bool) -> dict[str, object]:
    return {
        "late": " is-late" if row.is_late else "",
        "tag": " is-late" if row.is_late else " is-soon" if is_due else "",
        "grade": grade_mark(row.grade),
        "profile": address("customer", row.customer_id),
        "name": row.name,
        "step": row.step,
        "when": _when(row, today) if row.due_date and row.due_date != today else "",
        "why": row.why,
        "also": _also(row.also) if row.also else "",
        "script": row.script,
        "say_id": row.say_id,
        "call_url": address("customer_call", row.customer_id),
        "close": _close(row, row.task_id) if row.task_id else _plan(row),
    }


def _when(row: ItemRow, today: date) -> SafeString:
    return format_html(
        ' <span class="t-small {}">{}</span>', "late" if row.is_late else "quiet", day(row.due_date, today, "late")
    )


def _also(count: int) -> str:
    words = ngettext("One more thing can be settled with it.", "%(n)s more things can be settled with it.", count)
    return " " + words % {"n": count}


def _close(row: ItemRow, task_id: int) -> SafeString:
    return format_html(
        _CLOSE,
        done_url=address("task_done", task_id),
        done_icon=drawn_icon("check"),
        done_word=pgettext("follow-up", "Done"),
        more_url=address("task_more", task_id),
        more_icon=drawn_icon("more"),
        more_word=_("Later or pass on: %(name)s") % {"name": row.name},
    )


def _plan(row: ItemRow) -> SafeString:
    url = address("customer_task", row.customer_id)
    return format_html(_PLAN, url=url, icon=drawn_icon("task"), word=pgettext("verb", "Plan"))


def brief_lines(rows: Iterable[ItemRow], *, today: date) -> SafeString:
    """Return people whose day is still to come: one line, two small acts."""
    fixed = {"message_icon": drawn_icon("message"), "copied_word": _("Copied. Paste it into the chat.")}
    return format_html_join("", _BRIEF, (fixed | _brief_line(row, today) for row in rows))


def _brief_line(row: ItemRow, today: date) -> dict[str, object]:
    told: dict[str, object] = {
        "grade": grade_mark(row.grade),
        "profile": address("customer", row.customer_id),
        "name": row.name,
        "why": row.why,
        "script": row.script,
        "say_id": row.say_id,
        "copy_word": _("Copy words for %(name)s") % {"name": row.name},
    }
    if row.task_id is None:
        return told | {
            "step": "",
            "url": address("customer_task", row.customer_id),
            "key": "",
            "act_word": _("Plan something for %(name)s") % {"name": row.name},
            "act_icon": drawn_icon("task"),
        }
    when = day(row.due_date, today, "late")
    return told | {
        "step": format_html(' <span class="tag">{}</span> <span class="t-small quiet">{}</span>', row.step, when),
        "url": address("task_done", row.task_id),
        "key": format_html(' data-key="{}"', "e"),
        "act_word": _("Done: %(name)s") % {"name": row.name},
        "act_icon": drawn_icon("check"),
    }
