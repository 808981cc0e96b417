"""Reads of styles. They are no personal data: everybody who is signed in sees all of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from zhenke.basics.prepared import Prepared
from zhenke.catalogue.models import Style

_BATCH = 5_000
_MOST_OF_RECEIPT = 6
_BY_NO = [
    Prepared(
        lambda **nos: Style.objects.filter(style_no__in=list(nos.values())),
        **{f"no{place}": str for place in range(count)},
    )
    for count in range(1, _MOST_OF_RECEIPT + 1)
]
"""The styles of one, two … numbers, as most receipts have them."""


def styles(*, category: str = "", metal: str = "", stone: str = "", active_only: bool = True) -> QuerySet[Style]:
    """Return the styles that have the given codes.

    Shape:  one row per style, by number; may be empty.
    Sees:   everybody sees every style.
    """
    wanted = {"category": category, "metal": metal, "stone": stone}
    rows = Style.objects.filter(**{field: code for field, code in wanted.items() if code})
    return (rows.filter(is_active=True) if active_only else rows).order_by("style_no")


def style_by_no(nos: Iterable[str]) -> dict[str, Style]:
    """Return the styles of these numbers, by number; numbers that are not in the catalogue are left out.

    Shape:  one SQL query per 5,000 numbers, none for none.
    Sees:   everybody sees every style.
    """
    wanted = sorted(set(nos))
    if 0 < len(wanted) <= _MOST_OF_RECEIPT:
        few = _BY_NO[len(wanted) - 1].rows(connection, **{f"no{place}": no for place, no in enumerate(wanted)})
        return {style.style_no: style for style in few}
    found: dict[str, Style] = {}
    for start in range(0, len(wanted), _BATCH):
        batch = Style.objects.filter(style_no__in=wanted[start : start + _BATCH])
        found.update((style.style_no, style) for style in batch)
    return found


def find_styles(text: str, *, limit: int = 20) -> list[Style]:
    """Return active styles whose number begins with `text`, then those whose number or name holds it.

    Shape:  at most `limit` rows, the exact number first; empty for an empty text.
    Sees:   everybody sees every style.
    """
    text = text.strip()
    if not text or "\x00" in text:
        return []
    nearness = Case(
        When(style_no__iexact=text, then=Value(0)),
        When(style_no__istartswith=text, then=Value(1)),
        When(name__istartswith=text, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    rows = Style.objects.filter(Q(style_no__icontains=text) | Q(name__icontains=text), is_active=True)
    return list(rows.order_by(nearness, "style_no")[:limit])
