"""Writes a bench shop set-based into an empty database: `python -m bench.fill SIZE DAY`, in its environment."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.db import connection

from bench import fill_rows as rows_of
from bench.fill_rows import Row, World
from bench.places import SIZES, Size
from zhenke.basics.bulk import insert_rows
from zhenke.basics.clock import now
from zhenke.basics.ids import new_ids
from zhenke.care.models import CarePlan
from zhenke.catalogue.operations import load_styles
from zhenke.catalogue.rules import StyleDraft
from zhenke.customers.models import Tag
from zhenke.doors.commands.start import open_installation
from zhenke.doors.demo.catalogue import catalogue
from zhenke.journeys.regrade_customers import regrade_customers
from zhenke.staff import SYSTEM
from zhenke.staff.operations import add_shop, add_staff
from zhenke.staff.rules import Role

_BIG = (
    "customers_customer", "customers_searchterm", "customers_contactpoint", "customers_customerdate",
    "customers_trait", "customers_customertag", "customers_interaction", "care_occasion", "care_task",
    "sales_sale", "sales_saleline",
)  # fmt: skip
_PART = 100_000


def fill(size: Size, today: date) -> None:
    """Make the whole shop: places, people, styles, customers, sales, follow-ups, grades."""
    open_installation(now())
    world = open_world(size, today)
    began = time.monotonic()
    with connection.cursor() as cursor:
        later = _unindexed(cursor)
        dates = new_ids(size.customers + 1)[0]
        for table, columns, rows in (
            ("customers_customer", rows_of.CUSTOMER, rows_of.customers(world)),
            ("customers_searchterm", rows_of.TERM, rows_of.terms(world)),
            ("customers_contactpoint", rows_of.CONTACT, rows_of.contacts(world)),
            ("customers_customerdate", rows_of.DAY, rows_of.days(world, dates)),
            ("customers_trait", rows_of.TRAIT, rows_of.traits(world)),
            ("customers_customertag", rows_of.TAGGED, rows_of.tagged(world)),
            ("customers_interaction", rows_of.TOUCH, rows_of.touches(world)),
            ("care_occasion", rows_of.OCCASION, rows_of.occasions(world, dates)),
            ("care_task", rows_of.TASK, rows_of.tasks(world)),
        ):
            _write(cursor, table, columns, rows)
            _say(began, table)
        _write_receipts(cursor, world)
        _say(began, "sales")
        for statement in later:
            cursor.execute(statement)
        _say(began, "indexes")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    _make_safe_again()
    regrade_customers(as_of=today, reason="night", now=now())
    _say(began, "grades")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def open_world(size: Size, today: date) -> World:
    """Write the shop's places, people and styles, and return the keys that rows hang on."""
    at = now()
    brand = add_shop(code="BENCH", name="珍宝阁", kind="brand", parent=None, by=SYSTEM, now=at)
    shops = [
        add_shop(code=f"S{number:02d}", name=f"分店{number}", kind="shop", parent=brand, by=SYSTEM, now=at)
        for number in range(size.shops)
    ]
    add_staff(username="owner", name="东家", role=Role.OWNER, shop=brand, password=None, by=SYSTEM, now=at)
    advisors = []
    for number, shop in enumerate(shops):
        name = f"manager{number}"
        add_staff(username=name, name=name, role=Role.SHOP_MANAGER, shop=shop, password=None, by=SYSTEM, now=at)
        for place in range(size.advisors_per_shop):
            name = f"advisor{number * size.advisors_per_shop + place}"
            role = Role.ADVISOR
            advisors.append(add_staff(username=name, name=name, role=role, shop=shop, password=None, by=SYSTEM, now=at))
    drafts = [StyleDraft(style_no=one.style_no, name=one.name, category=one.category) for one in catalogue()]
    styles = {number: style.pk for number, style in load_styles(drafts=drafts, now=at).items()}
    plan = CarePlan.objects.filter(trigger="since").order_by("id").values_list("id", flat=True)[0]
    return World(
        size=size,
        today=today,
        shops=[shop.pk for shop in shops],
        advisors=[one.pk for one in advisors],
        styles=styles,
        plan=plan,
        tag=Tag.objects.create(name="老顾客").pk,
        first=new_ids(size.customers + 1)[0],
        is_sqlite=connection.vendor == "sqlite",
    )


def _write(cursor: object, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    for part in _parts(rows):
        insert_rows(cursor, vendor=connection.vendor, table=table, columns=columns, rows=part)


def _write_receipts(cursor: object, world: World) -> None:
    """Write sales and lines in the order of time, as a shop's own years would have."""
    staged = (("sales_sale", rows_of.SALE), ("sales_saleline", rows_of.LINE))
    for table, columns in staged:
        cursor.execute(f"CREATE TEMPORARY TABLE staged_{table} AS SELECT {', '.join(columns)} FROM {table} LIMIT 0")
    for part in _parts(rows_of.receipts(world)):
        _write(cursor, "staged_sales_sale", rows_of.SALE, (sale for sale, _ in part))
        _write(cursor, "staged_sales_saleline", rows_of.LINE, (line for _, lines in part for line in lines))
    for table, columns in staged:
        listed = ", ".join(columns)
        cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM staged_{table} ORDER BY id")
        cursor.execute(f"DROP TABLE staged_{table}")


def _unindexed(cursor: object) -> list[str]:
    """Take away what slows a first load down, and return the statements that put the indexes back."""
    if connection.vendor == "sqlite":
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-512000", "temp_store=FILE"):
            cursor.execute(f"PRAGMA {pragma}")
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s"
    else:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        found = (
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = %s AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
        )
    again = []
    for table in _BIG:
        cursor.execute(found, [table])
        for name, statement in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
            again.append(statement)
    return again


def _make_safe_again() -> None:
    connection.close()  # the next one comes with the settings of the product


def _parts(rows: Iterable[object]) -> Iterator[list]:
    walk = iter(rows)
    while part := list(islice(walk, _PART)):
        yield part


def _say(began: float, what: str) -> None:
    print(f"  · {what}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    fill(SIZES[sys.argv[1]], date.fromisoformat(sys.argv[2]))
