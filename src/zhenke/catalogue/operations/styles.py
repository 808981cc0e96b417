"""Writes of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from zhenke.basics.errors import RuleBroken
from zhenke.catalogue.models import Style
from zhenke.catalogue.queries.styles import style_by_no
from zhenke.catalogue.rules import StyleDraft, check_style
from zhenke.staff.queries import Viewer

_BATCH = 2_000
_FIELDS = (
    "style_no",
    "name",
    "category",
    "metal",
    "purity_permille",
    "stone",
    "price_mode",
    "weight_mg",
    "tag_price_minor",
    "currency",
)


class StyleNumberTaken(RuleBroken):
    """The number belongs to a style that is described otherwise."""

    code = "style_number_taken"
    message = "Style {style_no} exists and differs in: {differences}."


def add_style(*, draft: StyleDraft, by: Viewer, now: datetime) -> Style:
    """Write one style.

    Errors: BadStyle as `check_style`; StyleNumberTaken if the number belongs to a style that says otherwise.
    Writes: one Style.
    Twice:  the same draft, also at the same moment: the first style is returned, nothing is written. A field that the
            draft leaves empty is no difference.
    """
    [style] = load_styles(drafts=[draft], now=now).values()
    told = {field: getattr(draft, field) for field in _FIELDS if field not in ("price_mode", "currency")}
    differences = [field for field, text in told.items() if text not in ("", None) and getattr(style, field) != text]
    if differences:
        raise StyleNumberTaken(style_no=draft.style_no, differences=", ".join(differences))
    return style


def load_styles(*, drafts: Iterable[StyleDraft], now: datetime) -> dict[str, Style]:
    """Write the styles that the catalogue does not have yet; those it has stay as they are.

    Shape:  every style of the drafts by its number, new or not; the first draft of a number counts.
    Errors: BadStyle as `check_style`, before anything is written.
    Writes: new Styles, a few SQL statements for thousands.
    Twice:  nothing is written.
    """
    wanted: dict[str, StyleDraft] = {}
    for draft in drafts:
        check_style(draft)
        wanted.setdefault(draft.style_no, draft)
    known = style_by_no(wanted)
    missing = [draft for number, draft in wanted.items() if number not in known]
    if missing:
        rows = [Style(**{field: getattr(draft, field) for field in _FIELDS}, created_at=now) for draft in missing]
        # Somebody else may be writing the same number: the unique key keeps the first, and it is read again.
        Style.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
        known.update(style_by_no(draft.style_no for draft in missing))
    return known


def forget_styles(*, style_ids: Collection[int]) -> int:
    """Remove styles that an import made and that no line names any more; return how many.

    Errors: ProtectedError when something still names one.
    Twice:  removes nothing more.
    """
    return Style.objects.filter(pk__in=style_ids).delete()[0]
