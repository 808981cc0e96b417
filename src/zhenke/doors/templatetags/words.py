"""Template tags and filters for words, amounts and days as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache

from django import template
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhenke.basics.money import Money, format_money
from zhenke.doors.words import days
from zhenke.doors.words.days import ago, day_words, exact_day, how_far, is_chinese, lateness, moment_words, own_day

register = template.Library()
_ANY_KEY = str(2**63 - 1)


@register.filter
def money(minor: int | None, currency: str = "CNY") -> str:
    """Return an amount as people read it: ¥86,400, with cents only where there are any."""
    if minor is None:
        return "–"
    amount = Money(int(minor), currency)
    return format_money(amount, get_language() or "en", is_whole=amount.amount == int(amount.amount))


@register.filter
def grams(milligrams: int | None) -> str:
    """Return a weight in grams, without zeros that say nothing: 12.35 g."""
    return "–" if milligrams is None else f"{milligrams / 1000:,.3f}".rstrip("0").rstrip(".") + " g"


@register.filter
def exact(day: date) -> str:
    """Return a day with its year."""
    return exact_day(day)


@register.filter
def local_day(at: datetime) -> date:
    """Return the day of an instant in the shop's own time."""
    return own_day(at)


@register.filter
def near(day: date, today: date) -> str:
    """Return a day in words when it is near, else its date."""
    return day_words(day, today)


@register.filter
def since(day: date, today: date) -> str:
    """Return how long ago a day was."""
    return ago(day, today)


@register.filter
def late(due: date, today: date) -> str:
    """Return when a task is due, or how late it is."""
    return lateness(due, today)


@register.filter
def person_name(name: str) -> str:
    """Return the name, or words for nobody's."""
    return name or _("Name not known")


@register.filter
def phone_words(phone: str) -> str:
    """Return a whole phone as people read it out: 134 9571 7779, +852 9123 4567."""
    national = phone.removeprefix("+86")
    if national != phone and len(national) == 11 and national.startswith("1"):
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    return phone


@register.filter
def percent(share: float | None) -> str:
    """Return a share of 0..1 in per cent."""
    return "–" if share is None else f"{share * 100:.0f}{'' if is_chinese() else ' '}%"


@register.filter
def listed(parts: Iterable[object]) -> str:
    """Return words one after the other, as the reader writes them: gold, jade; 黄金、翡翠."""
    return days.listed(parts)


@register.filter
def led_by(word: object) -> str:
    """Return a word with the colon that leads to what follows."""
    return days.led_by(word)


@register.simple_tag
def day(value: date | datetime | None, today: date, style: str = "near") -> SafeString | str:
    """Return a <time> element: words to read, the exact day on hover; style near, far, since, late or exact."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return format_html(
            '<time datetime="{}" title="{}">{}</time>',
            value.isoformat(timespec="minutes"),
            exact_day(own_day(value)),
            moment_words(value, today),
        )
    words = {"near": day_words, "far": how_far, "since": ago, "late": lateness}.get(style)
    shown = words(value, today) if words else exact_day(value)
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact_day(value), shown)


@cache
def drawn_icon(name: str, size: str = "") -> SafeString:
    """Return the drawing of one icon; for lines that are put together without a template."""
    style = f"icon is-{size}" if size else "icon"
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"></use></svg>', style, name)


class _IconNode(template.Node):
    def __init__(self, words: list[FilterExpression]) -> None:
        self._words = words

    def render(self, context: template.Context) -> SafeString:
        return drawn_icon(*(word.resolve(context) for word in self._words))


@register.tag
def icon(parser: Parser, token: Token) -> template.Node:
    """Draw one of the icons of templates/_icons.html: {% icon "call" %}, {% icon item.icon "small" %}.

    A name that is written out is drawn when the template is read: a page has a hundred of them.
    """
    words = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    if all(word.is_var is False for word in words):
        return TextNode(drawn_icon(*(word.var for word in words)))
    return _IconNode(words)


@register.simple_tag
def grade_mark(grade: object | None, size: str = "") -> SafeString:
    """Return the mark of a grade: a letter of buyers, the stage of people who never bought, a dash for neither."""
    letter = getattr(grade, "letter", "") if grade else ""
    stage = getattr(grade, "stage", "") if grade else ""
    return _mark_of(letter, "" if letter else stage, size, get_language())


@lru_cache(maxsize=100)  # every row has one, and there are a dozen of them in each language
def _mark_of(letter: str, stage: str, size: str, _language: str | None) -> SafeString:
    return render_to_string("components/grade.html", {"grade": letter, "stage": stage, "size": size})


@register.simple_tag
def address(route: str, key: int) -> str:
    """Return the address of the page about one thing, as `url` does, at a tenth of the price: for rows."""
    return _pattern_of(route).replace(_ANY_KEY, str(key))


@cache
def _pattern_of(route: str) -> str:
    return reverse(route, args=[int(_ANY_KEY)])
