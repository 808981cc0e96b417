"""How well archives are known, counted for everybody at once: what is asked depends on the grade, so it is asked here.

One statement for each time zone: an inner row per customer says of each field when it was last confirmed, the outer
one adds up by shop and advisor. tests/promises/test_records.py compares it with a slow model that reads one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from zhenke.basics.ids import first_id_at
from zhenke.customers.models import Claim, ContactPoint, Customer, CustomerDate, Trait
from zhenke.customers.rules.freshness import CONTACTS, DATES, TRAITS, UNGRADED, FieldRule
from zhenke.customers.rules.importance import Importance
from zhenke.customers.rules.records import Count, claim_fields
from zhenke.grading.models import Grade
from zhenke.staff.models import Shop, Viewer
from zhenke.staff.queries import shops_within
from zhenke.staff.rules import SYSTEM, SystemViewer

_CUSTOMERS, _GRADES = Customer._meta.db_table, Grade._meta.db_table
_CONTACTS, _DATES = ContactPoint._meta.db_table, CustomerDate._meta.db_table
_TRAITS, _CLAIMS = Trait._meta.db_table, Claim._meta.db_table
_EVER = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class OwnedCount:
    """What was counted of the customers of one advisor (None: nobody) in one shop; `gaps`: of how many one is open."""

    shop: int
    owner: int | None
    count: Count
    gaps: int


def count_records(
    *, viewer: SystemViewer, rules: Sequence[FieldRule], today: date, since_key: int = 0
) -> list[OwnedCount]:
    """Return how many fields are asked, known and right, by shop and advisor.

    Only people count, as in `freshness_of`; those who are protected are left out, because a figure that moves by one
    tells of them. `since_key` leaves out older archives, for a look at a few thousand of them.

    Units:  `today` in the house; of shops elsewhere the days begin in their own zone.
    Shape:  one row per shop and advisor who have customers, no order; empty without rules. One SQL query per time zone.
    Sees:   everything: this is the night's question, which only the house asks.
    """
    if not rules:
        return []
    zones: dict[str, list[int]] = {}
    for key, zone in Shop.objects.values_list("pk", "time_zone"):
        zones.setdefault(zone, []).append(key)
    return [row for zone, shops in zones.items() for row in _counted(rules, today, ZoneInfo(zone), shops, since_key)]


def newest_key(*, among: int) -> int:
    """Return the key of the archive that as many others are newer than, 0 where there are not that many."""
    return Customer.objects.order_by("-pk").values_list("pk", flat=True)[among : among + 1].first() or 0


def _counted(
    rules: Sequence[FieldRule], today: date, zone: ZoneInfo, shops: list[int], since_key: int
) -> Iterator[OwnedCount]:
    inner, outer, values = [], [], []
    for number, rule in enumerate(rules):
        first = today - timedelta(days=rule.days) if rule.days is not None else _EVER
        sql, given = _field(rule, first, datetime.combine(first, time(), zone))
        inner += [f"CASE WHEN letter IN ({_marks(rule.letters)}) THEN {sql} END AS f{number}"]
        values += [*rule.letters, *given]
        outer += [f"COUNT(f{number})", f"SUM(CASE WHEN f{number} > 0 THEN 1 ELSE 0 END)",
                  f"SUM(CASE WHEN f{number} > 1 AND {_undisputed(rule)} THEN 1 ELSE 0 END)"]  # fmt: skip
    gaps = " OR ".join(f"f{number} < 2" for number in range(len(rules)))
    graded = (
        "SELECT c.id, c.shop_id, c.owner_id, c.confirmed, c.channel, c.region, c.hour_preference, c.language, "  # noqa: S608
        f"COALESCE(NULLIF(g.letter, ''), '{UNGRADED}') AS letter FROM {_CUSTOMERS} c "
        f"LEFT JOIN {_GRADES} g ON g.customer_id = c.id WHERE c.kind = 'person' AND c.importance <> "
        f"{int(Importance.PROTECTED)} AND c.id >= %s AND c.shop_id IN ({_marks(shops)})"
    )
    statement = (
        f"SELECT shop_id, owner_id, COUNT(*), SUM(CASE WHEN {gaps} THEN 1 ELSE 0 END), {', '.join(outer)} FROM "  # noqa: S608
        f"(SELECT id, shop_id, owner_id, {', '.join(inner)} FROM ({graded}) c {_once()}) k GROUP BY shop_id, owner_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, since_key, *shops])
        for shop, owner, people, open_ones, *found in cursor.fetchall():
            parts = {rule.field: tuple(map(int, found[3 * n : 3 * n + 3])) for n, rule in enumerate(rules)}
            yield OwnedCount(shop, owner, Count(people, parts), int(open_ones))  # type: ignore[arg-type]


def _once() -> str:
    """Keep the planner from working each field out again wherever the outer row names it."""
    return "OFFSET 0" if connection.vendor == "postgresql" else "LIMIT -1"


def _undisputed(rule: FieldRule) -> str:
    names = claim_fields(rule.field)
    if not names:
        return "1 = 1"
    told = ", ".join(f"'{name}'" for name in names)
    return f"id NOT IN (SELECT customer_id FROM {_CLAIMS} WHERE decision = '' AND field IN ({told}))"  # noqa: S608


def _field(rule: FieldRule, first: date, moment: datetime) -> tuple[str, list[object]]:
    """Return what says of one customer 0 for missing, 1 for stale, 2 for fresh, and its values.

    A field that is never asked again is fresh as soon as it is known.
    """
    fresh = _noted(rule.field, first) if rule.days is not None else "1 = 1"
    least: object = _instant(moment)
    if rule.field in CONTACTS:
        newest, given = _newest("id", _CONTACTS, "kind", [rule.field])
        least = first_id_at(moment)
    elif rule.field in DATES:
        newest, given = _newest("created_at", _DATES, "kind", [rule.field])
    elif rule.field in TRAITS:
        newest, given = _newest("confirmed_at", _TRAITS, "key", list(TRAITS[rule.field]))
    else:
        return f"CASE WHEN c.{rule.field} = '' THEN 0 WHEN {fresh} THEN 2 ELSE 1 END", []
    sql = f"CASE WHEN {newest} IS NULL THEN 0 WHEN {fresh} OR {newest} >= %s THEN 2 ELSE 1 END"
    return sql, [*given, *given, least]


def _newest(column: str, table: str, name: str, kinds: list[str]) -> tuple[str, list[str]]:
    where = f"o.customer_id = c.id AND o.{name} IN ({_marks(kinds)})"
    return f"(SELECT MAX(o.{column}) FROM {table} o WHERE {where})", kinds  # noqa: S608


def _noted(name: str, first: date) -> str:
    """Return the condition that the archive itself notes a day from the first fresh one on."""
    if connection.vendor == "postgresql":
        return f"COALESCE(c.confirmed->'{name}'->>0, '') >= '{first.isoformat()}'"
    return f"COALESCE(json_extract(c.confirmed, '$.{name}[0]'), '') >= '{first.isoformat()}'"


def _instant(moment: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(moment)


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


@dataclass(frozen=True, slots=True)
class AskingPreview:
    """How many small tasks a night would make, and of how many people something is missing or old.

    `is_about`: only the newest archives were looked at and the numbers are drawn up from them.
    """

    tonight: int
    people: int
    gaps: int
    is_about: bool


def preview_asking(
    *, viewer: Viewer, rules: Sequence[FieldRule], a_day: int, today: date, sample: int
) -> AskingPreview:
    """Return what rules that are not in force would ask; at most `sample` archives are looked at.

    A night gives no more: who has an open follow-up or was asked lately is left alone.
    Sees:   shops in the viewer's scope; only numbers leave.
    """
    since = newest_key(among=sample)
    seen = set(shops_within(viewer=viewer).values_list("pk", flat=True))
    rows = [row for row in count_records(viewer=SYSTEM, rules=rules, today=today, since_key=since) if row.shop in seen]
    people = sum(row.count.people for row in rows)
    everybody = Customer.objects.filter(kind=Customer.Kind.PERSON, shop__in=seen).count() if since else people
    times = everybody / people if since and people else 1
    tonight = sum(min(a_day, round(row.gaps * times)) for row in rows if row.owner)
    return AskingPreview(tonight, everybody, round(sum(row.gaps for row in rows) * times), bool(since))
