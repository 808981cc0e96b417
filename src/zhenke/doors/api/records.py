"""How well the shop knows its customers: complete and right, by shop and advisor, as the last night counted."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from zhenke.basics.errors import NotFound
from zhenke.customers.queries.freshness import fields_shown
from zhenke.customers.queries.records import Figures, Group, Known, record_figures
from zhenke.customers.rules.records import share
from zhenke.doors.api.access import TokenCall
from zhenke.doors.api.shapes import REFUSALS, Asked, Problem, Told, key
from zhenke.staff.models import Viewer
from zhenke.staff.queries import shops_within

router = Router(tags=["customers"])


class RecordsAsked(Asked):
    """Of one shop, region or brand (code); without it of all that the token sees."""

    shop: Annotated[str, Field(max_length=40)] = ""


class KnownTold(Told):
    """Shares in whole per cent: of what is asked the filled, of what is filled the right; null where there is none."""

    people: int
    filled_percent: int | None
    right_percent: int | None


class RecordedFieldTold(Told):
    """One field: how many people it is asked of, how many lack it."""

    field: str
    asked: int
    missing: int
    filled_percent: int | None
    right_percent: int | None


class RecordedGroupTold(KnownTold):
    """The customers of one shop, or of one advisor in it; without `owner_id` and `name` those of nobody."""

    shop_id: str
    owner_id: str | None
    name: str


class RecordedWeekTold(KnownTold):
    """One day of the trend, a week apart."""

    on_date: date


class RecordsTold(Told):
    """The figures of the last night that counted; `on_date` is null and the rest empty before the first."""

    on_date: date | None
    whole: KnownTold
    fields: list[RecordedFieldTold]
    groups: list[RecordedGroupTold]
    weeks: list[RecordedWeekTold]


NOTHING = RecordsTold(
    on_date=None, whole=KnownTold(people=0, filled_percent=None, right_percent=None), fields=[], groups=[], weeks=[]
)


def known_told(known: Known) -> KnownTold:
    """Tell the shares of some people."""
    return KnownTold(people=known.people, filled_percent=known.filled, right_percent=known.accurate)


def _group(one: Group) -> RecordedGroupTold:
    return RecordedGroupTold(
        **dict(known_told(one.known)), shop_id=str(one.shop), owner_id=key(one.owner), name=one.name
    )


def records_told(viewer: Viewer, found: Figures | None) -> RecordsTold:
    """Tell figures; of the fields those that the viewer is shown, most missing first."""
    if found is None:
        return NOTHING
    shown = fields_shown(viewer=viewer)
    fields = [
        RecordedFieldTold(
            field=name,
            asked=asked,
            missing=asked - filled,
            filled_percent=share(filled, asked),
            right_percent=share(right, filled),
        )
        for name, (asked, filled, right) in found.fields.fields.items()
        if asked and name in shown
    ]
    return RecordsTold(
        on_date=found.on_date,
        whole=known_told(found.whole),
        fields=sorted(fields, key=lambda one: (-one.missing, one.field)),
        groups=[_group(one) for one in found.groups],
        weeks=[RecordedWeekTold(**dict(known_told(one.known)), on_date=one.on_date) for one in found.weeks],
    )


@router.get("", url_name="records", response={200: RecordsTold, REFUSALS: Problem}, summary="How well they are known")
def get_records(request: TokenCall, asked: Query[RecordsAsked]) -> RecordsTold:
    """How complete and how right the archives are, by shop and advisor, and twelve weeks of it.

    A group of fewer than ten people has no figures, and protected people are not counted.
    """
    shop = shops_within(viewer=request.user).filter(code=asked.shop).first() if asked.shop else None
    if asked.shop and shop is None:
        raise NotFound(kind="shop")
    return records_told(request.user, record_figures(viewer=request.user, shop=shop))
